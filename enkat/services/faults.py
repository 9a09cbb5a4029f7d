"""Faults that are told to people: a plain Swedish sentence that says what is wrong and what to do."""

from collections.abc import Sequence


class Fault(Exception):  # noqa: N818  # the domain's word; it is told, not raised to crash
    """Something that a person can mend.

    Parameters
    ----------
    sentence
        What is wrong and the next step, in Swedish.
    field
        The form field or column it concerns, if any.
    """

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Faults(Fault):
    """Several things stand in the way; each is a sentence with the field it concerns."""

    def __init__(self, heading: str, sentences: Sequence[str], fields: Sequence[str | None] = ()) -> None:
        super().__init__(" ".join([heading, *sentences]))
        self.heading = heading
        self.sentences = list(sentences)
        self.fields = list(fields) or [None] * len(self.sentences)


class NotFoundFault(Fault):
    """What was asked for does not exist, or is not for this person."""


class ConflictFault(Fault):
    """Somebody else changed the same thing meanwhile."""


class BusyFault(Fault):
    """The service is busy; the same try may succeed in a moment."""
