"""The attacker: what follows about every hidden count from all that is shown.

The attacker knows every sum, every shown count, that counts are whole numbers and not negative, and the known limits. A
hidden count's range runs from its least to its greatest possible value: a linear program each (Fischetti and Salazar
2001, "Solving the cell suppression problem on tabular data with linear constraints"), and where its best point is not
in whole numbers an integer program. Linear programs go to HiGHS many at a time, side by side as one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy

from enkat.statistics.disclosure.linked_tables import LinkedTable
from enkat.statistics.intervals import FloatArray
from enkat.statistics.tallies import BoolArray, IntArray

WHOLE: Final = 1e-6
"""Within this of a whole number a solution is one."""
BATCH: Final = 6000
"""Unknowns of the programs that are solved side by side."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """What the attacker cannot rule out, for each cell of a table: int64 arrays (cells,); a shown cell has lo = hi."""

    lo: IntArray
    hi: IntArray

    def given_away(self, table: LinkedTable) -> BoolArray:
        """Say which secret cells are not protected: bool (cells,)."""
        return np.asarray(table.secret & ((self.lo > table.at_most) | (self.hi < table.at_least)), dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Cut:
    """Why a secret is given away: to open it, hide cells whose weights reach the demand.

    Attributes
    ----------
    weights : float64 (cells,)
        How far hiding a cell may open the secret; 0 for those that do not help. Of a cell that is told in words, what
        hiding the words adds.
    demand : float
    """

    weights: FloatArray
    demand: float


@dataclass(frozen=True, slots=True)
class _Program:
    """One end of one cell's range: which cell, in which component, and the sign of what is minimised."""

    cell: int
    component: int
    sign: int


