"""Making a backup: every table as it is at one moment, in a form that both databases restore from.

Secrets never stand in it: they are no part of the database. Neither do logins and the throttle's buckets.
"""

import zipfile
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.migrating import current_revision
from enkat.records.retention import BackupRecord
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import Fault
from enkat.services.safety.archive import (
    FORMAT,
    Manifest,
    TableSum,
    file_digest,
    private_file,
    snapshot,
    tables_of,
    write_manifest,
    write_table,
)
from enkat.settings import Settings


def engine_of(session: Session) -> Engine:
    """Return the engine behind a session."""
    bind = session.get_bind()
    return bind if isinstance(bind, Engine) else bind.engine


def file_name(clock: Clock) -> str:
    """Return the name of a backup made now."""
    return f"enkat-{clock():%Y%m%dT%H%M%SZ}.zip"


def dump(engine: Engine, clock: Clock, path: Path) -> Manifest:
    """Write the database as it is at one moment to `path`, mode 0600, and return what it holds.

    Raises
    ------
    Fault
        If the database has no schema, or the file is there already.
    """
    revision = current_revision(engine)
    if revision is None:
        raise Fault("Databasen är tom. Kör `enkat db upgrade` först.")
    if path.exists():
        raise Fault(f"Filen {path} finns redan. Välj ett annat namn.")
    sums: dict[str, TableSum] = {}
    made_at = clock().isoformat()
    with private_file(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        with snapshot(engine) as connection:
            for table in tables_of(connection):
                sums[table.name] = write_table(archive, connection, table)
        manifest = Manifest(FORMAT, made_at, revision, version("enkat"), sums)
        write_manifest(archive, manifest)
    return manifest


def make_backup(
    session: Session, clock: Clock, settings: Settings, path: Path | None = None, *, account_id: int | None = None
) -> BackupRecord:
    """Make a backup in the backups folder (or at `path`) and keep a record of it.

    The database may be read and written meanwhile; what is written after the first row was read is not in the backup.
    """
    target = path or settings.backups_dir / file_name(clock)
    session.commit()
    manifest = dump(engine_of(session), clock, target)
    digest = file_digest(target)
    with writing(session):
        kept = BackupRecord(
            made_at=manifest.moment,
            file_name=target.name,
            sha256=digest,
            row_counts={name: table.rows for name, table in manifest.tables.items()},
        )
        session.add(kept)
        session.flush()
        record(
            session,
            clock,
            account_id=account_id,
            action="backup.made",
            subject=f"backup:{kept.id}",
            details={"file": target.name, "sha256": digest, "rows": sum(kept.row_counts.values())},
        )
    return kept


def latest_backup(session: Session, *, verified: bool = False) -> BackupRecord | None:
    """Return the newest backup, or the newest that was restored and verified."""
    query = select(BackupRecord).order_by(BackupRecord.made_at.desc(), BackupRecord.id.desc()).limit(1)
    if verified:
        query = query.where(BackupRecord.verified, BackupRecord.restored_at.is_not(None))
    return session.scalars(query).first()


def backup_count(session: Session) -> int:
    """Return how many backups are on record."""
    return session.scalar(select(func.count()).select_from(BackupRecord)) or 0


def remove_old_backups(settings: Settings, keep: int) -> list[str]:
    """Remove all but the newest `keep` backup files of the backups folder and return their names.

    Backups made before a count hold the locked box: without the key nobody reads it, yet fewer copies are safer.
    """
    files = sorted(settings.backups_dir.glob("enkat-*Z.zip"), key=lambda path: path.name, reverse=True)
    for path in files[keep:]:
        path.unlink()
    return [path.name for path in files[keep:]]
