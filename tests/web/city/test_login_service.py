"""Logging in by the city's own login service: a real OpenID Connect provider on loopback vouches for people."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from oidc_provider_mock import User, run_server_in_thread
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.accounts import Account, AccountState, Role, StaffSession
from enkat.records.organisations import District
from enkat.records.writing import writing
from enkat.services.accounts.federated import HOW
from enkat.services.accounts.invitation_links import make_link
from enkat.services.accounts.login_service import ORG_AFFILIATION, read_login_service
from enkat.services.accounts.sessions import actor_of
from enkat.services.faults import Fault
from enkat.settings import Settings
from tests.clocks import FixedClock
from tests.factories.accounts import log_in_as, make_account
from tests.serving import dispose, make_app

pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")  # of the provider itself

ANALYST = {
    ORG_AFFILIATION: "anna01@2120000001",
    "email": "Anna@Staden.example",
    "name": "Anna Analytiker",
    "groups": ["enkat-analytiker", "annat"],
}
NORTH = ANALYST | {"groups": ["enkat-norr"]}
NOBODY = {"email": "nils@staden.example", "name": "Nils", "groups": []}
STRANGE = {"groups": ["enkat-analytiker"]}

DESCRIPTION = """
issuer = "{issuer}"
client_id = "enkat"
name = "Stadens inloggning"

[[role]]
claim = "groups"
value = "enkat-analytiker"
role = "analyst"

[[role]]
claim = "groups"
value = "enkat-norr"
role = "district_reader"
scope = "Norr"
"""


@contextmanager
def providing(*people: tuple[str, dict[str, object]]) -> Iterator[str]:
    """Serve a provider that knows these people and yield its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    users = [User(sub=name, claims=claims) for name, claims in people]
    with run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with providing(("anna", ANALYST), ("norr", NORTH), ("nils", NOBODY), ("x", STRANGE)) as address:
        yield address


@pytest.fixture
def app(app_settings: Settings, clock: FixedClock, tmp_path: Path, issuer: str) -> Iterator[Flask]:
    path = tmp_path / "inloggning.toml"
    path.write_text(DESCRIPTION.format(issuer=issuer), encoding="utf-8")
    (app_settings.resolved_secrets_dir / "login_service").write_text("shared-with-the-service", encoding="ascii")
    made = make_app(app_settings.model_copy(update={"login_service_file": path}), clock)
    yield made
    dispose(made)


def through(client: FlaskClient, person: str, start: str = "/stad/logga-in/tjanst") -> str:
    """Go to the login service as a person, come back, and return the text of the page one lands on."""
    away = client.get(start)
    assert away.status_code == 302, away.text
    back = requests.post(away.location, data={"sub": person}, allow_redirects=False, timeout=5)
    parts = urlsplit(back.headers["Location"])
    return client.get(f"{parts.path}?{parts.query}", follow_redirects=True).text


def account_of(session: Session, email: str) -> Account | None:
    session.rollback()
    query = select(Account).where(Account.email == email).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def roles(account: Account | None) -> set[Role]:
    assert account is not None
    return set(actor_of(account).roles())


def test_claims_make_an_account_with_its_role_and_a_full_login(client: FlaskClient, session: Session) -> None:
    assert "Logga in med Stadens inloggning" in client.get("/stad/logga-in").text
    assert "Välkommen, Anna Analytiker" in through(client, "anna")
    assert roles(account_of(session, "anna@staden.example")) == {Role.ANALYST}
    assert {login.how for login in session.scalars(select(StaffSession))} == {HOW}
    assert client.get("/stad/resultat").status_code == 200


def test_the_page_asked_for_opens_after_the_login(client: FlaskClient) -> None:
    assert "<h1>Mål" in through(client, "anna", "/stad/logga-in/tjanst?next=/stad/mal")


