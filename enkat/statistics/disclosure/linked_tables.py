"""Counts that are linked by sums, and what must stay unknown about the secret ones.

The criterion everywhere: a secret count a is protected when the values that an attacker cannot rule out hold one of
at most max(a - 1, 0) and one of at least the threshold; for a count that cannot reach the threshold, one of at least
its known maximum.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy

from enkat.statistics.disclosure.suppression import Family
from enkat.statistics.tallies import BoolArray, IntArray

CRITERION: Final = "range holds a value <= max(a-1, 0) and one >= min(threshold, known maximum)"

UNLIMITED: Final = 50
"""So many times the sum of all counts no attacker's range reaches where anything limits it."""


def matrix_of(sums: Sequence[Family], cells: int) -> Any:
    """Write sums as a sparse matrix (sums, cells): 1 at the parent, -1 at each child; times the counts it is 0."""
    rows = [number for number, one in enumerate(sums) for _ in range(1 + len(one.children))]
    columns = [cell for one in sums for cell in (one.parent, *one.children)]
    signs = [sign for one in sums for sign in (1, *([-1] * len(one.children)))]
    return scipy.sparse.csr_array((np.array(signs, dtype=np.int64), (rows, columns)), shape=(len(sums), cells))


class InconsistentTableError(ValueError):
    """A total is not the sum of its parts.

    Attributes
    ----------
    faults : sequence of (int, int)
        Each equation that does not hold: its index, and the sum of its parts.
    """

    def __init__(self, faults: Sequence[tuple[int, int]]) -> None:
        super().__init__(f"equations that do not hold: {[number for number, _sum in faults]}")
        self.faults = faults


@dataclass(frozen=True)
class LinkedTable:
    """Cells with counts, the sums that link them, and how far each secret must stay open; arrays are (cells,).

    Attributes
    ----------
    counts : int64
        The true counts, not negative.
    sums : sequence of Family
        Parent = sum of children; a cell may stand in any number of sums.
    secret : bool
        Cells that must be protected (the primaries); they are hidden in every pattern.
    at_most, at_least : int64
        An attacker of a secret cell must not be able to rule out every value up to ``at_most``, nor every value from
        ``at_least``. Not read elsewhere.
    least, most : int64
        What everybody knows about a hidden cell without any release: limits that hold the count.
    unsaid_least, unsaid_most : int64, optional
        The same where words that stand instead of a figure are hidden too; like the others where nothing is said.
    """

    counts: IntArray
    sums: Sequence[Family]
    secret: BoolArray
    at_most: IntArray
    at_least: IntArray
    least: IntArray
    most: IntArray
    unsaid_least: IntArray | None = None
    unsaid_most: IntArray | None = None
    shared: Any = None
    """The matrix of the sums, where several tables have the same."""

    @classmethod
    def of(
        cls,
        counts: npt.ArrayLike,
        sums: Sequence[Family],
        threshold: int,
        *,
        secret: BoolArray | None = None,
        most: IntArray | None = None,
    ) -> "LinkedTable":
        """Make a table with the product's criterion.

        Parameters
        ----------
        counts : array_like of int (cells,)
        sums : sequence of Family
        threshold : int
            Counts of 1 to ``threshold`` - 1 are secret where ``secret`` does not say otherwise.
        secret : bool array (cells,), optional
        most : int64 array (cells,), optional
            Known maxima; a count whose maximum is under the threshold need only stay open up to it.

        Raises
        ------
        InconsistentTableError
            If a total is not the sum of its parts.
        ValueError
            If a count is negative or above its known maximum.
        """
        values = np.asarray(counts, dtype=np.int64)
        small = (values > 0) & (values < threshold) if secret is None else secret
        # No count follows from shown ones above the sum of all; many times that stands for "unlimited".
        cap = np.full(len(values), UNLIMITED * (int(values.sum()) + threshold + 1)) if most is None else most
        table = cls(
            counts=values,
            sums=sums,
            secret=small,
            at_most=np.maximum(values - 1, 0),
            at_least=np.minimum(threshold, cap),
            least=np.zeros_like(values),
            most=cap,
        )
        table.check()
        return table

    def check(self) -> None:
        """Refuse counts that contradict each other.

        Raises
        ------
        InconsistentTableError, ValueError
        """
        if ((self.counts < self.least) | (self.counts > self.most)).any() or (self.least < 0).any():
            raise ValueError("a count lies outside its known limits")
        off = self.matrix @ self.counts
        if off.any():
            wrong = [(at, self.sums[at].parent) for at in np.flatnonzero(off).tolist()]
            raise InconsistentTableError([(at, int(self.counts[parent] - off[at])) for at, parent in wrong])

    @cached_property
    def matrix(self) -> Any:
        """The sums as a sparse matrix, see `matrix_of`."""
        return matrix_of(self.sums, len(self.counts)) if self.shared is None else self.shared

    def demanding(self, at_most: IntArray, at_least: IntArray) -> "LinkedTable":
        """Return the table with other demands on its secret cells; unlimited cells may reach them."""
        return replace(self, at_most=at_most, at_least=at_least, most=np.maximum(self.most, UNLIMITED * at_least))
