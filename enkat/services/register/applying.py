"""Applies a staged register file: whole or not at all.

What a file of people means is worked out outside the write lock; inside it the register is only found unchanged and
written. A file of units is small and is worked out inside.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Boolean, Date, Integer, Table, Text, case, delete, func, insert, literal, null, select, update
from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.bulk import let_wait, one_connection
from enkat.records.clients import Client
from enkat.records.imports import ImportBatch, ImportKind, ImportRow, ImportState, RowState
from enkat.records.organisations import UnitPeriod, units_with_periods
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import ConflictFault, Fault
from enkat.services.register.checking import (
    ClientOutcome,
    StagedRow,
    UnitOutcome,
    check_clients,
    check_units,
    row_label,
)
from enkat.services.register.client_rows import PERSON_FIELDS, Person
from enkat.services.register.columns import missing_columns
from enkat.services.register.forgetting import forget_rows
from enkat.services.register.staging import find_batch, recheck, staged_rows
from enkat.services.register.writing_units import UnitWriter

_CHANGED_MEANWHILE: Final = "Registret eller filen ändrades medan filen skulle läsas in. Inget är ändrat. Försök igen."


@dataclass(frozen=True)
class ImportSummary:
    """What an import did: people or units, and rows that were left out."""

    new: int
    changed: int
    same: int
    left_out: int
    departed: int = 0
    """People or units that were missing in a complete list."""


@dataclass
class ClientPlan:
    """What a file of people changes, ready to be written."""

    new: list[tuple[str, Person]] = field(default_factory=list)
    """By the person's reference, as the others."""
    changed: list[tuple[str, Person]] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)
    """Those of the changed whose services differ."""
    departed: list[int] = field(default_factory=list)
    """Ids."""


def apply_import(session: Session, clock: Clock, batch_id: int, account_id: int | None) -> ImportSummary:
    """Apply a staged file in one transaction and return what it did; its rows are then erased.

    Raises
    ------
    Fault
        If a row is faulty, naming the first one; nothing is applied.
    ConflictFault
        If the file is decided already, or the register changed meanwhile.
    """
    batch = find_batch(session, batch_id)
    if batch.state is not ImportState.STAGED:
        raise ConflictFault("Inläsningen är redan avgjord.")
    if missing := missing_columns(batch.kind, batch.mapping):
        names = ", ".join(column.heading for column in missing)
        raise Fault(f"Filen saknar {names}. Välj vilken kolumn som är vilken, eller komplettera filen.")
    applying = _apply_clients if batch.kind is ImportKind.CLIENTS else _apply_units
    summary = applying(session, clock, batch, account_id)
    forget_rows(session, batch_id)
    return summary


def departures(session: Session, clock: Clock, batch_id: int) -> int:
    """Return how many people or units would leave the register because a complete list lacks them."""
    batch = find_batch(session, batch_id)
    if not batch.complete_list:
        return 0
    named = set(session.scalars(select(ImportRow.identity).where(ImportRow.batch_id == batch_id)))
    if batch.kind is ImportKind.UNITS:
        return len(_missing_units(session, named, today(clock)))
    return len(_missing_people(session, named))


def _missing_people(session: Session, named: set[str]) -> list[int]:
    present = session.execute(select(Client.id, Client.reference).where(Client.left_on.is_(None)))
    return [client_id for client_id, reference in present if reference not in named]


def _missing_units(session: Session, named: set[str], day: date) -> list[UnitPeriod]:
    """Return the open periods of units that are not named; those that begin later are left as they are."""
    last = [unit.periods[-1] for unit in units_with_periods(session) if unit.periods and unit.code not in named]
    return [period for period in last if period.valid_to is None and period.valid_from < day]


def _refuse_faulty(session: Session, clock: Clock, batch: ImportBatch, rows: list[StagedRow]) -> None:
    faulty = [row for row in rows if row.state is RowState.FAULTY]
    if not faulty:
        return
    first = faulty[0]
    label = row_label(batch.kind, first.faults[0]["field"])
    value = "" if first.protected else first.faults[0]["sentence"]
    more = f" {len(faulty)} rader behöver rättas eller lämnas utanför." if len(faulty) > 1 else ""
    recheck(session, clock, batch.id)
    raise Fault(f"Rad {first.number}, {label}: {value} Inget är ändrat i registret.{more}".replace(":  ", ": "))


def _applied_before(session: Session) -> int:
    query = select(func.count()).select_from(ImportBatch).where(ImportBatch.state == ImportState.APPLIED)
    return session.scalar(query) or 0


def _decide(session: Session, clock: Clock, batch: ImportBatch, account_id: int | None, summary: ImportSummary) -> None:
    batch.state = ImportState.APPLIED
    batch.decided_at = clock()
    batch.summary = {**vars(summary)}
    details = {"kind": batch.kind.value, "file": batch.file_name, **vars(summary)}
    record(
        session,
        clock,
        account_id=account_id,
        action="register.applied",
        subject=f"import:{batch.id}",
        details=details,
    )


