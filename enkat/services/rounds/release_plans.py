"""What a round's release plan may hold: the breakdowns, and how the cells beside hidden groups are chosen."""

import enum
from collections.abc import Mapping, Sequence
from typing import Final

from enkat.records.round_kinds import RoundKind

BREAKDOWNS: Final = {"sex": "kön", "operating_form": "regiform", "without_proxies": "svar utan ombud"}
"""In the order in which results give them."""


class Protection(enum.StrEnum):
    """How the cells are chosen that are hidden beside those of small groups."""

    CLOSING = "closing"
    MILP = "milp"

    @property
    def label(self) -> str:
        """The Swedish words of the plan."""
        return _PROTECTION_LABELS[self]


_PROTECTION_LABELS = {
    Protection.CLOSING: "Enkel regel: den minsta gruppen bredvid döljs",
    Protection.MILP: "Sökning (MILP): så få svar som möjligt döljs. Den tar några minuter efter räkningen",
}


def possible_breakdowns(kind: RoundKind, *, loose: bool) -> list[str]:
    """Return the breakdowns that a round can give: sex from a register of those asked, proxies where there are any."""
    known = {
        "sex": kind is RoundKind.USER_SURVEY and not loose,
        "without_proxies": kind.rules.asks_who,
        "operating_form": kind is not RoundKind.PROVIDER_OWN,
    }
    return [name for name in BREAKDOWNS if known[name]]


def breakdowns_of(plan: Mapping[str, object]) -> Sequence[str]:
    """Return the breakdowns of a plan; a plan that names none has all."""
    chosen = plan.get("breakdowns", list(BREAKDOWNS))
    return [name for name in BREAKDOWNS if isinstance(chosen, Sequence) and name in chosen]


def protection_of(plan: Mapping[str, object]) -> Protection:
    """Return how a plan's small groups are protected; a plan that does not say so uses the simple rule."""
    return Protection(str(plan.get("protection", Protection.CLOSING.value)))
