"""What an attacker with all files does first: look for codes, their plain hashes and answers in every byte."""

import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, text

from enkat.records.metadata import metadata

HASHES = (hashlib.md5, hashlib.sha1, hashlib.sha256)
_DIGITS = re.compile(rb"(?<!\d)\d{4}([ \-]?)\d{4}\1\d{4}\1\d{4}(?!\d)")
_HEX = re.compile(rb"[0-9a-fA-F]{32,}")
_CHUNK = 1 << 22
_WORD = 8


def all_bytes(engine: Engine, folder: Path) -> bytes:
    """Return every byte an attacker holds: database, write-ahead log, logs, backups, and a dump of every value."""
    files = [part for path in sorted(folder.rglob("*")) if path.is_file() for part in _unpacked(path)]
    if engine.dialect.name == "postgresql":
        files += list(_cluster(engine))
    return b"\n".join([*files, *_dump(engine)])


def _unpacked(path: Path) -> Iterator[bytes]:
    """Read a file; a backup's parts as they were before they were packed."""
    if not zipfile.is_zipfile(path):
        yield path.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield archive.read(name)


def _cluster(engine: Engine) -> Iterator[bytes]:
    """Read the server's own files: tables and write-ahead log."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        where = Path(str(connection.execute(text("SHOW data_directory")).scalar()))
    for part in ("base", "pg_wal"):
        for path in sorted((where / part).rglob("*")):
            if path.is_file():
                yield path.read_bytes()


def _dump(engine: Engine) -> Iterator[bytes]:
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(table.select()):
                yield b"\t".join(value if isinstance(value, bytes) else str(value).encode() for value in row)


def codes_found(data: bytes, codes: Iterable[str]) -> set[str]:
    """Return the codes that stand in the data as text, grouped or not."""
    wanted = set(codes)
    standing = {re.sub(rb"[ \-]", b"", found.group()).decode() for found in _DIGITS.finditer(data)}
    return wanted & standing


def hashes_found(data: bytes, codes: Sequence[str]) -> int:
    """Return how many plain hashes (MD5, SHA-1, SHA-256) of the codes stand in the data, as bytes or as hex."""
    starts = [make(code.encode()).digest()[:_WORD] for code in codes for make in HASHES]
    known = np.unique(np.frombuffer(b"".join(starts), dtype="<u8"))
    return sum(int(_hits(part, known)) for part in (data, *_unhexed(data)))


def _unhexed(data: bytes) -> Iterator[bytes]:
    joined = bytearray()
    for found in _HEX.finditer(data):
        digits = found.group()
        joined += bytes.fromhex(digits[: len(digits) // 2 * 2].decode()) + b"\0"
    yield bytes(joined)


def _hits(data: bytes, known: "np.ndarray[tuple[int], np.dtype[np.uint64]]") -> int:
    """Count the offsets at which eight bytes equal the start of a known hash."""
    hits = 0
    for start in range(0, len(data), _CHUNK):
        piece = data[start : start + _CHUNK + _WORD - 1]
        for shift in range(_WORD):
            words = np.frombuffer(piece[shift : shift + (len(piece) - shift) // _WORD * _WORD], dtype="<u8")
            places = np.minimum(np.searchsorted(known, words), len(known) - 1)
            hits += int((known[places] == words).sum()) if len(known) else 0
    return hits
