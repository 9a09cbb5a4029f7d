"""Steps that tests of respondents' pages share."""

from collections.abc import Callable

from tests.factories.rounds import SmallRound
from tests.factories.walking import Walker

Pick = Callable[[dict[str, str]], str | None]


def first_choice(labels: dict[str, str]) -> str | None:
    """Choose what stands first."""
    return next(iter(labels.values()))


def enter(walker: Walker, opened: SmallRound, number: int = 0) -> Walker:
    """Type a code on the round's code page."""
    return walker.get(f"/o/{opened.short_name}").press("Fortsätt", {"code": opened.codes[number]})


def to_first_question(walker: Walker, opened: SmallRound, number: int = 0) -> Walker:
    """Enter a code and say that one answers oneself."""
    return enter(walker, opened, number).press("Börja").press("Nästa", {"who": "self"})


def answer_all(walker: Walker, pick: Pick = first_choice, text: str = "De är snälla.\r\nTack!") -> Walker:
    """Answer every question up to the review; `pick` chooses a value from the labels, None skips."""
    for _ in range(30):
        if "granska" in walker.path:
            break
        labels = walker.choices()
        value = pick(labels) if labels else text
        walker.press("Nästa", {"answer": value} if value else {})
        if walker.notice:
            walker.press("Hoppa över")
    return walker


def send_all(walker: Walker, opened: SmallRound, number: int = 0) -> Walker:
    """Answer everything and send."""
    return answer_all(to_first_question(walker, opened, number)).press("Skicka mina svar")
