"""What a send needs to know before it writes, in one statement."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.invitations import Invitation, InvitationCode
from enkat.records.rounds import RoundUnit, SurveyRound


def sendable(session: Session, round_id: int, lookup: bytes) -> tuple[SurveyRound, Invitation, RoundUnit | None] | None:
    """Return the round, the invitation of a live code and its frozen unit as they are now; None without the code."""
    unit = (RoundUnit.round_id == SurveyRound.id) & (RoundUnit.unit_id == Invitation.unit_id)
    statement = (
        select(SurveyRound, Invitation, RoundUnit)
        .join(Invitation, Invitation.round_id == SurveyRound.id)
        .join(InvitationCode, InvitationCode.invitation_id == Invitation.id)
        .outerjoin(RoundUnit, unit)
        .where(SurveyRound.id == round_id, InvitationCode.lookup == lookup, InvitationCode.live)
        .execution_options(populate_existing=True)
    )
    row = session.execute(statement).one_or_none()
    return None if row is None else (row[0], row[1], row[2])
