"""Logging in: password, then the app's code; nothing of the staff's pages opens before both."""

import re

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from enkat.records.accounts import Role
from enkat.records.writing import writing
from enkat.web.shared.login import COOKIE
from tests.clocks import FixedClock
from tests.factories.accounts import PASSWORD, make_account, staff_client


def token_of(text: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
    assert found
    return found[1]


def submit(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    page = client.get(address)
    return client.post(address, data={"csrf_token": token_of(page.text), **fields})


def password_given(client: FlaskClient, session: Session, clock: FixedClock) -> str:
    """Make an account without second factor, give its password and return the app's secret."""
    account = make_account(session, clock, Role.ADMINISTRATOR, email="asa@staden.example")
    with writing(session):
        account.totp_confirmed = False
    response = submit(client, "/stad/logga-in", email="Asa@Staden.example ", password=PASSWORD)
    assert response.status_code == 302
    page = client.get("/stad/logga-in/koppla-app")
    found = re.search(r"Nyckel:.*?<code>([A-Z2-7 ]+)</code>", page.text, re.DOTALL)
    assert found
    return found[1].replace(" ", "")


def test_without_login_a_page_asks_for_it(client: FlaskClient) -> None:
    response = client.get("/stad/")
    assert response.status_code == 302
    assert response.location.startswith("/stad/logga-in")


def test_the_first_login_couples_an_app_and_shows_recovery_codes(
    client: FlaskClient, session: Session, clock: FixedClock
) -> None:
    secret = password_given(client, session, clock)
    assert client.get("/stad/").status_code == 302  # a password alone opens nothing
    before = client.get_cookie(COOKIE)
    wrong = submit(client, "/stad/logga-in/koppla-app", code="000000")
    assert "Koden stämmer inte" in wrong.text
    page = submit(client, "/stad/logga-in/koppla-app", code=pyotp.TOTP(secret).at(clock.now))
    codes = re.findall(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){5}", page.text)
    assert len(codes) == 10
    after = client.get_cookie(COOKIE)
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert client.get("/stad/").status_code == 200


def test_each_code_and_each_recovery_code_works_once(
    app: Flask, client: FlaskClient, session: Session, clock: FixedClock
) -> None:
    secret = password_given(client, session, clock)
    code = pyotp.TOTP(secret).at(clock.now)
    page = submit(client, "/stad/logga-in/koppla-app", code=code)
    recovery = re.findall(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){5}", page.text)[0]
    second = app.test_client()
    submit(second, "/stad/logga-in", email="asa@staden.example", password=PASSWORD)
    assert "Koden stämmer inte" in submit(second, "/stad/logga-in/kod", code=code).text
    assert submit(second, "/stad/logga-in/reservkod", code=recovery.lower()).status_code == 302
    assert second.get("/stad/").status_code == 200
    third = app.test_client()
    submit(third, "/stad/logga-in", email="asa@staden.example", password=PASSWORD)
    assert "redan använd" in submit(third, "/stad/logga-in/reservkod", code=recovery).text
    clock.advance(seconds=30)
    assert submit(third, "/stad/logga-in/kod", code=pyotp.TOTP(secret).at(clock.now)).status_code == 302


@pytest.mark.one_database
def test_an_unknown_address_and_a_wrong_password_get_the_same_words(
    client: FlaskClient, session: Session, clock: FixedClock
) -> None:
    make_account(session, clock, email="asa@staden.example")
    texts = [
        re.sub(r'value="[^"]*"', "", submit(client, "/stad/logga-in", email=email, password="fel").text)
        for email in ("asa@staden.example", "ingen@staden.example")
    ]
    assert texts[0] == texts[1]
    assert "Fel:" in texts[0]
    assert 'aria-invalid="true"' in texts[0]


@pytest.mark.one_database
def test_after_login_nobody_is_sent_to_another_site(client: FlaskClient, session: Session, clock: FixedClock) -> None:
    secret = password_given(client, session, clock)
    for wanted in ("//annan.example", "https://annan.example/", "/\\annan.example"):
        address = f"/stad/logga-in/koppla-app?next={wanted}"
        page = client.get(address)
        assert "annan.example" not in re.sub(r"<form[^>]*>", "", page.text)
    done = submit(client, "/stad/logga-in/koppla-app?next=//annan.example", code=pyotp.TOTP(secret).at(clock.now))
    assert 'href="//annan' not in done.text


def test_logging_out_ends_the_login_on_the_server(app: Flask, session: Session, clock: FixedClock) -> None:
    client = staff_client(app, session, clock, Role.ANALYST)
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    page = client.get("/stad/")
    assert client.post("/stad/logga-ut").status_code == 400
    assert client.post("/stad/logga-ut", data={"csrf_token": token_of(page.text)}).status_code == 302
    client.set_cookie(COOKIE, cookie.value)
    assert client.get("/stad/").status_code == 302


def test_a_login_ends_when_idle_and_after_a_working_day(app: Flask, session: Session, clock: FixedClock) -> None:
    client = staff_client(app, session, clock, Role.ANALYST)
    for _ in range(10):
        clock.advance(minutes=59)
        assert client.get("/stad/").status_code == 200
    clock.advance(minutes=59)
    assert client.get("/stad/").status_code == 302
    idle = staff_client(app, session, clock, Role.ANALYST)
    clock.advance(minutes=61)
    assert idle.get("/stad/").status_code == 302
