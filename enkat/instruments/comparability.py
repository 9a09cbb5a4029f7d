"""What differs between two rounds' instruments, and whether a question can be followed from one to the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from enkat.instruments.instrument import Instrument
from enkat.instruments.question import Question
from enkat.instruments.wording import SOURCE_LANGUAGE


class Comparability(StrEnum):
    """How a question's results may be set beside an earlier round's; a trend stops at a break."""

    SAME = "same"
    PARTLY = "partly"
    BREAK = "break"

    @property
    def label(self) -> str:
        """The Swedish words."""
        return {"same": "jämförbar", "partly": "delvis jämförbar", "break": "inte jämförbar"}[self.value]


class Change(StrEnum):
    """The kind of a difference."""

    ADDED = "added"
    REMOVED = "removed"
    NEW_VERSION = "new_version"
    REWORDED = "reworded"
    NEW_OPTIONS = "new_options"


@dataclass(frozen=True)
class CoreDifference:
    """A difference between two instruments in one question.

    Attributes
    ----------
    old_ref, new_ref
        `core:feels_safe@1`, or None on the side that lacks the question.
    message
        A Swedish sentence.
    """

    question_id: str
    change: Change
    old_ref: str | None
    new_ref: str | None
    message: str


def core_differences(old: Instrument, new: Instrument) -> list[CoreDifference]:
    """Return what differs in the core questions; each of them needs a declared bridge before a round opens."""
    return differences(_core(old), _core(new))


def question_differences(old: Instrument, new: Instrument) -> list[CoreDifference]:
    """Return what differs in all questions."""
    return differences({q.id: q for q in old.questions}, {q.id: q for q in new.questions})


def differences(old: Mapping[str, Question], new: Mapping[str, Question]) -> list[CoreDifference]:
    """Return the differences between two sets of questions by id, old ones first."""
    found = []
    for question_id, before in old.items():
        after = new.get(question_id)
        if after is None:
            message = f"Frågan {question_id} är borttagen."
            found.append(CoreDifference(question_id, Change.REMOVED, before.ref, None, message))
        else:
            found += _between(before, after)
    for question_id, after in new.items():
        if question_id not in old:
            message = f"Frågan {question_id} är ny."
            found.append(CoreDifference(question_id, Change.ADDED, None, after.ref, message))
    return found


def comparability(old: Question, new: Question, bridges: Mapping[str, Comparability]) -> Comparability:
    """Return how far two rounds' questions can be compared.

    Parameters
    ----------
    bridges
        Declared comparability by question id, for questions that differ. One that differs without a bridge is a break.
    """
    if old.id != new.id or old.source != new.source:
        return Comparability.BREAK
    if not _between(old, new):
        return Comparability.SAME
    return bridges.get(new.id, Comparability.BREAK)


def _core(instrument: Instrument) -> dict[str, Question]:
    return {question.id: question for question in instrument.core_questions}


def _between(old: Question, new: Question) -> list[CoreDifference]:
    def difference(change: Change, message: str) -> CoreDifference:
        return CoreDifference(new.id, change, old.ref, new.ref, message)

    found = []
    if old.version != new.version:
        found.append(
            difference(Change.NEW_VERSION, f"Frågan {new.id} har version {new.version}, förra gången {old.version}.")
        )
    elif _reworded(old, new):
        found.append(difference(Change.REWORDED, f"Frågan {new.id} har andra ord men samma version."))
    if _meaning(old) != _meaning(new):
        found.append(difference(Change.NEW_OPTIONS, f"Frågan {new.id} har andra svar eller en annan räkneregel."))
    return found


def _reworded(old: Question, new: Question) -> bool:
    """Whether Swedish words differ, or those of another language in a face that both have.

    A language that is added, or grows by a face, changes nothing for those who answered before.
    """
    for face in {*old.texts, *new.texts}:
        before, after = old.texts.get(face, {}), new.texts.get(face, {})
        if before.get(SOURCE_LANGUAGE) != after.get(SOURCE_LANGUAGE):
            return True
        if any(before[lang] != after[lang] for lang in before.keys() & after.keys()):
            return True
    return False


def _meaning(question: Question) -> object:
    scale = question.scale
    if scale is None:
        return None
    labels = tuple((option.code, option.id, option.label("sv")) for option in scale.options)
    return (labels, scale.positive, scale.outside)
