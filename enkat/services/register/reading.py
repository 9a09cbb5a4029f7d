"""Reads an uploaded register file as a table of text: type by content, encoding and separator detected, limits kept."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from enkat.services.faults import Fault

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 60
MAX_CELL: Final = 2_000
OVERFLOW: Final = "Värden utan rubrik"
"""Stands for cells to the right of the last heading."""

_SEPARATORS: Final = (";", "\t", ",", "|")
_INVISIBLE: Final = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]"
)
_MARKED_ENCODINGS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OTHER_TYPES: Final = (
    (b"%PDF", "en PDF"),
    (b"\xd0\xcf\x11\xe0", "en äldre eller lösenordsskyddad Excelfil"),
    (b"{\\rtf", "ett textdokument i RTF"),
    (b"\x89PNG", "en bild"),
    (b"\xff\xd8\xff", "en bild"),
    (b"\x1f\x8b", "en packad fil"),
    (b"Rar!", "en packad fil"),
    (b"7z\xbc\xaf", "en packad fil"),
)
_ASK: Final = "Spara registret som XLSX eller CSV och välj den filen."


@dataclass(frozen=True)
class Table:
    """A file's content: the headings and, per row, heading → text. A row that is too short lacks its last headings."""

    encoding: str
    separator: str
    headings: list[str]
    rows: list[tuple[int, dict[str, str]]] = field(repr=False)
    """Row number as a spreadsheet shows it (the headings stand in row 1), and the cells."""


def clean(text: str) -> str:
    """Return a cell's text composed, without invisible signs and without space around it."""
    if not text.isprintable():
        text = _INVISIBLE.sub("", text)
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()


def refuse_wrong_type(file_name: str, content: bytes) -> bool:
    """Return whether the content is a zip (XLSX); raise Fault when it is neither that nor text, or not as named."""
    if len(content) > MAX_BYTES:
        raise Fault(f"Filen är för stor. Den får vara högst {MAX_BYTES // 1024 // 1024} MB.", "file")
    if not content.strip():
        raise Fault("Filen är tom. Kontrollera att du valde rätt fil.", "file")
    for start, name in _OTHER_TYPES:
        if content.startswith(start):
            raise Fault(f"Filen är {name} till innehållet. {_ASK}", "file")
    is_zip = content.startswith(b"PK\x03\x04")
    ending = PurePath(file_name.lower()).suffix
    if is_zip and ending in {".csv", ".txt", ".tsv"}:
        raise Fault(
            f"Filen heter {ending} men är inte en textfil. Byt namn till .xlsx om den kommer från Excel.", "file"
        )
    if not is_zip and ending == ".xlsx":
        raise Fault("Filen heter .xlsx men är inte en Excelfil. Byt namn till .csv om det är en textfil.", "file")
    if ending not in {".csv", ".txt", ".tsv", ".xlsx"}:
        raise Fault(f"Filens namn slutar på {ending or 'ingenting'}. {_ASK}", "file")
    return is_zip


def decode(content: bytes) -> tuple[str, str]:
    """Return the text and its encoding: by mark, else UTF-8 if it is valid, else Windows-1252."""
    for mark, name in _MARKED_ENCODINGS:
        if content.startswith(mark):
            return _decode_as(content, name), name.removesuffix("-sig")
    try:
        text, name = content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, name = _decode_as(content, "windows-1252"), "windows-1252"
    if "\x00" in text:
        raise Fault(f"Filen är inte en textfil. {_ASK}", "file")
    return text, name


def _decode_as(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError:
        raise Fault("Filens tecken går inte att läsa. Spara den som CSV UTF-8 och försök igen.", "file") from None


def read_text(content: bytes) -> Table:
    """Return a CSV file as a table.

    Raises
    ------
    Fault
        If it cannot be read as text with headings.
    """
    text, encoding = decode(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    if separator not in first:
        raise Fault("Filen har bara en kolumn. Spara den som CSV med semikolon mellan kolumnerna.", "file")
    return to_table(_records(text, separator), encoding, separator)


def _records(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Fault(
                f"Rad {number}: citattecknen stämmer inte. Ett citattecken i en text ska skrivas dubbelt.", "file"
            ) from None


def to_table(records: Iterable[list[str]], encoding: str, separator: str) -> Table:
    """Return records as a table; empty rows are left out, the first row holds the headings."""
    numbered = ((number, [clean(cell) for cell in record]) for number, record in enumerate(records, 1))
    filled = ((number, record) for number, record in numbered if any(record))
    first = next(filled, None)
    if first is None:
        raise Fault("Filen är tom. Kontrollera att du valde rätt fil.", "file")
    headings = _headings(first[1])
    rows: list[tuple[int, dict[str, str]]] = []
    for number, record in filled:
        if len(rows) == MAX_ROWS:
            raise Fault(f"Filen har fler än {MAX_ROWS} rader. Dela upp den.", "file")
        rows.append((number, _cells(number, headings, record)))
    if not rows:
        raise Fault("Filen har rubriker men inga rader. Kontrollera att du valde rätt fil.", "file")
    return Table(encoding, separator, headings, rows)


def _headings(record: list[str]) -> list[str]:
    while record and not record[-1]:
        record = record[:-1]
    if len(record) > MAX_COLUMNS:
        raise Fault(f"Filen har fler än {MAX_COLUMNS} kolumner. Ta bort dem som inte behövs.", "file")
    named = [heading or f"Kolumn {number}" for number, heading in enumerate(record, 1)]
    twice = next((heading for heading in named if named.count(heading) > 1), None)
    if twice is not None:
        raise Fault(f"Rubriken ”{twice}” står två gånger. Varje kolumn behöver ett eget namn.", "file")
    long = next((heading for heading in named if len(heading) > 100), None)  # noqa: PLR2004
    if long is not None:
        raise Fault(f"Rubriken ”{long[:40]}…” är för lång. Kontrollera att filens första rad är rubriker.", "file")
    return named


def _cells(number: int, headings: list[str], record: list[str]) -> dict[str, str]:
    long = next((position for position, cell in enumerate(record) if len(cell) > MAX_CELL), None)
    if long is not None:
        heading = headings[long] if long < len(headings) else OVERFLOW
        raise Fault(f"Rad {number}, {heading}: texten är längre än {MAX_CELL} tecken. Korta den i filen.", "file")
    cells = dict(zip(headings, record, strict=False))
    if beyond := " ".join(cell for cell in record[len(headings) :] if cell):
        cells[OVERFLOW] = beyond[:MAX_CELL]
    return cells
