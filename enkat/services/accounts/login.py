"""Logging in: password, then second factor. Every try that fails is slowed down and told in the same words."""

import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.accounts import Account, AccountState, StaffSession
from enkat.records.writing import writing
from enkat.services.accounts import passwords, second_factor, sessions, throttling
from enkat.services.audit.recording import record
from enkat.services.faults import Fault
from enkat.settings import Secrets

WRONG = "E-postadressen eller lösenordet stämmer inte. Kontrollera stavningen och försök igen."
WRONG_CODE = "Koden stämmer inte. Vänta tills appen visar en ny kod, eller använd en reservkod."


def normal_email(typed: str) -> str:
    """Return an e-mail address in the form that accounts are kept under."""
    return typed.strip().casefold()


def log_in(
    session: Session,
    clock: Clock,
    secrets: Secrets,
    *,
    email: str,
    password: str,
    address: str,
    pause: throttling.Pause = time.sleep,
) -> str:
    """Check e-mail address and password; return the token of a login that still lacks its second factor.

    Raises
    ------
    Fault
        If they do not fit, or the account is closed: the same sentence after the same work.
    BusyFault
        If many who failed wait already.
    """
    email = normal_email(email)
    throttling.wait_turn(session, clock, secrets, address=address, email=email, pause=pause)
    account = session.scalars(select(Account).where(Account.email == email)).one_or_none()
    right = passwords.matches(account.password_hash if account else None, password)
    if account is None or not right or account.state is not AccountState.ACTIVE:
        throttling.note_failure(session, clock, secrets, address=address, email=email)
        subject = f"account:{account.id}" if account else "account:unknown"
        record(session, clock, account_id=None, action="login.failed", subject=subject)
        raise Fault(WRONG, "password")
    if account.password_hash and passwords.needs_new_hash(account.password_hash):
        with writing(session):
            account.password_hash = passwords.hash_password(password)
    return sessions.start_session(session, clock, account, second_factor=False)


def give_second_factor(
    session: Session,
    clock: Clock,
    secrets: Secrets,
    login: StaffSession,
    *,
    typed: str,
    address: str,
    recovery: bool = False,
    pause: throttling.Pause = time.sleep,
) -> str:
    """Check the one-time code (or a recovery code) of a login and return the token of a new, full one.

    Raises
    ------
    Fault
        If the code is wrong or was used before.
    """
    account = login.account
    throttling.wait_turn(session, clock, secrets, address=address, email=account.email, pause=pause)
    if recovery:
        right = second_factor.use_recovery_code(session, account, typed)
    else:
        right = second_factor.check_code(session, clock, secrets, account, typed)
    if not right:
        throttling.note_failure(session, clock, secrets, address=address, email=account.email)
        record(session, clock, account_id=None, action="login.code_failed", subject=f"account:{account.id}")
        raise Fault("Reservkoden stämmer inte, eller är redan använd." if recovery else WRONG_CODE, "code")
    return complete(session, clock, login, how="recovery_code" if recovery else "totp")


def complete(session: Session, clock: Clock, login: StaffSession, *, how: str) -> str:
    """Replace a login by one with a second factor under a new token, and return the token."""
    with writing(session):
        account = login.account
        session.delete(login)
        token = sessions.start_session(session, clock, account, second_factor=True, how=how)
        record(
            session,
            clock,
            account_id=account.id,
            action="login.succeeded",
            subject=f"account:{account.id}",
            details={"second_factor": how},
        )
    return token
