"""Faults that are told to people: a plain Swedish sentence that says what is wrong and what to do."""


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


class NotFoundFault(Fault):
    """What was asked for does not exist, or is not for this person."""


class ConflictFault(Fault):
    """Somebody else changed the same thing meanwhile."""


class BusyFault(Fault):
    """The service is busy; the same try may succeed in a moment."""
