"""Named queries about letters: who gets one, which codes a batch made, which files lie about."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CursorResult, Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from enkat.instruments.vocabulary import ServiceType
from enkat.records.clients import Client, ContactChannel
from enkat.records.invitations import CodeKind, Invitation, InvitationCode, InvitationStatus
from enkat.records.letters import BatchState, LetterBatch
from enkat.records.organisations import Unit
from enkat.records.rounds import RoundUnit, SurveyRound
from enkat.records.waves import ContactWave, WaveRecipient


class Recipient(NamedTuple):
    """Who a letter goes to and what it is about; a loose code goes to nobody in particular, so all names are empty."""

    invitation_id: bytes
    name: str
    address: str
    postal_code: str
    town: str
    language: str
    reference: str
    unit_id: int
    unit_name: str
    service: ServiceType
    snapshot_sha256: str
    unit_mark: str
    """The unit's code in the register."""


RECIPIENT_COLUMNS = (
    Invitation.id,
    *(
        func.coalesce(column, "")
        for column in (
            Client.name,
            Client.address,
            Client.postal_code,
            Client.town,
            Client.language,
            Client.reference,
        )
    ),
    Invitation.unit_id,
    RoundUnit.name,
    Invitation.service,
    Invitation.snapshot_sha256,
    Unit.code,
)
UNIT_OF_INVITATION = and_(RoundUnit.round_id == Invitation.round_id, RoundUnit.unit_id == Invitation.unit_id)


def known_lookups(session: Session, lookups: Sequence[bytes]) -> set[bytes]:
    """Return those of the look-up ids that are taken."""
    return set(session.scalars(select(InvitationCode.lookup).where(InvitationCode.lookup.in_(lookups))))


def _recipients(batch: LetterBatch) -> ColumnElement[bool]:
    """Return the condition for the open invitations that a batch writes to; a first letter goes out once."""
    parts: list[ColumnElement[bool]] = [
        Invitation.round_id == batch.round_id,
        Invitation.status == InvitationStatus.OPEN,
        Invitation.protected.is_(False),
    ]
    if batch.unit_id is not None:
        parts.append(Invitation.unit_id == batch.unit_id)
    if batch.district_id is not None:
        parts.append(RoundUnit.district_id == batch.district_id)
    if batch.id is not None:
        parts.append(_on_the_list(batch.id))
    if batch.kind is CodeKind.LETTER:
        written = exists().where(
            InvitationCode.invitation_id == Invitation.id,
            InvitationCode.kind == CodeKind.LETTER,
            InvitationCode.live.is_(True),
            InvitationCode.batch_id.is_not(None),
        )
        parts.append(~written)
    return and_(*parts)


def _on_the_list(batch_id: int) -> ColumnElement[bool]:
    """Return the condition for those on the list of the wave whose letters a batch holds; all where there is none."""
    wave = exists().where(ContactWave.batch_id == batch_id)
    listed = exists().where(
        ContactWave.batch_id == batch_id,
        WaveRecipient.wave_id == ContactWave.id,
        WaveRecipient.invitation_id == Invitation.id,
        WaveRecipient.channel == ContactChannel.LETTER,
    )
    return or_(~wave, listed)


def wave_of_batch(session: Session, batch_id: int) -> ContactWave | None:
    """Return the wave whose letters a batch holds; None for letters ordered by themselves."""
    return session.scalars(select(ContactWave).where(ContactWave.batch_id == batch_id)).one_or_none()


