"""Logins that the server keeps and can end; the browser holds a random token, the database its digest."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.accounts import Account, AccountState, StaffSession
from enkat.records.writing import writing
from enkat.services.accounts.rights import Actor, Grant
from enkat.settings import Settings

TOUCH_SECONDS = 60
HALF_LOGIN_MINUTES = 15
"""How long a login may wait for its second factor."""


def digest_of(token: str) -> bytes:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


def start_session(session: Session, clock: Clock, account: Account, *, second_factor: bool, how: str = "") -> str:
    """Start a login and return the token for the cookie; `how` names the second factor."""
    token = secrets.token_urlsafe(32)
    now = clock()
    with writing(session):
        session.add(
            StaffSession(
                digest=digest_of(token),
                account_id=account.id,
                created_at=now,
                last_seen_at=now,
                second_factor_at=now if second_factor else None,
                how=how,
            )
        )
    return token


def find_session(session: Session, clock: Clock, settings: Settings, token: str) -> StaffSession | None:
    """Return the living login of a token, or None when it is unknown, idle too long, too old or closed."""
    login = session.get(StaffSession, digest_of(token))
    if login is None or login.account.state is not AccountState.ACTIVE:
        return None
    now = clock()
    if now - login.last_seen_at > timedelta(minutes=settings.session_idle_minutes):
        return None
    if now - login.created_at > timedelta(hours=settings.session_absolute_hours):
        return None
    if login.second_factor_at is None and now - login.created_at > timedelta(minutes=HALF_LOGIN_MINUTES):
        return None
    if (now - login.last_seen_at).total_seconds() > TOUCH_SECONDS:
        with writing(session):
            login.last_seen_at = now
    return login


def actor_of(account: Account) -> Actor:
    """Return the account as rights see it."""
    grants = tuple(
        Grant(grant.role, grant.scope_kind, grant.scope_id) for grant in account.roles if grant.revoked_at is None
    )
    return Actor(account.id, account.name, account.email, grants)


def end_session(session: Session, token: str) -> None:
    """End one login."""
    with writing(session):
        session.execute(delete(StaffSession).where(StaffSession.digest == digest_of(token)))


def end_all_sessions(session: Session, account_id: int) -> int:
    """End every login of an account and return how many there were."""
    with writing(session):
        digests = session.scalars(select(StaffSession.digest).where(StaffSession.account_id == account_id)).all()
        session.execute(delete(StaffSession).where(StaffSession.account_id == account_id))
    return len(digests)


def sessions_of(session: Session, clock: Clock, settings: Settings, account_id: int) -> list[StaffSession]:
    """Return an account's living logins, the newest first."""
    now = clock()
    query = (
        select(StaffSession)
        .where(
            StaffSession.account_id == account_id,
            StaffSession.second_factor_at.is_not(None),
            StaffSession.last_seen_at >= now - timedelta(minutes=settings.session_idle_minutes),
            StaffSession.created_at >= now - timedelta(hours=settings.session_absolute_hours),
        )
        .order_by(StaffSession.created_at.desc())
    )
    return list(session.scalars(query))


def end_own_session(session: Session, account_id: int, mark: str) -> bool:
    """End one of an account's logins, named by `mark_of`; False when it is gone already."""
    with writing(session):
        logins = session.scalars(select(StaffSession).where(StaffSession.account_id == account_id))
        found = next((login for login in logins if mark_of(login) == mark), None)
        if found is not None:
            session.delete(found)
    return found is not None


def mark_of(login: StaffSession) -> str:
    """Return a name for a login that says nothing about its token."""
    return hashlib.sha256(b"mark" + login.digest).hexdigest()[:16]


def end_other_sessions(session: Session, account_id: int, token: str) -> None:
    """End every login of an account but the one with this token."""
    others = (StaffSession.account_id == account_id) & (StaffSession.digest != digest_of(token))
    with writing(session):
        session.execute(delete(StaffSession).where(others))


def clear_old_sessions(session: Session, clock: Clock, settings: Settings) -> int:
    """Erase logins that have ended by age or idleness and return how many; called by `enkat tick`."""
    now = clock()
    old = (StaffSession.created_at < now - timedelta(hours=settings.session_absolute_hours)) | (
        StaffSession.last_seen_at < now - timedelta(minutes=settings.session_idle_minutes)
    )
    ended = list(session.scalars(select(StaffSession.digest).where(old)))
    if ended:
        with writing(session):
            session.execute(delete(StaffSession).where(old))
    return len(ended)
