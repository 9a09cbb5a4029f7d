"""Backup and restore: nothing is lost, nothing is done twice, and a restore is tried before it is needed."""

import json
import stat
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from enkat.records.accounts import StaffSession
from enkat.records.audit import AuditEntry
from enkat.records.engine import make_engine, make_sessions
from enkat.records.jobs import Job, JobState
from enkat.records.metadata import metadata
from enkat.records.migrating import head_revision
from enkat.records.organisations import District
from enkat.records.outbox import MessageState, OutboxMessage
from enkat.records.retention import BackupRecord, Protocol, ProtocolKind
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.audit.reading import verify as verify_log
from enkat.services.audit.recording import record
from enkat.services.faults import Fault
from enkat.services.safety.archive import LEFT_OUT, Manifest, tables_of
from enkat.services.safety.backup import dump, engine_of, latest_backup, make_backup
from enkat.services.safety.restore import advance_numbers, load, restore, verify
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.databases import Database, PostgresDatabases, SqliteFiles
from tests.migrating import counts, stamp
from tests.rows import fill


@pytest.fixture
def migrated(
    request: pytest.FixtureRequest, database: Database, sqlite_files: SqliteFiles, postgres_databases: PostgresDatabases
) -> Iterator[Engine]:
    """Yield a database that stands at the head of the migrations, with a row in every table."""
    source: SqliteFiles | PostgresDatabases = sqlite_files if database.kind == "sqlite" else postgres_databases
    with source.fresh() as fresh:
        engine = make_engine(fresh.url)
        stamp(engine)
        with engine.begin() as connection:
            fill(connection)
            for table in tables_of(connection):
                advance_numbers(connection, table)
        yield engine
        engine.dispose()


@pytest.fixture
def live(migrated: Engine) -> Iterator[Session]:
    with make_sessions(migrated)() as session:
        yield session


@pytest.fixture
def target(database: Database, sqlite_files: SqliteFiles, postgres_databases: PostgresDatabases) -> Iterator[Engine]:
    """Yield an empty database of the *other* kind where there are two, so that backups move between them."""
    source: SqliteFiles | PostgresDatabases = postgres_databases if database.kind == "sqlite" else sqlite_files
    with source.fresh(empty=True) as fresh:
        engine = make_engine(fresh.url)
        yield engine
        engine.dispose()


@pytest.fixture
def empty_file(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    yield engine
    engine.dispose()


def test_every_table_moves_to_the_other_database_unchanged(
    live: Session, migrated: Engine, target: Engine, clock: FixedClock, app_settings: Settings
) -> None:
    with writing(live):
        record(live, clock, account_id=1, action="prov", subject="prov:1", details={"å": [1, None, 0.5]})
    before = counts(migrated)
    made = make_backup(live, clock, app_settings)
    outcome = restore(target, clock, Secrets(app_settings), app_settings.backups_dir / made.file_name)
    after = counts(target)
    written = {"protocol": 1, "audit_entry": 1}  # the restore's own protocol and entry
    for table in metadata.tables:
        expected = 0 if table in LEFT_OUT else before[table] + written.get(table, 0)
        assert after[table] == expected, table
    assert outcome.aftermath is not None
    again = app_settings.backups_dir / "igen.zip"
    with make_sessions(target)() as session:
        assert session.scalars(select(Protocol).where(Protocol.kind == ProtocolKind.RESTORE)).one().round_id is None
        with writing(session):  # running numbers go on
            session.add(District(name="Ny", valid_from=clock().date()))
    assert (
        dump(target, clock, again).tables["client"]
        == dump(migrated, clock, app_settings.backups_dir / "original.zip").tables["client"]
    )


def test_the_backup_is_private_and_holds_no_secret_and_no_login(
    live: Session, clock: FixedClock, app_settings: Settings
) -> None:
    made = make_backup(live, clock, app_settings)
    path = app_settings.backups_dir / made.file_name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.glob(".*")) == []
    with zipfile.ZipFile(path) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
        assert archive.read("tables/staff_session.jsonl") == b""
    for name in Secrets.FIXED:
        assert Secrets(app_settings).get(name).hex().encode() not in content
    assert live.scalar(select(func.count()).select_from(StaffSession)) == 1
    assert made.row_counts["answer"] == 1


def test_a_tried_backup_is_noted_and_the_real_database_untouched(
    live: Session, migrated: Engine, clock: FixedClock, app_settings: Settings
) -> None:
    made = make_backup(live, clock, app_settings)
    assert latest_backup(live, verified=True) is None
    before = counts(migrated)
    clock.advance(hours=1)
    verify(live, clock, app_settings, app_settings.backups_dir / made.file_name)
    kept = latest_backup(live, verified=True)
    assert kept is not None
    assert kept.restored_at == clock.now
    after = counts(migrated)
    assert {name for name in after if after[name] != before[name]} == {"protocol", "audit_entry"}
    assert list(app_settings.data_dir.glob(".restore-*")) == []


