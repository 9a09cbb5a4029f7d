"""What follows from all shown figures of a file together, however their groups overlap.

Answers that are in the same group of every analysis are one piece; each group is a sum of pieces. A sum of groups that
gives a small piece, or a hidden group, gives it away. A random number for each piece, rid of everything that shown
groups say about it, is 0 for just what follows from them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy

from enkat.services.analysis.columns import BoolArray, FloatArray, IntArray

FOLLOWS: Final = 1e-7
"""Below this what is left of a random number is nothing."""
ROUNDS: Final = 8
"""How many times what shown groups say is taken out; once is enough but for rounding."""


@dataclass(frozen=True)
class Pieces:
    """The pieces of one set of answers.

    Attributes
    ----------
    groups : sparse array (groups, pieces)
        1 where a piece lies in a group.
    names : sequence of (str, int)
        Partition and code of each group.
    sizes : int64 array (pieces,)
        Answers of each piece.
    """

    groups: Any
    names: Sequence[tuple[str, int]]
    sizes: IntArray

    @classmethod
    def of(cls, codes: Mapping[str, IntArray]) -> "Pieces":
        """Cut answers into pieces; a code below 0 is in no group of its partition."""
        number = np.zeros(len(next(iter(codes.values()))), dtype=np.int64)
        for found in codes.values():
            _values, number = np.unique(number * (int(found.max(initial=0)) + 2) + found + 1, return_inverse=True)
        _values, first, sizes = np.unique(number, return_index=True, return_counts=True)
        names: list[tuple[str, int]] = []
        rows, columns = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
        for part, found in codes.items():
            of_piece = found[first]
            inside = np.flatnonzero(of_piece >= 0)
            present, place = np.unique(of_piece[inside], return_inverse=True)
            rows.append(len(names) + place)
            columns.append(inside)
            names += [(part, code) for code in present.tolist()]
        at = (np.concatenate(rows), np.concatenate(columns))
        return cls(scipy.sparse.csr_array((np.ones(len(at[0])), at), shape=(len(names), len(sizes))), names, sizes)

    def give_away(self, hidden: Collection[tuple[str, int]], parts: Collection[str], threshold: int) -> bool:
        """Say whether the shown groups of some partitions give a group of 1 to ``threshold`` - 1 answers away."""
        ours = np.array([part in parts for part, _code in self.names], dtype=np.bool_)
        gone = np.array([name in hidden for name in self.names], dtype=np.bool_)
        left = _left(self.groups[np.flatnonzero(ours & ~gone)])
        answers = self.groups @ self.sizes
        secret = gone & (answers < threshold)
        return bool(_follows(self.groups @ left, secret).any() or _follows(left, self.sizes < threshold).any())


def _left(shown: Any) -> FloatArray:
    """Return what shown groups leave of a random number for each piece."""
    left = np.random.default_rng(1).uniform(1, 2, size=shown.shape[1])
    for _ in range(ROUNDS):
        if np.abs(shown @ left).max(initial=0) < FOLLOWS / 100:
            break
        found = scipy.sparse.linalg.lsqr(shown.T, left, atol=1e-14, btol=1e-14, iter_lim=4 * max(shown.shape))
        left = left - shown.T @ found[0]
    return np.asarray(left, dtype=np.float64)


def _follows(left: FloatArray, among: BoolArray) -> BoolArray:
    return np.asarray(among & (np.abs(left) < FOLLOWS), dtype=np.bool_)