def _addressed(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Join each invitation's person; a loose code has none, and an erased person gets no letter."""
    statement = statement.outerjoin(Client, Client.id == Invitation.client_id)
    statement = statement.join(SurveyRound, SurveyRound.id == Invitation.round_id)
    return statement.where(or_(Client.id.is_not(None), SurveyRound.loose_codes.is_(True)))


def count_recipients(session: Session, batch: LetterBatch) -> int:
    """Return how many letters or slips the batch would hold."""
    statement = select(func.count()).select_from(Invitation).join(RoundUnit, UNIT_OF_INVITATION)
    statement = _addressed(statement).where(_recipients(batch))
    return session.scalar(statement) or 0


def recipients(session: Session, batch: LetterBatch) -> list[Recipient]:
    """Return whom the batch writes to, by unit and postal code; of loose codes the units only."""
    statement = _addressed(
        select(*RECIPIENT_COLUMNS).join(RoundUnit, UNIT_OF_INVITATION).join(Unit, Unit.id == Invitation.unit_id)
    )
    ordered = statement.where(_recipients(batch)).order_by(
        Invitation.unit_id, Client.postal_code, Client.reference, Invitation.id
    )
    return [Recipient._make(row) for row in session.execute(ordered)]


def protected_recipients(session: Session, round_id: int) -> list[Recipient]:
    """Return the open invitations of people with protected identity, by unit and reference."""
    statement = (
        select(*RECIPIENT_COLUMNS)
        .join(RoundUnit, UNIT_OF_INVITATION)
        .join(Unit, Unit.id == Invitation.unit_id)
        .join(Client, Client.id == Invitation.client_id)
        .where(
            Invitation.round_id == round_id,
            Invitation.status == InvitationStatus.OPEN,
            Invitation.protected.is_(True),
        )
        .order_by(Invitation.unit_id, Client.reference)
    )
    return [Recipient._make(row) for row in session.execute(statement)]


def invitations_with_letter(session: Session, invitation_ids: Sequence[bytes]) -> set[bytes]:
    """Return those of the invitations that have a live code from a letter."""
    statement = select(InvitationCode.invitation_id).where(
        InvitationCode.invitation_id.in_(invitation_ids),
        InvitationCode.live.is_(True),
        InvitationCode.batch_id.is_not(None),
    )
    return set(session.scalars(statement))


def drop_codes(session: Session, batch_id: int) -> int:
    """Delete the codes of a batch whose file was never finished: nobody has seen them."""
    done = session.execute(
        delete(InvitationCode).where(InvitationCode.batch_id == batch_id).execution_options(synchronize_session=False)
    )
    return done.rowcount if isinstance(done, CursorResult) else 0


def kill_codes(session: Session, batch_id: int) -> int:
    """Make the codes of a batch dead and return how many."""
    done = session.execute(
        update(InvitationCode)
        .where(InvitationCode.batch_id == batch_id)
        .values(live=False)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount if isinstance(done, CursorResult) else 0


def batches_of(session: Session, round_id: int) -> list[LetterBatch]:
    """Return the batches of a round, the newest first."""
    return list(
        session.scalars(select(LetterBatch).where(LetterBatch.round_id == round_id).order_by(LetterBatch.id.desc()))
    )


def batches_with_file(session: Session) -> list[LetterBatch]:
    """Return every batch whose file still lies in the folder of letters."""
    return list(session.scalars(select(LetterBatch).where(LetterBatch.file_name.is_not(None)).order_by(LetterBatch.id)))


def unfinished_batch(session: Session, batch: LetterBatch) -> LetterBatch | None:
    """Return an ordered batch of the same kind and place that is not made yet."""
    statement = select(LetterBatch).where(
        LetterBatch.round_id == batch.round_id,
        LetterBatch.kind == batch.kind,
        LetterBatch.state == BatchState.ORDERED,
        LetterBatch.id.is_distinct_from(batch.id),
        LetterBatch.unit_id.is_(batch.unit_id) if batch.unit_id is None else LetterBatch.unit_id == batch.unit_id,
    )
    return session.scalars(statement.limit(1)).first()


def release_codes(session: Session, batch_id: int) -> int:
    """Part the codes of a batch from it, alive: their people may be written to again."""
    done = session.execute(
        update(InvitationCode)
        .where(InvitationCode.batch_id == batch_id)
        .values(batch_id=None)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount if isinstance(done, CursorResult) else 0


def batch_of_job(session: Session, job_id: int) -> LetterBatch | None:
    """Return the batch that a job makes."""
    return session.scalars(select(LetterBatch).where(LetterBatch.job_id == job_id).limit(1)).first()


def kill_code(session: Session, lookup: bytes) -> None:
    """Make one code dead."""
    dead = update(InvitationCode).where(InvitationCode.lookup == lookup).values(live=False)
    session.execute(dead.execution_options(synchronize_session=False))


def kill_codes_of(session: Session, invitation_id: bytes) -> int:
    """Make the live codes of one invitation dead and return how many."""
    done = session.execute(
        update(InvitationCode)
        .where(InvitationCode.invitation_id == invitation_id, InvitationCode.live.is_(True))
        .values(live=False)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount if isinstance(done, CursorResult) else 0
