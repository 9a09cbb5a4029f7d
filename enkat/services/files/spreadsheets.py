"""Reads a sheet of an Excel workbook (XLSX) as records of text, within limits that a hostile file cannot pass."""

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Final

import openpyxl

from enkat.services.faults import Fault
from enkat.services.files.reading import MEBIBYTE
from enkat.services.files.sheet_cells import cell_rows

MAX_UNPACKED: Final = 150 * MEBIBYTE
MAX_RATIO: Final = 200
MAX_PARTS: Final = 500
_NEEDED: Final = {"[Content_Types].xml", "xl/workbook.xml"}
_NOT_READ: Final = "Excelfilen går inte att läsa. Öppna den i Excel, spara den på nytt och försök igen."
_DECLARATION: Final = re.compile(rb"<!(?!--|\[CDATA\[)")
_OVERLAP: Final = len("<![CDATA[") - 1


def _check_archive(stream: BinaryIO, max_unpacked: int) -> None:
    with zipfile.ZipFile(stream) as archive:
        parts = archive.infolist()
        if not {part.filename for part in parts} >= _NEEDED:
            raise Fault("Filen är inte en Excelfil. Spara tabellen som XLSX eller CSV.", "file")
        unpacked = sum(part.file_size for part in parts)
        swollen = any(part.file_size > max(MEBIBYTE, MAX_RATIO * part.compress_size) for part in parts)
        if len(parts) > MAX_PARTS or unpacked > max_unpacked or swollen:
            raise Fault("Excelfilen är för stor när den packas upp. Spara bara tabellen som CSV.", "file")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as xml:
                    _refuse_declarations(xml)


def _refuse_declarations(xml: Any) -> None:
    """Refuse XML that declares entities, or that is written so that declarations cannot be seen."""
    kept, hidden = b"", False
    while part := xml.read(MEBIBYTE):
        seen = kept + part
        hidden = hidden or (not kept and b"\x00" in part[:200])
        found = _DECLARATION.search(seen)
        # The last bytes may be the beginning of a comment: they are looked at again with the next part.
        if hidden or (found and (found.start() < len(seen) - _OVERLAP or len(part) < MEBIBYTE)):
            raise Fault("Excelfilen innehåller något som en vanlig tabell inte har. Spara tabellen som CSV.", "file")
        kept = seen[-_OVERLAP:]


@contextmanager
def told() -> Iterator[None]:
    """Turn whatever a broken workbook makes the library raise into one sentence."""
    try:
        yield
    except Fault:
        raise
    except Exception:  # noqa: BLE001  # the library raises whatever a broken file makes it meet
        raise Fault(_NOT_READ, "file") from None


def open_sheet(
    stream: BinaryIO,
    recognised: Callable[[list[str]], int],
    *,
    max_columns: int,
    max_unpacked: int = MAX_UNPACKED,
    name: str | None = None,
) -> Any:
    """Return the sheet of that name, else the one whose first row is recognised best; the first of equals.

    Raises
    ------
    Fault
        If it is not a workbook, unpacks to too much, or has no sheet to see.
    """
    with told():
        _check_archive(stream, max_unpacked)
        stream.seek(0)
        workbook = openpyxl.load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        if name is not None:
            sheets = [sheet for sheet in sheets if sheet.title == name]
            if not sheets:
                raise Fault(f"Excelfilen har inget synligt blad som heter ”{name}”.", "file")
        if not sheets:
            raise Fault("Excelfilen har inget synligt blad med en tabell.", "file")

        def score(sheet: Any) -> int:
            return recognised(next(cell_rows(sheet, max_rows=1, width=max_columns + 1, strict=False), []))

        return max(sheets, key=score)


def sheet_records(sheet: Any, *, max_rows: int, max_columns: int) -> Iterator[list[str]]:
    """Yield a sheet's rows as text; raise Fault at a formula or an error value, by row and column."""
    with told():
        yield from cell_rows(sheet, max_rows=max_rows + 2, width=max_columns + 1)
