"""The release plan: which breakdowns may leave the house, fixed before the count; anything else is refused."""

from collections.abc import Sequence
from dataclasses import replace

from enkat.services.faults import Fault
from enkat.services.results.computing import Breakdown, RoundResults
from enkat.services.rounds.release_plans import BREAKDOWNS, Protection, breakdowns_of, protection_of

LAYERS_OF = {
    "sex": (Breakdown.WOMEN, Breakdown.MEN),
    "without_proxies": (Breakdown.WITHOUT_PROXIES,),
    "operating_form": (),
}
BASE = "staden, stadsdelar och enheter"


class NotPlannedFault(Fault):
    """A table that the release plan does not hold."""


def planned(results: RoundResults) -> tuple[str, ...]:
    """Return the breakdowns of a round's plan."""
    return tuple(breakdowns_of(results.counted.survey_round.release_plan))


def is_searched(results: RoundResults) -> bool:
    """Say whether the plan asks for a search of the cells to hide."""
    return protection_of(results.counted.survey_round.release_plan) is Protection.MILP


def chosen_breakdowns(results: RoundResults, wanted: Sequence[str] | None) -> tuple[str, ...]:
    """Return the breakdowns to release: those that were asked for, or all of the plan.

    Raises
    ------
    NotPlannedFault
        If the plan does not hold one, or holds its parts but not their cross; it names the nearest permitted table.
    """
    allowed = planned(results)
    if wanted is None:
        return allowed
    for name in wanted:
        if name not in allowed:
            parts = [part for part in name.replace("×", "+").split("+") if part in allowed]
            raise NotPlannedFault(
                f"Uppdelningen {name} står inte i omgångens redovisningsplan, som bestämdes före räkningen. "
                f"Närmast tillåtna tabell: {table_words(parts or allowed)}.",
                "breakdowns",
            )
    return tuple(name for name in BREAKDOWNS if name in wanted)


def table_words(breakdowns: Sequence[str]) -> str:
    """Name a table: "staden, stadsdelar och enheter, efter kön och regiform"."""
    words = [BREAKDOWNS[name] for name in breakdowns]
    if not words:
        return f"{BASE}, utan uppdelning"
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} och {words[-1]}"
    return f"{BASE}, med {listed}"


def only(results: RoundResults, breakdowns: Sequence[str]) -> RoundResults:
    """Return results with no other breakdowns of people; operating forms are groups and are left to the view."""
    kept = {Breakdown.ALL, *(layer for name in breakdowns for layer in LAYERS_OF[name])}
    return replace(results, layers={layer: found for layer, found in results.layers.items() if layer in kept})
