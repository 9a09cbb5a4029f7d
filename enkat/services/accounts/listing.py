"""Accounts and roles as people read them."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from enkat.languages import sv_key
from enkat.records.accounts import Account, Role, RoleGrant, ScopeKind
from enkat.services.accounts.login import normal_email
from enkat.services.accounts.scopes import place_names
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
    Role.PROVIDER_HEAD: "Utförarens ledning",
    Role.UNIT_MANAGER: "Enhetschef",
    Role.UNIT_DEPUTY: "Biträdande enhetschef",
    Role.OPENER: "Postöppnare",
    Role.KEYER: "Inskrivare",
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
    Role.OPENER: "Öppnar pappersformulär och registrerar koden. Ser varken namn eller svar.",
    Role.KEYER: "Skriver in pappersformulär. Når aldrig registret.",
    Role.CONCERN_HANDLER: "Tar emot det som oroar dem som frågar eller skriver in svar.",
    Role.PROVIDER_HEAD: "Utförarens enheter: deras resultat, och vilka som arbetar i dem här.",
    Role.UNIT_MANAGER: "Den egna enheten och dess resultat. Ser aldrig vem som har svarat.",
    Role.UNIT_DEPUTY: "Detsamma som enhetschefen.",
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
    return _views(account.roles, place_names(session))


def _views(grants: list[RoleGrant], names: dict[tuple[ScopeKind, int], str]) -> list[GrantView]:
    views = [
        GrantView(grant.id, grant.role, names.get((grant.scope_kind, grant.scope_id or 0), ""))
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
    names = place_names(session)
    found = sorted(session.scalars(query), key=lambda account: sv_key(account.name))
    return [(account, _views(account.roles, names)) for account in found]


def by_email(session: Session, email: str) -> Account:
    """Return the account of an e-mail address or raise NotFoundFault."""
    account = session.scalars(select(Account).where(Account.email == normal_email(email))).one_or_none()
    if account is None:
        raise NotFoundFault(f"Det finns inget konto för {email}.")
    return account
