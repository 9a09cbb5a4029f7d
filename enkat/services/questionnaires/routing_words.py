"""The way through a questionnaire in words: "Gå till fråga 7" after an option, "Svara bara om …" before a question."""

from collections.abc import Mapping
from dataclasses import dataclass

from enkat.instruments.condition import All, Answered, AnyOf, Condition, In, Not, evaluate, references
from enkat.instruments.instrument import Instrument
from enkat.instruments.question import Question
from enkat.instruments.wording import Face
from enkat.services.ballots.who_words import Gettext


@dataclass(frozen=True)
class Reader:
    """Whom the words are for.

    Attributes
    ----------
    gettext
        The texts of the reader's language.
    lang, face
        Language and face of the questions.
    """

    gettext: Gettext
    lang: str
    face: Face


def paper_order(instrument: Instrument) -> list[Question]:
    """Return the questions as they are printed: what only a proxy is asked comes last, as a part of its own."""
    return sorted(instrument.questions, key=lambda question: question.only_proxy)


def question_numbers(instrument: Instrument) -> dict[str, int]:
    """Return the printed number of each question by its id: all of them in order, asked of everybody or not."""
    return {question.id: number for number, question in enumerate(paper_order(instrument), 1)}


def goes_on(reader: Reader, instrument: Instrument, question: Question, code: int) -> str:
    """Return where an option leads, where it passes questions by; empty where the next one follows or cannot be known.

    What rests on further answers cannot be said beside one option: those questions say themselves whom they are for.
    """
    order = [one for one in paper_order(instrument) if one.only_proxy is question.only_proxy]
    following = order[order.index(question) + 1 :]
    for passed, later in enumerate(following):
        if later.condition is not None and references(later.condition) != {question.id}:
            return ""
        if later.condition is None or evaluate(later.condition, {question.id: code}) is True:
            if not passed:
                return ""
            number = question_numbers(instrument)[later.id]
            return reader.gettext("Gå till fråga %(number)s") % {"number": number}
    return reader.gettext("Gå till slutet") if following else ""


def only_if(reader: Reader, instrument: Instrument, question: Question) -> str:
    """Return whom a question is for, in words; empty where it is for all."""
    if question.condition is None:
        return ""
    condition = _words(reader, instrument, question.condition, holds=True)
    return reader.gettext("Svara bara om %(condition)s.") % {"condition": condition}


def _words(reader: Reader, instrument: Instrument, condition: Condition, *, holds: bool) -> str:
    """Return a condition in words; with `holds` false, its opposite, pushed inward to the single answers."""
    match condition:
        case Not(part):
            return _words(reader, instrument, part, holds=not holds)
        case All(parts) | AnyOf(parts):
            both = isinstance(condition, All) is holds
            said = [_bracketed(reader, instrument, part, holds=holds) for part in parts]
            return (reader.gettext(" och ") if both else reader.gettext(" eller ")).join(said)
        case In(question_id, codes):
            question = instrument.question(question_id)
            answers = [
                f"”{option.label(reader.lang, reader.face)}”"
                for option in (question.scale.options if question.scale else ())
                if option.code in codes
            ]
            values: Mapping[str, object] = {
                "answers": reader.gettext(" eller ").join(answers),
                "number": question_numbers(instrument)[question_id],
            }
            if holds:
                return reader.gettext("du svarade %(answers)s på fråga %(number)s") % values
            return reader.gettext("du svarade något annat än %(answers)s på fråga %(number)s") % values
        case Answered(question_id):
            number = question_numbers(instrument)[question_id]
            if holds:
                return reader.gettext("du svarade på fråga %(number)s") % {"number": number}
            return reader.gettext("du inte svarade på fråga %(number)s") % {"number": number}


def _bracketed(reader: Reader, instrument: Instrument, part: Condition, *, holds: bool) -> str:
    said = _words(reader, instrument, part, holds=holds)
    return f"({said})" if isinstance(part, (All, AnyOf)) else said
