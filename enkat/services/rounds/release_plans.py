"""What a round's release plan may hold: the breakdowns that results may be given by."""

from collections.abc import Mapping, Sequence
from typing import Final

BREAKDOWNS: Final = {"sex": "kön", "operating_form": "regiform", "without_proxies": "svar utan ombud"}
"""In the order in which results give them."""


def breakdowns_of(plan: Mapping[str, object]) -> Sequence[str]:
    """Return the breakdowns of a plan; a plan that names none has all."""
    chosen = plan.get("breakdowns", list(BREAKDOWNS))
    return [name for name in BREAKDOWNS if isinstance(chosen, Sequence) and name in chosen]
