"""Who continues after whom: units and districts that were replaced, merged or split."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.organisations import (
    District,
    DistrictSuccession,
    SuccessionKind,
    Unit,
    UnitPeriod,
    UnitSuccession,
)
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import Fault, NotFoundFault

LABELS: Final = {
    SuccessionKind.REPLACED: "ersattes",
    SuccessionKind.MERGED: "slogs ihop",
    SuccessionKind.SPLIT: "delades",
}


@dataclass(frozen=True)
class Link:
    """A step from one unit to another."""

    predecessor: Unit
    successor: Unit
    happened_on: date
    kind: SuccessionKind


def record_succession(  # noqa: PLR0917  # the order of the sentence: who, whom, when, how
    session: Session,
    clock: Clock,
    predecessors: Sequence[str],
    successors: Sequence[str],
    happened_on: date,
    kind: SuccessionKind,
    *,
    account_id: int | None = None,
) -> None:
    """Record that units continue in others from a date; the predecessors end the day before.

    Raises
    ------
    Fault
        If a code is unknown, the numbers do not fit the kind, a successor is not open on the date, or units would
        succeed each other in a circle.
    """
    _check_numbers(predecessors, successors, kind)
    with writing(session):
        before = [_unit(session, code) for code in dict.fromkeys(predecessors)]
        after = [_unit(session, code) for code in dict.fromkeys(successors)]
        for unit in after:
            _check_successor(session, unit, before, happened_on)
        for unit in before:
            _end(unit, happened_on)
            for heir in after:
                session.merge(
                    UnitSuccession(predecessor_id=unit.id, successor_id=heir.id, happened_on=happened_on, kind=kind)
                )
        details = {
            "from": list(predecessors),
            "to": list(successors),
            "on": happened_on.isoformat(),
            "kind": kind.value,
        }
        subject = f"unit:{predecessors[0]}"
        record(session, clock, account_id=account_id, action="register.succession", subject=subject, details=details)


def _check_numbers(predecessors: Sequence[str], successors: Sequence[str], kind: SuccessionKind) -> None:
    if not predecessors or not successors:
        raise Fault("Ange både vilka enheter som upphörde och vilka som tog vid.", "predecessors")
    if set(predecessors) & set(successors):
        raise Fault("En enhet kan inte efterträda sig själv. Välj olika enheter.", "successors")
    if kind is SuccessionKind.MERGED and len(set(successors)) != 1:
        raise Fault("När enheter slås ihop tar en enhet vid. Ange bara en efterföljare.", "successors")
    if kind is SuccessionKind.SPLIT and (len(set(predecessors)) != 1 or len(set(successors)) < 2):  # noqa: PLR2004
        raise Fault(
            "När en enhet delas tar minst två enheter vid efter en. Ange en enhet och minst två efterföljare.",
            "successors",
        )
    if kind is SuccessionKind.REPLACED and (len(set(predecessors)) != 1 or len(set(successors)) != 1):
        raise Fault("När en enhet ersätts tar en enhet vid efter en. Ange en av varje.", "successors")


def _unit(session: Session, code: str) -> Unit:
    unit = session.scalars(select(Unit).where(Unit.code == code)).one_or_none()
    if unit is None:
        raise NotFoundFault(f"Enheten ”{code}” finns inte i registret. Läs in den först, eller rätta koden.")
    return unit


def _covers(period: UnitPeriod, day: date) -> bool:
    return period.valid_from <= day and (period.valid_to is None or period.valid_to >= day)


def _check_successor(session: Session, heir: Unit, before: Sequence[Unit], day: date) -> None:
    if not any(_covers(period, day) for period in heir.periods):
        raise Fault(f"Enheten {heir.code} är inte öppen {day}. Lägg först in från vilken dag den gäller.", "successors")
    reached, frontier = {heir.id}, {heir.id}
    while frontier:
        query = select(UnitSuccession.successor_id).where(UnitSuccession.predecessor_id.in_(frontier))
        frontier = set(session.scalars(query)) - reached
        reached |= frontier
    circle = next((unit.code for unit in before if unit.id in reached), None)
    if circle is not None:
        raise Fault(
            f"Enheten {circle} är redan efterföljare till {heir.code}. Ta bort det sambandet först.", "successors"
        )


def _end(unit: Unit, happened_on: date) -> None:
    last = unit.periods[-1] if unit.periods else None
    if last is None or (last.valid_to is not None and last.valid_to < happened_on):
        return
    if last.valid_from >= happened_on:
        raise Fault(f"Enheten {unit.code} började {last.valid_from} och kan inte upphöra {happened_on}.", "happened_on")
    last.valid_to = happened_on - timedelta(days=1)


def remove_succession(
    session: Session, clock: Clock, predecessor: str, successor: str, *, account_id: int | None = None
) -> None:
    """Take a recorded succession away; the predecessor stays closed until its period is corrected."""
    with writing(session):
        before, after = _unit(session, predecessor), _unit(session, successor)
        at = (UnitSuccession.predecessor_id == before.id, UnitSuccession.successor_id == after.id)
        if session.scalars(select(UnitSuccession).where(*at)).one_or_none() is None:
            raise NotFoundFault("Sambandet finns inte längre.")
        session.execute(delete(UnitSuccession).where(*at))
        record(
            session,
            clock,
            account_id=account_id,
            action="register.succession_removed",
            subject=f"unit:{predecessor}",
            details={"to": successor},
        )


def links_of(session: Session, unit: Unit) -> list[Link]:
    """Return the successions that a unit is part of, oldest first."""
    query = select(UnitSuccession).where(
        or_(UnitSuccession.predecessor_id == unit.id, UnitSuccession.successor_id == unit.id)
    )
    found = list(session.scalars(query.order_by(UnitSuccession.happened_on)))
    ids = {one.predecessor_id for one in found} | {one.successor_id for one in found}
    units = {one.id: one for one in session.scalars(select(Unit).where(Unit.id.in_(ids)))}
    return [Link(units[one.predecessor_id], units[one.successor_id], one.happened_on, one.kind) for one in found]


def record_district_succession(
    session: Session,
    clock: Clock,
    predecessors: Sequence[int],
    successor_id: int,
    happened_on: date,
    *,
    account_id: int | None = None,
) -> None:
    """Record that districts continue in one from a date; the predecessors end the day before.

    Units keep the district they had; those that go on get a new period in the successor.
    """
    if not predecessors or successor_id in predecessors:
        raise Fault("Välj de stadsdelar som upphörde och en annan som tog vid.", "predecessors")
    kind = SuccessionKind.MERGED if len(predecessors) > 1 else SuccessionKind.REPLACED
    with writing(session):
        heir = session.get(District, successor_id)
        if heir is None:
            raise NotFoundFault("Stadsdelen finns inte.")
        if heir.valid_to is not None and heir.valid_to < happened_on:
            raise Fault(f"Stadsdelen {heir.name} upphörde {heir.valid_to}. Välj en som finns kvar.", "successor")
        for predecessor_id in predecessors:
            _end_district(session, predecessor_id, successor_id, happened_on)
            session.merge(
                DistrictSuccession(
                    predecessor_id=predecessor_id, successor_id=successor_id, happened_on=happened_on, kind=kind
                )
            )
        details = {"from": list(predecessors), "on": happened_on.isoformat(), "kind": kind.value}
        record(
            session,
            clock,
            account_id=account_id,
            action="register.district_succession",
            subject=f"district:{successor_id}",
            details=details,
        )


def _end_district(session: Session, district_id: int, successor_id: int, happened_on: date) -> None:
    district = session.get(District, district_id)
    if district is None:
        raise NotFoundFault("Stadsdelen finns inte.")
    if session.get(DistrictSuccession, (successor_id, district_id)) is not None:
        raise Fault(f"{district.name} tog vid efter den andra stadsdelen. Ta bort det sambandet först.", "successor")
    if district.valid_from >= happened_on:
        raise Fault(f"{district.name} började {district.valid_from} och kan inte upphöra {happened_on}.", "happened_on")
    if district.valid_to is None or district.valid_to >= happened_on:
        district.valid_to = happened_on - timedelta(days=1)
    eve = happened_on - timedelta(days=1)
    later = select(UnitPeriod).where(UnitPeriod.district_id == district_id, UnitPeriod.valid_from <= eve)
    for period in session.scalars(later.where(or_(UnitPeriod.valid_to.is_(None), UnitPeriod.valid_to > eve))):
        _move_unit(session, period, successor_id, happened_on)


def _move_unit(session: Session, period: UnitPeriod, district_id: int, day: date) -> None:
    """Let a unit that goes on begin a new period in another district."""
    moved = UnitPeriod(
        unit_id=period.unit_id,
        valid_from=day,
        valid_to=period.valid_to,
        name=period.name,
        provider_id=period.provider_id,
        district_id=district_id,
        operating_form=period.operating_form,
        manager_email=period.manager_email,
    )
    period.valid_to = day - timedelta(days=1)
    session.add(moved)
    session.flush()
    session.add_all(type(given)(period_id=moved.id, service=given.service) for given in period.services)


def district_heirs(session: Session) -> dict[int, list[DistrictSuccession]]:
    """Return the successions of districts by the predecessor's id."""
    found: dict[int, list[DistrictSuccession]] = {}
    for one in session.scalars(select(DistrictSuccession)):
        found.setdefault(one.predecessor_id, []).append(one)
    return found
