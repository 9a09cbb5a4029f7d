"""Units by hand: one page per unit with its whole history, corrections, new periods, and facts of providers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.se import orgnr

from enkat.clock import Clock
from enkat.instruments.vocabulary import ServiceType
from enkat.records.clients import people_of_unit
from enkat.records.organisations import Provider, Unit, UnitPeriod, unit_with_periods
from enkat.records.rounds import RoundUnit, SurveyRound
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import Fault, NotFoundFault
from enkat.services.register.checking import existing_periods
from enkat.services.register.masking import is_masked, mask
from enkat.services.register.successions import Link, links_of
from enkat.services.register.unit_rows import Period
from enkat.services.register.writing_units import UnitWriter


@dataclass(frozen=True)
class UnitHistory:
    """Everything that the register and the rounds know of a unit."""

    unit: Unit
    periods: Sequence[UnitPeriod]
    """The newest first."""
    links: Sequence[Link]
    rounds: Sequence[tuple[SurveyRound, RoundUnit]]
    people: dict[ServiceType, int]
    """People in the register now, by service."""

    def current(self, day: date) -> UnitPeriod | None:
        """Return the period that holds on a day."""
        return next((one for one in self.periods if holds(one, day)), None)


def holds(period: UnitPeriod, day: date) -> bool:
    """Whether a period is valid on a day."""
    return period.valid_from <= day and (period.valid_to is None or period.valid_to >= day)


def unit_history(session: Session, unit_id: int) -> UnitHistory:
    """Return a unit with its history, or raise NotFoundFault."""
    unit = unit_with_periods(session, unit_id)
    if unit is None:
        raise NotFoundFault("Enheten finns inte i registret.")
    rounds = select(SurveyRound, RoundUnit).join(RoundUnit, RoundUnit.round_id == SurveyRound.id)
    found = session.execute(rounds.where(RoundUnit.unit_id == unit_id).order_by(SurveyRound.reference_date.desc()))
    return UnitHistory(
        unit,
        list(reversed(unit.periods)),
        links_of(session, unit),
        [(row[0], row[1]) for row in found],
        people_of_unit(session, unit_id),
    )


def save_unit(
    session: Session, clock: Clock, code: str, period: Period, *, account_id: int | None, new: bool = False
) -> Unit:
    """Correct the period of a unit that begins on the same day, or begin a new one that ends the last.

    Raises
    ------
    Fault
        If the code is taken (`new`), a personal number stands in a field, the organisation number is wrong or the days
        contradict the unit's other periods.
    """
    _check_texts(code, period)
    with writing(session):
        unit = session.scalars(select(Unit).where(Unit.code == code)).one_or_none()
        if new and unit is not None:
            raise Fault(f"Koden {code} är upptagen. Välj en annan.", "code")
        existing = existing_periods([unit])[code] if unit is not None else ()
        _check_provider(session, period)
        periods = _placed(existing, period)
        writer = UnitWriter(session)
        writer.write({code: periods})
        details = {"from": period.valid_from.isoformat(), "name": period.name}
        action = "register.unit_saved"
        record(session, clock, account_id=account_id, action=action, subject=f"unit:{code}", details=details)
    return writer.unit(code)


def _check_texts(code: str, period: Period) -> None:
    texts = {"code": code, "name": period.name, "provider": period.provider, "district": period.district}
    for name, text in texts.items():
        if not text:
            raise Fault("Fyll i fältet.", name)
        if is_masked(mask(text)):
            raise Fault("Fältet innehåller något som ser ut som ett personnummer. Skriv något annat.", name)
    if not period.services:
        raise Fault("Välj minst en insats.", "services")
    if period.valid_to is not None and period.valid_to < period.valid_from:
        raise Fault("Sista dagen ligger före första dagen. Rätta ett av datumen.", "valid_to")


def _check_provider(session: Session, period: Period) -> None:
    known = session.scalars(select(Provider).where(Provider.name == period.provider)).one_or_none()
    if not orgnr.is_valid(period.organisation_number):
        raise Fault(
            "Organisationsnumret stämmer inte. Det har tio siffror, kontrollsiffran sist.", "organisation_number"
        )
    if known is not None and known.organisation_number != orgnr.compact(period.organisation_number):
        number = known.organisation_number
        raise Fault(
            f"{known.name} har organisationsnummer {number[:6]}-{number[6:]} här. Ändra det på utförarens sida.",
            "organisation_number",
        )


def _placed(existing: tuple[Period, ...], period: Period) -> tuple[Period, ...]:
    others = [one for one in existing if one.valid_from != period.valid_from]
    later = next((one for one in others if one.valid_from > period.valid_from), None)
    if later is not None and (period.valid_to is None or period.valid_to >= later.valid_from):
        raise Fault(f"Nästa uppgift gäller från {later.valid_from}. Sista dagen måste ligga före den.", "valid_to")
    earlier = [
        replace(one, valid_to=period.valid_from - timedelta(days=1))
        if one.valid_from < period.valid_from and (one.valid_to is None or one.valid_to >= period.valid_from)
        else one
        for one in others
    ]
    return tuple(sorted([*earlier, period], key=lambda one: one.valid_from))


def change_provider(
    session: Session, clock: Clock, provider_id: int, *, name: str, organisation_number: str, account_id: int | None
) -> None:
    """Correct a provider's name or organisation number; results of earlier rounds keep the name they had."""
    if not orgnr.is_valid(organisation_number):
        raise Fault(
            "Organisationsnumret stämmer inte. Det har tio siffror, kontrollsiffran sist.", "organisation_number"
        )
    if not name.strip():
        raise Fault("Skriv utförarens namn.", "name")
    with writing(session):
        provider = session.get(Provider, provider_id)
        if provider is None:
            raise NotFoundFault("Utföraren finns inte i registret.")
        twin = session.scalars(select(Provider).where(Provider.name == name.strip())).one_or_none()
        if twin is not None and twin.id != provider_id:
            raise Fault("En annan utförare har redan det namnet.", "name")
        details = {"before": [provider.name, provider.organisation_number]}
        provider.name = name.strip()
        provider.organisation_number = str(orgnr.compact(organisation_number))
        record(
            session,
            clock,
            account_id=account_id,
            action="register.provider_changed",
            subject=f"provider:{provider_id}",
            details=details,
        )
