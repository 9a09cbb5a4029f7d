"""What the city learns of the frame while a round runs: who has died or moved, refuses, or cannot be reached."""

from enkat.clock import today
from enkat.demo.answering import FieldWork
from enkat.demo.staff import account_id
from enkat.records.accounts import Role
from enkat.records.invitations import Invitation, InvitationCorrection, InvitationStatus
from enkat.records.writing import writing

REASONS = {
    InvitationStatus.DECEASED: "Uppgift från folkbokföringen.",
    InvitationStatus.MOVED: "Brevet kom tillbaka: har flyttat från kommunen.",
    InvitationStatus.NO_LONGER_CLIENT: "Insatsen var avslutad före mätdagen.",
    InvitationStatus.UNDELIVERABLE: "Brevet kom tillbaka.",
    InvitationStatus.REFUSED: "Ringde och ville inte svara.",
    InvitationStatus.UNABLE: "Anhörig ringde: kan inte svara.",
}


def correct_frame(work: FieldWork) -> None:
    """Write every known reason why somebody does not answer."""
    statuses = list(InvitationStatus)
    by = account_id(work.session, Role.ROUND_MANAGER)
    with writing(work.session):
        for one in work.asked():
            known = int(work.year.turnout.status[one.place])
            if known < 0:
                continue
            status = statuses[known]
            invitation = work.session.get_one(Invitation, one.invitation_id)
            work.session.add(
                InvitationCorrection(
                    invitation_id=one.invitation_id,
                    corrected_on=today(work.clock),
                    account_id=by,
                    old_status=invitation.status,
                    new_status=status,
                    reason=REASONS[status],
                )
            )
            invitation.status = status
