"""`enkat accounts`: the first administrator, and accounts when no page can be reached."""

import click

from enkat.cli._database import open_database
from enkat.clock import system_clock
from enkat.records.accounts import AccountState, Role, ScopeKind
from enkat.services.accounts import invitation_links, managing
from enkat.services.accounts.listing import all_accounts, by_email, role_text
from enkat.services.accounts.rights import Grant, scope_of
from enkat.services.accounts.scopes import place_id

ROLES = tuple(role.value for role in Role)


@click.group()
def accounts() -> None:
    """Konton: skapa, lista, bjud in på nytt och stäng."""


@accounts.command()
@click.option("--email", required=True, help="Personens e-postadress.")
@click.option("--name", required=True, help="Personens namn.")
@click.option("--role", "roles", type=click.Choice(ROLES), multiple=True, required=True, help="Roll; kan upprepas.")
@click.option("--scope", default="", help="Stadsdelens namn, utförarens organisationsnummer eller enhetens kod.")
@click.option("--mail", is_flag=True, help="Skicka inbjudan med mejl i stället för att visa länken här.")
def create(email: str, name: str, roles: tuple[str, ...], scope: str, *, mail: bool) -> None:
    """Skapa ett konto och visa länken där personen väljer lösenord."""
    with open_database() as (session, settings, _secrets):
        grants = []
        for role in map(Role, roles):
            kind = scope_of(role) if scope else ScopeKind.CITY
            grants.append(Grant(role, kind, None if kind is ScopeKind.CITY else place_id(session, kind, scope)))
        account = managing.create_account(
            session, system_clock, settings, email=email, name=name, grants=grants, by=None, invite=mail
        )
        if mail:
            click.echo(f"Inbjudan till {account.email} skickas vid nästa `enkat tick`.")
            return
        link = invitation_links.make_link(session, system_clock, settings, account.id)
    click.echo(f"Konto {account.id} för {account.email}. Länken gäller i {invitation_links.VALID_DAYS} dagar:\n{link}")


@accounts.command()
@click.argument("email")
@click.option("--mail", is_flag=True, help="Skicka inbjudan med mejl i stället för att visa länken här.")
def invite(email: str, *, mail: bool) -> None:
    """Ge en ny inbjudan: glömmer lösenord och engångskoder och avslutar inloggningar."""
    with open_database() as (session, settings, _secrets):
        account = by_email(session, email)
        managing.invite_again(session, system_clock, settings, account.id, by=None, mail=mail)
        if mail:
            click.echo(f"Inbjudan till {account.email} skickas vid nästa `enkat tick`.")
        else:
            click.echo(invitation_links.make_link(session, system_clock, settings, account.id))


@accounts.command()
@click.argument("email")
def close(email: str) -> None:
    """Stäng ett konto och avsluta dess inloggningar."""
    with open_database() as (session, _settings, _secrets):
        managing.close_account(session, system_clock, by_email(session, email).id, by=None)
    click.echo(f"Kontot {email} är stängt.")


@accounts.command(name="list")
def list_accounts() -> None:
    """Visa alla konton med läge och roller."""
    words = {AccountState.ACTIVE: "öppet", AccountState.INVITED: "inbjuden", AccountState.CLOSED: "stängt"}
    with open_database() as (session, _settings, _secrets):
        for account, grants in all_accounts(session):
            roles = ", ".join(role_text(grant) for grant in grants) or "ingen roll"
            click.echo(f"{account.id}\t{account.email}\t{account.name}\t{words[account.state]}\t{roles}")
