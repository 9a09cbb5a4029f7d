"""Links that let an invited person choose a password: random, kept as a digest, valid for a week, used once."""

import hashlib
import secrets as tokens
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.accounts import Account, AccountState
from enkat.records.writing import writing
from enkat.services.faults import NotFoundFault
from enkat.settings import Settings

LINK = "{link}"
VALID_DAYS = 7


def digest_of(token: str) -> bytes:
    """Return what the database keeps of a link's token."""
    return hashlib.sha256(token.encode()).digest()


def make_link(session: Session, clock: Clock, settings: Settings, account_id: int) -> str:
    """Return a fresh link for an invited account; an earlier one ends.

    Raises
    ------
    NotFoundFault
        If the account waits for no invitation any longer.
    """
    token = tokens.token_urlsafe(32)
    with writing(session):
        account = session.get(Account, account_id)
        if account is None or account.state is not AccountState.INVITED:
            raise NotFoundFault("Kontot väntar inte på någon inbjudan.")
        account.invitation_digest = digest_of(token)
        account.invitation_expires_at = clock() + timedelta(days=VALID_DAYS)
    return f"{settings.public_url.rstrip('/')}/stad/inbjudan/{token}"


def account_of(session: Session, token: str) -> Account:
    """Return the invited account of a link, expired or not.

    Raises
    ------
    NotFoundFault
        If the link was used, replaced or never made.
    """
    query = select(Account).where(Account.invitation_digest == digest_of(token))
    account = session.scalars(query).one_or_none()
    if account is None or account.state is not AccountState.INVITED:
        raise NotFoundFault(
            "Länken gäller inte längre. Har du redan valt lösenord? Logga in. Annars ber du en administratör om en ny."
        )
    return account


def has_expired(account: Account, clock: Clock) -> bool:
    """Whether an invited account's link is too old."""
    return account.invitation_expires_at is None or account.invitation_expires_at <= clock()
