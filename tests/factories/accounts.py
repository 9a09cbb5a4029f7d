"""Members of staff for tests, and clients that are logged in as them."""

from itertools import count

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.accounts import Account, AccountState, Role, RoleGrant, ScopeKind
from enkat.records.writing import writing
from enkat.services.accounts import passwords
from enkat.services.accounts.rights import Actor, scope_of
from enkat.services.accounts.sessions import actor_of, start_session
from enkat.web.security import cookie_name
from enkat.web.shared.login import COOKIE

PASSWORD = "gul cykel dansar sakta"
_numbers = count(1)
passwords.use_hasher(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def make_account(
    session: Session,
    clock: Clock,
    *roles: Role,
    district_id: int | None = None,
    name: str = "",
    email: str = "",
    state: AccountState = AccountState.ACTIVE,
) -> Account:
    """Make an account that holds roles in the city, or in one district."""
    number = next(_numbers)
    scope = ScopeKind.CITY if district_id is None else ScopeKind.DISTRICT
    account = Account(
        email=email or f"person{number}@staden.example",
        name=name or f"Person {number}",
        password_hash=passwords.hash_password(PASSWORD),
        totp_confirmed=True,
        state=state,
        created_at=clock(),
    )
    with writing(session):
        session.add(account)
        session.flush()
        session.add_all(
            RoleGrant(account_id=account.id, role=role, scope_kind=scope, scope_id=district_id, granted_at=clock())
            for role in roles
        )
    return account


def make_account_of(
    session: Session, clock: Clock, role: Role, scope_id: int, *, name: str = "", email: str = ""
) -> Account:
    """Make an account that holds a role in the place that the role is given for."""
    account = make_account(session, clock, name=name, email=email)
    grant = RoleGrant(
        account_id=account.id, role=role, scope_kind=scope_of(role), scope_id=scope_id, granted_at=clock()
    )
    with writing(session):
        session.add(grant)
    return account


def make_actor(session: Session, clock: Clock, *roles: Role, district_id: int | None = None) -> Actor:
    """Make an account and return it as rights see it."""
    return actor_of(make_account(session, clock, *roles, district_id=district_id))


def log_in_as(app: Flask, session: Session, clock: Clock, account: Account) -> FlaskClient:
    """Return a client whose browser carries a full login of the account."""
    token = start_session(session, clock, account, second_factor=True)
    client = app.test_client()
    with app.test_request_context():
        name = cookie_name(COOKIE)
    client.set_cookie(name, token, domain="localhost", secure=name.startswith("__Host-"))
    return client


def staff_client(app: Flask, session: Session, clock: Clock, *roles: Role) -> FlaskClient:
    """Make an account with roles and return a client that is logged in as it."""
    return log_in_as(app, session, clock, make_account(session, clock, *roles))
