"""The reasons why an answer is not there, each with its own code: never one blank."""

from enum import IntEnum


class Missing(IntEnum):
    """Typed missing values; they share the number line with option codes, which are positive."""

    NOT_SHOWN = -1
    NOT_ANSWERED = -2
    DOES_NOT_KNOW = -3
    WILL_NOT_SAY = -4
    UNREADABLE = -5

    @property
    def label(self) -> str:
        """The Swedish word for tables and answer files."""
        return _LABELS[self]


_LABELS = {
    Missing.NOT_SHOWN: "inte visad",
    Missing.NOT_ANSWERED: "inte besvarad",
    Missing.DOES_NOT_KNOW: "vet inte",
    Missing.WILL_NOT_SAY: "vill inte svara",
    Missing.UNREADABLE: "oläslig",
}

CHOSEN_MISSING: dict[str, Missing] = {
    "does_not_know": Missing.DOES_NOT_KNOW,
    "will_not_say": Missing.WILL_NOT_SAY,
}
"""What an option in a scale may stand for: the others are never chosen by a respondent."""

NOTED_MISSING = frozenset({Missing.WILL_NOT_SAY, Missing.UNREADABLE})
"""What whoever takes an answer down may note at any choice question: an interviewer that the person will not say, a
keyer that the sheet cannot be read. A page for those who answer themselves offers neither beyond the scale's own."""
