"""Named queries of respondents' pages: everything a page needs in one row, so that it costs one query."""

from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from enkat.records.ballots import Draft, Receipt
from enkat.records.base import table_of
from enkat.records.invitations import Invitation, InvitationCode
from enkat.records.reading import read_row
from enkat.records.rounds import RoundUnit, SurveyRound

ROUND_FIELDS = (
    "id",
    "short_name",
    "title",
    "state",
    "kind",
    "loose_codes",
    "practice",
    "loose_codes",
    "opens_on",
    "closes_on",
    "languages",
    "faces",
    "staff_may_help",
    "bookable_assistant",
    "phone",
    "phone_hours",
    "urgent_phone",
)
"""What a round tells on the way through its questions."""
PARTICULARS = (
    "responsible_board",
    "frame_source",
    "legal_basis",
    "dpo_contact",
    "registry_number",
    "complaint_phone",
    "complaint_address",
    "results_month",
)
"""What it tells beside and after them."""

_round = table_of(SurveyRound).c
_invitation = table_of(Invitation).c
_code = table_of(InvitationCode).c
_unit = table_of(RoundUnit).c
_draft = table_of(Draft).c
_receipt = table_of(Receipt).c

_ROUND_COLUMNS = tuple(_round[name] for name in ROUND_FIELDS)
_ROUND: Select[Any] = select(*_ROUND_COLUMNS, *(_round[name] for name in PARTICULARS)).where(
    _round.short_name == bindparam("short_name")
)
_PROMISE: Select[Any] = select(_round.promise).where(_round.id == bindparam("round_id"))
_STANDING: Select[Any] = (
    select(
        *_ROUND_COLUMNS,
        _invitation.status,
        _invitation.unit_id,
        _invitation.service,
        _invitation.snapshot_sha256,
        _unit.name.label("unit_name"),
        _draft.version.label("draft_version"),
        _draft.content.label("draft_content"),
    )
    .join_from(table_of(InvitationCode), table_of(Invitation), _code.invitation_id == _invitation.id)
    .join(table_of(SurveyRound), _invitation.round_id == _round.id)
    .outerjoin(table_of(RoundUnit), (_unit.round_id == _round.id) & (_unit.unit_id == _invitation.unit_id))
    .outerjoin(table_of(Draft), _draft.id == bindparam("draft_id"))
    .where(_code.lookup == bindparam("lookup"), _code.live)
)
_ENTRY: Select[Any] = (
    select(
        _round.id,
        _round.state,
        _round.opens_on,
        _round.closes_on,
        _invitation.status,
        _invitation.unit_id,
        _invitation.service,
        _invitation.snapshot_sha256,
        _receipt.id.is_not(None).label("sent_here"),
    )
    .join_from(table_of(InvitationCode), table_of(Invitation), _code.invitation_id == _invitation.id)
    .join(table_of(SurveyRound), _invitation.round_id == _round.id)
    .outerjoin(table_of(Receipt), _receipt.id == bindparam("draft_id"))
    .where(_code.lookup == bindparam("lookup"), _code.live)
)
_COST: Select[Any] = select(_round.scrypt_log2_n).where(_round.id == bindparam("round_id"))
# Made once, of plain columns: building and mapping a statement costs more than running it. Each table is found by its
# primary key, from the code on: a condition on the round would tempt a planner without statistics to read all of it.


def round_row(session: Session, short_name: str) -> Row[Any] | None:
    """Return `ROUND_FIELDS` and `PARTICULARS` of the round with a short name."""
    return read_row(session, _ROUND, {"short_name": short_name})


def promise_of_round(session: Session, round_id: int) -> dict[str, Any]:
    """Return a round's frozen promise; empty before it is frozen. Long, so only pages that show it read it."""
    row = read_row(session, _PROMISE, {"round_id": round_id})
    return row.promise or {} if row else {}


def standing_row(session: Session, round_id: int, lookup: bytes, draft_id: bytes) -> Row[Any] | None:
    """Return where a live code of a round stands: the round, the invitation and the draft, if there is one.

    The row has `ROUND_FIELDS`, the invitation's `status`, `unit_id`, `service` and `snapshot_sha256`, the `unit_name`,
    and `draft_version` and `draft_content`, both None without a draft.
    """
    row = read_row(session, _STANDING, {"lookup": lookup, "draft_id": draft_id})
    return row if row is not None and row.id == round_id else None


def cost_row(session: Session, round_id: int) -> Row[Any] | None:
    """Return what trying a code of a round costs, `scrypt_log2_n`; None without the round."""
    return read_row(session, _COST, {"round_id": round_id})


def entry_row(session: Session, round_id: int, lookup: bytes, draft_id: bytes) -> Row[Any] | None:
    """Return what a live code of a round opens; None where it is none.

    The round's `state`, `opens_on` and `closes_on`; the invitation's `status`, `unit_id`, `service` and
    `snapshot_sha256`; and `sent_here`: whether this very code sent an answer that can be taken back.
    """
    row = read_row(session, _ENTRY, {"lookup": lookup, "draft_id": draft_id})
    return row if row is not None and row.id == round_id else None
