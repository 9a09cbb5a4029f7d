"""Accounts and roles as people read them."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from enkat.languages import sv_key
from enkat.records.accounts import Account, Role, RoleGrant, ScopeKind
from enkat.records.organisations import District
from enkat.services.accounts.login import normal_email
from enkat.services.faults import NotFoundFault

ROLE_TEXTS = {
    Role.ADMINISTRATOR: "Administratör",
    Role.ROUND_MANAGER: "Omgångsansvarig",
    Role.ANALYST: "Analytiker",
    Role.KEY_HOLDER: "Nyckelinnehavare",
    Role.FREE_TEXT_READER: "Fritextläsare",
    Role.DISTRICT_READER: "Stadsdelsläsare",
    Role.PROTECTED_IDENTITY_HANDLER: "Handläggare för skyddade personer",
    Role.INTERVIEWER: "Intervjuare",
    Role.ASSISTANT: "Frågeassistent",
    Role.CONCERN_HANDLER: "Lex Sarah-ansvarig",
}
ROLE_HINTS = {
    Role.ADMINISTRATOR: "Konton, inställningar, logg och gallring. Ser inga resultat.",
    Role.ROUND_MANAGER: "Register, omgångar, brev och räkning.",
    Role.ANALYST: "Resultat och utlämnande.",
    Role.KEY_HOLDER: "Har en del av nyckeln till urnan.",
    Role.FREE_TEXT_READER: "Läser och maskerar fritext innan någon annan ser den.",
    Role.DISTRICT_READER: "Resultat för en stadsdel.",
    Role.PROTECTED_IDENTITY_HANDLER: "Brev till personer med skyddade uppgifter.",
    Role.INTERVIEWER: "Ringer eller besöker dem som vill bli frågade. Ser inga svar.",
    Role.ASSISTANT: "Bokas av den som vill ha hjälp att svara. Arbetar inte hos utföraren.",
    Role.CONCERN_HANDLER: "Tar emot det som oroar dem som frågar eller skriver in svar.",
}


@dataclass(frozen=True)
class GrantView:
    """A role as it is held, with the name of its scope."""

    id: int
    role: Role
    scope: str


def role_text(grant: GrantView) -> str:
    """Return a role in words: `Stadsdelsläsare (Norr)`."""
    return ROLE_TEXTS[grant.role] + (f" ({grant.scope})" if grant.scope else "")


def grants_of(session: Session, account: Account) -> list[GrantView]:
    """Return the roles that an account holds now."""
    held = [grant for grant in account.roles if grant.revoked_at is None]
    ids = {grant.scope_id for grant in held if grant.scope_kind is ScopeKind.DISTRICT}
    rows = session.execute(select(District.id, District.name).where(District.id.in_(ids))) if ids else ()
    return _views(held, {row[0]: row[1] for row in rows})


def _views(grants: list[RoleGrant], names: dict[int, str]) -> list[GrantView]:
    views = [
        GrantView(grant.id, grant.role, names.get(grant.scope_id or 0, ""))
        for grant in grants
        if grant.revoked_at is None
    ]
    return sorted(views, key=lambda view: (list(Role).index(view.role), sv_key(view.scope)))


def all_accounts(session: Session, text: str = "") -> list[tuple[Account, list[GrantView]]]:
    """Return the accounts whose name or address holds the text, by name, with their roles."""
    query = select(Account).options(selectinload(Account.roles))
    if text.strip():
        match = (part.icontains(text.strip(), autoescape=True) for part in (Account.name, Account.email))
        query = query.where(or_(*match))
    names = {row[0]: row[1] for row in session.execute(select(District.id, District.name))}
    found = sorted(session.scalars(query), key=lambda account: sv_key(account.name))
    return [(account, _views(account.roles, names)) for account in found]


def by_email(session: Session, email: str) -> Account:
    """Return the account of an e-mail address or raise NotFoundFault."""
    account = session.scalars(select(Account).where(Account.email == normal_email(email))).one_or_none()
    if account is None:
        raise NotFoundFault(f"Det finns inget konto för {email}.")
    return account


def districts(session: Session) -> list[tuple[int, str]]:
    """Return the districts that a role may be given for, by name."""
    rows = session.execute(select(District.id, District.name).where(District.valid_to.is_(None)))
    return sorted(((row[0], row[1]) for row in rows), key=lambda row: sv_key(row[1]))