class Attacker:
    """An attacker of a table with some cells hidden.

    Parameters
    ----------
    table : LinkedTable
    hidden : bool array (cells,)
        What the release does not show. A secret cell that is shown is given away by itself.
    follow : bool
        Whether to begin with what follows from single sums; the programs are smaller then, but their prices no cuts.

    Attributes
    ----------
    hidden : bool array (cells,)
        What is not shown and does not follow from a sum of otherwise known cells, one sum after another.
    """

    def __init__(self, table: LinkedTable, hidden: BoolArray, *, follow: bool = True) -> None:
        self.table = table
        self.unseen = hidden
        self.hidden = open_cells(table.matrix, hidden) if follow else hidden
        self.lo, self.hi = table.counts.copy(), table.counts.copy()
        unknown = np.flatnonzero(self.hidden)
        self.count, self.component = _components(table.matrix[:, unknown])
        self.cells = [unknown[self.component == number] for number in range(self.count)]
        self.place = np.full(len(hidden), -1)
        self.place[unknown] = self.component
        self._systems: dict[int, tuple[IntArray, Any, FloatArray]] = {}

    def ranges(self, targets: BoolArray | None = None) -> Ranges:
        """Return the range of every hidden cell, or of the chosen ones (the others keep lo = hi = count)."""
        wanted = self.hidden if targets is None else targets & self.hidden
        list(self._attack(wanted, cuts=False))
        return Ranges(self.lo, self.hi)

    def cuts(self, secrets: BoolArray | None = None) -> list[Cut]:
        """Return why each secret (of those chosen) that is given away is so; empty when all are protected."""
        if (self.hidden != self.unseen).any():
            return Attacker(self.table, self.unseen, follow=False).cuts(secrets)
        chosen = self.table.secret if secrets is None else secrets
        return list(self._attack(np.asarray(chosen & self.hidden, dtype=np.bool_), cuts=True))

    def _system(self, component: int) -> tuple[IntArray, Any, FloatArray]:
        """Return a component's sums: their numbers, the matrix over its unknown cells, the right-hand side."""
        if component not in self._systems:
            cells = self.cells[component]
            of_cells = self.table.matrix[:, cells]
            rows = np.flatnonzero(np.diff(of_cells.indptr))
            matrix = of_cells[rows]
            # Sums over the true counts are 0, so what the shown cells leave is what the hidden ones hold.
            self._systems[component] = rows, matrix, (matrix @ self.table.counts[cells]).astype(np.float64)
        return self._systems[component]

    def _attack(self, wanted: BoolArray, *, cuts: bool) -> Iterator[Cut]:
        batch: list[_Program] = []
        size = 0
        for cell in np.flatnonzero(wanted).tolist():
            component = int(self.place[cell])
            for sign in (1, -1):
                batch.append(_Program(cell, component, sign))
                size += len(self.cells[component])
            if size >= BATCH:
                yield from self._solve(batch, cuts=cuts)
                batch, size = [], 0
        yield from self._solve(batch, cuts=cuts)

    def _solve(self, batch: list[_Program], *, cuts: bool) -> Iterator[Cut]:
        """Solve programs side by side, keep the ends of the ranges, give cuts where a secret's is too near."""
        if not batch:
            return
        systems = [self._system(one.component) for one in batch]
        cells = [self.cells[one.component] for one in batch]
        goals = [one.sign * (own == one.cell) for one, own in zip(batch, cells, strict=True)]
        every = np.concatenate(cells)
        found = scipy.optimize.linprog(
            np.concatenate(goals),
            A_eq=scipy.sparse.block_diag([matrix for _rows, matrix, _rhs in systems], format="csc"),
            b_eq=np.concatenate([rhs for _rows, _matrix, rhs in systems]),
            bounds=np.column_stack([self.table.least[every], self.table.most[every]]),
            method="highs",
        )
        if found.x is None:
            raise RuntimeError(f"the attacker's program failed: {found.message}")
        at, row = 0, 0
        for one, own, (rows, _matrix, _rhs) in zip(batch, cells, systems, strict=True):
            best = found.x[at : at + len(own)]
            whole = bool(np.abs(best - best.round()).max() < WHOLE)
            end = float(best[own == one.cell][0]) if whole else self._whole_end(one)
            near = self._keep(one, round(end))
            if cuts and near:
                yield self._cut(one, rows, found.eqlin.marginals[row : row + len(rows)], near)
            at, row = at + len(own), row + len(rows)

    def _keep(self, one: _Program, end: int) -> int:
        """Note an end of a range; return by how much it falls short of the demand on a secret."""
        table = self.table
        if one.sign > 0:
            self.lo[one.cell] = end
            return max(end - int(table.at_most[one.cell]), 0) and int(table.counts[one.cell] - table.at_most[one.cell])
        self.hi[one.cell] = end
        return max(int(table.at_least[one.cell]) - end, 0) and int(table.at_least[one.cell] - table.counts[one.cell])

    def _whole_end(self, one: _Program) -> float:
        """Solve one program in whole numbers."""
        own = self.cells[one.component]
        _rows, matrix, rhs = self._system(one.component)
        found = scipy.optimize.milp(
            one.sign * (own == one.cell),
            constraints=scipy.optimize.LinearConstraint(matrix.tocsc(), rhs, rhs),
            bounds=scipy.optimize.Bounds(self.table.least[own], self.table.most[own]),
            integrality=np.ones(len(own)),
        )
        if found.x is None:
            raise RuntimeError(f"the attacker's program failed: {found.message}")
        return float(found.x[own == one.cell][0])

    def _cut(self, one: _Program, rows: IntArray, prices: FloatArray, demand: int) -> Cut:
        """Turn a program's prices (dual values) into the capacity that every cell would give the secret."""
        table = self.table
        reduced = np.zeros(len(table.counts))
        reduced[one.cell] = one.sign
        reduced -= table.matrix[rows].T @ prices
        weights = _room(reduced, table.counts, table.least, table.most)
        in_words = np.zeros_like(self.hidden)
        left = float(demand)
        if table.unsaid_least is not None and table.unsaid_most is not None:
            wider = _room(reduced, table.counts, table.unsaid_least, table.unsaid_most)
            in_words = self.hidden & ((table.least > table.unsaid_least) | (table.most < table.unsaid_most))
            left -= weights[in_words].sum()
            weights = np.where(in_words, wider - weights, weights)
        weights = np.minimum(np.where(weights < WHOLE, 0, weights), left)
        if weights[self.hidden & ~in_words].sum() > left - WHOLE:
            # The linear program would let it pass, whole numbers do not: some cell more must go.
            return Cut(np.where(self.hidden & ~in_words, 0.0, 1.0), 1.0)
        return Cut(weights, left)


def open_cells(matrix: Any, hidden: BoolArray) -> BoolArray:
    """Return the hidden cells that no sum gives away by itself, one after another."""
    stands = abs(matrix)
    left = hidden.copy()
    while True:
        lone = np.flatnonzero(stands @ left.astype(np.int64) == 1)
        known = stands[lone].indices
        if not left[known].any():
            return left
        left[known] = False


def _components(matrix: Any) -> tuple[int, IntArray]:
    """Return which of the columns of a matrix are linked by its rows."""
    rows, columns = matrix.shape
    links = scipy.sparse.coo_array(matrix)
    graph = scipy.sparse.coo_array((np.abs(links.data), (links.col, columns + links.row)), shape=(rows + columns,) * 2)
    _count, labels = scipy.sparse.csgraph.connected_components(graph, directed=False)
    found, component = np.unique(labels[:columns], return_inverse=True)
    return len(found), component


def _room(reduced: FloatArray, counts: IntArray, least: IntArray, most: IntArray) -> FloatArray:
    """Return by how much the cells may move a goal within their limits, from their reduced costs."""
    return np.where(reduced > 0, reduced * (counts - least), -reduced * (most - counts))
