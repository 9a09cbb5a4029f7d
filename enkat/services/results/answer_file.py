"""The answer file for analysts: one row per row of `answers`, streamed, in the order of their random ids."""

import array
from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import AgeGroup, KeptLevel, KeptWho, Sex
from enkat.documents.tables import Cell
from enkat.instruments.instrument import Instrument
from enkat.instruments.vocabulary import ServiceType
from enkat.records.answers import KeptClass, kept_classes_of, stream_answers
from enkat.services.results.reading import read_frame

HEAD = ("Enhet", "Namn", "Stadsdel", "Regiform", "Insatser", "Kön", "Ålder", "Vem svarade", "Klassens storlek")
WHO_TEXTS = {
    KeptWho.SELF: "själv",
    KeptWho.PROXY: "ombud",
    KeptWho.SELF_OR_PROXY: "själv eller ombud",
    KeptWho.WITH_STAFF: "med utförarens personal",
}


def answer_rows(session: Session, round_id: int) -> Iterator[Sequence[Cell]]:
    """Give the headings, then every counted ballot: its kept class and one option code per question.

    Missing answers carry their typed code (vet inte is -3); a question that the ballot's instrument does not have is
    empty.
    """
    units, instruments = read_frame(session, round_id)
    questions = list(dict.fromkeys(q.id for one in instruments.values() for q in one.choice_questions))
    places = {unit.id: (unit.code, unit.name, unit.district_name, unit.operating_form_label) for unit in units}
    districts = {unit.district_id: unit.district_name for unit in units}
    heads: dict[bytes, tuple[Cell, ...]] = {}
    picks: dict[bytes, list[int]] = {}
    for kept in kept_classes_of(session, round_id):
        heads[kept.id] = _head(kept, places, districts)
        picks[kept.id] = _positions(instruments[kept.snapshot_sha256], questions)
    yield (*HEAD, *questions)
    for class_id, packed in stream_answers(session, round_id):
        vector = array.array("b", packed)
        yield (*heads[class_id], *(vector[at] if 0 <= at < len(vector) else None for at in picks[class_id]))


def _head(kept: KeptClass, places: dict[int, tuple[str, str, str, str]], districts: dict[int, str]) -> tuple[Cell, ...]:
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


def _positions(instrument: Instrument, questions: Sequence[str]) -> list[int]:
    at = {question.id: index for index, question in enumerate(instrument.choice_questions)}
    return [at.get(question, -1) for question in questions]
