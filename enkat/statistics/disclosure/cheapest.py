"""The cheapest cells to hide: an integer program that learns from the attacker (Fischetti and Salazar's cut method).

The program knows what must be hidden and what every pattern needs so far. The attacker tries its answer; what would be
given away becomes a need, and the program is solved again. The answer that gives nothing away is the cheapest there is.
Cut short, the last answer is completed: what it hides stays hidden, and more is added until nothing is given away. If
that is no cheaper than the pattern to beat, that one stands. The bound that the program has proven goes with it.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy

from enkat.statistics.disclosure.attacker import Cut
from enkat.statistics.tallies import BoolArray, IntArray

SLACK: Final = 1e-6
COMPLETING: Final = 0.2
"""The part of the time that is kept for completing an answer that does not protect yet."""
INFEASIBLE: Final = 2
"""Status of a program without any solution."""


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


def search(
    first: Pattern,
    costs: IntArray,
    fixed: BoolArray,
    needs: Sequence[Cut],
    attack: Callable[[BoolArray], Sequence[Cut]],
    *,
    seconds: float,
) -> Pattern:
    """Find the cheapest pattern that meets every need and every cut of the attacker.

    Parameters
    ----------
    first : Pattern
        One that protects: the answer where nothing cheaper is found in time.
    costs : int64 array (cells,)
        Of hiding each cell, not negative.
    fixed : bool array (cells,)
        Cells that are hidden anyway.
    needs : sequence of Cut
        What the hidden cells' weights must reach from the start.
    attack : callable
        Takes hidden cells and returns why they do not protect; nothing when they do.
    seconds : float
        How long to look.

    Returns
    -------
    Pattern
        With its bound.

    Raises
    ------
    UnprotectableError
        If no pattern meets the needs.
    """
    begun = time.monotonic()
    program = _Program(costs, list(needs), attack)
    hidden, bound, protects = program.solved(fixed, begun + (1 - COMPLETING) * seconds, enough=first.cost)
    if not protects and bound < first.cost:
        hidden, _bound, protects = program.solved(hidden, begun + seconds, enough=first.cost, growing=True)
    cost = int(costs[hidden].sum())
    if not protects or cost >= first.cost:
        hidden, cost = first.hidden, first.cost
    bound = max(bound, int(costs[fixed].sum()))
    return Pattern(hidden, cost, min(bound, cost), first.rounds + program.rounds)


@dataclass
class _Program:
    """The integer program, with all needs that are known so far."""

    costs: IntArray
    needs: list[Cut]
    attack: Callable[[BoolArray], Sequence[Cut]]
    rounds: int = 0

    def solved(
        self, fixed: BoolArray, ends: float, *, enough: int, growing: bool = False
    ) -> tuple[BoolArray, int, bool]:
        """Solve and learn until the answer protects, is known to cost ``enough``, or the time is up.

        Returns
        -------
        bool array (cells,), int, bool
            The last answer, the bound proven, and whether the answer protects. Growing answers keep what they hid
            before: they come to an end soon, and prove no bound.
        """
        hidden, bound = fixed, 0
        while bound < enough and (left := ends - time.monotonic()) > 0:
            found, proven = _cheapest(self.costs, fixed, self.needs, left)
            bound = max(bound, proven)
            if found is None:
                break
            hidden = found
            cuts = self.attack(hidden)
            self.rounds += 1
            if not cuts:
                return hidden, bound, True
            self.needs += cuts
            fixed = hidden if growing else fixed
        return hidden, bound, False


def _cheapest(costs: IntArray, fixed: BoolArray, needs: Sequence[Cut], seconds: float) -> tuple[BoolArray | None, int]:
    """Return the cheapest cells that meet the needs (None where time ran out before any), and the proven bound."""
    rows = ()
    if needs:
        weights = scipy.sparse.csr_array(np.array([one.weights for one in needs]))
        rows = scipy.optimize.LinearConstraint(weights, np.array([one.demand for one in needs]) - SLACK, np.inf)
    found = scipy.optimize.milp(
        costs,
        constraints=rows,
        bounds=scipy.optimize.Bounds(fixed.astype(np.float64), 1),
        integrality=np.ones(len(costs)),
        options={"time_limit": seconds, "mip_rel_gap": 0},
    )
    if found.status == INFEASIBLE:
        raise UnprotectableError
    bound = found.mip_dual_bound
    proven = 0 if bound is None or not np.isfinite(bound) else int(np.ceil(bound - SLACK))
    return None if found.x is None else np.asarray(found.x > 1 / 2, dtype=np.bool_), proven
