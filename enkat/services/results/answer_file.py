"""The answer file for analysts: one row per row of `answers`, streamed, in the order of their random ids."""

import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import AgeGroup, KeptLevel, KeptWho, Sex
from enkat.documents.tables import Cell, Column, Sheet
from enkat.instruments.instrument import Instrument
from enkat.instruments.missing import Missing
from enkat.instruments.question import Question
from enkat.instruments.vocabulary import ServiceType
from enkat.records.answers import KeptClass, kept_classes_of, stream_answers
from enkat.services.results.reading_rounds import read_frame

CLASS_COLUMNS = (
    Column("Enhet", "unit", 10),
    Column("Namn", "name", 34),
    Column("Stadsdel", "district", 24),
    Column("Regiform", "operating_form", 14),
    Column("Insatser", "services", 24),
    Column("Kön", "sexes", 14),
    Column("Ålder", "age_groups", 30),
    Column("Vem svarade", "who", 24),
    Column("Klassens storlek", "class_size", 10),
)
WHO_TEXTS = {
    KeptWho.SELF: "själv",
    KeptWho.PROXY: "ombud",
    KeptWho.SELF_OR_PROXY: "själv eller ombud",
    KeptWho.WITH_STAFF: "med utförarens personal",
}
Head = tuple[Cell, ...]


@dataclass(frozen=True)
class AnswerFile:
    """A round's kept answers, ready to be read once.

    Missing answers carry their typed code ("vet inte" is -3); a question that the ballot's instrument does not have is
    empty.
    """

    session: Session
    round_id: int
    instruments: dict[str, Instrument]
    heads: dict[bytes, Head]
    picks: dict[bytes, list[int] | None]

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The round's choice questions by id, in order."""
        every = chain.from_iterable(one.choice_questions for one in self.instruments.values())
        found: dict[str, Question] = {}
        for question in every:
            found.setdefault(question.id, question)
        return found

    def rows(self) -> Iterator[Sequence[Cell]]:
        """Give the headings, then every counted ballot with what its kept class tells."""
        yield (*(column.heading for column in CLASS_COLUMNS), *self.questions)
        for class_id, codes in self.vectors():
            yield (*self.heads[class_id], *codes)

    def sheets(self) -> Iterator[Sheet]:
        """Give the same for a workbook: answers by class number, the classes, the meaning of the codes."""
        numbers = {class_id: number for number, class_id in enumerate(sorted(self.heads), start=1)}
        answers = ((numbers[class_id], self.heads[class_id][0], *codes) for class_id, codes in self.vectors())
        number = Column("Klass", "class", 8)
        yield Sheet("Svar", (number, CLASS_COLUMNS[0], *(Column(q, q, 12) for q in self.questions)), answers)
        classes = ((place, *self.heads[class_id]) for class_id, place in numbers.items())
        yield Sheet("Klasser", (number, *CLASS_COLUMNS), classes)
        columns = (Column("Fråga", "question", 30), Column("Kod", "code", 8), Column("Svar", "option", 40))
        yield Sheet("Koder", columns, self._code_book())

    def vectors(self) -> Iterator[tuple[bytes, Sequence[Cell]]]:
        """Give every ballot's class and codes."""
        for class_id, packed in stream_answers(self.session, self.round_id):
            codes: list[int] = array.array("b", packed).tolist()
            picks = self.picks[class_id]
            # Most rounds have one instrument: then the vector is the row.
            if picks is None and len(codes) == len(self.questions):
                yield class_id, codes
            else:
                places = range(len(self.questions)) if picks is None else picks
                yield class_id, [codes[at] if 0 <= at < len(codes) else None for at in places]

    def _code_book(self) -> Iterator[Sequence[Cell]]:
        for question in self.questions.values():
            for option in question.scale.options if question.scale else ():
                yield question.id, option.code, str(option.label("sv"))
        yield from (("alla frågor", int(missing), missing.label) for missing in Missing)


def answer_file(session: Session, round_id: int) -> AnswerFile:
    """Prepare the answer file of a counted round."""
    units, instruments = read_frame(session, round_id)
    places = {unit.id: (unit.code, unit.name, unit.district_name, unit.operating_form_label) for unit in units}
    districts = {unit.district_id: unit.district_name for unit in units}
    made = AnswerFile(session, round_id, instruments, {}, {})
    for kept in kept_classes_of(session, round_id):
        made.heads[kept.id] = _head(kept, places, districts)
        made.picks[kept.id] = _positions(instruments[kept.snapshot_sha256], list(made.questions))
    return made


def _head(kept: KeptClass, places: dict[int, tuple[str, str, str, str]], districts: dict[int, str]) -> Head:
    if kept.level is KeptLevel.UNIT and kept.unit_id is not None:
        place = places[kept.unit_id]
    elif kept.level is KeptLevel.DISTRICT and kept.district_id is not None:
        place = ("", "små enheter", districts[kept.district_id], "")
    else:
        place = ("", "små enheter", "", "")
    services = "+".join(ServiceType(service).label for service in kept.services)
    sexes = "+".join(Sex(sex).label for sex in kept.sexes)
    ages = "+".join(AgeGroup(age).label for age in kept.age_groups)
    return (*place, services, sexes, ages, WHO_TEXTS[kept.who], kept.n)


def _positions(instrument: Instrument, questions: Sequence[str]) -> list[int] | None:
    """Where each question stands in the instrument's vectors, -1 where it does not; None where all stand in order."""
    at = {question.id: index for index, question in enumerate(instrument.choice_questions)}
    places = [at.get(question, -1) for question in questions]
    return None if places == list(range(len(places))) else places
