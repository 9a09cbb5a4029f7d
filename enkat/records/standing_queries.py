"""Named queries of respondents' pages: everything a page needs in one row, so that it costs one query."""

from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from enkat.records.ballots import Draft
from enkat.records.invitations import Invitation, InvitationCode
from enkat.records.rounds import RoundUnit, SurveyRound

ROUND_FIELDS = (
    "id",
    "short_name",
    "title",
    "state",
    "practice",
    "opens_on",
    "closes_on",
    "languages",
    "faces",
    "staff_may_help",
    "bookable_assistant",
    "threshold_internal",
    "responsible_board",
    "frame_source",
    "legal_basis",
    "dpo_contact",
    "registry_number",
    "phone",
    "phone_hours",
    "urgent_phone",
    "complaint_phone",
    "complaint_address",
    "results_month",
)
"""What a round tells those who answer."""

_round = SurveyRound.__table__.c
_invitation = Invitation.__table__.c
_code = InvitationCode.__table__.c
_unit = RoundUnit.__table__.c
_draft = Draft.__table__.c

_ROUND_COLUMNS = tuple(_round[name] for name in ROUND_FIELDS)
_ROUND: Select[Any] = select(*_ROUND_COLUMNS).where(_round.short_name == bindparam("short_name"))
_PROMISE = select(_round.promise).where(_round.id == bindparam("round_id"))
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
    .select_from(SurveyRound.__table__)
    .join(Invitation.__table__, _invitation.round_id == _round.id)
    .join(InvitationCode.__table__, _code.invitation_id == _invitation.id)
    .outerjoin(RoundUnit.__table__, (_unit.round_id == _round.id) & (_unit.unit_id == _invitation.unit_id))
    .outerjoin(Draft.__table__, (_draft.id == bindparam("draft_id")) & (_draft.round_id == _round.id))
    .where(_code.lookup == bindparam("lookup"), _code.live, _round.id == bindparam("round_id"))
)
# made once, of plain columns: building and mapping a statement costs more than running it


def round_row(session: Session, short_name: str) -> Row[Any] | None:
    """Return `ROUND_FIELDS` of the round with a short name."""
    return session.connection().execute(_ROUND, {"short_name": short_name}).one_or_none()


def promise_of_round(session: Session, round_id: int) -> dict[str, Any]:
    """Return a round's frozen promise; empty before it is frozen. Long, so only pages that show it read it."""
    found = session.connection().execute(_PROMISE, {"round_id": round_id}).scalar_one_or_none()
    return found or {}


def standing_row(session: Session, round_id: int, lookup: bytes, draft_id: bytes) -> Row[Any] | None:
    """Return where a live code of a round stands: the round, the invitation and the draft, if there is one.

    The row has `ROUND_FIELDS`, the invitation's `status`, `unit_id`, `service` and `snapshot_sha256`, the `unit_name`,
    and `draft_version` and `draft_content`, both None without a draft.
    """
    keys = {"round_id": round_id, "lookup": lookup, "draft_id": draft_id}
    return session.connection().execute(_STANDING, keys).one_or_none()
