"""Named queries about waves: whom they are for, what the register says now, and how far they have come."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, CursorResult, Select, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from enkat.records.clients import Client, ClientService, ContactChannel, LeavingReason
from enkat.records.imports import ImportBatch, ImportKind, ImportState
from enkat.records.invitations import CodeKind, Invitation, InvitationCode, InvitationCorrection, InvitationStatus
from enkat.records.organisations import UnitPeriod
from enkat.records.rounds import RoundUnit
from enkat.records.waves import (
    UNREACHED,
    ContactWave,
    RecipientState,
    WaveKind,
    WaveRecipient,
    WaveState,
)

MESSAGES = (ContactChannel.EMAIL, ContactChannel.SMS)
LIVING = (WaveState.PLANNED, WaveState.BUILDING, WaveState.BUILT, WaveState.SENDING)


class Reachable(NamedTuple):
    """Whom a wave is for, and how the person can be reached."""

    invitation_id: bytes
    wish: ContactChannel
    phone: str | None
    email: str | None


def _in_wave(wave: ContactWave) -> ColumnElement[bool]:
    """Return the condition for those whom a wave is for: open, not protected, and not written to before."""
    parts = [
        Invitation.round_id == wave.round_id,
        Invitation.status == InvitationStatus.OPEN,
        Invitation.protected.is_(False),
        Client.protected.is_(False),
    ]
    if wave.after_id is not None:
        own = (WaveRecipient.wave_id == wave.after_id, WaveRecipient.invitation_id == Invitation.id)
        parts.append(exists().where(*own, WaveRecipient.state.in_(UNREACHED)))
    elif wave.kind is WaveKind.INVITATION:
        letter = exists().where(
            InvitationCode.invitation_id == Invitation.id,
            InvitationCode.kind == CodeKind.LETTER,
            InvitationCode.live.is_(True),
            InvitationCode.batch_id.is_not(None),
        )
        message = exists().where(
            WaveRecipient.invitation_id == Invitation.id,
            WaveRecipient.state.in_((RecipientState.HANDING, RecipientState.HANDED)),
            ContactWave.id == WaveRecipient.wave_id,
            ContactWave.kind == WaveKind.INVITATION,
        )
        parts += [~letter, ~message]
    return and_(*parts)


def audience(session: Session, wave: ContactWave) -> list[Reachable]:
    """Return everybody whom a wave is for as things are now."""
    statement = (
        select(Invitation.id, Client.contact_channel, Client.phone, Client.email)
        .join(Client, Client.id == Invitation.client_id)
        .where(_in_wave(wave))
    )
    return [Reachable._make(row) for row in session.execute(statement)]


def invitations_that_left(
    session: Session, round_id: int
) -> list[tuple[bytes, InvitationStatus, LeavingReason | None]]:
    """Return the invitations that may still be written to or answered, whose person the register has no longer."""
    has_help = exists().where(ClientService.client_id == Client.id)
    waiting = (
        InvitationStatus.OPEN,
        InvitationStatus.UNDELIVERABLE,
        InvitationStatus.OPTED_OUT,
        InvitationStatus.REFUSED,
        InvitationStatus.UNABLE,
    )
    statement = (
        select(Invitation.id, Invitation.status, Client.left_reason)
        .join(Client, Client.id == Invitation.client_id)
        .where(Invitation.round_id == round_id, Invitation.status.in_(waiting))
        .where(or_(Client.left_on.is_not(None), ~has_help))
    )
    return [(row[0], row[1], row[2]) for row in session.execute(statement)]


def invitations_that_came_back(
    session: Session, round_id: int, note: str
) -> list[tuple[bytes, InvitationStatus, InvitationStatus]]:
    """Return the invitations that only a check took out, whose person the register has again: what they are, were."""
    gone = (InvitationStatus.DECEASED, InvitationStatus.MOVED, InvitationStatus.NO_LONGER_CLIENT)
    newest = (
        select(func.max(InvitationCorrection.id))
        .where(InvitationCorrection.invitation_id == Invitation.id)
        .correlate(Invitation)
        .scalar_subquery()
    )
    statement = (
        select(Invitation.id, Invitation.status, InvitationCorrection.old_status)
        .join(Client, Client.id == Invitation.client_id)
        .join(InvitationCorrection, InvitationCorrection.id == newest)
        .where(Invitation.round_id == round_id, Invitation.status.in_(gone), Client.left_on.is_(None))
        .where(InvitationCorrection.account_id.is_(None), InvitationCorrection.reason.startswith(note, autoescape=True))
        .where(exists().where(ClientService.client_id == Client.id))
    )
    return [(row[0], row[1], row[2] or InvitationStatus.OPEN) for row in session.execute(statement)]


def protect_invitations(session: Session, round_id: int) -> int:
    """Mark the invitations of people whose identity is protected by now, and return how many. Inside `writing`."""
    protected = select(Client.id).where(Client.protected.is_(True))
    done = session.execute(
        update(Invitation)
        .where(Invitation.round_id == round_id, Invitation.protected.is_(False), Invitation.client_id.in_(protected))
        .values(protected=True)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount if isinstance(done, CursorResult) else 0


def waiting_at_closed_units(session: Session, round_id: int, day: date) -> list[tuple[str, int]]:
    """Return the units that have closed since the reference date, with how many people there have not answered."""
    runs = exists().where(
        UnitPeriod.unit_id == Invitation.unit_id,
        UnitPeriod.valid_from <= day,
        or_(UnitPeriod.valid_to.is_(None), UnitPeriod.valid_to >= day),
    )
    statement = (
        select(RoundUnit.name, func.count())
        .join(Invitation, and_(Invitation.round_id == RoundUnit.round_id, Invitation.unit_id == RoundUnit.unit_id))
        .where(Invitation.round_id == round_id, Invitation.status == InvitationStatus.OPEN, ~runs)
        .group_by(RoundUnit.name)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def register_read_at(session: Session) -> datetime | None:
    """Return when people were last read into the register from a file."""
    read = (ImportBatch.kind == ImportKind.CLIENTS, ImportBatch.state == ImportState.APPLIED)
    return session.scalar(select(func.max(ImportBatch.decided_at)).where(*read))


def waves_of(session: Session, round_id: int) -> list[ContactWave]:
    """Return the waves of a round, by their day."""
    query = select(ContactWave).where(ContactWave.round_id == round_id)
    return list(session.scalars(query.order_by(ContactWave.planned_on, ContactWave.id)))


def waves_in(session: Session, *states: WaveState) -> list[ContactWave]:
    """Return the waves of all rounds that stand so, the oldest first."""
    return list(session.scalars(select(ContactWave).where(ContactWave.state.in_(states)).order_by(ContactWave.id)))


Counts = dict[tuple[ContactChannel, RecipientState], int]


def progress_of(session: Session, wave_ids: Collection[int]) -> dict[int, Counts]:
    """Return how many people on each wave's list stand where, by channel."""
    row = WaveRecipient
    query = select(row.wave_id, row.channel, row.state, func.count()).where(row.wave_id.in_(wave_ids))
    found: dict[int, Counts] = {wave_id: {} for wave_id in wave_ids}
    for wave_id, channel, state, number in session.execute(query.group_by(row.wave_id, row.channel, row.state)):
        found[wave_id][channel, state] = number
    return found


