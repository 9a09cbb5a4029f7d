"""Named queries about rounds: the register on the reference date, earlier rounds, what is still lacking."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session, joinedload

from enkat.ballots.vocabulary import Sex
from enkat.instruments.vocabulary import ServiceType
from enkat.records.clients import Client, ClientService
from enkat.records.invitations import Invitation
from enkat.records.keys import KeyHolder
from enkat.records.organisations import District, Unit, UnitPeriod
from enkat.records.retention import RecordKind, RetentionRule
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import (
    HistoricFigure,
    HistoricRound,
    InstrumentSnapshot,
    RoundHandout,
    RoundInstrument,
    RoundSample,
    RoundState,
    RoundUnit,
    SurveyRound,
)


class RegisterRow(NamedTuple):
    """A service that a client has from a unit, with what the frame needs to know of the client."""

    client_id: int
    reference: str
    sex: Sex
    birth_year: int
    protected: bool
    unit_id: int
    unit_code: str
    service: ServiceType


def register_rows(session: Session, on: date) -> list[RegisterRow]:
    """Return every service of every client who is in the register on a date, sorted by the client's reference."""
    statement = (
        select(
            Client.id,
            Client.reference,
            Client.sex,
            Client.birth_year,
            Client.protected,
            ClientService.unit_id,
            Unit.code,
            ClientService.service,
        )
        .join(ClientService, ClientService.client_id == Client.id)
        .join(Unit, Unit.id == ClientService.unit_id)
        .where(or_(Client.left_on.is_(None), Client.left_on > on))
    )
    rows = [RegisterRow(*row) for row in session.execute(statement)]
    return sorted(rows, key=lambda row: (row.reference, row.unit_code, row.service))


def unit_periods(session: Session, on: date) -> dict[int, UnitPeriod]:
    """Return the period that holds on a date for each unit that is valid then, with provider and district."""
    statement = (
        select(UnitPeriod)
        .where(UnitPeriod.valid_from <= on, or_(UnitPeriod.valid_to.is_(None), UnitPeriod.valid_to >= on))
        .options(joinedload(UnitPeriod.provider), joinedload(UnitPeriod.district))
    )
    return {period.unit_id: period for period in session.scalars(statement)}


def find_round(session: Session, short_name: str) -> SurveyRound | None:
    """Return the round with a short name."""
    return session.scalar(select(SurveyRound).where(SurveyRound.short_name == short_name))


def rounds_newest_first(session: Session) -> list[SurveyRound]:
    """Return all rounds, the newest reference date first."""
    return list(session.scalars(select(SurveyRound).order_by(SurveyRound.reference_date.desc(), SurveyRound.id.desc())))


def previous_round(
    session: Session, before: date, services: set[ServiceType], kind: RoundKind, provider_id: int | None
) -> SurveyRound | None:
    """Return the latest real round of the same kind and provider before a date that asked about any of the services."""
    statement = (
        select(SurveyRound)
        .join(RoundInstrument)
        .where(
            SurveyRound.practice.is_(False),
            SurveyRound.kind == kind,
            SurveyRound.provider_id.is_(None) if provider_id is None else SurveyRound.provider_id == provider_id,
            SurveyRound.state != RoundState.PLANNED,
            SurveyRound.reference_date < before,
            RoundInstrument.service.in_(services),
        )
        .order_by(SurveyRound.reference_date.desc(), SurveyRound.id.desc())
        .limit(1)
    )
    return session.scalar(statement)


def snapshots_of(session: Session, round_id: int) -> dict[ServiceType, InstrumentSnapshot]:
    """Return the instruments that an opened round asked, by service."""
    statement = (
        select(RoundInstrument.service, InstrumentSnapshot)
        .join(InstrumentSnapshot, InstrumentSnapshot.sha256 == RoundInstrument.snapshot_sha256)
        .where(RoundInstrument.round_id == round_id)
        .order_by(RoundInstrument.position)
    )
    return dict(session.execute(statement).all())


def sample_sizes(session: Session, round_id: int) -> dict[int, int]:
    """Return how many are asked in each sampled unit."""
    statement = select(RoundSample.unit_id, RoundSample.size).where(RoundSample.round_id == round_id)
    return dict(session.execute(statement).all())


