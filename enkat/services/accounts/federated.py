"""Logging in by the city's own login service: the person's claims lead to an account and bring its roles."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.accounts import Account, AccountState, FederatedIdentity, RoleGrant
from enkat.records.writing import writing
from enkat.services.accounts import sessions
from enkat.services.accounts.invitation_links import account_of, has_expired
from enkat.services.accounts.login import normal_email
from enkat.services.accounts.login_service import LoginService
from enkat.services.accounts.rights import Grant, scope_of
from enkat.services.accounts.scopes import place_id
from enkat.services.audit.recording import record
from enkat.services.faults import ConflictFault, Fault

HOW = "login_service"
"""How a login came about, as the session and the log have it."""


@dataclass(frozen=True)
class Vouched:
    """A person as the login service vouches for them; `claims` are those of its verified token."""

    service: LoginService
    claims: dict[str, Any]

    @property
    def person(self) -> str:
        """The name by which the service knows the person."""
        person = self.service.person_of(self.claims)
        if not person:
            wanted = " eller ".join(self.service.person)
            raise Fault(f"{self.service.name} sade inte vem du är. Be den som sköter tjänsten om {wanted}.")
        return person

    @property
    def email(self) -> str:
        """The person's address, as accounts are kept under it."""
        email = normal_email(str(self.claims.get("email") or ""))
        if not email:
            raise Fault(f"{self.service.name} lämnade ingen e-postadress. Be den som sköter tjänsten att lämna email.")
        return email


def log_in_by_claims(session: Session, clock: Clock, vouched: Vouched) -> str:
    """Return the token of a full login for the person that the service vouches for.

    Somebody unknown gets an account if the claims give a role; the roles that claims gave are brought up to date.

    Raises
    ------
    Fault
        If nothing names the person, the account is closed, there is no role, or a role's district does not exist.
    """
    with writing(session):
        account = _account(session, vouched)
        grants = _grants(session, vouched)
        if account is None:
            account = _new_account(session, clock, vouched, grants)
        elif account.state is AccountState.CLOSED:
            raise Fault("Kontot är stängt. Be en administratör öppna det igen.")
        _bring_up_to_date(session, clock, account, grants)
        if not sessions.actor_of(account).grants:
            raise Fault("Inloggningen fungerade, men du har ingen roll här. Be en administratör om en.")
        token = sessions.start_session(session, clock, account, second_factor=True, how=HOW)
        subject = f"account:{account.id}"
        details = {"second_factor": HOW, "issuer": vouched.service.issuer}
        record(session, clock, account_id=account.id, action="login.succeeded", subject=subject, details=details)
    return token


def accept_invitation(session: Session, clock: Clock, vouched: Vouched, invitation: str) -> None:
    """Open an invited account with the login service instead of a password.

    Raises
    ------
    Fault
        If the invitation has expired, or the person already has an account.
    """
    account = account_of(session, invitation)
    if has_expired(account, clock):
        raise Fault("Länken har gått ut. Be om en ny.")
    with writing(session):
        couple(session, clock, vouched, account)
        account.state = AccountState.ACTIVE
        account.invitation_digest = None
        account.invitation_expires_at = None
        record(session, clock, account_id=account.id, action="account.opened", subject=f"account:{account.id}")


def couple(session: Session, clock: Clock, vouched: Vouched, account: Account) -> None:
    """Let an account log in by the service from now on."""
    with writing(session):
        held = _account(session, vouched)
        if held is not None:
            whose = "ditt konto" if held.id == account.id else "ett annat konto"
            raise ConflictFault(f"Inloggningen hör redan till {whose}.")
        session.add(_identity(vouched, account, clock))
        record(session, clock, account_id=account.id, action="account.coupled", subject=f"account:{account.id}")


def is_coupled(session: Session, service: LoginService, account_id: int) -> bool:
    """Whether an account logs in by the service."""
    query = select(FederatedIdentity.account_id).where(
        FederatedIdentity.issuer == service.issuer, FederatedIdentity.account_id == account_id
    )
    return session.scalars(query).first() is not None


def _identity(vouched: Vouched, account: Account, clock: Clock) -> FederatedIdentity:
    return FederatedIdentity(
        issuer=vouched.service.issuer, person=vouched.person, account_id=account.id, coupled_at=clock()
    )


def _account(session: Session, vouched: Vouched) -> Account | None:
    query = (
        select(Account)
        .join(FederatedIdentity, FederatedIdentity.account_id == Account.id)
        .where(FederatedIdentity.issuer == vouched.service.issuer, FederatedIdentity.person == vouched.person)
    )
    return session.scalars(query).one_or_none()


def _grants(session: Session, vouched: Vouched) -> set[Grant]:
    found = set()
    for rule in vouched.service.rules_met(vouched.claims):
        kind = scope_of(rule.role)
        found.add(Grant(rule.role, kind, place_id(session, kind, rule.scope) if rule.scope else None))
    return found


def _new_account(session: Session, clock: Clock, vouched: Vouched, grants: set[Grant]) -> Account:
    if not grants:
        raise Fault("Inloggningen fungerade, men du har inget konto här. Be en administratör bjuda in dig.")
    email = vouched.email
    if session.scalars(select(Account.id).where(Account.email == email)).first() is not None:
        raise ConflictFault(
            "Din e-postadress har redan ett konto. Logga in med lösenord och koppla inloggningen under Mitt konto."
        )
    name = " ".join(str(vouched.claims.get("name") or email).split())
    account = Account(email=email, name=name, state=AccountState.ACTIVE, created_at=clock())
    session.add(account)
    session.flush()
    session.add(_identity(vouched, account, clock))
    details = {"email": email, "issuer": vouched.service.issuer}
    record(session, clock, account_id=None, action="account.created", subject=f"account:{account.id}", details=details)
    return account


def _bring_up_to_date(session: Session, clock: Clock, account: Account, wanted: set[Grant]) -> None:
    """Give and take the roles that claims bring; what an administrator gave by hand stays."""
    held = {Grant(one.role, one.scope_kind, one.scope_id): one for one in account.roles if one.revoked_at is None}
    gone = [one for grant, one in held.items() if one.from_claims and grant not in wanted]
    for one in gone:
        one.revoked_at = clock()
    new = wanted - held.keys()
    for grant in new:
        account.roles.append(
            RoleGrant(
                role=grant.role,
                scope_kind=grant.scope_kind,
                scope_id=grant.scope_id,
                granted_at=clock(),
                from_claims=True,
            )
        )
    session.flush()
    if new or gone:
        details = {
            "given": sorted(grant.role.value for grant in new),
            "taken": sorted(one.role.value for one in gone),
        }
        subject = f"account:{account.id}"
        record(session, clock, account_id=None, action="role.by_claims", subject=subject, details=details)
