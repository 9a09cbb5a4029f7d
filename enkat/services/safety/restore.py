"""Restoring a backup into an empty database, verified row by row, and trying one without touching the real database.

What a restore during an open round means (told in the outcome, the protocol and the guide for IT):
codes made after the backup open nothing, so those letters are made anew; answers received after it are gone, and their
invitations are open again, so that the people can be asked once more; jobs and messages that waited are not run again.
"""

import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.engine import WRITE_OPTION, make_engine, make_sessions
from enkat.records.migrating import current_revision, script_directory, upgrade
from enkat.records.retention import BackupRecord, ProtocolKind
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import Fault
from enkat.services.keys.protocols import write_protocol
from enkat.services.safety.aftermath import Aftermath, put_right
from enkat.services.safety.archive import (
    CHUNK,
    LEFT_OUT,
    UNREADABLE,
    Manifest,
    file_digest,
    read_lines,
    read_manifest,
    sum_of,
)
from enkat.services.safety.archive import tables_of as reflected_tables
from enkat.services.safety.encoding import decode
from enkat.settings import Secrets, Settings


@dataclass(frozen=True)
class Outcome:
    """What a restore did."""

    manifest: Manifest
    sha256: str
    rows: int
    aftermath: Aftermath | None = None


def _open(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError:
        raise Fault(f"Säkerhetskopian {path} finns inte.") from None
    except zipfile.BadZipFile:
        raise Fault(f"Filen {path} är ingen säkerhetskopia, eller är skadad.") from None


def _require_empty(engine: Engine) -> None:
    with engine.connect() as connection:
        for table in reflected_tables(connection):
            if connection.execute(select(func.count()).select_from(table)).scalar_one():
                raise Fault(f"Databasen är inte tom: tabellen {table.name} har rader. Återläs till en ny, tom databas.")


def _prepare_schema(engine: Engine, manifest: Manifest) -> None:
    known = {revision.revision for revision in script_directory().walk_revisions()}
    if manifest.revision not in known:
        raise Fault(
            f"Säkerhetskopian är gjord med en nyare version av enkat ({manifest.version}). Uppgradera programmet först."
        )
    if current_revision(engine) not in {None, manifest.revision}:
        raise Fault("Databasen har redan ett annat schema. Återläs till en ny, tom databas.")
    upgrade(engine, manifest.revision)


def _parents_first(table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Order the rows of a table that refers to itself."""
    (key,) = table.primary_key.columns
    links = [f.parent.name for f in table.foreign_keys if f.column.table is table]
    waiting, done, ordered = rows, set[Any](), list[dict[str, Any]]()
    while waiting:
        ready = [row for row in waiting if all(row[name] is None or row[name] in done for name in links)]
        if not ready:
            raise Fault(f"Säkerhetskopian är skadad: raderna i {table.name} hänvisar till varandra i ring.")
        ordered += ready
        done |= {row[key.name] for row in ready}
        waiting = [row for row in waiting if row[key.name] not in done]
    return ordered


def _rows(archive: zipfile.ZipFile, table: Table, *, naive: bool) -> Iterator[list[dict[str, Any]]]:
    rows: Iterator[dict[str, Any]] = (decode(table, line, naive=naive) for line in read_lines(archive, table.name))
    if any(key.column.table is table for key in table.foreign_keys):
        rows = iter(_parents_first(table, list(rows)))
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == CHUNK:
            yield batch
            batch = []
    if batch:
        yield batch


def advance_numbers(connection: Connection, table: Table) -> None:
    """Let PostgreSQL's running numbers go on after the highest restored one."""
    keys = list(table.primary_key.columns)
    if connection.dialect.name != "postgresql" or len(keys) != 1:
        return
    name = connection.execute(
        text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": keys[0].name}
    ).scalar()
    if name is not None:
        highest = connection.execute(select(func.max(keys[0]))).scalar()
        if highest is not None:
            connection.execute(text("SELECT setval(:name, :highest)"), {"name": name, "highest": highest})


def _load(engine: Engine, archive: zipfile.ZipFile, manifest: Manifest) -> int:
    """Write every row, verify counts and digests, and commit only then; return the number of rows."""
    naive = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(**{WRITE_OPTION: True}) as connection, connection.begin():
        tables = reflected_tables(connection)
        if {table.name for table in tables} != set(manifest.tables):
            raise Fault("Säkerhetskopian och schemat har inte samma tabeller. Filen är skadad.")
        for table in tables:
            for batch in _rows(archive, table, naive=naive):
                connection.execute(insert(table), batch)
            advance_numbers(connection, table)
        for table in tables:
            if table.name not in LEFT_OUT and sum_of(connection, table) != manifest.tables[table.name]:
                raise Fault(f"Tabellen {table.name} stämmer inte med säkerhetskopian. Inget har återlästs.")
    return sum(table.rows for table in manifest.tables.values())


def load(engine: Engine, path: Path) -> Outcome:
    """Restore a backup into an empty database of the same or an older schema, and verify it.

    Raises
    ------
    Fault
        If the database is not empty, the file damaged or newer than the program; nothing is kept then.
    """
    with _open(path) as archive:
        manifest = read_manifest(archive)
        _require_empty(engine)
        _prepare_schema(engine, manifest)
        try:
            rows = _load(engine, archive, manifest)
        except (*UNREADABLE, IntegrityError, DataError) as error:
            raise Fault("Säkerhetskopian är skadad. Inget har återlästs. Ta en annan kopia.") from error
    upgrade(engine)
    return Outcome(manifest, file_digest(path), rows)


def restore(engine: Engine, clock: Clock, secrets: Secrets, path: Path) -> Outcome:
    """Restore a backup for use: load, put right what must not be done twice, and write a protocol."""
    loaded = load(engine, path)
    with make_sessions(engine)() as session, writing(session):
        aftermath = put_right(session, secrets, loaded.manifest.moment)
        content = {
            "file": path.name,
            "sha256": loaded.sha256,
            "backup_made_at": loaded.manifest.made_at,
            "rows": loaded.rows,
            "tables": {name: table.rows for name, table in sorted(loaded.manifest.tables.items())},
            **aftermath.as_content(),
        }
        write_protocol(session, clock, None, ProtocolKind.RESTORE, content)
        record(
            session,
            clock,
            account_id=None,
            action="backup.restored",
            subject="database:1",
            details={"file": path.name, "sha256": loaded.sha256},
        )
    return Outcome(loaded.manifest, loaded.sha256, loaded.rows, aftermath)


def verify(session: Session, clock: Clock, settings: Settings, path: Path) -> Outcome:
    """Try a backup: restore it to a database that is thrown away, and note in the real one that it held.

    Raises
    ------
    Fault
        If the backup is damaged, or was not made from this database.
    """
    session.commit()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.data_dir) as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'tried.sqlite'}")
        try:
            outcome = load(engine, path)
        finally:
            engine.dispose()
    with writing(session):
        kept = session.scalars(select(BackupRecord).where(BackupRecord.sha256 == outcome.sha256)).first()
        if kept is None:
            raise Fault("Säkerhetskopian är hel, men är inte gjord från den här databasen.")
        kept.restored_at = clock()
        kept.verified = True
        content = {
            "file": path.name,
            "sha256": outcome.sha256,
            "backup_made_at": outcome.manifest.made_at,
            "rows": outcome.rows,
            "tried_only": True,
        }
        write_protocol(session, clock, None, ProtocolKind.RESTORE, content)
        record(
            session,
            clock,
            account_id=None,
            action="backup.verified",
            subject=f"backup:{kept.id}",
            details={"file": path.name, "sha256": outcome.sha256},
        )
    return outcome