def handouts_of(session: Session, round_id: int) -> dict[int, RoundHandout]:
    """Return how many loose codes each unit of a round hands out, by the unit's id."""
    rows = session.scalars(select(RoundHandout).where(RoundHandout.round_id == round_id))
    return {row.unit_id: row for row in rows}


def unit_codes(session: Session, unit_ids: Collection[int]) -> dict[int, str]:
    """Return the codes of some units, by id."""
    return dict(session.execute(select(Unit.id, Unit.code).where(Unit.id.in_(unit_ids))).all())


def kinds_without_retention(session: Session, round_id: int) -> list[RecordKind]:
    """Return the kinds of record for which neither the round nor the city has a retention rule."""
    statement = select(RetentionRule.record_kind).where(
        or_(RetentionRule.round_id == round_id, RetentionRule.round_id.is_(None))
    )
    known = set(session.scalars(statement))
    return [kind for kind in RecordKind if kind not in known]


def present_holders(session: Session, round_id: int) -> list[KeyHolder]:
    """Return the holders of the round's present key shares."""
    statement = select(KeyHolder).where(KeyHolder.round_id == round_id, KeyHolder.replaced_on.is_(None))
    return list(session.scalars(statement.order_by(KeyHolder.id)))


def short_name_taken(session: Session, short_name: str, except_id: int | None) -> bool:
    """Whether another round has the short name."""
    statement = select(func.count()).where(SurveyRound.short_name == short_name)
    if except_id is not None:
        statement = statement.where(SurveyRound.id != except_id)
    return bool(session.scalar(statement))


def units_of(session: Session, round_id: int) -> list[RoundUnit]:
    """Return the round's units as they were on its reference date."""
    return list(session.scalars(select(RoundUnit).where(RoundUnit.round_id == round_id).order_by(RoundUnit.unit_id)))


def round_unit_by_code(session: Session, round_id: int, code: str) -> int | None:
    """Return the id of a round's unit by its code."""
    statement = (
        select(RoundUnit.unit_id)
        .join(Unit, Unit.id == RoundUnit.unit_id)
        .where(RoundUnit.round_id == round_id, Unit.code == code)
    )
    return session.scalar(statement)


def round_district_by_name(session: Session, round_id: int, name: str) -> int | None:
    """Return the id of a round's district by its name on the reference date."""
    statement = select(RoundUnit.district_id).where(RoundUnit.round_id == round_id, RoundUnit.district_name == name)
    return session.scalar(statement.limit(1))


def count_invitations(session: Session, round_id: int) -> int:
    """Return how many invitations a round has."""
    return session.scalar(select(func.count()).select_from(Invitation).where(Invitation.round_id == round_id)) or 0


def drop_invitations(session: Session, round_id: int, limit: int) -> int:
    """Delete at most so many invitations of a round that never opened, and return how many there were."""
    ids = session.scalars(select(Invitation.id).where(Invitation.round_id == round_id).limit(limit)).all()
    session.execute(delete(Invitation).where(Invitation.id.in_(ids)).execution_options(synchronize_session=False))
    return len(ids)


def historic_rounds(session: Session) -> list[tuple[HistoricRound, int]]:
    """Return the earlier surveys, the newest first, each with its number of figures."""
    statement = (
        select(HistoricRound, func.count(HistoricFigure.id))
        .outerjoin(HistoricFigure, HistoricFigure.historic_round_id == HistoricRound.id)
        .group_by(HistoricRound.id)
        .order_by(HistoricRound.year.desc(), HistoricRound.id.desc())
    )
    return [(found, n) for found, n in session.execute(statement)]


def historic_figures(session: Session, historic_id: int) -> list[tuple[HistoricFigure, str | None, str | None]]:
    """Return the figures of an earlier survey with the names of district and unit code."""
    statement = (
        select(HistoricFigure, District.name, Unit.code)
        .outerjoin(District, District.id == HistoricFigure.district_id)
        .outerjoin(Unit, Unit.id == HistoricFigure.unit_id)
        .where(HistoricFigure.historic_round_id == historic_id)
        .order_by(HistoricFigure.id)
    )
    return [(figure, district, unit) for figure, district, unit in session.execute(statement)]
