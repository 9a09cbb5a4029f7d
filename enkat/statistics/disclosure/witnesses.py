"""A quick audit: other tables that an attacker cannot tell from the true one, each opening many secrets at once.

A secret is protected when two such witnesses exist, one with a value that is low enough and one that is high enough.
One linear program looks for a table that opens as many secrets as it can; what it opens is settled, and the rest are
asked for again. Only what no witness opens is given to the exact attacker, so a table with hundreds of secrets takes a
handful of programs instead of two for each. A witness of one pattern is one of every pattern that shows less: those
that were found before are looked at first, each against the table at hand.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy

from enkat.statistics.disclosure.attacker import WHOLE, Attacker, Cut, Ranges
from enkat.statistics.disclosure.linked_tables import LinkedTable
from enkat.statistics.tallies import BoolArray, IntArray

TRIES: Final = 12
"""Programs for many secrets at once before the rest are asked one by one."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What the attacker found.

    Attributes
    ----------
    given_away : bool array (cells,)
        Secrets that are not protected.
    cuts : sequence of Cut
        Why.
    witnesses : int
        Tables found that agree with what is shown.
    """

    given_away: BoolArray
    cuts: tuple[Cut, ...]
    witnesses: int


def audit(table: LinkedTable, hidden: BoolArray, kept: list[IntArray] | None = None) -> Audit:
    """Say which secrets of a table are given away by what is shown.

    Parameters
    ----------
    table : LinkedTable
    hidden : bool array (cells,)
    kept : list of int64 arrays (cells,), optional
        Witnesses of the same counts that were found before; takes in the new ones.
    """
    attacker = Attacker(table, hidden)
    open_secrets = table.secret & attacker.hidden
    low, high = open_secrets & (table.counts > table.at_most), open_secrets & (table.counts < table.at_least)
    lost = table.secret & ~attacker.hidden
    earlier = [] if kept is None else [one for one in kept if _agrees(one, table, hidden)]
    for found in earlier:
        low, high = low & (found > table.at_most), high & (found < table.at_least)
    new: list[IntArray] = []
    search = _Search(attacker) if low.any() or high.any() else None
    while search is not None and len(new) < TRIES and (low.any() or high.any()):
        found = search.witness(low, high)
        opened = (low & (found <= table.at_most)) | (high & (found >= table.at_least))
        low, high = low & (found > table.at_most), high & (found < table.at_least)
        if not opened.any():
            break
        new.append(found)
    if kept is not None:
        kept += new
    rest = np.asarray((low | high | lost) & hidden, dtype=np.bool_)
    if not rest.any():
        return Audit(np.asarray(lost, dtype=np.bool_), (), len(earlier) + len(new))
    exact = Attacker(table, hidden, follow=False)
    cuts = tuple(exact.cuts(rest))
    lost |= rest & Ranges(exact.lo, exact.hi).given_away(table)
    return Audit(np.asarray(lost, dtype=np.bool_), cuts, len(earlier) + len(new))


def _agrees(other: IntArray, table: LinkedTable, hidden: BoolArray) -> bool:
    """Say whether another table has the same sums, and shows the same, within what everybody knows."""
    if other.shape != table.counts.shape or (other != table.counts)[~hidden].any():
        return False
    within = (other >= table.least) & (other <= table.most)
    return bool(within[hidden].all() and not (table.matrix @ other).any())


class _Search:
    """Looks for tables that agree with what is shown, among the cells that any secret is linked with."""

    def __init__(self, attacker: Attacker) -> None:
        table = attacker.table
        wanted = np.unique(attacker.place[table.secret & attacker.hidden])
        self.table = table
        self.cells: IntArray = np.flatnonzero(np.isin(attacker.place, wanted) & attacker.hidden)
        matrix = table.matrix[:, self.cells]
        matrix = matrix[np.flatnonzero(np.diff(matrix.indptr))]
        self.matrix = matrix.astype(np.float64)
        self.rhs = self.matrix @ table.counts[self.cells]

    def witness(self, low: BoolArray, high: BoolArray) -> IntArray:
        """Return the table that falls least short of the demands that are left, or the true one if it has halves."""
        table, cells = self.table, self.cells
        too_high, too_low = np.flatnonzero(low[cells]), np.flatnonzero(high[cells])
        short = len(too_high) + len(too_low)
        # value - shortfall <= at_most, and value + shortfall >= at_least, for each demand.
        rows = np.arange(short)
        signs = np.concatenate([np.ones(len(too_high)), -np.ones(len(too_low))])
        columns = np.concatenate([too_high, too_low])
        demands = scipy.sparse.csr_array((signs, (rows, columns)), shape=(short, len(cells)))
        limits = np.concatenate([table.at_most[cells[too_high]], -table.at_least[cells[too_low]]])
        goal = np.concatenate([np.zeros(len(cells)), np.ones(short)])
        bounds = np.zeros((len(goal), 2))
        bounds[: len(cells)] = np.column_stack([table.least[cells], table.most[cells]])
        bounds[len(cells) :, 1] = np.inf
        found = scipy.optimize.linprog(
            goal,
            A_eq=scipy.sparse.hstack(
                [self.matrix, scipy.sparse.csr_array((self.matrix.shape[0], short))], format="csc"
            ),
            b_eq=self.rhs,
            A_ub=scipy.sparse.hstack([demands, -scipy.sparse.eye_array(short)], format="csc"),
            b_ub=limits,
            bounds=bounds,
            method="highs",
        )
        counts = table.counts.copy()
        if found.x is not None:
            best = found.x[: len(cells)]
            if np.abs(best - best.round()).max(initial=0) < WHOLE:
                counts[cells] = best.round().astype(np.int64)
        return counts
