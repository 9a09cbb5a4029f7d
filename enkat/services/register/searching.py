"""Searching the register: units with filters, people by reference or name, and what may be shown of whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import Session, selectinload

from enkat.clock import Clock
from enkat.languages import sv_key
from enkat.records.clients import Client, ClientService, people_by_unit
from enkat.records.organisations import District, OperatingForm, Provider, Unit, UnitPeriod, units_with_periods
from enkat.records.writing import writing
from enkat.services.accounts.rights import Actor, Right
from enkat.services.audit.recording import record
from enkat.services.faults import NotFoundFault
from enkat.services.register.units import holds

PAGE_SIZE: Final = 50


@dataclass(frozen=True)
class UnitRow:
    """A unit as lists show it: by the period that holds, or else its last one."""

    unit: Unit
    period: UnitPeriod
    is_open: bool
    people: int


@dataclass(frozen=True)
class UnitFilter:
    """What a list of units is narrowed to."""

    text: str = ""
    district_id: int | None = None
    provider_id: int | None = None
    operating_form: OperatingForm | None = None
    closed: bool = False
    """Whether units that are not valid now are listed too."""


def find_units(
    session: Session, day: date, wanted: UnitFilter, districts: frozenset[int] | None = None
) -> list[UnitRow]:
    """Return units sorted by name; `districts` limits them to an actor's scope."""
    people = people_by_unit(session)
    rows = []
    for unit in units_with_periods(session):
        if not unit.periods:
            continue
        current = next((period for period in unit.periods if holds(period, day)), None)
        row = UnitRow(unit, current or unit.periods[-1], current is not None, people.get(unit.id, 0))
        if _fits(row, wanted) and (districts is None or row.period.district_id in districts):
            rows.append(row)
    return sorted(rows, key=lambda row: sv_key(row.period.name))


def _fits(row: UnitRow, wanted: UnitFilter) -> bool:
    if not row.is_open and not wanted.closed:
        return False
    period = row.period
    chosen = (
        (wanted.district_id, period.district_id),
        (wanted.provider_id, period.provider_id),
        (wanted.operating_form, period.operating_form),
    )
    if any(want is not None and want != have for want, have in chosen):
        return False
    names = {name for one in row.unit.periods for name in (one.name, one.provider.name, one.district.name)}
    text = " ".join([row.unit.code, *names]).casefold()
    return all(word in text for word in wanted.text.casefold().split())


def districts(session: Session) -> list[District]:
    """Return every district by name."""
    return sorted(session.scalars(select(District)), key=lambda one: sv_key(one.name))


def providers(session: Session) -> list[Provider]:
    """Return every provider by name."""
    return sorted(session.scalars(select(Provider)), key=lambda one: sv_key(one.name))


@dataclass(frozen=True)
class PersonRow:
    """A person as lists show them; without name where the reader may not see it."""

    client: Client
    name: str | None
    units: tuple[tuple[int, str], ...]
    """Id and code."""


@dataclass(frozen=True)
class PersonFilter:
    """What a list of people is narrowed to."""

    text: str = ""
    unit_id: int | None = None
    departed: bool = False


def sees_open(actor: Actor) -> bool:
    """Whether the actor sees people without protected identity."""
    return actor.may(Right.SEE_REGISTER)


def sees_protected(actor: Actor) -> bool:
    """Whether the actor sees the name and address of people with protected identity."""
    return actor.may(Right.HANDLE_PROTECTED)


def _like(word: str) -> list[str]:
    """Return spellings of a word, as SQLite knows no case of å, ä and ö."""
    return [
        f"%{_escaped(spelling)}%" for spelling in dict.fromkeys((word, word.lower(), word.capitalize(), word.upper()))
    ]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _people(actor: Actor, wanted: PersonFilter) -> Select[Client]:
    query = select(Client)
    if not wanted.departed:
        query = query.where(Client.left_on.is_(None))
    if not sees_open(actor):
        query = query.where(Client.protected.is_(True) if sees_protected(actor) else false())
    if wanted.unit_id is not None:
        query = query.where(Client.services.any(ClientService.unit_id == wanted.unit_id))
    for word in wanted.text.split():
        by_reference = [Client.reference.ilike(spelling, escape="\\") for spelling in _like(word)]
        by_name = or_(*(Client.name.ilike(spelling, escape="\\") for spelling in _like(word)))
        shown = by_name if sees_protected(actor) else by_name & Client.protected.is_(False)
        query = query.where(or_(*by_reference, shown))
    return query


def find_people(session: Session, actor: Actor, wanted: PersonFilter, page: int) -> tuple[list[PersonRow], int]:
    """Return a page of people by reference, and how many there are.

    People with protected identity are found by reference only, and stand without a name, for those who do not handle
    protected identities.
    """
    query = _people(actor, wanted)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.options(selectinload(Client.services)).order_by(Client.reference)
    clients = list(session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)))
    codes = _codes(session, clients)
    return [_row(actor, client, codes) for client in clients], total


def _codes(session: Session, clients: Sequence[Client]) -> dict[int, str]:
    ids = {given.unit_id for client in clients for given in client.services}
    return {row[0]: row[1] for row in session.execute(select(Unit.id, Unit.code).where(Unit.id.in_(ids)))}


def _row(actor: Actor, client: Client, codes: dict[int, str]) -> PersonRow:
    hidden = client.protected and not sees_protected(actor)
    units = sorted({(given.unit_id, codes[given.unit_id]) for given in client.services}, key=lambda one: sv_key(one[1]))
    return PersonRow(client, None if hidden else client.name, tuple(units))


def read_person(session: Session, clock: Clock, actor: Actor, client_id: int) -> PersonRow:
    """Return a person's whole record, which is noted in the audit log.

    Raises
    ------
    NotFoundFault
        If the person does not exist, or is not for this actor.
    """
    query = select(Client).where(Client.id == client_id).options(selectinload(Client.services))
    client = session.scalars(query).one_or_none()
    if client is None or not (sees_protected(actor) if client.protected else sees_open(actor)):
        if client is not None and client.protected and sees_open(actor):
            return _row(actor, client, _codes(session, [client]))
        raise NotFoundFault("Personen finns inte i registret.")
    row = _row(actor, client, _codes(session, [client]))
    with writing(session):
        subject = f"client:{client_id}"
        record(session, clock, account_id=actor.account_id, action="register.person_read", subject=subject)
    return row
