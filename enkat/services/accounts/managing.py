"""Accounts and their roles: created, given and taken, closed, invited anew. Everything is written in the log."""

import re

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.accounts import Account, AccountState, RecoveryCode, Role, RoleGrant
from enkat.records.writing import writing
from enkat.services.accounts import inviting, passwords
from enkat.services.accounts.login import normal_email
from enkat.services.accounts.rights import RIGHTS_OF_ROLE, Grant, Right, scope_of
from enkat.services.accounts.scopes import KIND_TEXTS, exists
from enkat.services.accounts.sessions import end_all_sessions, end_other_sessions
from enkat.services.audit.recording import record
from enkat.services.faults import ConflictFault, Fault, NotFoundFault
from enkat.settings import Settings

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+|[^@\s]+@localhost")


def find_account(session: Session, account_id: int) -> Account:
    """Return an account or raise NotFoundFault."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFoundFault("Kontot finns inte.")
    return account


def _require_scope(session: Session, grant: Grant) -> None:
    wanted = scope_of(grant.role)
    if grant.scope_kind is not wanted:
        where = KIND_TEXTS[wanted].lower() if wanted in KIND_TEXTS else "hela staden"
        remedy = "Välj vilken." if wanted in KIND_TEXTS else "Välj ingen plats."
        raise Fault(f"Rollen gäller {where}. {remedy}", "scope")
    if wanted in KIND_TEXTS and not exists(session, wanted, grant.scope_id):
        raise Fault(f"{KIND_TEXTS[wanted]} finns inte. Välj ur listan.", "scope")


def create_account(
    session: Session,
    clock: Clock,
    settings: Settings,
    *,
    email: str,
    name: str,
    grants: list[Grant],
    by: int | None,
    invite: bool = True,
) -> Account:
    """Make an invited account with its roles, and queue the invitation.

    Raises
    ------
    Fault
        If the address or name is missing or taken, or a role does not fit its scope.
    """
    email, name = normal_email(email), " ".join(name.split())
    if not _EMAIL.fullmatch(email):
        raise Fault("E-postadressen är inte hel. Skriv den som namn@kommun.se.", "email")
    if not name:
        raise Fault("Skriv personens namn.", "name")
    with writing(session):
        if session.scalars(select(Account.id).where(Account.email == email)).first() is not None:
            raise ConflictFault("Det finns redan ett konto med den e-postadressen.", "email")
        account = Account(email=email, name=name, state=AccountState.INVITED, created_at=clock())
        session.add(account)
        session.flush()
        for grant in grants:
            _add_grant(session, clock, account, grant, by)
        if invite:
            inviting.send_invitation(session, clock, settings, account)
        record(
            session,
            clock,
            account_id=by,
            action="account.created",
            subject=f"account:{account.id}",
            details={"email": email, "roles": [grant.role.value for grant in grants]},
        )
    return account


KEPT_FROM_KEYERS = frozenset(
    {
        Right.SEE_REGISTER,
        Right.MANAGE_LETTERS,
        Right.HANDLE_PROTECTED,
        Right.INTERVIEW,
        Right.SEE_OWN_RESULTS,
    }
)
"""What shows who has a code, and work at a provider: a keyer sees code and answers, and never learns the name."""


def _require_apart(session: Session, account: Account, grant: Grant) -> None:
    """Refuse to join keying with what shows names."""
    held = set(
        session.scalars(
            select(RoleGrant.role).where(RoleGrant.account_id == account.id, RoleGrant.revoked_at.is_(None))
        )
    )
    rights = frozenset().union(*(RIGHTS_OF_ROLE[role] for role in held | {grant.role}))
    if Right.KEY_PAPER in rights and rights & KEPT_FROM_KEYERS:
        raise ConflictFault(
            "Den som skriver in formulär får varken nå registret eller arbeta hos en utförare. Välj någon annan.",
            "role",
        )


def _add_grant(session: Session, clock: Clock, account: Account, grant: Grant, by: int | None) -> None:
    _require_scope(session, grant)
    _require_apart(session, account, grant)
    held = select(RoleGrant.id).where(
        RoleGrant.account_id == account.id,
        RoleGrant.role == grant.role,
        RoleGrant.scope_kind == grant.scope_kind,
        RoleGrant.scope_id.is_(None) if grant.scope_id is None else RoleGrant.scope_id == grant.scope_id,
        RoleGrant.revoked_at.is_(None),
    )
    if session.scalars(held).first() is not None:
        raise ConflictFault("Kontot har redan rollen.", "role")
    session.add(
        RoleGrant(
            account_id=account.id,
            role=grant.role,
            scope_kind=grant.scope_kind,
            scope_id=grant.scope_id,
            granted_at=clock(),
            granted_by_id=by,
        )
    )
    session.flush()


def _refuse_own(account_id: int, by: int | None) -> None:
    if account_id == by:
        raise Fault(
            "Du kan inte ändra dina egna roller eller stänga ditt eget konto. Be en annan administratör.", "role"
        )


def grant_role(session: Session, clock: Clock, account_id: int, grant: Grant, *, by: int | None) -> None:
    """Give an account a role within a scope; nobody gives a role to oneself."""
    _refuse_own(account_id, by)
    with writing(session):
        account = find_account(session, account_id)
        if account.state is AccountState.CLOSED:
            raise Fault("Kontot är stängt.")
        _add_grant(session, clock, account, grant, by)
        record(
            session,
            clock,
            account_id=by,
            action="role.granted",
            subject=f"account:{account_id}",
            details={"role": grant.role.value, "scope": grant.scope_kind.value, "scope_id": grant.scope_id},
        )


def revoke_role(session: Session, clock: Clock, account_id: int, grant_id: int, *, by: int | None) -> None:
    """Take a role; the last administrator keeps it."""
    _refuse_own(account_id, by)
    with writing(session):
        grant = session.get(RoleGrant, grant_id)
        if grant is None or grant.account_id != account_id or grant.revoked_at is not None:
            raise NotFoundFault("Kontot har inte rollen längre.")
        if grant.role is Role.ADMINISTRATOR:
            _require_other_administrator(session, account_id)
        grant.revoked_at = clock()
        record(
            session,
            clock,
            account_id=by,
            action="role.revoked",
            subject=f"account:{account_id}",
            details={"role": grant.role.value, "scope": grant.scope_kind.value, "scope_id": grant.scope_id},
        )


def _require_other_administrator(session: Session, account_id: int) -> None:
    others = (
        select(func.count())
        .select_from(RoleGrant)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            RoleGrant.role == Role.ADMINISTRATOR,
            RoleGrant.revoked_at.is_(None),
            Account.state == AccountState.ACTIVE,
            Account.id != account_id,
        )
    )
    if not session.scalar(others):
        raise Fault("Det måste finnas minst en administratör till som har loggat in. Ge någon annan rollen först.")


def close_account(session: Session, clock: Clock, account_id: int, *, by: int | None) -> None:
    """Close an account and end its logins; its trace in the log stays."""
    _refuse_own(account_id, by)
    with writing(session):
        account = find_account(session, account_id)
        if account.state is AccountState.CLOSED:
            raise Fault("Kontot är redan stängt.")
        if any(grant.role is Role.ADMINISTRATOR and grant.revoked_at is None for grant in account.roles):
            _require_other_administrator(session, account_id)
        _forget_credentials(session, account)
        account.state = AccountState.CLOSED
        account.closed_at = clock()
        end_all_sessions(session, account_id)
        record(session, clock, account_id=by, action="account.closed", subject=f"account:{account_id}")


def _forget_credentials(session: Session, account: Account) -> None:
    account.password_hash = None
    account.totp_wrapped = None
    account.totp_confirmed = False
    account.invitation_digest = None
    account.invitation_expires_at = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def invite_again(
    session: Session, clock: Clock, settings: Settings, account_id: int, *, by: int | None, mail: bool = True
) -> None:
    """Forget password and second factor, end logins and send a new invitation: for who lost one, or came back."""
    _refuse_own(account_id, by)
    with writing(session):
        account = find_account(session, account_id)
        _forget_credentials(session, account)
        account.state = AccountState.INVITED
        account.closed_at = None
        end_all_sessions(session, account_id)
        if mail:
            inviting.send_invitation(session, clock, settings, account)
        record(session, clock, account_id=by, action="account.invited", subject=f"account:{account_id}")


def change_password(session: Session, clock: Clock, account: Account, token: str, *, present: str, new: str) -> None:
    """Change one's own password and end one's other logins.

    Raises
    ------
    Fault
        If the present password is wrong or the new one easy to guess.
    """
    if not passwords.matches(account.password_hash, present):
        raise Fault("Det nuvarande lösenordet stämmer inte.", "present")
    passwords.require_good_password(new, name=account.name, email=account.email)
    password_hash = passwords.hash_password(new)
    with writing(session):
        account.password_hash = password_hash
        end_other_sessions(session, account.id, token)
        record(session, clock, account_id=account.id, action="password.changed", subject=f"account:{account.id}")
