"""People of the demo city who have called and wish to be asked, by telephone or at home."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import today
from enkat.demo.place import MovingClock
from enkat.demo.staff import account_id
from enkat.languages import by_swedish_name
from enkat.records.accounts import Role
from enkat.records.calls import Wish
from enkat.records.clients import Client
from enkat.records.invitations import Invitation, InvitationStatus
from enkat.services.interviews.booking import Agreed, book
from enkat.services.interviews.profiles import set_profile

CALLS, VISITS = 6, 3


def book_some(session: Session, clock: MovingClock, round_id: int) -> int:
    """Note where those who ask work, book a few people of the open round, and return how many."""
    administrator, manager = account_id(session, Role.ADMINISTRATOR), account_id(session, Role.ROUND_MANAGER)
    for role, organisation in ((Role.INTERVIEWER, "Äldreförvaltningen"), (Role.ASSISTANT, "Frågehjälpen")):
        asker = account_id(session, role)
        set_profile(session, clock, asker, organisation=organisation, provider_id=None, by=administrator)
    open_ones = (
        select(Invitation.id, Client.language)
        .join(Client, Client.id == Invitation.client_id)
        .where(Invitation.round_id == round_id, Invitation.status == InvitationStatus.OPEN)
        .where(Invitation.protected.is_(False))
        .order_by(Client.reference)
        .limit(CALLS + VISITS)
    )
    assistant = account_id(session, Role.ASSISTANT)
    rows = session.execute(open_ones).all()
    for number, (invitation_id, language) in enumerate(rows):
        spoken = by_swedish_name(language)
        visit = number >= CALLS
        agreed = Agreed(
            wish=Wish.VISIT if visit else Wish.PHONE,
            language=spoken.code if spoken else "sv",
            call_on=today(clock) if number % 2 else None,
            call_from="09:00" if number % 2 else "",
            interviewer_id=assistant if visit else None,
        )
        book(session, clock, invitation_id, agreed, account_id=manager)
    return len(rows)
