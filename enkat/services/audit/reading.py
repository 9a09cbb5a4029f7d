"""Reading the audit log: filtered, searched, and its chain verified."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import Session

from enkat.clock import end_of, start_of
from enkat.records.accounts import Account
from enkat.records.audit import HEAD, START_DIGEST, AuditEntry, AuditHead
from enkat.services.audit.recording import SALT, digest_of_details, digest_of_entry

CHUNK = 1000


@dataclass(frozen=True)
class LogFilter:
    """What to show: empty parts let everything through."""

    text: str = ""
    action: str = ""
    account_id: int | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class LogRow:
    """An entry as people read it."""

    entry: AuditEntry
    who: str

    @property
    def details(self) -> dict[str, object] | None:
        """The entry's details without their salt; None when they were erased."""
        kept = self.entry.details
        return None if kept is None else {name: value for name, value in kept.items() if name != SALT}


def _conditions(wanted: LogFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.action:
        conditions.append(AuditEntry.action.startswith(wanted.action, autoescape=True))
    if wanted.account_id is not None:
        conditions.append(AuditEntry.account_id == wanted.account_id)
    if wanted.first_day is not None:
        conditions.append(AuditEntry.happened_at >= start_of(wanted.first_day))
    if wanted.last_day is not None:
        conditions.append(AuditEntry.happened_at < end_of(wanted.last_day))
    if wanted.text:
        parts = (AuditEntry.action, AuditEntry.subject, cast(AuditEntry.details, String), Account.name, Account.email)
        conditions.append(or_(*(part.icontains(wanted.text, autoescape=True) for part in parts)))
    return conditions


def read_log(session: Session, wanted: LogFilter, *, page: int = 1, size: int = 50) -> tuple[list[LogRow], int]:
    """Return a page of entries, the newest first, and how many there are in all."""
    joined = (Account, Account.id == AuditEntry.account_id)
    conditions = _conditions(wanted)
    total = session.scalar(select(func.count()).select_from(AuditEntry).outerjoin(*joined).where(*conditions))
    query = (
        select(AuditEntry, Account.name)
        .outerjoin(*joined)
        .where(*conditions)
        .order_by(AuditEntry.sequence.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return [LogRow(entry, name or "Systemet") for entry, name in session.execute(query)], total or 0


def actions(session: Session) -> Sequence[str]:
    """Return every action that occurs in the log, sorted."""
    return session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all()


@dataclass(frozen=True)
class Verification:
    """What a check of the chain found; no faults means that nothing was changed, added or taken away."""

    entries: int
    erased: int
    faults: tuple[str, ...]


def _faults_of(entry: AuditEntry, sequence: int, previous: str) -> list[str]:
    found = []
    if entry.sequence != sequence:
        found.append(f"Post {sequence} saknas.")
    if entry.previous_digest != previous:
        found.append(f"Post {entry.sequence} hänger inte ihop med posten före.")
    if digest_of_entry(entry) != entry.digest:
        found.append(f"Post {entry.sequence} har ändrats.")
    if entry.details is not None and digest_of_details(entry.details) != entry.details_digest:
        found.append(f"Uppgifterna i post {entry.sequence} har ändrats.")
    return found


def verify(session: Session) -> Verification:
    """Check every digest of the log and that its end is where the head says."""
    sequence, previous, erased = 0, START_DIGEST, 0
    faults: list[str] = []
    query = select(AuditEntry).order_by(AuditEntry.sequence).execution_options(yield_per=CHUNK)
    for entry in session.scalars(query):
        faults += _faults_of(entry, sequence + 1, previous)
        sequence, previous = entry.sequence, entry.digest
        erased += entry.details is None
    head = session.get(AuditHead, HEAD, populate_existing=True)
    if (head.sequence, head.digest) != (sequence, previous) if head else sequence:
        faults.append("Loggens slut stämmer inte: poster har tagits bort sist i loggen, eller lagts till vid sidan om.")
    return Verification(sequence, erased, tuple(faults))
