"""Reads the cells of a worksheet as text, straight from its XML.

openpyxl knows the workbook: its sheets, its shared texts and which styles are days. Its own reading makes an object of
every cell and fills every row to the greatest width allowed, which takes minutes where this takes seconds.
"""

import datetime as dt
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.parsers import expat

from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.datetime import from_excel

from enkat.services.faults import Fault
from enkat.services.files.reading import MEBIBYTE

_NAMES: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_ROW, _CELL, _VALUE, _FORMULA, _TEXT, _READING_AID = (_NAMES + tag for tag in ("row", "c", "v", "f", "t", "rPh"))
_DIGITS: Final = "0123456789"
_PART: Final = MEBIBYTE // 4


def cell_text(value: Any) -> str:
    """Write a cell's value as text: whole numbers without decimals, days as 2026-03-01."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return str(value)


@functools.lru_cache(maxsize=4096)
def _number_text(text: str) -> str:
    return cell_text(int(text) if text.lstrip("-").isdecimal() else float(text))


@functools.lru_cache(maxsize=4096)
def _column(letters: str) -> int:
    return column_index_from_string(letters)


@dataclass(frozen=True, slots=True)
class _Workbook:
    """What a sheet's cells need of its workbook: shared texts, and the numbers of the styles that are days or times."""

    shared: Sequence[str]
    days: frozenset[str]
    durations: frozenset[str]
    epoch: dt.datetime

    @classmethod
    def of(cls, sheet: Any) -> "_Workbook":
        book = sheet.parent
        days, durations = book._date_formats, book._timedelta_formats  # noqa: SLF001  has no public name
        shared = sheet._shared_strings  # noqa: SLF001  has no public name
        return cls(shared, frozenset(map(str, days)), frozenset(map(str, durations)), book.epoch)


class _Rows:
    """Collects rows while the parser walks through a sheet.

    Parameters
    ----------
    sheet : openpyxl worksheet
    width : int
        Columns to read; what stands further out is left.
    strict : bool
        Whether formulas and error values are refused; else they are read as empty cells.
    """

    def __init__(self, sheet: Any, width: int, *, strict: bool) -> None:
        self._strict = strict
        self.done: list[tuple[int, list[str]]] = []
        self._book = _Workbook.of(sheet)
        self._width = width
        self._row, self._cells, self._column = 0, list[str](), 0
        self._kind, self._style, self._text = "n", "", ""
        self._formula = self._reading = self._aid = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin a row, a cell or what stands in it."""
        if tag == _CELL:
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            place = attributes.get("r")
            self._column = self._column + 1 if place is None else _column(place.rstrip(_DIGITS))
            self._text, self._formula = "", False
        elif tag == _VALUE or (tag == _TEXT and self._kind == "inlineStr" and not self._aid):
            self._reading = True
        elif tag == _FORMULA:
            self._formula = True
        elif tag == _ROW:
            self._row = int(float(attributes["r"])) if "r" in attributes else self._row + 1
            self._cells, self._column = [], 0
        elif tag == _READING_AID:
            self._aid = True

    def data(self, text: str) -> None:
        """Take in a piece of a cell's text."""
        if self._reading:
            self._text += text

    def end(self, tag: str) -> None:
        """Finish a row, a cell or what stands in it."""
        if tag in {_VALUE, _TEXT}:
            self._reading = False
        elif tag == _CELL and self._column <= self._width:
            cells = self._cells
            if self._column > len(cells):
                cells.extend([""] * (self._column - len(cells)))
            cells[self._column - 1] = self._value()
        elif tag == _ROW:
            self.done.append((self._row, self._cells))
        elif tag == _READING_AID:
            self._aid = False

    def _value(self) -> str:
        kind, text = self._kind, self._text
        if self._formula or kind == "e":
            return self._refused("en formel" if self._formula else f"felvärdet {text}")
        if not text or kind in {"str", "inlineStr"}:
            return text
        if kind == "s":
            return self._book.shared[int(text)]
        if kind == "n":
            return self._day(float(text)) if self._style in self._book.days else _number_text(text)
        return cell_text(bool(int(text)) if kind == "b" else dt.datetime.fromisoformat(text))

    def _day(self, number: float) -> str:
        try:
            lasts = self._style in self._book.durations
            return cell_text(from_excel(number, self._book.epoch, timedelta=lasts))
        except (OverflowError, ValueError):
            return self._refused("felvärdet #VALUE!")

    def _refused(self, what: str) -> str:
        if not self._strict:
            return ""
        raise Fault(
            f"Rad {self._row}, kolumn {get_column_letter(self._column)}: cellen är {what}. "
            "Klistra in kolumnen som värden och spara filen igen.",
            "file",
        )


def cell_rows(sheet: Any, *, max_rows: int, width: int, strict: bool = True) -> Iterator[list[str]]:
    """Yield the rows of a worksheet as text, also the empty ones between; none is shorter than the one before.

    Raises
    ------
    Fault
        At a formula or an error value, by row and column.
    """
    rows, number, widest = _Rows(sheet, width, strict=strict), 0, 0
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = rows.start, rows.end
    parser.CharacterDataHandler = rows.data
    with sheet._get_source() as source:  # noqa: SLF001  the sheet's XML has no public name
        while part := source.read(_PART):
            parser.Parse(part)
            for place, cells in rows.done:
                if place > max_rows:
                    return
                yield from ([] for _ in range(number + 1, place))
                if place > number:
                    number, widest = place, max(widest, len(cells))
                    yield cells + [""] * (widest - len(cells))
            rows.done.clear()