def repeats_of(session: Session, wave_id: int) -> int:
    """Return how many messages of a wave may have come twice."""
    query = select(func.count()).select_from(WaveRecipient).where(WaveRecipient.wave_id == wave_id)
    return session.scalar(query.where(WaveRecipient.repeats > 0)) or 0


class ListedPerson(NamedTuple):
    """A row of a wave's list, as staff read it."""

    recipient: WaveRecipient
    reference: str | None
    name: str | None
    unit_name: str


def _listed(wave_id: int, states: Iterable[RecipientState], *, repeated: bool) -> Select[WaveRecipient, str, str, str]:
    query = (
        select(WaveRecipient, Client.reference, Client.name, RoundUnit.name)
        .join(Invitation, Invitation.id == WaveRecipient.invitation_id)
        .join(RoundUnit, and_(RoundUnit.round_id == Invitation.round_id, RoundUnit.unit_id == Invitation.unit_id))
        .outerjoin(Client, and_(Client.id == Invitation.client_id, Client.protected.is_(False)))
        .where(WaveRecipient.wave_id == wave_id)
    )
    if chosen := tuple(states):
        query = query.where(WaveRecipient.state.in_(chosen))
    return query.where(WaveRecipient.repeats > 0) if repeated else query


def listed_people(
    session: Session, wave_id: int, states: Sequence[RecipientState], *, repeated: bool, page: int, size: int
) -> tuple[list[ListedPerson], int]:
    """Return a page of a wave's list, by unit and reference, and how many rows there are."""
    query = _listed(wave_id, states, repeated=repeated)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.order_by(RoundUnit.name, Client.reference, WaveRecipient.identity)
    rows = session.execute(query.limit(size).offset((page - 1) * size))
    return [ListedPerson._make(row) for row in rows], total


def channels_left(session: Session, wave_id: int) -> dict[ContactChannel, int]:
    """Return how many messages of a wave wait by channel, letters left out."""
    waiting = (RecipientState.WAITING, RecipientState.HANDING)
    query = select(WaveRecipient.channel, func.count()).where(
        WaveRecipient.wave_id == wave_id, WaveRecipient.channel.in_(MESSAGES), WaveRecipient.state.in_(waiting)
    )
    return dict(session.execute(query.group_by(WaveRecipient.channel)).all())
