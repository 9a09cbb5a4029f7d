"""Named queries about field work: how far each unit's answers have come, what was corrected."""

from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import Mode
from enkat.records.clients import Client
from enkat.records.invitations import Invitation, InvitationCorrection, InvitationStatus, WeeklyCount
from enkat.records.rounds import FrameCount, RoundUnit


class WeekRow(NamedTuple):
    """The counters of a unit in a week, all modes together."""

    unit_id: int
    week: str
    accepted: int
    taken_back: int
    duplicate_refused: int


class InvitationRow(NamedTuple):
    """An invitation with the person it went to, for corrections; an answer is never told apart here."""

    invitation: Invitation
    name: str | None
    reference: str | None
    unit_name: str


def round_units(session: Session, round_id: int) -> list[RoundUnit]:
    """Return the units of a round as they were on its reference date."""
    return list(session.scalars(select(RoundUnit).where(RoundUnit.round_id == round_id)))


def frame_sizes(session: Session, round_id: int) -> dict[int, int]:
    """Return how many the frame holds in each unit."""
    statement = (
        select(FrameCount.unit_id, func.sum(FrameCount.n))
        .where(FrameCount.round_id == round_id)
        .group_by(FrameCount.unit_id)
    )
    return dict(session.execute(statement).all())


def status_counts(session: Session, round_id: int) -> dict[tuple[int, InvitationStatus], int]:
    """Return how many invitations of each unit stand where."""
    statement = (
        select(Invitation.unit_id, Invitation.status, func.count())
        .where(Invitation.round_id == round_id)
        .group_by(Invitation.unit_id, Invitation.status)
    )
    return {(unit_id, status): n for unit_id, status, n in session.execute(statement)}


def language_counts(session: Session, round_id: int) -> dict[tuple[str, InvitationStatus], int]:
    """Return how many invitations stand where, by the language that the register states of the person."""
    statement = (
        select(Client.language, Invitation.status, func.count())
        .join(Invitation, Invitation.client_id == Client.id)
        .where(Invitation.round_id == round_id)
        .group_by(Client.language, Invitation.status)
    )
    return {(language, status): n for language, status, n in session.execute(statement)}


def week_rows(session: Session, round_id: int) -> list[WeekRow]:
    """Return the weekly counters per unit, all modes together, the earliest week first."""
    statement = (
        select(
            WeeklyCount.unit_id,
            WeeklyCount.week,
            func.sum(WeeklyCount.accepted),
            func.sum(WeeklyCount.taken_back),
            func.sum(WeeklyCount.duplicate_refused),
        )
        .where(WeeklyCount.round_id == round_id)
        .group_by(WeeklyCount.unit_id, WeeklyCount.week)
        .order_by(WeeklyCount.week)
    )
    return [WeekRow._make(row) for row in session.execute(statement)]


def mode_counts(session: Session, round_id: int) -> dict[Mode, int]:
    """Return how many answers stand in the city by the way they came, taken-back ones left out."""
    net = func.sum(WeeklyCount.accepted) - func.sum(WeeklyCount.taken_back)
    statement = select(WeeklyCount.mode, net).where(WeeklyCount.round_id == round_id).group_by(WeeklyCount.mode)
    return dict(session.execute(statement).all())


def search_invitations(
    session: Session, round_id: int, text: str, *, with_protected: bool, limit: int
) -> list[InvitationRow]:
    """Return the invitations whose person's name or reference holds a text."""
    wanted = f"%{text.strip()}%"
    statement = (
        select(Invitation, Client.name, Client.reference, RoundUnit.name)
        .join(Client, Client.id == Invitation.client_id)
        .join(
            RoundUnit,
            (RoundUnit.round_id == Invitation.round_id) & (RoundUnit.unit_id == Invitation.unit_id),
        )
        .where(Invitation.round_id == round_id, or_(Client.name.ilike(wanted), Client.reference.ilike(wanted)))
        .order_by(Client.name, Client.reference)
        .limit(limit)
    )
    if not with_protected:
        statement = statement.where(Invitation.protected.is_(False))
    return [InvitationRow._make(row) for row in session.execute(statement)]


NEWEST = 200


def corrections_of(session: Session, round_id: int) -> list[InvitationCorrection]:
    """Return the newest corrections of a round; a check against the register can make thousands."""
    statement = (
        select(InvitationCorrection)
        .join(Invitation, Invitation.id == InvitationCorrection.invitation_id)
        .where(Invitation.round_id == round_id)
        .order_by(InvitationCorrection.id.desc())
        .limit(NEWEST)
    )
    return list(session.scalars(statement))


def kept_at_old_unit(session: Session, round_id: int) -> dict[int, int]:
    """Return how many sent answers of each unit belong to people who had moved to another unit."""
    statement = (
        select(Invitation.unit_id, func.count(func.distinct(Invitation.id)))
        .join(InvitationCorrection, InvitationCorrection.invitation_id == Invitation.id)
        .where(
            Invitation.round_id == round_id,
            InvitationCorrection.new_unit_id.is_not(None),
            InvitationCorrection.new_unit_id != Invitation.unit_id,
        )
        .group_by(Invitation.unit_id)
    )
    return dict(session.execute(statement).all())


def invitation_row(session: Session, invitation_id: bytes) -> InvitationRow | None:
    """Return an invitation with the person it went to."""
    statement = (
        select(Invitation, Client.name, Client.reference, RoundUnit.name)
        .outerjoin(Client, Client.id == Invitation.client_id)
        .join(
            RoundUnit,
            (RoundUnit.round_id == Invitation.round_id) & (RoundUnit.unit_id == Invitation.unit_id),
        )
        .where(Invitation.id == invitation_id)
    )
    row = session.execute(statement).first()
    return None if row is None else InvitationRow._make(row)
