"""The doctor: each illness is found, named and told how to mend; a healthy house is told so."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from enkat.clock import today
from enkat.records.engine import make_engine, make_sessions
from enkat.records.jobs import Job, JobState
from enkat.records.migrating import downgrade
from enkat.records.outbox import MessageState, OutboxMessage
from enkat.records.retention import ProtocolKind
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.keys.protocols import write_protocol
from enkat.services.retention.erasing import erase_daily
from enkat.services.retention.rules import set_missing_defaults
from enkat.services.safety.backup import engine_of, make_backup
from enkat.services.safety.doctor import examine, is_well
from enkat.services.safety.findings import Level
from enkat.services.safety.heartbeat import beat
from enkat.services.safety.restore import verify
from enkat.settings import Environment, Secrets, Settings
from tests.clocks import FixedClock
from tests.databases import Database, PostgresDatabases, SqliteFiles
from tests.migrating import stamp


@pytest.fixture
def house(database: Database, sqlite_files: SqliteFiles, postgres_databases: PostgresDatabases) -> Iterator[Engine]:
    """Yield a database made by the migrations."""
    source: SqliteFiles | PostgresDatabases = sqlite_files if database.kind == "sqlite" else postgres_databases
    with source.fresh() as fresh:
        engine = make_engine(fresh.url)
        stamp(engine)
        yield engine
        engine.dispose()


@pytest.fixture
def kept(house: Engine) -> Iterator[Session]:
    with make_sessions(house)() as session:
        yield session


def _found(session: Session, clock: FixedClock, settings: Settings) -> dict[str, tuple[Level, str]]:
    order = {Level.GOOD: 0, Level.WARNING: 1, Level.FAULT: 2}
    worst: dict[str, tuple[Level, str]] = {}
    for one in examine(session, clock, settings, Secrets(settings)):
        if one.name not in worst or order[one.level] > order[worst[one.name][0]]:
            worst[one.name] = (one.level, one.sentence)
    return worst


def _round(session: Session, clock: FixedClock, state: RoundState) -> SurveyRound:
    day = today(clock)
    with writing(session):
        one = SurveyRound(short_name="v26", title="2026", state=state, reference_date=day, opens_on=day, closes_on=day)
        session.add(one)
        session.flush()
    return one


def test_a_house_that_is_looked_after_is_well(kept: Session, clock: FixedClock, app_settings: Settings) -> None:
    made = make_backup(kept, clock, app_settings)
    verify(kept, clock, app_settings, app_settings.backups_dir / made.file_name)
    beat(app_settings, clock)
    found = _found(kept, clock, app_settings)
    assert {name: level for name, (level, _) in found.items() if level is not Level.GOOD} == {
        "Inställningar": Level.WARNING  # the environment is not production
    }
    assert is_well(examine(kept, clock, app_settings, Secrets(app_settings)))


def test_without_a_tried_backup_an_open_round_is_in_danger(
    kept: Session, clock: FixedClock, app_settings: Settings
) -> None:
    assert _found(kept, clock, app_settings)["Säkerhetskopia"][0] is Level.WARNING
    _round(kept, clock, RoundState.OPEN)
    found = _found(kept, clock, app_settings)
    assert found["Säkerhetskopia"][0] is Level.FAULT
    assert found["Kodhemlighet"][0] is Level.FAULT
    made = make_backup(kept, clock, app_settings)
    assert _found(kept, clock, app_settings)["Återläsning"][0] is Level.FAULT
    verify(kept, clock, app_settings, app_settings.backups_dir / made.file_name)
    assert _found(kept, clock, app_settings)["Återläsning"][0] is Level.GOOD
    clock.advance(hours=27)
    assert _found(kept, clock, app_settings)["Säkerhetskopia"][0] is Level.FAULT


def test_a_box_that_stands_a_week_after_the_count_is_told(
    kept: Session, clock: FixedClock, app_settings: Settings
) -> None:
    one = _round(kept, clock, RoundState.COUNTED)
    with writing(kept):
        write_protocol(kept, clock, one.id, ProtocolKind.COUNT, {})
    clock.advance(days=7)
    assert _found(kept, clock, app_settings)["Urna"][0] is Level.GOOD
    clock.advance(days=1)
    level, sentence = _found(kept, clock, app_settings)["Urna"]
    assert level is Level.FAULT
    assert "v26" in sentence


def test_erasure_that_does_not_run_is_told_until_it_has_run(
    kept: Session, clock: FixedClock, app_settings: Settings
) -> None:
    set_missing_defaults(kept, clock, "Beslut", account_id=None)
    _round(kept, clock, RoundState.CLOSED)
    clock.advance(days=400)
    level, sentence = _found(kept, clock, app_settings)["Gallring"]
    assert level is Level.WARNING
    assert "enkat tick" in sentence
    erase_daily(kept, clock, app_settings)
    assert _found(kept, clock, app_settings)["Gallring"][0] is Level.GOOD


def test_mail_tick_and_jobs_that_stop_are_told(kept: Session, clock: FixedClock, app_settings: Settings) -> None:
    beat(app_settings, clock)
    with writing(kept):
        kept.add_all(
            OutboxMessage(
                recipient="a@b.se",
                subject="x",
                body="x",
                state=state,
                queued_at=clock(),
                next_attempt_at=clock(),
            )
            for state in (MessageState.WAITING, MessageState.FAILED)
        )
        kept.add(Job(kind="x", arguments={}, state=JobState.FAILED, queued_at=clock(), finished_at=clock()))
    assert _found(kept, clock, app_settings)["Mejl"][0] is Level.WARNING
    clock.advance(hours=2)
    found = _found(kept, clock, app_settings)
    assert found["Mejl"][0] is Level.FAULT
    assert found["Tick"][0] is Level.FAULT
    assert found["Jobb"][0] is Level.WARNING


def test_a_clock_that_went_back_or_was_never_set_is_told(
    kept: Session, clock: FixedClock, app_settings: Settings
) -> None:
    record(kept, clock, account_id=None, action="prov", subject="prov:1")
    clock.now -= timedelta(hours=1)
    assert "gått tillbaka" in _found(kept, clock, app_settings)["Klocka"][1]
    clock.now = clock.now.replace(year=1970)
    assert _found(kept, clock, app_settings)["Klocka"][0] is Level.FAULT


def test_a_changed_log_is_told(kept: Session, clock: FixedClock, app_settings: Settings) -> None:
    entry = record(kept, clock, account_id=None, action="prov", subject="prov:1")
    with writing(kept):
        kept.execute(update(type(entry)).values(subject="prov:2"))
    kept.expire_all()
    assert _found(kept, clock, app_settings)["Logg"][0] is Level.FAULT


def test_an_old_schema_is_told_and_nothing_else_is_asked_of_it(
    kept: Session, house: Engine, clock: FixedClock, app_settings: Settings
) -> None:
    downgrade(house, "base")
    found = _found(kept, clock, app_settings)
    assert found["Schema"][0] is Level.FAULT
    assert "Logg" not in found


@pytest.mark.one_database
def test_secrets_that_are_missing_open_or_of_the_demo_are_told(
    kept: Session, clock: FixedClock, app_settings: Settings
) -> None:
    folder = app_settings.resolved_secrets_dir
    (folder / "session").chmod(0o644)
    assert "Andra användare" in _found(kept, clock, app_settings)["Hemligheter"][1]
    (folder / "session").unlink()
    assert "saknas" in _found(kept, clock, app_settings)["Hemligheter"][1]
    production = app_settings.model_copy(update={"environment": Environment.PRODUCTION})
    found = examine(kept, clock, production, Secrets(production))
    told = [one.sentence for one in found if one.name == "Hemligheter"]
    assert sum("demo" in sentence for sentence in told) == 2
    assert any(one.name == "Inställningar" and one.level is Level.FAULT for one in found)
    assert not is_well(found)


@pytest.mark.one_database
def test_a_database_file_that_others_may_read_is_told(kept: Session, clock: FixedClock, app_settings: Settings) -> None:
    engine = engine_of(kept)
    path = app_settings.backups_dir
    path.mkdir(parents=True, mode=0o755)
    for folder in (path, path.parent):
        folder.chmod(0o755)
    level, sentence = _found(kept, clock, app_settings)["Åtkomst"]
    assert level is Level.FAULT
    assert str(path) in sentence
    assert engine.url.database is not None
