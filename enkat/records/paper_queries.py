"""Named queries about questionnaires on paper."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CursorResult, Row, Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from enkat.records.ballots import Draft, SealedBallot
from enkat.records.base import random_id
from enkat.records.clients import Client
from enkat.records.invitations import MAY_SEND, Invitation, InvitationCode, InvitationStatus
from enkat.records.organisations import Unit
from enkat.records.paper import (
    KeyingCheck,
    PaperBallot,
    PaperBatch,
    PaperBatchState,
    PaperDraft,
    PaperSheet,
    SheetState,
    UncodedSheet,
)
from enkat.records.rounds import RoundState, RoundUnit, SurveyRound


def mark_paper_received(session: Session, invitation_id: bytes) -> bool:
    """Mark that an invitation's questionnaire has come, if it may still send; tell whether. Inside `writing`."""
    return _changed(
        session,
        update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.status.in_(MAY_SEND))
        .values(status=InvitationStatus.PAPER_RECEIVED),
    )


def put_back(session: Session, lookup: bytes, status: InvitationStatus) -> bool:
    """Let the invitation of a code stand as it did before its questionnaire came; tell whether. Inside `writing`."""
    own = select(InvitationCode.invitation_id).where(InvitationCode.lookup == lookup).scalar_subquery()
    return _changed(
        session,
        update(Invitation)
        .where(Invitation.id == own, Invitation.status == InvitationStatus.PAPER_RECEIVED)
        .values(status=status),
    )


def _changed(session: Session, statement: Any) -> bool:
    return _rows(session, statement) == 1


def _rows(session: Session, statement: Any) -> int:
    done = session.execute(statement.execution_options(synchronize_session=False))
    return done.rowcount if isinstance(done, CursorResult) else 0


def rounds_with_paper(session: Session) -> list[SurveyRound]:
    """Return the rounds whose questionnaires are opened and keyed now: open ones, and closed ones not yet counted."""
    statement = select(SurveyRound).where(SurveyRound.state.in_((RoundState.OPEN, RoundState.CLOSED)))
    return list(session.scalars(statement.order_by(SurveyRound.opens_on.desc(), SurveyRound.id.desc())))


def filling_batch(session: Session, round_id: int, account_id: int | None) -> PaperBatch | None:
    """Return the batch that an opener fills."""
    statement = select(PaperBatch).where(
        PaperBatch.round_id == round_id,
        PaperBatch.state == PaperBatchState.FILLING,
        PaperBatch.opener_id == account_id,
    )
    return session.scalars(statement.order_by(PaperBatch.number.desc()).limit(1)).first()


def next_number(session: Session, round_id: int) -> int:
    """Return the number of a round's next batch."""
    return (session.scalar(select(func.max(PaperBatch.number)).where(PaperBatch.round_id == round_id)) or 0) + 1


def find_batch(session: Session, round_id: int, number: int) -> PaperBatch | None:
    """Return a batch by its number."""
    return session.scalar(select(PaperBatch).where(PaperBatch.round_id == round_id, PaperBatch.number == number))


def last_sheet(session: Session, batch_id: int) -> PaperSheet | None:
    """Return the sheet that was put on a batch last."""
    statement = select(PaperSheet).where(PaperSheet.batch_id == batch_id).order_by(PaperSheet.position.desc())
    return session.scalars(statement.limit(1)).first()


def sheet_of(session: Session, lookup: bytes) -> tuple[PaperSheet, PaperBatch] | None:
    """Return the sheet with a code and its batch, as the database has them now."""
    statement = (
        select(PaperSheet, PaperBatch)
        .join(PaperBatch, PaperBatch.id == PaperSheet.batch_id)
        .where(PaperSheet.lookup == lookup)
        .execution_options(populate_existing=True)
    )
    row = session.execute(statement).one_or_none()
    return (row[0], row[1]) if row is not None else None


def locked_batch(session: Session, batch_id: int) -> PaperBatch:
    """Return a batch that nobody else changes before the transaction ends."""
    return session.get_one(PaperBatch, batch_id, with_for_update=True, populate_existing=True)


def places_by_state(session: Session, round_id: int) -> dict[int, dict[SheetState, list[int]]]:
    """Return the places of the sheets of a round's batches, by batch and by where they stand, each in order."""
    rows = session.execute(
        select(PaperSheet.batch_id, PaperSheet.state, PaperSheet.position)
        .join(PaperBatch, PaperBatch.id == PaperSheet.batch_id)
        .where(PaperBatch.round_id == round_id)
        .order_by(PaperSheet.batch_id, PaperSheet.position)
    )
    found: dict[int, dict[SheetState, list[int]]] = {}
    for batch_id, state, position in rows:
        found.setdefault(batch_id, {}).setdefault(state, []).append(position)
    return found


def batches_of_round(session: Session, round_id: int) -> list[PaperBatch]:
    """Return the batches of a round, the newest first."""
    statement = select(PaperBatch).where(PaperBatch.round_id == round_id).order_by(PaperBatch.number.desc())
    return list(session.scalars(statement))


def positions(session: Session, batch_id: int, *states: SheetState) -> list[int]:
    """Return the places in the pile of a batch's sheets that stand so, in order."""
    statement = select(PaperSheet.position).where(PaperSheet.batch_id == batch_id, PaperSheet.state.in_(states))
    return list(session.scalars(statement.order_by(PaperSheet.position)))


def keyed_by(session: Session, batch_id: int, account_id: int) -> set[int]:
    """Return the places in the pile of what an account keyed first."""
    statement = select(PaperSheet.position).where(PaperSheet.batch_id == batch_id, PaperSheet.keyer_id == account_id)
    return set(session.scalars(statement))


