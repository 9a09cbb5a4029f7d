"""Inviting people: a message with a link, and the password chosen through it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.accounts import Account, AccountState
from enkat.records.outbox import MessageState, OutboxMessage
from enkat.records.writing import writing
from enkat.services.accounts import invitation_links, passwords
from enkat.services.audit.recording import record
from enkat.services.faults import Fault
from enkat.services.messages.queueing import queue_message
from enkat.settings import Settings

SUBJECT = "Ditt konto i enkat"
BODY = """Hej {name}!

Du har fått ett konto i enkat, där {city} sköter sin brukarundersökning.
Öppna länken och välj ett lösenord. Länken gäller i {days} dagar och kan användas en gång.

{link}

Väntade du dig inte det här? Då kan du bortse från mejlet.
"""


def send_invitation(session: Session, clock: Clock, settings: Settings, account: Account) -> None:
    """Queue an invitation to an account; the link is made as the message is handed over."""
    body = BODY.format(
        name=account.name, city=settings.city_name, days=invitation_links.VALID_DAYS, link=invitation_links.LINK
    )
    queue_message(session, clock, recipient=account.email, subject=SUBJECT, body=body, account_id=account.id)


def send_again(session: Session, clock: Clock, settings: Settings, token: str) -> None:
    """Send a new link to the address of an expired one; a message that waits already is enough."""
    account = invitation_links.account_of(session, token)
    if not invitation_links.has_expired(account, clock):
        raise Fault("Länken gäller fortfarande. Välj ett lösenord.")
    waits = select(OutboxMessage.id).where(
        OutboxMessage.account_id == account.id, OutboxMessage.state == MessageState.WAITING
    )
    if session.scalars(waits).first() is None:
        with writing(session):
            send_invitation(session, clock, settings, account)
            record(session, clock, account_id=None, action="account.invited_again", subject=f"account:{account.id}")


def accept(session: Session, clock: Clock, token: str, password: str) -> Account:
    """Set the password of an invited account and open it.

    Raises
    ------
    Fault
        If the link is used or too old, or the password easy to guess.
    """
    account = invitation_links.account_of(session, token)
    if invitation_links.has_expired(account, clock):
        raise Fault("Länken har gått ut. Be om en ny.")
    passwords.require_good_password(password, name=account.name, email=account.email)
    password_hash = passwords.hash_password(password)
    with writing(session):
        account = invitation_links.account_of(session, token)
        account.password_hash = password_hash
        account.invitation_digest = None
        account.invitation_expires_at = None
        account.state = AccountState.ACTIVE
        record(session, clock, account_id=account.id, action="account.opened", subject=f"account:{account.id}")
    return account
