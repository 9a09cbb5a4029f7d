"""Complementary suppression of a linked table: which cells go beside the secret ones.

Two ways to the same end, a pattern in which the attacker narrows no secret beyond its protection. `close` takes the
rule for families and then, while the attacker still finds something, the cheapest cell of each cut: fast, good, not
the best. `optimise` gathers the same cuts in an integer program (Fischetti and Salazar's cut method) and gives the
cheapest pattern there is, or the best found in the time with a proven bound.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy

from enkat.statistics.disclosure.attacker import Attacker, Cut
from enkat.statistics.disclosure.linked_tables import LinkedTable
from enkat.statistics.disclosure.suppression import Suppression
from enkat.statistics.intervals import FloatArray
from enkat.statistics.tallies import BoolArray, IntArray

SECONDS: Final = 60.0
"""How long `optimise` looks for the cheapest pattern."""
SLACK: Final = 1e-6


class UnprotectableError(ValueError):
    """Not even hiding every cell protects a secret."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which cells go.

    Attributes
    ----------
    hidden : bool array (cells,)
    cost : int
        Of all hidden cells, the secret ones included.
    bound : int or None
        No pattern that protects costs less; None where it was not looked for.
    rounds : int
        How many times the attacker was asked.
    """

    hidden: BoolArray
    cost: int
    bound: int | None
    rounds: int


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
    best = close(table, threshold)
    costs = cost_of(table)
    ends = time.monotonic() + seconds
    cuts: list[Cut] = []
    bound, rounds = 0, best.rounds
    hidden = table.secret.copy()
    while bound < best.cost and time.monotonic() < ends:
        found = Attacker(table, hidden).cuts()
        rounds += 1
        if not found:
            best = Pattern(hidden, int(costs[hidden].sum()), None, rounds)
            break
        cuts += found
        hidden, bound = _cheapest(table, cuts, costs, max(ends - time.monotonic(), 1.0))
    return Pattern(best.hidden, best.cost, min(max(bound, int(costs[table.secret].sum())), best.cost), rounds)


def _cheapest(table: LinkedTable, cuts: Sequence[Cut], costs: IntArray, seconds: float) -> tuple[BoolArray, int]:
    """Return the cheapest cells that meet every cut so far, and the bound proven for them."""
    weights = scipy.sparse.csr_array(np.array([cut.weights for cut in cuts]))
    demands: FloatArray = np.array([cut.demand for cut in cuts])
    found = scipy.optimize.milp(
        costs,
        constraints=scipy.optimize.LinearConstraint(weights, demands - SLACK, np.inf),
        bounds=scipy.optimize.Bounds(table.secret.astype(np.float64), 1),
        integrality=np.ones(len(costs)),
        options={"time_limit": seconds, "mip_rel_gap": 0},
    )
    if found.x is None:
        raise UnprotectableError
    return np.asarray(found.x > 1 / 2, dtype=np.bool_), int(np.ceil(found.mip_dual_bound - SLACK))
