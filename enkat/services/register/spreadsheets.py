"""Finds the register in an Excel workbook (XLSX) and reads it as a table of text."""

import io

from enkat.records.imports import ImportKind
from enkat.services.files.spreadsheets import open_sheet, sheet_records
from enkat.services.register.columns import match_headings
from enkat.services.register.reading import MAX_COLUMNS, MAX_ROWS, Table, to_table


def read_workbook(content: bytes, kind: ImportKind) -> Table:
    """Return the sheet of an XLSX file that holds the register.

    Raises
    ------
    Fault
        If it is not a workbook, unpacks to too much, or holds formulas.
    """
    sheet = open_sheet(io.BytesIO(content), lambda first: len(match_headings(kind, first)), max_columns=MAX_COLUMNS)
    return to_table(sheet_records(sheet, max_rows=MAX_ROWS, max_columns=MAX_COLUMNS), "xlsx", "")
