"""Named statements of a wave's hand-over: the lease, the row on its way, and what became of it. Inside `writing`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import CursorResult, UpdateBase, and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from enkat.records.clients import Client, ContactChannel
from enkat.records.invitations import CodeKind, Invitation, InvitationCode, InvitationStatus
from enkat.records.waves import ContactWave, RecipientState, WaveRecipient, WaveState


class Due(NamedTuple):
    """A message whose turn has come, with what its hand-over needs to know of the person now."""

    identity: bytes
    invitation_id: bytes
    attempts: int
    status: InvitationStatus
    protected: bool
    language: str | None
    phone: str | None
    email: str | None
    hidden: bool | None
    """Whether the register says that the identity is protected."""


def _changed(session: Session, statement: UpdateBase) -> int:
    done = session.execute(statement.execution_options(synchronize_session=False))
    return done.rowcount if isinstance(done, CursorResult) else 0


def take_wave(session: Session, wave_id: int, worker: str, now: datetime, until: datetime) -> bool:
    """Take a wave that is being sent and that no living worker has; tell whether."""
    free = or_(ContactWave.worker.is_(None), ContactWave.leased_until < now)
    rested = or_(ContactWave.next_attempt_at.is_(None), ContactWave.next_attempt_at <= now)
    mine = (ContactWave.id == wave_id, ContactWave.state == WaveState.SENDING, free, rested)
    return _changed(session, update(ContactWave).where(*mine).values(worker=worker, leased_until=until)) == 1


def keep_wave(session: Session, wave_id: int, worker: str, until: datetime) -> bool:
    """Renew the lease; False when the wave was called off or another worker has it."""
    mine = (ContactWave.id == wave_id, ContactWave.state == WaveState.SENDING, ContactWave.worker == worker)
    return _changed(session, update(ContactWave).where(*mine).values(leased_until=until)) == 1


def leave_wave(session: Session, wave_id: int, worker: str, **values: Any) -> bool:
    """Give a wave back, with what the next worker or a reader has to know; False when it is not this worker's."""
    given = {"worker": None, "leased_until": None, **values}
    mine = (ContactWave.id == wave_id, ContactWave.worker == worker)
    return _changed(session, update(ContactWave).where(*mine).values(**given)) == 1


def tidy_after_a_broken_run(session: Session, wave_id: int) -> int:
    """Put back what a killed run had taken, and return how many messages may have left twice.

    What was on its way may have arrived, so its code lives; what was only prepared has codes nobody ever saw: they go.
    """
    row = WaveRecipient
    on_its_way = and_(row.wave_id == wave_id, row.state == RecipientState.HANDING)
    prepared = and_(row.wave_id == wave_id, row.state == RecipientState.WAITING, row.lookup.is_not(None))
    again = {"state": RecipientState.WAITING, "repeats": row.repeats + 1, "lookup": None}
    repeated = _changed(session, update(row).where(on_its_way).values(**again))
    lookups = list(session.scalars(select(row.lookup).where(prepared)))
    if lookups:
        _changed(session, delete(InvitationCode).where(InvitationCode.lookup.in_(lookups)))
        _changed(session, update(row).where(prepared).values(lookup=None))
    return repeated


def due_messages(session: Session, wave_id: int, channel: ContactChannel, now: datetime, limit: int) -> list[Due]:
    """Return messages of a channel whose turn has come."""
    row = WaveRecipient
    turn = or_(row.next_attempt_at.is_(None), row.next_attempt_at <= now)
    statement = (
        select(
            row.identity,
            row.invitation_id,
            row.attempts,
            Invitation.status,
            Invitation.protected,
            Client.language,
            Client.phone,
            Client.email,
            Client.protected,
        )
        .join(Invitation, Invitation.id == row.invitation_id)
        .outerjoin(Client, Client.id == Invitation.client_id)
        .where(row.wave_id == wave_id, row.channel == channel, row.state == RecipientState.WAITING, turn)
        .limit(limit)
    )
    return [Due._make(one) for one in session.execute(statement)]


def prepare_codes(session: Session, kind: CodeKind, made: Sequence[tuple[bytes, bytes, bytes]]) -> None:
    """Write codes by (identity, invitation, look-up id) before their messages leave the house."""
    codes = [
        {"lookup": lookup, "invitation_id": invitation_id, "kind": kind, "live": True, "batch_id": None}
        for _, invitation_id, lookup in made
    ]
    session.execute(insert(InvitationCode), codes)
    session.execute(
        update(WaveRecipient),
        [{"identity": identity, "lookup": lookup} for identity, _, lookup in made],
        execution_options={"synchronize_session": False},
    )


def set_row(session: Session, identity: bytes, **values: Any) -> None:
    """Change one row of a list."""
    _changed(session, update(WaveRecipient).where(WaveRecipient.identity == identity).values(**values))


def forget_code(session: Session, lookup: bytes) -> None:
    """Delete a code whose message certainly never left the house."""
    _changed(session, delete(InvitationCode).where(InvitationCode.lookup == lookup))


def settle_letters(session: Session, wave_id: int, state: RecipientState, fault: str) -> None:
    """Say what became of the letters of a wave that are not settled yet."""
    row = WaveRecipient
    waiting = (row.wave_id == wave_id, row.channel == ContactChannel.LETTER, row.state == RecipientState.WAITING)
    _changed(session, update(row).where(*waiting).values(state=state, fault=fault))
