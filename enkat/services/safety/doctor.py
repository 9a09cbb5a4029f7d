"""The doctor: examines machine, data and work, and says what to do."""

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.services.safety import machine_checks, work_checks
from enkat.services.safety.backup import engine_of
from enkat.services.safety.findings import Finding, Level, fault
from enkat.settings import Secrets, Settings


def _of_machine(session: Session, settings: Settings, secrets: Secrets) -> Iterator[Finding]:
    engine = engine_of(session)
    yield from machine_checks.check_settings(settings)
    yield from machine_checks.check_secrets(settings, secrets)
    yield from machine_checks.check_privacy(settings, engine)
    yield from machine_checks.check_disk(settings)
    yield from machine_checks.check_versions(engine)
    yield from machine_checks.check_schema(engine)
    yield from machine_checks.check_integrity(engine)


def _of_work(session: Session, clock: Clock, settings: Settings, secrets: Secrets) -> Iterator[Finding]:
    yield from work_checks.check_clock(session, clock)
    yield from work_checks.check_backup(session, clock)
    yield from work_checks.check_tick(session, clock, settings)
    yield from work_checks.check_outbox(session, clock)
    yield from work_checks.check_waves(session, settings)
    yield from work_checks.check_round_secrets(session, secrets)
    yield from work_checks.check_boxes(session, clock)
    yield from work_checks.check_key_shares(session, clock)
    yield from work_checks.check_log(session)
    yield from work_checks.check_erasure(session, clock, settings)
    yield from work_checks.check_upgrade(session, clock)


def examine(session: Session, clock: Clock, settings: Settings, secrets: Secrets) -> list[Finding]:
    """Return how everything is; a database that does not answer is a finding, not an error."""
    found: list[Finding] = []
    try:
        found += _of_machine(session, settings, secrets)
        if not any(one.name == "Schema" and one.level is Level.FAULT for one in found):
            found += _of_work(session, clock, settings, secrets)
    except SQLAlchemyError as error:
        found.append(fault("Databas", f"Databasen svarar inte ({type(error).__name__}). Kontrollera adressen."))
    return found


def is_well(found: list[Finding]) -> bool:
    """Whether nothing must be mended."""
    return all(one.level is not Level.FAULT for one in found)
