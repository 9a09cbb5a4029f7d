"""Reads DATA: a CSV file or workbook of any size, as columns of numbered texts."""

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from enkat.services.analysis.columns import ColumnBuilder, DataFile
from enkat.services.analysis.spec import DataSection
from enkat.services.faults import Fault
from enkat.services.files.reading import MEBIBYTE, clean, is_workbook, open_delimited, read_headings
from enkat.services.files.spreadsheets import open_sheet, sheet_records

MAX_BYTES: Final = 2048 * MEBIBYTE
MAX_UNPACKED: Final = 4096 * MEBIBYTE
MAX_ROWS: Final = 5_000_000
MAX_COLUMNS: Final = 2_000
BATCH: Final = 500
"""Rows turned into columns at a time: few, so that the garbage collector has little to look through."""


def read_data(path: Path, section: DataSection) -> DataFile:
    """Read a file.

    Parameters
    ----------
    path : Path
    section : DataSection
        Separator or sheet, where the specification names them.

    Raises
    ------
    Fault
        If the file is missing, no table, or too large; the sentence begins with its name.
    """
    try:
        with path.open("rb") as stream:
            encoding, separator, records = _open(path, stream, section)
            return _columns(path.name, encoding, separator, records)
    except Fault as fault:
        raise Fault(f"{path.name}: {fault.sentence}") from None
    except OSError as error:
        raise Fault(f"{path.name}: Filen kan inte läsas ({error.strerror}).") from None


def _open(path: Path, stream: BinaryIO, section: DataSection) -> tuple[str, str, Iterator[list[str]]]:
    if is_workbook(path.name, stream, MAX_BYTES):
        wanted = section.sheet
        sheet = open_sheet(stream, _filled, max_columns=MAX_COLUMNS, max_unpacked=MAX_UNPACKED, name=wanted)
        return "xlsx", "", sheet_records(sheet, max_rows=MAX_ROWS, max_columns=MAX_COLUMNS)
    text = open_delimited(stream, section.separator)
    return text.encoding, text.separator or ",", text.records


def _filled(headings: list[str]) -> int:
    return sum(bool(heading) for heading in headings)


def _columns(name: str, encoding: str, separator: str, records: Iterator[list[str]]) -> DataFile:
    numbered = enumerate(records, 1)
    begin, first = next(((number, record) for number, record in numbered if any(record)), (1, []))
    headings = read_headings([clean(cell) for cell in first], MAX_COLUMNS)
    if not headings:
        raise Fault("Filen är tom. Kontrollera att du valde rätt fil.")
    builders = [ColumnBuilder(heading) for heading in headings]
    lines: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
    for batch in _batches(numbered):
        kept = [(number, record) for number, record in batch if any(record)]
        for builder, cells in zip(builders, _transposed(kept, len(headings)), strict=True):
            builder.extend(cells)
        lines.append(np.array([number for number, _ in kept], dtype=np.int64))
        if lines[-1].size and lines[-1][-1] - begin > MAX_ROWS:
            raise Fault(f"Filen har fler än {MAX_ROWS} rader. Dela upp den.")
    rows = np.concatenate([*lines, np.zeros(0, dtype=np.int64)])
    if not rows.size:
        raise Fault("Filen har rubriker men inga rader. Kontrollera att du valde rätt fil.")
    columns = {builder.name: builder.column(clean) for builder in builders}
    return DataFile(name, separator, encoding, columns, rows)


def _batches(numbered: Iterable[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    source = iter(numbered)
    while batch := list(itertools.islice(source, BATCH)):
        yield batch


def _transposed(rows: list[tuple[int, list[str]]], width: int) -> Iterable[tuple[str, ...]]:
    """Turn rows into columns; short rows end with empty cells, and cells beyond the headings are refused."""
    for number, record in rows:
        if len(record) < width:
            record.extend([""] * (width - len(record)))
        elif len(record) > width and any(cell.strip() for cell in record[width:]):
            raise Fault(f"Rad {number}: raden har {len(record)} celler men rubrikerna är {width}.")
        else:
            del record[width:]
    return zip(*(record for _, record in rows), strict=True) if rows else [()] * width
