"""Tells what a file is by its content, and reads delimited text row by row."""

import codecs
import csv
import io
import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, Final

from enkat.services.faults import Fault

MEBIBYTE: Final = 1024 * 1024
LONGEST_HEADING: Final = 100
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
_ASK: Final = "Spara tabellen som XLSX eller CSV och välj den filen."


@dataclass(frozen=True)
class TextFile:
    """A delimited file that is being read: its encoding, the sign between its columns, and its records."""

    encoding: str
    separator: str
    records: Iterator[list[str]]


def clean(text: str) -> str:
    """Return a cell's text composed, without invisible signs and without space around it."""
    if not text.isprintable():
        text = _INVISIBLE.sub("", text)
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()


def is_workbook(file_name: str, stream: BinaryIO, max_bytes: int) -> bool:
    """Return whether a file is a zip (XLSX); raise Fault when it is neither that nor text, or not as named."""
    size = stream.seek(0, io.SEEK_END)
    if size > max_bytes:
        raise Fault(f"Filen är för stor. Den får vara högst {max_bytes // MEBIBYTE} MB.", "file")
    stream.seek(0)
    start = stream.read(MEBIBYTE)
    stream.seek(0)
    if not start.strip() and size <= MEBIBYTE:
        raise Fault("Filen är tom. Kontrollera att du valde rätt fil.", "file")
    for signature, name in _OTHER_TYPES:
        if start.startswith(signature):
            raise Fault(f"Filen är {name} till innehållet. {_ASK}", "file")
    is_zip = start.startswith(b"PK\x03\x04")
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


def open_text(stream: BinaryIO) -> tuple[io.TextIOWrapper, str]:
    """Return the file as text, and its encoding: by mark, else UTF-8 if it is valid, else Windows-1252."""
    stream.seek(0)
    start = stream.read(4)
    stream.seek(0)
    marked = next((name for mark, name in _MARKED_ENCODINGS if start.startswith(mark)), None)
    name = marked or ("utf-8" if _decodes(stream, "utf-8") else "windows-1252")
    if name != "utf-8" and not _decodes(stream, name):
        raise Fault("Filens tecken går inte att läsa. Spara den som CSV UTF-8 och försök igen.", "file")
    return io.TextIOWrapper(stream, name, newline=""), name.removesuffix("-sig")


def _decodes(stream: BinaryIO, name: str) -> bool:
    """Say whether the whole file is text in an encoding; raise Fault if it is text with signs that no text has."""
    decoder = codecs.getincrementaldecoder(name)()
    stream.seek(0)
    try:
        while True:
            part = stream.read(MEBIBYTE)
            if "\x00" in decoder.decode(part, final=not part):
                raise Fault(f"Filen är inte en textfil. {_ASK}", "file")
            if not part:
                return True
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)


def open_delimited(stream: BinaryIO, separator: str | None = None) -> TextFile:
    """Return a CSV file that gives its records one by one; the separator is the one most seen in its first line.

    Raises
    ------
    Fault
        If the file is no text, or (while it is read) its quotes do not match.
    """
    text, encoding = open_text(stream)
    first = next((line for line in text if line.strip()), "")
    text.seek(0)
    chosen = separator or max(_SEPARATORS, key=first.count)
    return TextFile(encoding, chosen if chosen in first else "", _records(text, chosen))


def _records(text: io.TextIOWrapper, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(text, delimiter=separator, strict=True)
    try:
        for number in itertools.count(1):
            try:
                yield next(reader)
            except StopIteration:
                return
            except csv.Error:
                raise Fault(
                    f"Rad {number}: citattecknen stämmer inte. Ett citattecken i en text ska skrivas dubbelt.", "file"
                ) from None
    finally:
        if not text.closed:
            text.detach()  # the stream stays its owner's


def read_headings(record: list[str], max_columns: int) -> list[str]:
    """Return the names of the columns; raise Fault where two are the same, one is no heading or there are too many."""
    while record and not record[-1]:
        record = record[:-1]
    if len(record) > max_columns:
        raise Fault(f"Filen har fler än {max_columns} kolumner. Ta bort dem som inte behövs.", "file")
    named = [heading or f"Kolumn {number}" for number, heading in enumerate(record, 1)]
    twice = next((heading for heading in named if named.count(heading) > 1), None)
    if twice is not None:
        raise Fault(f"Rubriken ”{twice}” står två gånger. Varje kolumn behöver ett eget namn.", "file")
    long = next((heading for heading in named if len(heading) > LONGEST_HEADING), None)
    if long is not None:
        raise Fault(f"Rubriken ”{long[:40]}…” är för lång. Kontrollera att filens första rad är rubriker.", "file")
    return named
