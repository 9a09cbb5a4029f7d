"""Whom an estimate is about: rows labelled by domain, and sums over the rows of a label."""

from collections.abc import Callable, Iterator, Mapping, Sequence
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

BLOCK, BLOCK_PER_LABEL = 8_192, 4
"""Rows that are worked on at a time, so that what is made of them stays in the processor's cache; at least so many
for each label, which has its sum carried from block to block."""


EVERY = slice(None)


def blocks(rows: int, labels: int = 0) -> Iterator[slice]:
    """Give the rows a block at a time."""
    step = max(BLOCK, BLOCK_PER_LABEL * labels)
    return (slice(begin, begin + step) for begin in range(0, rows, step))


def coded(labels: Labels) -> tuple[tuple[object, ...], IntArray]:
    """Sorted levels, and each row's index among them; -1 where the label is missing (None, NaN or "")."""
    array = np.asarray(labels)
    if array.dtype.kind in "OU":  # looking strings up is faster than sorting them
        return _coded_objects(array.tolist())
    if array.dtype.kind in "bi":
        numbers, codes = ranked(array.astype(np.int64))
        return tuple(numbers.astype(array.dtype).tolist()), codes
    missing = np.isnan(array) if array.dtype.kind == "f" else np.zeros(0, dtype=np.bool_)
    if not missing.any():
        levels, codes = np.unique(array, return_inverse=True)
        return tuple(levels.tolist()), codes.astype(np.int64)
    levels, some = np.unique(array[~missing], return_inverse=True)
    codes = np.full(len(array), -1, dtype=np.int64)
    codes[~missing] = some
    return tuple(levels.tolist()), codes


def ranked(numbers: IntArray) -> tuple[IntArray, IntArray]:
    """Sorted distinct numbers, and each row's place among them: counted where they lie close, else sorted."""
    least = int(numbers.min(initial=0))
    span = int(numbers.max(initial=0)) - least + 1
    dense = 8
    if span > dense * len(numbers) + 1024:
        return np.unique(numbers, return_inverse=True)
    places = numbers - least if least else numbers
    seen = np.zeros(span, dtype=np.bool_)
    seen[places] = True
    return np.flatnonzero(seen) + least, (np.cumsum(seen) - 1)[places]


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
    _matrices: list[tuple[slice, object]] = field(default_factory=list, repr=False, compare=False)

    def sums(self, values: npt.NDArray[np.generic]) -> FloatArray:
        """Sum the rows of each label: (rows,) gives (size,), (rows, columns) gives (size, columns)."""
        if values.ndim > 1:
            return self.sums_of(lambda rows: values[rows])
        inside = self.codes >= 0
        whole = bool(inside.all())
        codes, weights = (self.codes, values) if whole else (self.codes[inside], values[inside])
        return np.bincount(codes, weights=weights, minlength=self.size).astype(np.float64)

    def sums_of(self, part: Callable[[slice], npt.NDArray[np.generic]]) -> FloatArray:
        """Sum what ``part`` makes of a few rows at a time, (rows, columns), so that it need never be whole."""
        if not self._matrices:  # made once: a product with a sparse matrix is the fastest sum by label
            self._matrices.extend(
                (rows, _selecting(self.codes[rows], self.size)) for rows in blocks(max(len(self.codes), 1), self.size)
            )
        rows, matrix = self._matrices[0]
        total = np.asarray(matrix @ part(rows), dtype=np.float64)  # type: ignore[operator]
        for rows, matrix in self._matrices[1:]:
            total += matrix @ part(rows)  # type: ignore[operator]
        return total

    def parts(self) -> Iterator[tuple[int, IntArray]]:
        """Give each label that occurs with its rows, in order."""
        order = np.argsort(self.codes, kind="stable")[int((self.codes < 0).sum()) :]
        present, begins, counts = np.unique(self.codes[order], return_index=True, return_counts=True)
        runs = zip(present, begins, begins + counts, strict=True)
        return ((int(label), order[begin:end]) for label, begin, end in runs)

    def counts(self) -> IntArray:
        """Count the rows of each label."""
        return np.bincount(self.codes[self.codes >= 0], minlength=self.size)


def _selecting(codes: IntArray, size: int) -> object:
    """Sparse matrix (labels, rows) with 1 where the row has the label."""
    inside = codes >= 0
    begins = np.concatenate([[0], np.cumsum(inside)])
    return scipy.sparse.csr_array((np.ones(int(begins[-1])), codes[inside], begins), shape=(len(codes), size)).T


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
    whole = bool(inside.all())
    pairs, where = ranked(first * width + second if whole else first[inside] * width + second[inside])
    codes = where
    if not whole:
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
