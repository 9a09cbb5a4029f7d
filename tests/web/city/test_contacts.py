"""Contacts for complaints: written by staff, shown to everybody in every language and face."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.accounts import Role
from enkat.records.audit import AuditEntry
from enkat.records.contacts import Contact
from enkat.records.organisations import District
from enkat.records.writing import writing
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.accounts import staff_client
from tests.factories.respondents import send_all
from tests.factories.rounds import SmallRound, small_round
from tests.factories.walking import Walker

NEW = "/stad/kontakter/ny"
CITY = {"subject": "complaint", "district_id": "", "name": "Äldreombudsmannen", "phone": "08-508 36 200"}


@pytest.fixture
def district(session: Session, clock: FixedClock) -> int:
    with writing(session):
        made = District(name="Norr", valid_from=clock().date())
        session.add_all([made, District(name="Öst", valid_from=clock().date())])
    return made.id


@pytest.fixture
def opened(session: Session, clock: FixedClock, app_settings: Settings) -> SmallRound:
    made = small_round(session, clock, app_settings, Secrets(app_settings))
    session.rollback()
    return made


@pytest.fixture
def walker(app: Flask) -> Walker:
    return Walker(app.test_client())


@pytest.fixture
def manager(app: Flask, session: Session, clock: FixedClock) -> FlaskClient:
    return staff_client(app, session, clock, Role.ROUND_MANAGER)


def submit(client: FlaskClient, address: str, **fields: str) -> str:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(address).text)
    assert token
    return client.post(address, data={"csrf_token": token[1], **fields}, follow_redirects=True).text


def test_a_districts_own_contacts_are_shown_instead_of_the_citys(
    client: FlaskClient, manager: FlaskClient, district: int
) -> None:
    assert "Ring stadens växel" in client.get("/klaga").text
    submit(manager, NEW, **CITY)
    submit(
        manager, NEW, **CITY | {"subject": "feedback", "name": "Kontaktcenter", "website": "https://staden.example/x"}
    )
    submit(manager, NEW, **CITY | {"district_id": str(district), "name": "Nämnden i Norr", "hours": "vardagar 9–16"})
    whole, own = client.get("/klaga").text, client.get(f"/klaga/{district}").text
    assert "Äldreombudsmannen" in whole
    assert "Nämnden i Norr" not in whole
    assert "För dig som bor i Norr." in own
    assert "Nämnden i Norr" in own
    assert "Äldreombudsmannen" not in own
    assert "Kontaktcenter" in own  # the district has no contact of its own for feedback
    assert client.get("/klaga/99").status_code == 404


@pytest.mark.parametrize(("language", "heading"), [("en", "Complain"), ("fi", "Valita"), ("ar", "الشكوى")])
def test_every_language_has_the_page(client: FlaskClient, language: str, heading: str) -> None:
    assert heading in re.findall(r"<h1>(.*?)</h1>", client.get(f"/klaga?lang={language}").text)[0]


def test_the_easy_page_says_the_same_in_fewer_words(client: FlaskClient) -> None:
    plain = client.get("/klaga").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', plain)
    data = {"show_face": "easy", "to": "/klaga", "csrf_token": token[1] if token else ""}
    client.post("/visning", data=data)
    assert "Du får klaga. Du får lika mycket hjälp ändå." in client.get("/klaga").text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"phone": ""}, "Skriv minst en väg: telefon, e-post, adress eller webbadress."),
        ({"phone": "ring mig"}, "Telefonnumret har bara siffror, mellanslag och bindestreck."),
        ({"email": "klaga"}, "E-postadressen är inte hel."),
        ({"website": "javascript:alert(1)"}, "Webbadressen börjar med https:// eller http://."),
        ({"name": ""}, "Skriv vem eller vad man vänder sig till."),
        ({"subject": ""}, "Välj vad kontakten gäller."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(
    manager: FlaskClient, session: Session, change: dict[str, str], sentence: str
) -> None:
    text = submit(manager, NEW, **CITY | change)
    assert sentence in text
    assert "<title>Fel:" in text
    session.rollback()
    assert session.scalars(select(Contact)).all() == []


def test_a_contact_is_changed_confirmed_and_taken_away(manager: FlaskClient, session: Session) -> None:
    submit(manager, NEW, **CITY)
    session.rollback()
    made = session.scalars(select(Contact)).one()
    text = submit(manager, f"/stad/kontakter/{made.id}", **CITY | {"phone": "08-111", "hours": "vardagar"})
    assert "08-111, vardagar" in text
    with writing(session):
        session.get_one(Contact, made.id).checked_on -= timedelta(days=200)
    assert "Kontakter som ingen har kontrollerat på ett halvår: 1." in manager.get("/stad/kontakter").text
    page = manager.get("/stad/kontakter").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    manager.post(f"/stad/kontakter/{made.id}/stammer", data={"csrf_token": token[1] if token else ""})
    assert "på ett halvår" not in manager.get("/stad/kontakter").text
    assert "Ta bort kontakten?" in manager.get(f"/stad/kontakter/{made.id}/ta-bort").text
    assert "Kontakten är borttagen." in submit(manager, f"/stad/kontakter/{made.id}/ta-bort")
    session.rollback()
    assert session.scalars(select(Contact)).all() == []
    actions = [
        a for a in session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)) if a.startswith("contact")
    ]
    assert actions == ["contact.saved", "contact.saved", "contact.confirmed", "contact.removed"]


def test_the_way_there_stands_on_the_thanks_page(walker: Walker, opened: SmallRound) -> None:
    send_all(walker, opened)
    assert walker.links()["Läs hur du gör"] == "/klaga"
