"""No more reminders: a choice of who holds a code, apart from refusing, and without answering. No moment is kept."""

from sqlalchemy.orm import Session

from enkat.ballots.derivation import CodeKeys
from enkat.clock import Clock
from enkat.records.invitations import InvitationStatus, find_by_code, set_status
from enkat.records.writing import writing
from enkat.services.ballots.code_entry import CodeRefused
from enkat.services.ballots.rounds import lock_round, require_open

REMINDED = InvitationStatus.OPEN
SPARED = InvitationStatus.OPTED_OUT


def is_reminded(session: Session, *, round_id: int, keys: CodeKeys) -> bool:
    """Whether the code's person may still be reminded.

    Raises
    ------
    CodeRefused
        If the code is no longer live in the round.
    """
    invitation = find_by_code(session, round_id, keys.lookup)
    if invitation is None:
        raise CodeRefused("Koden gäller inte längre. Ring oss, så hjälper vi dig.")
    return invitation.status is REMINDED


def choose_reminders(session: Session, clock: Clock, *, round_id: int, keys: CodeKeys, wanted: bool) -> None:
    """Spare the code's person further reminders, or ask for them again; what else the invitation says stays.

    Raises
    ------
    CodeRefused
        If the code is no longer live in the round.
    RoundClosedFault
        If the round takes no answers, so that nobody is reminded anyway.
    """
    old, new = (SPARED, REMINDED) if wanted else (REMINDED, SPARED)
    with writing(session):
        require_open(lock_round(session, round_id), clock)
        invitation = find_by_code(session, round_id, keys.lookup)
        if invitation is None:
            raise CodeRefused("Koden gäller inte längre. Ring oss, så hjälper vi dig.")
        set_status(session, invitation.id, old, new)
