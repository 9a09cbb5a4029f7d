"""How a sheet is keyed: one key per printed question, in the order of the paper, the same key for the same box.

Who answers and who helps come first, then every choice question, whether it was to be answered or not: what lies off
the final path does not count, as on the web. A whole sheet is one short line of keys, so that a plain text field is
enough to type it in, to go back in and to correct it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from enkat.ballots.vocabulary import Helper, Mode, Respondent
from enkat.instruments.instrument import Instrument
from enkat.instruments.missing import Missing
from enkat.instruments.vocabulary import ServiceType
from enkat.services.ballots.answering import Answering
from enkat.services.ballots.who_words import Gettext, helpers, who_answers
from enkat.services.faults import Fault
from enkat.services.questionnaires.routing_words import paper_order, question_numbers

BOX_KEYS = "123456789abcdefghijklmnopqrstuvwxyz"
BLANK = "0"
TWO_MARKS = "*"
UNREADABLE = "/"
_NO_ANSWER = frozenset({BLANK, TWO_MARKS, UNREADABLE})
WHO, HELPER = "A", "B"
Value = Respondent | Helper | int


@dataclass(frozen=True, slots=True)
class Box:
    """A box on the paper: the key that chooses it, its words and what it stands for."""

    key: str
    label: str
    value: Value


@dataclass(frozen=True, slots=True)
class KeyField:
    """A printed question with boxes.

    Attributes
    ----------
    number
        What stands before the question on the paper: A, B, 1, 2 …
    question_id
        Empty for the two questions about who answers.
    only_proxy
        Keyed only where somebody answered for the person: it stands last on the paper.
    """

    number: str
    question_id: str
    label: str
    boxes: tuple[Box, ...]
    only_proxy: bool = False

    def accepts(self, key: str) -> bool:
        """Whether a key means something here."""
        return key in _NO_ANSWER or any(box.key == key for box in self.boxes)

    def value(self, key: str) -> Value | None:
        """Return what a key says; None for a blank, two marks and what cannot be read."""
        return next((box.value for box in self.boxes if box.key == key), None)

    def words(self, gettext: Gettext, key: str) -> str:
        """Return what a key says, as people read it."""
        said = {BLANK: gettext("tomt"), TWO_MARKS: gettext("två kryss"), UNREADABLE: gettext("går inte att läsa")}
        return said.get(key) or next(box.label for box in self.boxes if box.key == key)


def fields_of(gettext: Gettext, instrument: Instrument, service: ServiceType) -> tuple[KeyField, ...]:
    """Return what is keyed of a sheet, in the order of the paper."""
    numbers = question_numbers(instrument)
    who = KeyField(WHO, "", gettext("Vem svarar på frågorna?"), _boxes(who_answers(gettext).items()))
    helper = KeyField(HELPER, "", gettext("Vem hjälper till?"), _boxes(helpers(gettext, service).items()))
    asked = [
        KeyField(
            str(numbers[question.id]),
            question.id,
            question.text("sv"),
            _boxes((option.code, option.label("sv")) for option in question.scale.options),
            question.only_proxy,
        )
        for question in paper_order(instrument)
        if question.scale is not None
    ]
    return (who, helper, *asked)


def _boxes(labels: Iterable[tuple[Value, str]]) -> tuple[Box, ...]:
    return tuple(Box(key, str(label), value) for key, (value, label) in zip(BOX_KEYS, labels, strict=False))


def asked(fields: Sequence[KeyField], keys: str) -> list[KeyField]:
    """Return what is keyed of a sheet that begins so: the part for proxies only where one answered."""
    is_proxy = bool(keys) and fields[0].value(keys[0]) is Respondent.PROXY
    return [field for field in fields if is_proxy or not field.only_proxy]


def read_keys(fields: Sequence[KeyField], typed: str) -> str:
    """Return a sheet's line of keys, one for each field; spaces and hyphens between groups are left out.

    Raises
    ------
    Fault
        A key means nothing where it stands, or the line is too short or too long; the sentence names the question.
    """
    keys = "".join(key for key in typed.casefold() if not key.isspace() and key != "-")
    wanted = asked(fields, keys)
    for field, key in zip(wanted, keys, strict=False):
        if not field.accepts(key):
            raise Fault(f"Fråga {field.number} har ingen ruta {key}. Titta på bladet och rätta tecknet.", "keys")
    if len(keys) < len(wanted):
        number = wanted[len(keys)].number
        raise Fault(
            f"Det fattas tecken från fråga {number}: {len(keys)} av {len(wanted)} är skrivna. "
            f"Skriv {BLANK} för en tom fråga.",
            "keys",
        )
    if len(keys) > len(wanted):
        raise Fault(f"Det är {len(keys) - len(wanted)} tecken för mycket. Jämför med bladet från början.", "keys")
    return keys.ljust(len(fields), BLANK)


def is_blank(keys: str, texts: Mapping[str, str]) -> bool:
    """Whether nothing at all is marked or written on a sheet."""
    return not keys.strip(BLANK) and not any(text.strip() for text in texts.values())


def differences(fields: Sequence[KeyField], one: str, other: str) -> list[KeyField]:
    """Return the fields in which two keyings of a sheet differ; two marks and unreadable are one thing."""
    return [
        field for field, first, second in zip(fields, one, other, strict=True) if _meaning(first) != _meaning(second)
    ]


def _meaning(key: str) -> str:
    return UNREADABLE if key == TWO_MARKS else key


def corrected(fields: Sequence[KeyField], keys: str, right: Mapping[str, str]) -> str:
    """Return a line of keys with those of some fields, by number, replaced."""
    return "".join(right.get(field.number, key) for field, key in zip(fields, keys, strict=True))


def answering_of(fields: Sequence[KeyField], keys: str, texts: Mapping[str, str], language: str) -> Answering:
    """Return a keyed sheet as the answer that is sent.

    Not stated is self; whoever marks a helper too was helped, whatever the first mark says.
    """
    answers: dict[str, int | str] = {name: text for name, text in texts.items() if text.strip()}
    respondent, helper = Respondent.SELF, Helper.NONE
    for field, key in zip(fields, keys, strict=True):
        value = field.value(key)
        if isinstance(value, Respondent):
            respondent = value
        elif isinstance(value, Helper):
            helper = value
        elif value is not None:
            answers[field.question_id] = value
        elif field.question_id and key != BLANK:
            answers[field.question_id] = Missing.UNREADABLE.value
    if respondent is Respondent.SELF and helper is not Helper.NONE:
        respondent = Respondent.SELF_HELPED
    return Answering(answers, Mode.PAPER, respondent, helper, language)
