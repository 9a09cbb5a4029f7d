"""Reads an Excel workbook (XLSX) as a table of text, within limits that a hostile file cannot pass."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final

import openpyxl

from enkat.records.imports import ImportKind
from enkat.services.faults import Fault
from enkat.services.register.columns import match_headings
from enkat.services.register.reading import MAX_COLUMNS, MAX_ROWS, Table, to_table

MAX_UNPACKED: Final = 150 * 1024 * 1024
MAX_RATIO: Final = 200
MAX_PARTS: Final = 500
_SMALL: Final = 1024 * 1024
_NEEDED: Final = {"[Content_Types].xml", "xl/workbook.xml"}
_NOT_READ: Final = "Excelfilen går inte att läsa. Öppna den i Excel, spara den på nytt och försök igen."


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if not {part.filename for part in parts} >= _NEEDED:
                raise Fault("Filen är inte en Excelfil. Spara registret som XLSX eller CSV.", "file")
            unpacked = sum(part.file_size for part in parts)
            swollen = any(part.file_size > max(_SMALL, MAX_RATIO * part.compress_size) for part in parts)
            if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or swollen:
                raise Fault("Excelfilen är för stor när den packas upp. Spara bara registret som CSV.", "file")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _refuse_declarations(archive.read(part))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        # zipfile says NotImplementedError of a packing method it does not know, RuntimeError of a locked file
        raise Fault(_NOT_READ, "file") from None


def _refuse_declarations(xml: bytes) -> None:
    """Refuse XML that declares entities, or that is written so that declarations cannot be seen."""
    if b"<!" in xml.replace(b"<!--", b"").replace(b"<![CDATA[", b"") or b"\x00" in xml[:200]:
        raise Fault("Excelfilen innehåller något som en vanlig tabell inte har. Spara registret som CSV.", "file")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return str(value)


def _records(sheet: Any) -> Iterator[list[str]]:
    for number, row in enumerate(sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS + 1), 1):
        cells = []
        for cell in row:
            if cell.data_type in {"f", "e"}:
                what = "en formel" if cell.data_type == "f" else f"felvärdet {cell.value}"
                raise Fault(
                    f"Rad {number}, kolumn {cell.column_letter}: cellen är {what}. Klistra in kolumnen som värden "
                    "och spara filen igen.",
                    "file",
                )
            cells.append(_text(cell.value))
        yield cells


def _best_sheet(workbook: Any, kind: ImportKind) -> Any:
    """Return the sheet whose first row is recognised best; the first of equals."""
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise Fault("Excelfilen har inget synligt blad med en tabell.", "file")

    def recognised(sheet: Any) -> int:
        first = next(sheet.iter_rows(max_row=1, max_col=MAX_COLUMNS + 1, values_only=True), ())
        return len(match_headings(kind, [_text(value) for value in first]))

    return max(sheets, key=recognised)


def read_workbook(content: bytes, kind: ImportKind) -> Table:
    """Return the sheet of an XLSX file that holds the register.

    Raises
    ------
    Fault
        If it is not a workbook, unpacks to too much, or holds formulas.
    """
    _check_archive(content)
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = _best_sheet(workbook, kind)
        return to_table(_records(sheet), "xlsx", "")
    except Fault:
        raise
    except Exception:  # noqa: BLE001  # the library raises whatever a broken file makes it meet
        raise Fault(_NOT_READ, "file") from None
