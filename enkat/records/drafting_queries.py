"""Named queries of saving an answer under way: made once, of plain columns."""

from datetime import date
from typing import Any

from sqlalchemy import Row, Select, bindparam, select, update
from sqlalchemy.orm import Session

from enkat.records.ballots import Draft
from enkat.records.base import table_of
from enkat.records.invitations import MAY_SEND, Invitation, InvitationCode
from enkat.records.reading import read_row
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.upserts import insert_new
from enkat.records.writing import write_once

_round = table_of(SurveyRound).c
_invitation = table_of(Invitation).c
_code = table_of(InvitationCode).c
_draft = table_of(Draft).c

_DRAFT: Select[Any] = select(_draft.round_id, _draft.version, _draft.content).where(_draft.id == bindparam("draft_id"))
_BY_CODE: Select[Any] = (
    select(_round.id, _round.state, _round.opens_on, _round.closes_on, _invitation.status)
    .join_from(table_of(InvitationCode), table_of(Invitation), _code.invitation_id == _invitation.id)
    .join(table_of(SurveyRound), _invitation.round_id == _round.id)
    .where(_code.lookup == bindparam("lookup"), _code.live)
)
_LOCKED = _BY_CODE.with_for_update(read=True, of=table_of(SurveyRound))
_TAKES_ANSWERS = _BY_CODE.where(
    _round.id == bindparam("of_round"),
    _round.state == RoundState.OPEN,
    bindparam("day").between(_round.opens_on, _round.closes_on),
    _invitation.status.in_(MAY_SEND),
)
_OVERWRITE = (
    update(table_of(Draft))
    .where(_draft.id == bindparam("draft_id"), _draft.version == bindparam("old_version"), _TAKES_ANSWERS.exists())
    .values(version=bindparam("new_version"), content=bindparam("new_content"))
)


def draft_row(session: Session, draft_id: bytes) -> Row[Any] | None:
    """Return a draft's `round_id`, `version` and `content`; None without one."""
    return read_row(session, _DRAFT, {"draft_id": draft_id})


def answering_row(session: Session, round_id: int, lookup: bytes) -> Row[Any] | None:
    """Return whether a live code of a round may answer: the round's `state`, `opens_on`, `closes_on`, and the `status`.

    Inside `writing`: on PostgreSQL the round cannot close before the transaction ends.
    """
    row = session.connection().execute(_LOCKED, {"lookup": lookup}).one_or_none()
    return row if row is not None and row.id == round_id else None


def overwrite_draft(
    session: Session, *, round_id: int, lookup: bytes, draft_id: bytes, old_version: int, content: bytes, day: date
) -> bool:
    """Save a draft over the version it was loaded with, durably; tell whether.

    One statement, which also asks whether the code lives, its invitation may send and the round is open on that day.
    A round that closes meanwhile deletes its drafts afterwards, this one among them.
    """
    values = {"of_round": round_id, "lookup": lookup, "day": day, "draft_id": draft_id, "old_version": old_version}
    return write_once(session, _OVERWRITE, values | {"new_version": old_version + 1, "new_content": content}) == 1


def insert_draft(session: Session, *, round_id: int, draft_id: bytes, content: bytes, version: int) -> bool:
    """Insert a code's draft where there is none; tell whether. Inside `writing`."""
    values = {"id": draft_id, "round_id": round_id, "version": version, "content": content}
    return insert_new(session, Draft, values)
