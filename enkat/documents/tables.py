"""Tables as every writer takes them: named sheets of columns and plain values."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

Cell = str | int | float | bool | date | datetime | None
"""A plain value; NaN counts as empty."""

_FORMULA: Final = tuple("=+-@\t\r\n|%") + tuple(
    "\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:[.,]\d+)?(?: ?%)?")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet.

    Attributes
    ----------
    heading : str
        What readers see.
    key : str
        Name in JSON.
    width : int
        Width in characters, for workbooks.
    decimals : int or None
        Decimals shown for numbers; None for text and whole numbers.
    """

    heading: str
    key: str
    width: int = 14
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """A row of bars in a sheet's chart; the columns hold percent.

    Attributes
    ----------
    name : str
    share, below, above : int
        Columns of the figure, and of how far its interval goes below and above it.
    """

    name: str
    share: int
    below: int
    above: int


@dataclass(frozen=True, slots=True)
class SheetChart:
    """A chart of bars with intervals over all rows of its sheet; the first column names the bars."""

    title: str
    series: Sequence[ChartSeries]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a name; the rows are read once, so they may be a generator.

    Attributes
    ----------
    name : str
        Name of the sheet.
    columns : sequence of Column
    rows : iterable of sequences of Cell
        One value per column.
    title : str
        Printed above the headings; empty for none, so that the headings stand in the first row.
    charts : sequence of SheetChart
        Drawn by the program that opens a workbook, so that they can be taken into a presentation; other formats leave
        them out.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    title: str = ""
    frozen_columns: int = field(default=1)
    charts: Sequence[SheetChart] = ()


def neutral(text: str) -> str:
    """Make a text harmless to programs that take a leading sign for a formula; written numbers stay as they are."""
    stripped = text.lstrip(" \N{NO-BREAK SPACE}")
    if (text.startswith(_FORMULA) or stripped.startswith(_FORMULA)) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def is_empty(value: Cell) -> bool:
    """Tell whether a cell has nothing to write."""
    return value is None or (isinstance(value, float) and not math.isfinite(value))
