"""Whom an estimate is about: rows labelled by domain, and sums over the rows of a label."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt
import scipy  # loads `scipy.sparse` when it is first used

from enkat.statistics.intervals import FloatArray, IntArray
from enkat.statistics.microdata.faults import FaultKind, MicrodataError

BoolArray = npt.NDArray[np.bool_]
Labels = npt.ArrayLike | Sequence[object]
By = Mapping[str, Labels] | None


def coded(labels: Labels) -> tuple[tuple[object, ...], IntArray]:
    """Sorted levels, and each row's index among them; -1 where the label is missing (None, NaN or "")."""
    array = np.asarray(labels)
    if array.dtype.kind in "OU":  # looking strings up is faster than sorting them
        return _coded_objects(array.tolist())
    missing = np.isnan(array) if array.dtype.kind == "f" else np.zeros(0, dtype=np.bool_)
    if not missing.any():
        levels, codes = np.unique(array, return_inverse=True)
        return tuple(levels.tolist()), codes.astype(np.int64)
    levels, some = np.unique(array[~missing], return_inverse=True)
    codes = np.full(len(array), -1, dtype=np.int64)
    codes[~missing] = some
    return tuple(levels.tolist()), codes


def _coded_objects(values: list[object]) -> tuple[tuple[object, ...], IntArray]:
    gaps = {None, ""}
    present = {value for value in set(values) - gaps if value == value}  # noqa: PLR0124  NaN differs from itself
    levels = tuple(sorted(present, key=lambda value: (str(type(value)), value)))
    index = {level: number for number, level in enumerate(levels)}
    return levels, np.fromiter((index.get(value, -1) for value in values), dtype=np.int64, count=len(values))


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows labelled 0..size-1, -1 for none, and sums over them."""

    codes: IntArray
    size: int
    _matrix: list[object] = field(default_factory=list, repr=False, compare=False)

    def sums(self, values: FloatArray) -> FloatArray:
        """Sum the rows of each label: (rows,) gives (size,), (rows, columns) gives (size, columns)."""
        if values.ndim == 1:
            inside = self.codes >= 0
            whole = bool(inside.all())
            codes, weights = (self.codes, values) if whole else (self.codes[inside], values[inside])
            return np.bincount(codes, weights=weights, minlength=self.size).astype(np.float64)
        if not self._matrix:  # made once: a product with a sparse matrix is the fastest sum by label
            inside = self.codes >= 0
            begins = np.concatenate([[0], np.cumsum(inside)])
            ones = np.ones(int(begins[-1]))
            shape = (len(self.codes), self.size)
            self._matrix.append(scipy.sparse.csr_array((ones, self.codes[inside], begins), shape=shape).T)
        return np.asarray(self._matrix[0] @ values)  # type: ignore[operator]

    def counts(self) -> IntArray:
        """Count the rows of each label."""
        return np.bincount(self.codes[self.codes >= 0], minlength=self.size)


def crossed(first: IntArray, second: IntArray, width: int) -> tuple[Groups, IntArray, IntArray]:
    """Group rows by the pairs of two labels that occur; rows with -1 in either stand outside.

    Parameters
    ----------
    first, second : int64 arrays (rows,)
    width : int
        Number of labels of ``second``.

    Returns
    -------
    Groups, int64 array, int64 array
        The pairs, and each pair's first and second label.
    """
    inside = (first >= 0) & (second >= 0)
    both = first[inside] * width + second[inside]
    span = (int(first.max(initial=0)) + 1) * width
    dense = 8
    if span <= dense * len(both) + 1024:  # counting is faster than sorting while the table is small
        seen = np.zeros(span, dtype=np.bool_)
        seen[both] = True
        pairs = np.flatnonzero(seen)
        where = (np.cumsum(seen) - 1)[both]
    else:
        pairs, where = np.unique(both, return_inverse=True)
    codes = np.full(len(first), -1, dtype=np.int64)
    codes[inside] = where
    return Groups(codes, len(pairs)), pairs // width, pairs % width


@dataclass(frozen=True, slots=True)
class Domains:
    """The cells of one or more columns.

    Attributes
    ----------
    names : tuple of str
        The columns; none for the whole.
    levels : tuple of tuples
        One value per column for each domain, sorted by the first column, then the second …
    groups : Groups
        Each row's domain; -1 where a column is missing.
    """

    names: tuple[str, ...]
    levels: tuple[tuple[object, ...], ...]
    groups: Groups

    @classmethod
    def of(cls, by: By, rows: int) -> Self:
        """Lay out the cells that occur in the columns of ``by``; one domain of all rows without any.

        Raises
        ------
        MicrodataError
            LENGTH where a column has another number of rows.
        """
        codes, levels = np.zeros(rows, dtype=np.int64), ((),)  # type: tuple[IntArray, tuple[tuple[object, ...], ...]]
        for name, labels in (by or {}).items():
            own, label = coded(labels)
            if len(label) != rows:
                message = f"column {name} has {len(label)} rows, the design {rows}"
                raise MicrodataError(FaultKind.LENGTH, message, column=name, value=len(label))
            pairs, first, second = crossed(codes, label, max(len(own), 1))
            levels = tuple((*levels[one], own[other]) for one, other in zip(first, second, strict=True))
            codes = pairs.codes
        return cls(tuple(by or ()), levels, Groups(codes, len(levels)))
