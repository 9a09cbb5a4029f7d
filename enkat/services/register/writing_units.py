"""Writes a unit's periods, making the provider and district that a period names where they are new."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.organisations import District, Provider, Unit, UnitPeriod, UnitService
from enkat.services.register.unit_rows import Period


def write_unit(session: Session, code: str, periods: Sequence[Period]) -> Unit:
    """Make or change a unit so that it has these periods; call it inside `writing`. Periods are never removed."""
    unit = session.scalars(select(Unit).where(Unit.code == code)).one_or_none()
    if unit is None:
        unit = Unit(code=code)
        session.add(unit)
        session.flush()
    stored = {period.valid_from: period for period in unit.periods}
    for period in periods:
        _write_period(session, unit, stored.get(period.valid_from), period)
    session.expire(unit)
    return unit


def _write_period(session: Session, unit: Unit, stored: UnitPeriod | None, period: Period) -> None:
    provider = _provider(session, period)
    district = _district(session, period)
    if stored is None:
        stored = UnitPeriod(unit_id=unit.id, valid_from=period.valid_from)
        session.add(stored)
    stored.valid_to = period.valid_to
    stored.name = period.name
    stored.provider_id = provider.id
    stored.district_id = district.id
    stored.operating_form = period.operating_form
    stored.manager_email = period.manager_email
    session.flush()
    given = {service.service: service for service in stored.services} if stored.services else {}
    for service in given.keys() - period.services:
        session.delete(given[service])
    for service in period.services - given.keys():
        session.add(UnitService(period_id=stored.id, service=service))
    session.flush()
    session.expire(stored, ["services"])


def _provider(session: Session, period: Period) -> Provider:
    found = session.scalars(select(Provider).where(Provider.name == period.provider)).one_or_none()
    if found is None:
        found = Provider(name=period.provider, organisation_number=period.organisation_number)
        session.add(found)
        session.flush()
    return found


def _district(session: Session, period: Period) -> District:
    found = session.scalars(select(District).where(District.name == period.district)).one_or_none()
    if found is None:
        found = District(name=period.district, valid_from=period.valid_from)
        session.add(found)
        session.flush()
    elif period.valid_from < found.valid_from:
        found.valid_from = period.valid_from
    return found
