"""XLSX in constant memory: rows go to disk as they come, and no text can turn into a formula or a link."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, BinaryIO, Final

import xlsxwriter

from enkat.documents.tables import Cell, Column, Sheet, is_empty
from enkat.documents.workbook_charts import insert_charts

ROW_LIMIT: Final = 1_048_576
NAME_LIMIT: Final = 31
TEXT_LIMIT: Final = 32_767
WIDE: Final = 50
"""Columns of this width hold sentences and wrap them."""
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}


class WorkbookFullError(Exception):
    """More rows than a sheet of a workbook holds; the message names the sheet and the way out."""


def write_workbook(
    target: str | os.PathLike[str] | BinaryIO,
    sheets: Iterable[Sheet],
    *,
    title: str = "",
    created: datetime | None = None,
) -> None:
    """Write a workbook.

    Numbers are written as numbers and text as text, whatever it begins with. Each sheet has frozen headings and a
    filter.

    Parameters
    ----------
    target : path or binary stream
    sheets : iterable of Sheet
        Read one after the other, each row once.
    title : str
        Title in the file's properties.
    created : datetime, optional
        Moment in the file's properties, so that equal contents can give equal bytes.

    Raises
    ------
    WorkbookFullError
        If a sheet has more rows than the format holds.
    """
    with xlsxwriter.Workbook(os.fspath(target) if isinstance(target, os.PathLike) else target, _OPTIONS) as book:
        properties: dict[str, object] = {"title": title}
        if created is not None:
            properties["created"] = created.replace(tzinfo=None)
        book.set_properties(properties)
        formats = _Formats(
            heading=book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            title=book.add_format({"bold": True, "font_size": 14}),
            wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
            day=book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        )
        names: set[str] = set()
        for sheet in sheets:
            _write_sheet(book, book.add_worksheet(_name(sheet.name, names)), sheet, formats)


@dataclass(frozen=True, slots=True)
class _Formats:
    heading: Any
    title: Any
    wrapped: Any
    day: Any


def _write_sheet(book: Any, page: Any, sheet: Sheet, formats: _Formats) -> None:
    """Write one sheet: title, headings, rows, charts, filter and how it prints."""
    for number, column in enumerate(sheet.columns):
        page.set_column(number, number, column.width, _column_format(book, column))
    first = 0
    if sheet.title:
        page.write_string(0, 0, sheet.title, formats.title)
        first = 2
    for number, column in enumerate(sheet.columns):
        page.write_string(first, number, column.heading, formats.heading)
    page.freeze_panes(first + 1, sheet.frozen_columns)
    if sheet.charts:
        rows = list(sheet.rows)
        sheet = replace(sheet, rows=rows)
        insert_charts(book, page, sheet, rows, first + 1)
    last = _write_rows(page, sheet, first + 1, formats)
    page.autofilter(first, 0, max(last, first), max(len(sheet.columns) - 1, 0))
    page.repeat_rows(first)
    page.set_landscape()
    page.fit_to_pages(1, 0)


def _name(wanted: str, taken: set[str]) -> str:
    """Give a name that the format allows and that no earlier sheet has."""
    base = wanted.translate(_FORBIDDEN).strip().strip("'")[:NAME_LIMIT].rstrip() or "Blad"
    name, number = base, 2
    while name.casefold() in taken:
        ending = f" ({number})"
        name = base[: NAME_LIMIT - len(ending)].rstrip() + ending
        number += 1
    taken.add(name.casefold())
    return name


def _column_format(book: Any, column: Column) -> Any:
    if column.decimals is None:
        return None
    return book.add_format({"num_format": "0." + "0" * column.decimals if column.decimals else "0"})


def _write_rows(page: Any, sheet: Sheet, first: int, formats: _Formats) -> int:
    """Write the rows from row ``first`` down; return the last row written."""
    wraps: Sequence[Any] = [formats.wrapped if column.width >= WIDE else None for column in sheet.columns]
    write = _writers(page, formats.day)
    row = first - 1
    for row, values in enumerate(sheet.rows, start=first):
        if row >= ROW_LIMIT:
            raise WorkbookFullError(f"Bladet ”{sheet.name}” får inte plats i en Excelfil. Välj CSV i stället.")
        for number, value in enumerate(values):
            if type(value) is str:
                page.write_string(row, number, value[:TEXT_LIMIT], wraps[number])
            elif not is_empty(value):
                write[type(value)](row, number, value)
    return row


def _writers(page: Any, day: Any) -> dict[type, Callable[[int, int, Any], object]]:
    """Give the writer per type; a number takes the format of its column."""

    def number(row: int, column: int, value: Cell) -> None:
        page.write_number(row, column, value)

    def boolean(row: int, column: int, value: Cell) -> None:
        page.write_string(row, column, "ja" if value else "nej")

    def moment(row: int, column: int, value: Cell) -> None:
        page.write_datetime(row, column, value, day)

    return {int: number, float: number, bool: boolean, date: moment, datetime: moment}
