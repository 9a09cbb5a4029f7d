"""CSV in two dialects: the one of RFC 4180, and the one that opens right in a Swedish spreadsheet."""

import csv
import functools
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final, Literal

from enkat.documents.numbers import rounded
from enkat.documents.tables import Cell, is_empty, neutral

DialectName = Literal["csv", "csv-sv"]
CHUNK: Final = 64 * 1024
REPEATED: Final = 4096
"""Texts that are remembered as harmless: names of units and options stand in every row."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file separates and writes."""

    separator: str
    comma: bool
    mark: bytes


DIALECTS: Final[dict[str, Dialect]] = {
    "csv": Dialect(",", comma=False, mark=b""),
    "csv-sv": Dialect(";", comma=True, mark=b"\xef\xbb\xbf"),
}


def csv_chunks(rows: Iterable[Sequence[Cell]], dialect: DialectName, *, decimals: int | None = None) -> Iterator[bytes]:
    """Give a CSV file piece by piece, UTF-8 with CRLF.

    Parameters
    ----------
    rows : iterable of sequences of Cell
        The headings first.
    dialect : "csv" or "csv-sv"
        Comma and decimal point, or byte order mark, semicolon and decimal comma.
    decimals : int, optional
        Round numbers with decimals to this many; otherwise they are written in full.
    """
    form = DIALECTS[dialect]
    text = _cell_writer(form, decimals)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=form.separator, lineterminator="\r\n")
    yield form.mark
    for row in rows:
        writer.writerow([value if type(value) is int else text(value) for value in row])
        if buffer.tell() > CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_csv(
    stream: BinaryIO, rows: Iterable[Sequence[Cell]], dialect: DialectName, *, decimals: int | None = None
) -> None:
    """Write a CSV file to a binary stream, see `csv_chunks`."""
    stream.writelines(csv_chunks(rows, dialect, decimals=decimals))


def _cell_writer(form: Dialect, decimals: int | None) -> Callable[[Cell], str]:
    """Give the function that turns a cell into the dialect's text."""
    known = functools.lru_cache(REPEATED)(neutral)

    def text(value: Cell) -> str:
        if type(value) is str:
            return known(value)
        if is_empty(value):
            return ""
        if isinstance(value, bool):
            return "ja" if value else "nej"
        if isinstance(value, float):
            number = repr(value) if decimals is None else str(rounded(value, decimals))
            return number.replace(".", ",") if form.comma else number
        if isinstance(value, date):
            return value.isoformat()
        return str(value)

    return text
