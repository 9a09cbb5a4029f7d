"""Reads an uploaded register file as a table of text, within limits."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from enkat.services.faults import Fault
from enkat.services.files.reading import MEBIBYTE, clean, is_workbook, open_delimited, read_headings

MAX_BYTES: Final = 20 * MEBIBYTE
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 60
MAX_CELL: Final = 2_000
OVERFLOW: Final = "Värden utan rubrik"
"""Stands for cells to the right of the last heading."""


@dataclass(frozen=True)
class Table:
    """A file's content: the headings and, per row, heading → text. A row that is too short lacks its last headings."""

    encoding: str
    separator: str
    headings: list[str]
    rows: list[tuple[int, dict[str, str]]] = field(repr=False)
    """Row number as a spreadsheet shows it (the headings stand in row 1), and the cells."""


def refuse_wrong_type(file_name: str, content: bytes) -> bool:
    """Return whether the content is a zip (XLSX); raise Fault when it is neither that nor text, or not as named."""
    return is_workbook(file_name, io.BytesIO(content), MAX_BYTES)


def read_text(content: bytes) -> Table:
    """Return a CSV file as a table.

    Raises
    ------
    Fault
        If it cannot be read as text with headings.
    """
    text = open_delimited(io.BytesIO(content))
    if not text.separator:
        raise Fault("Filen har bara en kolumn. Spara den som CSV med semikolon mellan kolumnerna.", "file")
    return to_table(text.records, text.encoding, text.separator)


def to_table(records: Iterable[list[str]], encoding: str, separator: str) -> Table:
    """Return records as a table; empty rows are left out, the first row holds the headings."""
    numbered = ((number, [clean(cell) for cell in record]) for number, record in enumerate(records, 1))
    filled = ((number, record) for number, record in numbered if any(record))
    first = next(filled, None)
    if first is None:
        raise Fault("Filen är tom. Kontrollera att du valde rätt fil.", "file")
    headings = read_headings(first[1], MAX_COLUMNS)
    rows: list[tuple[int, dict[str, str]]] = []
    for number, record in filled:
        if len(rows) == MAX_ROWS:
            raise Fault(f"Filen har fler än {MAX_ROWS} rader. Dela upp den.", "file")
        rows.append((number, _cells(number, headings, record)))
    if not rows:
        raise Fault("Filen har rubriker men inga rader. Kontrollera att du valde rätt fil.", "file")
    return Table(encoding, separator, headings, rows)


def _cells(number: int, headings: list[str], record: list[str]) -> dict[str, str]:
    long = next((position for position, cell in enumerate(record) if len(cell) > MAX_CELL), None)
    if long is not None:
        heading = headings[long] if long < len(headings) else OVERFLOW
        raise Fault(f"Rad {number}, {heading}: texten är längre än {MAX_CELL} tecken. Korta den i filen.", "file")
    cells = dict(zip(headings, record, strict=False))
    if beyond := " ".join(cell for cell in record[len(headings) :] if cell):
        cells[OVERFLOW] = beyond[:MAX_CELL]
    return cells