def _changed(path: Path, name: str, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {item: archive.read(item) for item in archive.namelist()}
    parts[name] = parts[name].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for item, content in parts.items():
            archive.writestr(item, content)


@pytest.mark.one_database
def _insides(backup: Path, original: bytes) -> list[int]:
    """Return a place in the packed rows of each of the ten largest tables."""
    backup.write_bytes(original)
    with zipfile.ZipFile(backup) as archive:
        parts = sorted(archive.infolist(), key=lambda part: part.compress_size)[-10:]
    return [part.header_offset + 30 + len(part.filename) + part.compress_size // 2 for part in parts]


def test_damaged_newer_and_foreign_files_are_refused(
    live: Session, clock: FixedClock, app_settings: Settings, empty_file: Engine, tmp_path: Path
) -> None:
    backup = tmp_path / "kopia.zip"
    dump(engine_of(live), clock, backup)
    original = backup.read_bytes()

    def refused() -> str:
        with pytest.raises(Fault) as told:
            load(empty_file, backup)
        return told.value.sentence

    _changed(backup, "tables/district.jsonl", b'"1name"', b'"annat"')
    assert "district stämmer inte" in refused()
    backup.write_bytes(original)
    _changed(backup, "manifest.json", head_revision().encode(), b"9999")
    assert "nyare version" in refused()
    backup.write_bytes(original)
    _changed(backup, "manifest.json", b'"format": 1', b'"format": 2')
    assert "format 2" in refused()
    backup.write_bytes(original[: len(original) // 2])
    assert "skadad" in refused()
    backup.write_bytes(b"inget zip")
    assert "skadad" in refused()
    for place in _insides(backup, original):
        hurt = bytearray(original)
        hurt[place] ^= 0xFF
        backup.write_bytes(hurt)
        assert "skadad" in refused(), place
    backup.unlink()
    assert "finns inte" in refused()
    with empty_file.connect() as connection:
        rows = [
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables_of(connection)
        ]
    assert sum(rows) == 0
    backup.write_bytes(original)
    load(empty_file, backup)
    assert "inte tom" in refused()


@pytest.mark.one_database
def test_a_backup_of_another_database_proves_nothing_for_this_one(
    live: Session, clock: FixedClock, app_settings: Settings, tmp_path: Path
) -> None:
    dump(engine_of(live), clock, tmp_path / "annan.zip")
    with pytest.raises(Fault, match="inte gjord från den här databasen"):
        verify(live, clock, app_settings, tmp_path / "annan.zip")
    assert latest_backup(live, verified=True) is None


@pytest.mark.one_database
def test_after_a_restore_nothing_is_done_twice_and_open_rounds_are_told_of(
    live: Session, clock: FixedClock, app_settings: Settings, empty_file: Engine
) -> None:
    with writing(live):
        for one in live.scalars(select(SurveyRound)):
            one.state = RoundState.OPEN
    made = make_backup(live, clock, app_settings)
    outcome = restore(empty_file, clock, Secrets(app_settings), app_settings.backups_dir / made.file_name)
    with make_sessions(empty_file)() as session:
        assert session.scalars(select(Job)).one().state is JobState.FAILED
        assert session.scalars(select(OutboxMessage)).one().state is MessageState.FAILED
        content = session.scalars(select(Protocol).where(Protocol.kind == ProtocolKind.RESTORE)).one().content
    assert outcome.aftermath is not None
    told = " ".join(outcome.aftermath.sentences)
    assert content["consequences"] == outcome.aftermath.sentences
    for words in ("koder som inte fungerar", "är borta", "Kodhemligheten", "jobb som väntade"):
        assert words in told


def test_a_backup_under_writing_is_of_one_moment(
    sessions: sessionmaker[Session], migrated: Engine, clock: FixedClock, tmp_path: Path, empty_file: Engine
) -> None:
    """Writers add a log entry and its head together; a backup never holds one without the other."""
    stop = threading.Event()
    own = make_sessions(migrated)
    with own() as session, writing(session):  # the rows that fill the tables are no chain
        session.query(AuditEntry).delete()
        session.query(BackupRecord).delete()

    def write() -> None:
        with own() as session:
            while not stop.is_set():
                record(session, clock, account_id=None, action="prov", subject="prov:1")

    with own() as session, writing(session):
        from_start = session.scalar(select(func.count()).select_from(AuditEntry))
        session.execute(metadata.tables["audit_head"].delete())
    assert from_start == 0
    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        manifests: list[Manifest] = []
        while len(manifests) < 3 or manifests[-1].tables["audit_entry"].rows == 0:
            manifests.append(dump(migrated, clock, tmp_path / f"{len(manifests)}.zip"))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    load(empty_file, tmp_path / f"{len(manifests) - 1}.zip")
    with make_sessions(empty_file)() as session:
        checked = verify_log(session)
    assert checked.faults == ()
    assert checked.entries == manifests[-1].tables["audit_entry"].rows
    with zipfile.ZipFile(tmp_path / "0.zip") as archive:
        assert json.loads(archive.read("manifest.json"))["format"] == 1
