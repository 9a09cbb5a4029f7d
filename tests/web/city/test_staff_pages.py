"""Staff pages of this house: each opens for those who may, is refused to others, and is told so."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.accounts import Account, AccountState, Role
from enkat.records.audit import AuditEntry
from enkat.records.outbox import OutboxMessage
from enkat.records.retention import RecordKind, RetentionHold
from enkat.records.writing import writing
from enkat.services.accounts import invitation_links
from enkat.services.audit.recording import record
from enkat.services.retention.rules import rules_of, set_missing_defaults
from enkat.web.shared.login import COOKIE
from tests.clocks import FixedClock
from tests.factories.accounts import PASSWORD, log_in_as, make_account, staff_client
from tests.web.city.test_login import submit, token_of

ADMINISTRATORS = (
    "/stad/konton",
    "/stad/konton/nytt",
    "/stad/konton/1",
    "/stad/konton/1/roll",
    "/stad/konton/1/stang",
    "/stad/konton/1/bjud-in",
    "/stad/konton/1/utdrag",
    "/stad/logg",
    "/stad/logg/kontroll",
    "/stad/gallring",
    "/stad/gallring/forslag",
    "/stad/gallring/stopp",
    "/stad/gallring/regel/codes",
    "/stad/installningar",
)
EVERYBODYS = ("/stad/", "/stad/mitt-konto", "/stad/mitt-konto/losenord", "/stad/mitt-konto/reservkoder")
INSTRUMENTS = (
    "/stad/enkater",
    "/stad/enkater/sprak",
    "/stad/enkater/hemtjanst",
    "/stad/enkater/hemtjanst/prova",
    "/stad/enkater/hemtjanst/jamfor",
)


@pytest.fixture
def administrator(app: Flask, session: Session, clock: FixedClock) -> FlaskClient:
    return staff_client(app, session, clock, Role.ADMINISTRATOR)


def test_an_administrator_opens_every_page_of_administration(administrator: FlaskClient) -> None:
    for address in (*ADMINISTRATORS, *EVERYBODYS, *INSTRUMENTS):
        assert administrator.get(address).status_code == 200, address


@pytest.mark.one_database
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_opens_them(app: Flask, session: Session, clock: FixedClock, role: Role) -> None:
    client = staff_client(app, session, clock, role)
    assert [a for a in ADMINISTRATORS if client.get(a).status_code != 403] == []
    assert [a for a in EVERYBODYS if client.get(a, follow_redirects=True).status_code != 200] == []


@pytest.mark.one_database
def test_unknown_things_are_not_found(administrator: FlaskClient) -> None:
    for address in (
        "konton/99",
        "konton/99/utdrag",
        "gallring/regel/annat",
        "enkater/annan",
        "enkater/hemtjanst?sprak=xx",
    ):
        assert administrator.get(f"/stad/{address}").status_code == 404, address


def test_an_invited_person_gets_in_by_the_link_and_it_works_once(
    app: Flask, administrator: FlaskClient, session: Session, clock: FixedClock
) -> None:
    fields = {"name": "Bo Berg", "email": "bo@staden.example", "role": "analyst", "scope": ""}
    assert submit(administrator, "/stad/konton/nytt", **fields).status_code == 302
    message = session.scalars(select(OutboxMessage)).one()
    assert message.recipient == "bo@staden.example"
    assert "{link}" in message.body
    assert "/stad/inbjudan/" not in message.body
    link = invitation_links.make_link(session, clock, app.extensions["enkat.settings"], message.account_id or 0)
    address = link.removeprefix("http://127.0.0.1:8000")
    guest = app.test_client()
    assert "Lösenordet är för kort" in submit(guest, address, password="kort").text
    assert submit(guest, address, password=PASSWORD).status_code == 302
    assert guest.get(address).status_code == 404
    assert submit(guest, "/stad/logga-in", email="bo@staden.example", password=PASSWORD).status_code == 302
    assert guest.get("/stad/").status_code == 302  # no second factor yet


def test_an_expired_link_offers_a_new_one_to_the_same_address(
    app: Flask, client: FlaskClient, session: Session, clock: FixedClock
) -> None:
    invited = make_account(session, clock, state=AccountState.INVITED)
    address = invitation_links.make_link(session, clock, app.extensions["enkat.settings"], invited.id)[21:]
    clock.advance(days=8)
    page = client.get(address)
    assert "gått ut" in page.text
    for _ in range(2):
        again = client.post(address, data={"csrf_token": token_of(page.text)})
        assert "En ny länk skickas" in again.text
    session.rollback()
    session.expire_all()
    assert [m.recipient for m in session.scalars(select(OutboxMessage))] == [invited.email]


@pytest.mark.one_database
def test_faults_in_a_form_are_named_on_top_and_at_the_field(administrator: FlaskClient) -> None:
    page = submit(administrator, "/stad/konton/nytt", name="", email="fel", role="analyst", scope="")
    assert "<title>Fel:" in page.text
    assert 'href="#name"' in page.text
    assert 'aria-describedby="name-error"' in page.text
    page = submit(administrator, "/stad/konton/nytt", name="Bo", email="fel", role="analyst", scope="")
    assert "inte hel" in page.text
    assert 'value="fel"' in page.text
    missing = submit(administrator, "/stad/konton/nytt", name="Bo", email="bo@a.se", scope="")
    assert 'href="#role-0"' in missing.text


def test_nobody_changes_the_own_roles_and_the_last_administrator_stays(
    app: Flask, session: Session, clock: FixedClock
) -> None:
    own = make_account(session, clock, Role.ADMINISTRATOR)
    client = log_in_as(app, session, clock, own)
    given = submit(client, f"/stad/konton/{own.id}/roll", role="analyst", scope="")
    assert "ditt eget konto" in given.text
    other = make_account(session, clock, Role.ADMINISTRATOR)
    page = client.get(f"/stad/konton/{other.id}/stang")
    assert client.post(f"/stad/konton/{other.id}/stang", data={"csrf_token": token_of(page.text)}).status_code == 302
    session.rollback()
    session.expire_all()
    assert session.get_one(Account, other.id).state is AccountState.CLOSED
    assert session.get_one(Account, own.id).state is AccountState.ACTIVE


def test_closing_an_account_ends_its_logins_at_once(
    app: Flask, administrator: FlaskClient, session: Session, clock: FixedClock
) -> None:
    other = make_account(session, clock, Role.ANALYST)
    victim = log_in_as(app, session, clock, other)
    assert victim.get("/stad/").status_code == 200
    page = administrator.get(f"/stad/konton/{other.id}/stang")
    administrator.post(f"/stad/konton/{other.id}/stang", data={"csrf_token": token_of(page.text)})
    assert victim.get("/stad/").status_code == 302


def test_one_ends_the_own_logins_elsewhere(app: Flask, session: Session, clock: FixedClock) -> None:
    own = make_account(session, clock, Role.ANALYST)
    elsewhere = log_in_as(app, session, clock, own)
    clock.advance(minutes=2)
    here = log_in_as(app, session, clock, own)
    page = here.get("/stad/mitt-konto")
    marks = re.findall(r'name="login" value="([0-9a-f]+)"', page.text)
    assert len(marks) == 1
    assert elsewhere.get("/stad/").status_code == 200
    here.post("/stad/mitt-konto/avsluta", data={"csrf_token": token_of(page.text), "login": marks[0]})
    assert elsewhere.get("/stad/").status_code == 302
    assert here.get("/stad/").status_code == 200


def test_a_new_password_ends_the_other_logins(app: Flask, session: Session, clock: FixedClock) -> None:
    own = make_account(session, clock, Role.ANALYST)
    elsewhere, here = log_in_as(app, session, clock, own), log_in_as(app, session, clock, own)
    wrong = submit(here, "/stad/mitt-konto/losenord", present="fel", password="fyra nya konstiga ord")
    assert "nuvarande lösenordet" in wrong.text
    done = submit(here, "/stad/mitt-konto/losenord", present=PASSWORD, password="fyra nya konstiga ord")
    assert done.status_code == 302
    assert elsewhere.get("/stad/").status_code == 302
    assert here.get("/stad/").status_code == 200


def test_the_log_is_searched_filtered_and_turned_page_by_page(app: Flask, session: Session, clock: FixedClock) -> None:
    for number in range(60):
        record(session, clock, account_id=None, action="login.failed", subject=f"account:{number}")
    clock.advance(days=2)
    administrator = staff_client(app, session, clock, Role.ADMINISTRATOR)
    record(session, clock, account_id=1, action="results.exported", subject="round:1", details={"format": "xlsx"})
    first = administrator.get("/stad/logg")
    assert "Visar 1–50 av 61" in first.text
    assert "Resultat utlämnat" in first.text
    assert "_salt" not in first.text
    assert "Visar 51–61" in administrator.get("/stad/logg?page=2").text
    assert administrator.get("/stad/logg?q=xlsx").text.count("<tr>") == 2
    today = clock.now.date()
    assert "Inget i loggen" in administrator.get(f"/stad/logg?first_day={today + timedelta(days=1)}").text
    assert administrator.get(f"/stad/logg?first_day={today}").text.count("<tr>") == 2
    assert administrator.get("/stad/logg?action=login.failed&page=2").status_code == 200
    assert "Loggen är hel" in administrator.get("/stad/logg/kontroll").text
    with writing(session):
        session.get_one(AuditEntry, 30).subject = "account:7"
    assert "Post 30 har ändrats" in administrator.get("/stad/logg/kontroll").text


def test_rules_and_holds_are_set_on_pages(administrator: FlaskClient, session: Session, clock: FixedClock) -> None:
    assert "Regel saknas" in administrator.get("/stad/gallring").text
    assert submit(administrator, "/stad/gallring/forslag", decision="DHP 2026").status_code == 302
    done = submit(administrator, "/stad/gallring/regel/codes", event="round_counted", days="7", decision="DHP 2026")
    assert done.status_code == 302
    session.rollback()
    session.expire_all()
    assert rules_of(session)[RecordKind.CODES].days == 7
    assert (
        "days-error"
        in submit(administrator, "/stad/gallring/regel/codes", event="round_counted", days="-7", decision="DHP").text
    )
    assert submit(administrator, "/stad/gallring/stopp", reason="2026/9", round_id="", kind="codes").status_code == 302
    page = administrator.get("/stad/gallring")
    assert "2026/9" in page.text
    session.rollback()
    session.expire_all()
    hold = session.scalars(select(RetentionHold)).one()
    administrator.post(f"/stad/gallring/stopp/{hold.id}/hav", data={"csrf_token": token_of(page.text)})
    assert "Inget stopp" in administrator.get("/stad/gallring").text


def test_a_survey_is_tried_page_by_page_and_nothing_is_stored(
    administrator: FlaskClient, session: Session, clock: FixedClock
) -> None:
    set_missing_defaults(session, clock, "B", account_id=None)
    before = session.scalars(select(AuditEntry.sequence)).all()
    page = administrator.get("/stad/enkater/hemtjanst/prova?form=easy")
    texts = set()
    while "Provet är klart" not in page.text:
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
        radio = re.search(r'type="radio"[^>]*name="([^"]+)" value="([^"]+)"', page.text)
        if radio:
            fields[radio[1]] = radio[2]
        heading = re.search(r"<h2>(.*?)</h2>", page.text, re.DOTALL)
        assert heading
        assert heading[1] not in texts
        texts.add(heading[1])
        page = administrator.post("/stad/enkater/hemtjanst/prova", data={**fields, "go": "on"})
        assert page.status_code == 200
    assert len(texts) >= 10
    assert session.scalars(select(AuditEntry.sequence)).all() == before


@pytest.mark.one_database
def test_settings_show_no_password_and_say_how_things_are(administrator: FlaskClient) -> None:
    page = administrator.get("/stad/installningar").text
    assert "ENKAT_CITY_NAME" in page
    assert "satt, visas inte" in page
    assert "sqlite:///" not in page
    assert "Hemligheter" in page


@pytest.mark.one_database
def test_the_navigation_shows_only_what_one_may_open(app: Flask, session: Session, clock: FixedClock) -> None:
    reader = staff_client(app, session, clock, Role.FREE_TEXT_READER).get("/stad/").text
    assert "Konton" not in reader
    assert "Resultat</a>" not in reader
    cookies = staff_client(app, session, clock, Role.ADMINISTRATOR)
    assert cookies.get_cookie(COOKIE) is not None
    page = cookies.get("/stad/konton").text
    assert 'aria-current="page">Konton' in page
    assert "Resultat</a>" not in page
