"""Steps that tests of interviews share."""

from collections.abc import Callable

from tests.factories.walking import Walker

Pick = Callable[[str, dict[str, str]], str | None]
"""From a question's id and its choices to the value that is chosen; None skips."""


def first_choice(_question: str, choices: dict[str, str]) -> str | None:
    """Choose what stands first."""
    return next(iter(choices.values()), None)


def begin(walker: Walker, call: str, who: str = "self", helper: str = "") -> Walker:
    """Open a call, begin the interview and say who answers."""
    walker.get(call)
    walker.press_form("Börja intervjun")
    values = {"who": who, "helper": helper} if helper else {"who": who}
    return walker.press("Börja", values)


def ask_all(walker: Walker, pick: Pick = first_choice, text: str = "Inget mer.") -> Walker:
    """Ask every question up to the end."""
    for _ in range(30):
        if walker.path.endswith("/slut"):
            return walker
        question, choices = walker.path.rsplit("/", 1)[1], walker.choices()
        chosen = pick(question, choices) if choices else text
        walker.press("Nästa" if chosen else "Hoppa över", {"answer": chosen} if chosen else {})
    raise AssertionError(f"the interview has no end: {walker.path}")
