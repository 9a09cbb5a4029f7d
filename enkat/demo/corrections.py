"""What the city learns of the frame while a round runs: who has died or moved, refuses, or cannot be reached."""

from enkat.demo.answering import FieldWork
from enkat.demo.staff import account_id
from enkat.records.accounts import Role
from enkat.records.invitations import InvitationStatus
from enkat.records.writing import writing
from enkat.services.rounds.correcting import correct_invitation

REASONS = {
    InvitationStatus.DECEASED: "Uppgift från folkbokföringen.",
    InvitationStatus.MOVED: "Brevet kom tillbaka: har flyttat från kommunen.",
    InvitationStatus.NO_LONGER_CLIENT: "Insatsen var avslutad före mätdagen.",
    InvitationStatus.UNDELIVERABLE: "Brevet kom tillbaka.",
    InvitationStatus.REFUSED: "Ringde och ville inte svara.",
    InvitationStatus.UNABLE: "Anhörig ringde: kan inte svara.",
}
TOGETHER = 100
"""Corrections in one write; by hand each is a transaction of its own."""


def correct_frame(work: FieldWork) -> int:
    """Write every known reason why somebody does not answer, and return how many there were."""
    statuses = list(InvitationStatus)
    by = account_id(work.session, Role.ROUND_MANAGER)
    known = [(one, int(work.year.turnout.status[one.place])) for one in work.asked()]
    reasons = [(one.invitation_id, statuses[status]) for one, status in known if status >= 0]
    for start in range(0, len(reasons), TOGETHER):
        with writing(work.session):
            for invitation_id, status in reasons[start : start + TOGETHER]:
                correct_invitation(
                    work.session,
                    work.clock,
                    invitation_id,
                    new_status=status,
                    reason=REASONS[status],
                    account_id=by,
                )
    return len(reasons)