def _apply_clients(session: Session, clock: Clock, batch: ImportBatch, account_id: int | None) -> ImportSummary:
    revision, applied = batch.revision, _applied_before(session)
    rows = staged_rows(session, batch.id)
    outcome = check_clients(session, today(clock), batch.mapping, rows)
    _refuse_faulty(session, clock, batch, rows)
    named = {row.identity for row in rows}
    plan = _plan_clients(session, outcome, named, complete_list=batch.complete_list)
    left_out = sum(row.left_out for row in rows)
    same = len(outcome.persons) - len(plan.new) - len(plan.changed)
    summary = ImportSummary(len(plan.new), len(plan.changed), same, left_out, len(plan.departed))
    with one_connection(session) as own:
        waiting = _let_wait(own, plan)
        with writing(own):
            current = find_batch(own, batch.id)
            unchanged = current.state is ImportState.STAGED and current.revision == revision
            if not unchanged or _applied_before(own) != applied:
                raise ConflictFault(_CHANGED_MEANWHILE)
            waiting.move(own, today(clock))
            _decide(own, clock, current, account_id, summary)
    session.expire_all()
    return summary


def _plan_clients(session: Session, outcome: ClientOutcome, named: set[str], *, complete_list: bool) -> ClientPlan:
    plan = ClientPlan()
    for reference, person in sorted(outcome.persons.items()):
        known = outcome.registered.get(reference)
        if known is None:
            plan.new.append((reference, person))
        elif not known.says(person):
            plan.changed.append((reference, person))
            if known.person.services != person.services:
                plan.moved.add(reference)
    if complete_list:
        plan.departed.extend(_missing_people(session, named))
    return plan


@dataclass(frozen=True)
class WaitingClients:
    """A plan in temporary tables: under the write lock the database moves the rows itself."""

    people: Table
    services: Table
    departed: Table

    def move(self, session: Session, day: date) -> None:
        """Write the plan; inside `writing`."""
        clients, services = Client.metadata.tables["client"], Client.metadata.tables["client_service"]
        people, given = self.people.c, self.services.c
        names = ("reference", *PERSON_FIELDS)
        stays = people.left_reason.is_(None)
        left_on = case((stays, null()), else_=literal(day, Date))
        new = select(*(people[name] for name in names), left_on).where(people.is_new)
        moved = select(clients.c.id).join(self.people, people.reference == clients.c.reference).where(people.moved)
        found = select(clients.c.id, given.unit_id, given.service)
        found = found.join(self.services, given.reference == clients.c.reference)
        known = (people.reference == clients.c.reference) & ~people.is_new
        session.execute(insert(clients).from_select((*names, "left_on"), new))
        session.execute(
            update(clients)
            .values({name: people[name] for name in PERSON_FIELDS})
            .values(left_on=case((stays, null()), else_=func.coalesce(clients.c.left_on, literal(day, Date))))
            .where(known)
        )
        session.execute(delete(services).where(services.c.client_id.in_(moved)))
        session.execute(insert(services).from_select(["client_id", "unit_id", "service"], found))
        session.execute(update(clients).values(left_on=day).where(clients.c.id.in_(select(self.departed.c.client_id))))


def _let_wait(session: Session, plan: ClientPlan) -> WaitingClients:
    person = {
        name: Boolean if name == "protected" else Integer if name == "birth_year" else Text for name in PERSON_FIELDS
    }
    people = [(reference, *one.values, True, False) for reference, one in plan.new]
    people += [(reference, *one.values, False, reference in plan.moved) for reference, one in plan.changed]
    given = [
        (reference, *service)
        for reference, one in (*plan.new, *((name, one) for name, one in plan.changed if name in plan.moved))
        for service in sorted(one.services)
    ]
    return WaitingClients(
        let_wait(session, "waiting_client", {"reference": Text, **person, "is_new": Boolean, "moved": Boolean}, people),
        let_wait(session, "waiting_service", {"reference": Text, "unit_id": Integer, "service": Text}, given),
        let_wait(session, "waiting_departure", {"client_id": Integer}, [(one,) for one in plan.departed]),
    )


def _apply_units(session: Session, clock: Clock, batch: ImportBatch, account_id: int | None) -> ImportSummary:
    rows = staged_rows(session, batch.id)
    check_units(session, batch.mapping, rows)
    _refuse_faulty(session, clock, batch, rows)
    with writing(session):
        current = find_batch(session, batch.id)
        if current.state is not ImportState.STAGED:
            raise ConflictFault("Inläsningen är redan avgjord.")
        rows = staged_rows(session, batch.id)
        outcome = check_units(session, current.mapping, rows)
        if any(row.state is RowState.FAULTY for row in rows):
            raise ConflictFault(_CHANGED_MEANWHILE)
        states = _write_units(session, outcome)
        departed = _end_missing(session, rows, today(clock)) if current.complete_list else 0
        summary = ImportSummary(
            new=states.count(RowState.NEW),
            changed=states.count(RowState.CHANGED),
            same=states.count(RowState.SAME),
            left_out=sum(row.left_out for row in rows),
            departed=departed,
        )
        _decide(session, clock, current, account_id, summary)
    return summary


def _write_units(session: Session, outcome: UnitOutcome) -> list[RowState]:
    """Write the units that differ, and return what became of each."""
    differing = {
        code: periods for code, periods in outcome.periods.items() if periods != outcome.existing.get(code, ())
    }
    UnitWriter(session).write(differing)
    changed = [RowState.CHANGED if code in outcome.existing else RowState.NEW for code in differing]
    return changed + [RowState.SAME] * (len(outcome.periods) - len(differing))


def _end_missing(session: Session, rows: list[StagedRow], day: date) -> int:
    """End the units that a complete list lacks."""
    missing = _missing_units(session, {row.identity for row in rows}, day)
    for period in missing:
        period.valid_to = day - timedelta(days=1)
    return len(missing)