def test_roles_follow_the_claims_and_those_given_by_hand_stay(
    app: Flask, client: FlaskClient, session: Session, clock: FixedClock
) -> None:
    with writing(session):
        session.add(District(name="Norr", valid_from=clock().date()))
    through(client, "anna")
    account = account_of(session, "anna@staden.example")
    administrator = log_in_as(app, session, clock, make_account(session, clock, Role.ADMINISTRATOR))
    page = administrator.get(f"/stad/konton/{account.id if account else 0}/roll").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    data = {"csrf_token": token, "role": "key_holder", "scope": ""}
    assert account is not None
    assert administrator.post(f"/stad/konton/{account.id}/roll", data=data).status_code == 302
    through(app.test_client(), "norr")  # the same person, by the claim that names her, with another group
    assert roles(account_of(session, "anna@staden.example")) == {Role.DISTRICT_READER, Role.KEY_HOLDER}


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        ("nils", "du har inget konto här. Be en administratör bjuda in dig."),
        ("x", "lämnade ingen e-postadress"),
        ("norr", "Stadsdel: Norr finns inte"),
    ],
)
def test_what_lacks_is_said_and_nothing_is_made(
    client: FlaskClient, session: Session, person: str, sentence: str
) -> None:
    text = through(client, person)
    assert "<h1>Logga in" in text
    assert sentence in text
    session.rollback()
    assert session.scalars(select(Account)).all() == []


def test_an_address_with_an_account_is_never_taken_over(
    app: Flask, client: FlaskClient, session: Session, clock: FixedClock
) -> None:
    account = make_account(session, clock, Role.ADMINISTRATOR, email="anna@staden.example")
    assert "har redan ett konto" in through(client, "anna")
    own = log_in_as(app, session, clock, account)
    assert "Koppla till Stadens inloggning" in own.get("/stad/mitt-konto").text
    assert "Nu kan du logga in med Stadens inloggning" in through(own, "anna", "/stad/mitt-konto/tjanst")
    assert "hör redan till ditt konto" in through(own, "anna", "/stad/mitt-konto/tjanst")
    assert "Välkommen" in through(client, "anna")
    assert roles(account_of(session, "anna@staden.example")) == {Role.ADMINISTRATOR, Role.ANALYST}


def test_an_invitation_is_accepted_without_a_password(
    app: Flask, app_settings: Settings, client: FlaskClient, session: Session, clock: FixedClock
) -> None:
    account = make_account(session, clock, Role.KEY_HOLDER, state=AccountState.INVITED, email="nils@staden.example")
    path = urlsplit(make_link(session, clock, app_settings, account.id)).path
    assert "Logga in med Stadens inloggning" in client.get(path).text
    assert "Välkommen" in through(client, "nils", f"{path}/tjanst")
    opened = account_of(session, "nils@staden.example")
    assert opened is not None
    assert opened.state is AccountState.ACTIVE
    assert client.get(path).status_code == 404


def test_a_closed_account_stays_closed(client: FlaskClient, session: Session, clock: FixedClock) -> None:
    through(client, "anna")
    account = account_of(session, "anna@staden.example")
    assert account is not None
    with writing(session):
        account.state = AccountState.CLOSED
    assert "Kontot är stängt" in through(client, "anna")


def test_an_answer_that_nobody_asked_for_is_refused(client: FlaskClient) -> None:
    page = client.get("/stad/logga-in/tjanst/svar?code=x&state=y", follow_redirects=True)
    assert "blev inte klar. Börja om." in page.text


def test_a_service_that_is_down_leaves_the_password(app_settings: Settings, clock: FixedClock, tmp_path: Path) -> None:
    path = tmp_path / "nere.toml"
    path.write_text(DESCRIPTION.format(issuer="http://127.0.0.1:9"), encoding="utf-8")
    made = make_app(app_settings.model_copy(update={"login_service_file": path}), clock)
    page = made.test_client().get("/stad/logga-in/tjanst", follow_redirects=True)
    assert "Stadens inloggning svarar inte. Försök igen om en stund, eller logga in med lösenord." in page.text
    dispose(made)


def test_without_a_service_there_is_no_such_page(app_settings: Settings, clock: FixedClock) -> None:
    made = make_app(app_settings, clock)
    assert made.test_client().get("/stad/logga-in/tjanst").status_code == 404
    assert "Logga in med" not in made.test_client().get("/stad/logga-in").text
    dispose(made)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("issuer = ", "går inte att läsa"),
        ('issuer = "http://staden.example"\nclient_id = "x"\nname = "y"', "issuer"),
        (DESCRIPTION.format(issuer="https://staden.example") + "colour = 1", "role.1.colour"),
        (DESCRIPTION.format(issuer="https://staden.example").replace('scope = "Norr"', ""), "role.1"),
    ],
)
def test_a_faulty_description_is_told_by_its_key(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "fel.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Fault, match=told):
        read_login_service(path)
