"""A file's columns: each different text once, and for every row which of them it holds."""

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from enkat.instruments.missing import Missing
from enkat.services.analysis.spec import MissingSection

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

NO_ANSWER: Final = frozenset({"", "NA", "NaN"})
"""Texts that always mean "not answered": an empty cell, and how R and Python write one."""
_NUMBER: Final = re.compile(r"[+\-−]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?")
_PLAIN: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:[.,]\d+)?")
_SPACES: Final = str.maketrans(dict.fromkeys(" \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"))


def as_number(text: str) -> float | None:
    """Read a number as Swedes or machines write it; None for anything else, infinity and NaN included."""
    found = text.translate(_SPACES)
    if not _NUMBER.fullmatch(found):
        return None
    value = float(found.replace(",", ".").replace("−", "-"))
    return value if np.isfinite(value) else None


def matches(text: str, code: float | str) -> bool:
    """Say whether a cell holds a code: the same text, or the same number however it is written."""
    if isinstance(code, str):
        return text == code or (as_number(code) is not None and as_number(text) == as_number(code))
    return as_number(text) == code


def plain(value: float) -> float:
    """Return a whole number as int, anything else as it is."""
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else value


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    name : str
        Its heading.
    levels : list of str
        Every different text, cleaned.
    codes : int64 array (rows,)
        Index into ``levels``.
    """

    name: str
    levels: list[str]
    codes: IntArray

    def where(self, chosen: Iterable[bool]) -> BoolArray:
        """Say of every row whether its level is chosen."""
        return np.fromiter(chosen, dtype=np.bool_, count=len(self.levels))[self.codes]

    def missing(self, codes: Sequence[MissingSection]) -> npt.NDArray[np.int8]:
        """Say of every row why there is no answer: 0 where there is one, else a code of `Missing`."""
        return np.array([missing_kind(level, codes) for level in self.levels], dtype=np.int8)[self.codes]

    def numbers(self) -> FloatArray:
        """Read every row as a number; NaN where it is none."""
        read = (as_number(level) for level in self.levels)
        return np.array([np.nan if value is None else value for value in read], dtype=np.float64)[self.codes]

    def labels(self) -> list[str | int | float]:
        """Return the levels as they are shown: numbers where every one is written as a number is, else text."""
        filled = [level for level in self.levels if level not in NO_ANSWER]
        if filled and all(_PLAIN.fullmatch(level) for level in filled):
            return [level if level in NO_ANSWER else plain(as_number(level) or 0.0) for level in self.levels]
        return list(self.levels)

    def taken(self, rows: BoolArray) -> "Column":
        """Keep some rows; the levels stay, also those that none of them holds."""
        return Column(self.name, self.levels, self.codes[rows])


def missing_kind(level: str, codes: Sequence[MissingSection]) -> int:
    """Return the reason that a cell stands for, 0 where it is an answer; earlier tables go before later ones."""
    for table in codes:
        for kind, listed in table:
            if any(matches(level, code) for code in listed):
                return int(Missing[kind.upper()])
    return int(Missing.NOT_ANSWERED) if level in NO_ANSWER else 0


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that was read.

    Attributes
    ----------
    name : str
        Its name, for sentences.
    separator, encoding : str
        How it is written; an empty separator for a workbook.
    columns : dict of str to Column
    lines : int64 array (rows,)
        Number of each row in the file; the headings stand in row 1.
    """

    name: str
    separator: str
    encoding: str
    columns: dict[str, Column]
    lines: IntArray

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.lines)

    def taken(self, rows: BoolArray) -> "DataFile":
        """Keep some rows of every column."""
        columns = {name: column.taken(rows) for name, column in self.columns.items()}
        return DataFile(self.name, self.separator, self.encoding, columns, self.lines[rows])


class Levels(dict[str, int]):
    """Numbers texts in the order they come."""

    def __missing__(self, text: str) -> int:
        """Give a new text the next number."""
        self[text] = number = len(self)
        return number


class ColumnBuilder:
    """Collects a column batch by batch: one small number per row instead of a text."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._levels = Levels()
        self._codes = array("i")

    def extend(self, cells: Iterable[str]) -> None:
        """Add a batch of cells."""
        self._codes.extend(map(self._levels.__getitem__, cells))

    def column(self, clean: Callable[[str], str]) -> Column:
        """Return what was collected; texts that are equal once they are cleaned are one level."""
        merged = Levels()
        number = np.array([merged[clean(text)] for text in self._levels], dtype=np.int64)
        return Column(self.name, list(merged), number[np.frombuffer(self._codes, dtype=np.intc)])