def set_states(session: Session, batch_id: int, places: Sequence[int], state: SheetState) -> None:
    """Let sheets of a batch stand so. Inside `writing`."""
    chosen = (PaperSheet.batch_id == batch_id, PaperSheet.position.in_(places))
    _rows(session, update(PaperSheet).where(*chosen).values(state=state))


def draft_content(session: Session, draft_id: bytes, version: int) -> bytes | None:
    """Return what was keyed of a sheet, encrypted; None where nothing was."""
    statement = select(PaperDraft.content).where(PaperDraft.id == draft_id, PaperDraft.version == version)
    return session.scalar(statement)


def forget_drafts(session: Session, draft_id: bytes) -> None:
    """Delete what was keyed of one sheet. Inside `writing`."""
    _rows(session, delete(PaperDraft).where(PaperDraft.id == draft_id))


def forget_web_draft(session: Session, draft_id: bytes) -> None:
    """Delete the answer that the code's holder began on the web. Inside `writing`."""
    _rows(session, delete(Draft).where(Draft.id == draft_id))


def forget_keyed(session: Session, batch_id: int) -> None:
    """Delete all that was keyed of a batch. Inside `writing`."""
    for model in (PaperDraft, PaperBallot):
        _rows(session, delete(model).where(model.batch_id == batch_id))


def key_again(session: Session, batch_id: int) -> None:
    """Let every sheet of a batch stand as just opened. Inside `writing`."""
    fresh = {"state": SheetState.OPENED, "keyer_id": None}
    _rows(session, update(PaperSheet).where(PaperSheet.batch_id == batch_id).values(**fresh))


def _invitations_of(batch_id: int) -> Select[Any]:
    return (
        select(InvitationCode.invitation_id)
        .join(PaperSheet, PaperSheet.lookup == InvitationCode.lookup)
        .where(PaperSheet.batch_id == batch_id)
    )


def units_of_batch(session: Session, batch_id: int) -> list[Row[Any]]:
    """Return the `round_id`, `unit_id` and number `n` of a batch's sheets, by unit."""
    statement = (
        select(Invitation.round_id, Invitation.unit_id, func.count().label("n"))
        .where(Invitation.id.in_(_invitations_of(batch_id)))
        .group_by(Invitation.round_id, Invitation.unit_id)
    )
    return list(session.execute(statement))


def into_the_box(session: Session, batch: PaperBatch) -> tuple[int, int, int]:
    """Move a batch's ballots into the box under fresh ids and mark its invitations sent. Inside `writing`.

    Returns how many sheets, invitations and ballots there were: the three are equal, or something is wrong.
    """
    sheets = session.scalar(select(func.count()).where(PaperSheet.batch_id == batch.id)) or 0
    marked = _rows(
        session,
        update(Invitation)
        .where(Invitation.id.in_(_invitations_of(batch.id)), Invitation.status == InvitationStatus.PAPER_RECEIVED)
        .values(status=InvitationStatus.SENT),
    )
    sealed = session.scalars(select(PaperBallot.content).where(PaperBallot.batch_id == batch.id)).all()
    if sealed:
        rows = [{"id": random_id(), "round_id": batch.round_id, "content": content} for content in sealed]
        session.execute(insert(SealedBallot), rows)
    forget_keyed(session, batch.id)
    _rows(session, delete(PaperSheet).where(PaperSheet.batch_id == batch.id))
    return sheets, marked, len(sealed)


def waiting_batches(session: Session, round_id: int) -> int:
    """Return how many batches of a round hold sheets that are not accepted."""
    statement = (
        select(func.count(PaperBatch.id.distinct()))
        .join(PaperSheet, PaperSheet.batch_id == PaperBatch.id)
        .where(PaperBatch.round_id == round_id)
    )
    return session.scalar(statement) or 0


def checks_of_round(session: Session, round_id: int) -> tuple[int, int]:
    """Return how many fields of a round's accepted batches were keyed twice, and how many were wrong the first time."""
    statement = (
        select(func.sum(KeyingCheck.fields), func.sum(KeyingCheck.errors))
        .join(PaperBatch, (PaperBatch.id == KeyingCheck.batch_id) & (PaperBatch.attempt == KeyingCheck.attempt))
        .where(PaperBatch.round_id == round_id, PaperBatch.state == PaperBatchState.ACCEPTED)
    )
    fields, errors = session.execute(statement).one()
    return fields or 0, errors or 0


def uncoded_sheets(session: Session, round_id: int) -> list[Row[Any]]:
    """Return the `unit_id`, `code`, `name` and number `n` of sheets without a code, by unit."""
    statement = (
        select(UncodedSheet.unit_id, Unit.code, RoundUnit.name, UncodedSheet.n)
        .join(Unit, Unit.id == UncodedSheet.unit_id)
        .join(RoundUnit, (RoundUnit.round_id == UncodedSheet.round_id) & (RoundUnit.unit_id == UncodedSheet.unit_id))
        .where(UncodedSheet.round_id == round_id, UncodedSheet.n > 0)
        .order_by(Unit.code)
    )
    return list(session.execute(statement))


def register_language(session: Session, lookup: bytes) -> str | None:
    """Return the language that the register has for the person with a code; None where the register is erased."""
    statement = (
        select(Client.language)
        .join(Invitation, Invitation.client_id == Client.id)
        .join(InvitationCode, InvitationCode.invitation_id == Invitation.id)
        .where(InvitationCode.lookup == lookup)
    )
    return session.scalar(statement)
