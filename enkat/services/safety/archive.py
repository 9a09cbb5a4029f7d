"""The backup file: a zip with one file of lines per table and a manifest of counts and digests."""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, MetaData, String, Table, collate, select

from enkat.services.faults import Fault
from enkat.services.safety.encoding import encode

FORMAT = 1
UNREADABLE = (zipfile.BadZipFile, zlib.error, LookupError, ValueError, EOFError)
"""What reading a damaged archive ends in."""
MANIFEST = "manifest.json"
CHUNK = 2000
LEFT_OUT = ("staff_session", "throttle_bucket")
"""Tables whose rows mean nothing in another time: logins, and failures of the last hour."""
_VERSION_TABLE = "alembic_version"
_LIMIT_PER_LINE = 64 * 1024 * 1024


@dataclass(frozen=True)
class TableSum:
    """How many rows a table has and the SHA-256 of its lines in the order of the primary key."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds."""

    format: int
    made_at: str
    revision: str
    version: str
    tables: dict[str, TableSum] = field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        """When the backup was made."""
        return datetime.fromisoformat(self.made_at)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees the database as it is at one moment, whatever is written meanwhile."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def tables_of(connection: Connection) -> list[Table]:
    """Return the database's tables as they are, those that others refer to first."""
    reflected = MetaData()
    reflected.reflect(connection)
    return [table for table in reflected.sorted_tables if table.name != _VERSION_TABLE]


def _order(connection: Connection, table: Table) -> list[ColumnElement[Any]]:
    """Order by the primary key, texts byte by byte as SQLite does, so that both databases give the same lines."""
    bytewise = connection.dialect.name == "postgresql"
    return [
        collate(column, "C") if bytewise and isinstance(column.type, String) else column
        for column in table.primary_key.columns
    ]


def lines_of(connection: Connection, table: Table) -> Iterator[str]:
    """Yield a table's rows as lines, in the order of the primary key."""
    if table.name in LEFT_OUT:
        return
    query = select(table).order_by(*_order(connection, table)).execution_options(yield_per=CHUNK)
    for row in connection.execute(query).mappings():
        yield encode(table, {column.name: row[column] for column in table.columns}) + "\n"


def sum_of(connection: Connection, table: Table) -> TableSum:
    """Count a table's rows and digest them."""
    digest, rows = hashlib.sha256(), 0
    for line in lines_of(connection, table):
        digest.update(line.encode())
        rows += 1
    return TableSum(rows, digest.hexdigest())


def write_table(archive: zipfile.ZipFile, connection: Connection, table: Table) -> TableSum:
    """Write a table into the archive and return its sum."""
    digest, rows = hashlib.sha256(), 0
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as file:
        for line in lines_of(connection, table):
            content = line.encode()
            digest.update(content)
            file.write(content)
            rows += 1
    return TableSum(rows, digest.hexdigest())


def write_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Write the manifest into the archive."""
    archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True))


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """Return the manifest of an archive.

    Raises
    ------
    Fault
        If it is no backup of ours.
    """
    try:
        content: dict[str, Any] = json.loads(archive.read(MANIFEST))
        tables = {name: TableSum(**values) for name, values in content.pop("tables").items()}
        manifest = Manifest(**content, tables=tables)
    except (*UNREADABLE, TypeError) as error:
        raise Fault(
            "Filen är ingen säkerhetskopia från enkat: innehållsförteckningen saknas eller är skadad."
        ) from error
    if manifest.format != FORMAT:
        raise Fault(f"Säkerhetskopian har format {manifest.format}. Den här versionen läser format {FORMAT}.")
    return manifest


def read_lines(archive: zipfile.ZipFile, table: str) -> Iterator[str]:
    """Yield the lines of a table in an archive."""
    with archive.open(f"tables/{table}.jsonl") as file:
        while line := file.readline(_LIMIT_PER_LINE):
            yield line.decode()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def private_file(path: Path) -> Iterator[Any]:
    """Yield a file that only its owner reads; it gets its name when it is whole and on the disk."""
    partial = path.with_name(f".{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
