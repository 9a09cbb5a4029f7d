"""Named queries of a send: what it needs to know before it writes, and what it writes. Made once, of plain columns."""

from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from enkat.records.ballots import Draft, Receipt, SealedBallot
from enkat.records.base import table_of
from enkat.records.invitations import Invitation, InvitationCode
from enkat.records.reading import read_row
from enkat.records.rounds import RoundUnit, SurveyRound

_round = table_of(SurveyRound).c
_invitation = table_of(Invitation).c
_code = table_of(InvitationCode).c
_unit = table_of(RoundUnit).c

_SENDABLE: Select[Any] = (
    select(
        _round.id.label("round_id"),
        _round.state,
        _round.opens_on,
        _round.closes_on,
        _round.public_key,
        _invitation.id.label("invitation_id"),
        _invitation.status,
        _invitation.unit_id,
        _invitation.service,
        _invitation.age_group,
        _invitation.sex,
        _invitation.snapshot_sha256,
        _unit.district_id,
    )
    .join_from(table_of(InvitationCode), table_of(Invitation), _code.invitation_id == _invitation.id)
    .join(table_of(SurveyRound), _invitation.round_id == _round.id)
    .outerjoin(table_of(RoundUnit), (_unit.round_id == _round.id) & (_unit.unit_id == _invitation.unit_id))
    .where(_code.lookup == bindparam("lookup"), _code.live)
)
_BALLOT = insert(table_of(SealedBallot))
_RECEIPT = insert(table_of(Receipt))
_FORGET = delete(table_of(Draft)).where(table_of(Draft).c.id == bindparam("draft_id"))


def sendable(session: Session, round_id: int, lookup: bytes) -> Row[Any] | None:
    """Return what the ballot of a live code says as things are now; None without the code.

    The round's `state`, `opens_on`, `closes_on` and `public_key`; `invitation_id`, `status`, `unit_id`, `service`,
    `age_group`, `sex` and `snapshot_sha256`; the frozen unit's `district_id`, None where the round lacks the unit.
    """
    row = read_row(session, _SENDABLE, {"lookup": lookup})
    return row if row is not None and row.round_id == round_id else None


def put_in_box(
    session: Session, *, round_id: int, ballot_id: bytes, sealed: bytes, draft_id: bytes, receipt: bytes
) -> None:
    """Insert a sealed ballot and its receipt, and forget the code's draft. Inside `writing`."""
    connection = session.connection()
    connection.execute(_BALLOT, {"id": ballot_id, "round_id": round_id, "content": sealed})
    connection.execute(_RECEIPT, {"id": draft_id, "round_id": round_id, "content": receipt})
    connection.execute(_FORGET, {"draft_id": draft_id})
