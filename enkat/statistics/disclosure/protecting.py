"""Complementary suppression of a linked table: which cells go beside the secret ones.

Two ways to the same end, a pattern in which the attacker narrows no secret beyond its protection. `close` takes the
rule for families and then, while the attacker still finds something, the cheapest cell of each cut: fast, good, not
the best. `optimise` searches for the cheapest pattern there is (`cheapest`), or the best found in the time with a
proven bound.
"""

from typing import Final

import numpy as np

from enkat.statistics.disclosure.attacker import Attacker, Cut
from enkat.statistics.disclosure.cheapest import SLACK, Pattern, UnprotectableError, search
from enkat.statistics.disclosure.linked_tables import LinkedTable
from enkat.statistics.disclosure.suppression import Suppression
from enkat.statistics.tallies import BoolArray, IntArray

SECONDS: Final = 60.0
"""How long `optimise` looks for the cheapest pattern."""


def cost_of(table: LinkedTable) -> IntArray:
    """Return what hiding each cell costs: its respondents, at least 1."""
    return np.maximum(table.counts, 1)


def close(table: LinkedTable, threshold: int, *, hidden: BoolArray | None = None) -> Pattern:
    """Hide what the family rule asks for, then the cheapest cells that the attacker's cuts ask for.

    Parameters
    ----------
    table : LinkedTable
    threshold : int
        Hidden cells under a shown total are at least two and hold at least so many together.
    hidden : bool array (cells,), optional
        Cells that are hidden anyway.

    Raises
    ------
    UnprotectableError
    """
    start = table.secret if hidden is None else table.secret | hidden
    everything = np.ones_like(table.secret)
    rule = Suppression(table.counts, everything, table.sums, [], threshold, hidden=start)
    found = rule.run() if start.any() else start.copy()
    costs = cost_of(table)
    rounds = 0
    while True:
        rounds += 1
        cuts = Attacker(table, found).cuts()
        if not cuts:
            return Pattern(found, int(costs[found].sum()), None, rounds)
        for cut in cuts:
            hide_cheapest(found, cut, costs)


def hide_cheapest(hidden: BoolArray, cut: Cut, costs: IntArray) -> None:
    """Hide the cells that open a cut at the least cost for what each gives.

    Raises
    ------
    UnprotectableError
        If all cells together do not reach the demand.
    """
    while cut.weights[hidden].sum() < cut.demand - SLACK:
        helping = np.flatnonzero(~hidden & (cut.weights > 0))
        if not helping.size:
            raise UnprotectableError
        hidden[min(helping, key=lambda cell: (costs[cell] / cut.weights[cell], cell))] = True


def optimise(table: LinkedTable, threshold: int, *, seconds: float = SECONDS) -> Pattern:
    """Find the cheapest pattern that protects every secret.

    Parameters
    ----------
    table : LinkedTable
    threshold : int
        Of the closing rule, whose pattern is the first to beat.
    seconds : float
        After so long the cheapest pattern found so far is returned, with the bound proven until then.

    Raises
    ------
    UnprotectableError
    """
    first, costs = close(table, threshold), cost_of(table)
    return search(first, costs, table.secret, [], lambda hidden: Attacker(table, hidden).cuts(), seconds=seconds)
