"""Writes units' periods, making the providers and districts that periods name where they are new."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.organisations import District, Provider, Unit, UnitPeriod, UnitService, units_with_periods
from enkat.services.register.unit_rows import Period


class UnitWriter:
    """Writes many units with one look at the register and one flush; use it inside `writing`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._units = {unit.code: unit for unit in units_with_periods(session)}
        self._providers = {provider.name: provider for provider in session.scalars(select(Provider))}
        self._districts = {district.name: district for district in session.scalars(select(District))}

    def write(self, wanted: Mapping[str, Sequence[Period]]) -> None:
        """Make or change units so that they have these periods; periods are never removed."""
        with self._session.no_autoflush:
            for code, periods in wanted.items():
                unit = self._units.setdefault(code, Unit(code=code, periods=[]))
                stored = {period.valid_from: period for period in unit.periods}
                for period in periods:
                    self._write_period(unit, stored.get(period.valid_from), period)
        self._session.flush()
        for code in wanted:
            self._session.expire(self._units[code], ["periods"])

    def unit(self, code: str) -> Unit:
        """Return a unit by its code."""
        return self._units[code]

    def _write_period(self, unit: Unit, stored: UnitPeriod | None, period: Period) -> None:
        if stored is None:
            stored = UnitPeriod(unit=unit, valid_from=period.valid_from, services=[])
            self._session.add(stored)
        stored.valid_to = period.valid_to
        stored.name = period.name
        stored.provider = self._provider(period)
        stored.district = self._district(period)
        stored.operating_form = period.operating_form
        stored.manager_email = period.manager_email
        for given in list(stored.services):
            if given.service not in period.services:
                stored.services.remove(given)
                self._session.delete(given)
        have = {given.service for given in stored.services}
        stored.services.extend(UnitService(service=service) for service in sorted(period.services - have))

    def _provider(self, period: Period) -> Provider:
        found = self._providers.get(period.provider)
        if found is None:
            found = Provider(name=period.provider, organisation_number=period.organisation_number)
            self._providers[period.provider] = found
        return found

    def _district(self, period: Period) -> District:
        found = self._districts.get(period.district)
        if found is None:
            found = District(name=period.district, valid_from=period.valid_from)
            self._districts[period.district] = found
        elif period.valid_from < found.valid_from:
            found.valid_from = period.valid_from
        return found
