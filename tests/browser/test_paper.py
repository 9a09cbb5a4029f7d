"""Opening and keying in a real browser: by keyboard alone, few presses, no wide screen needed, nothing axe finds."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import update
from sqlalchemy.orm import Session

from enkat.records.accounts import Role
from enkat.records.invitations import Invitation, InvitationStatus
from enkat.records.rounds import SurveyRound
from enkat.records.writing import writing
from enkat.services.accounts.sessions import start_session
from enkat.web.security import cookie_name
from enkat.web.shared.login import COOKIE
from tests.browser.conftest import Faults
from tests.clocks import FixedClock
from tests.factories.accounts import make_account
from tests.factories.rounds import SmallRound

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
NARROW = {"width": 320, "height": 640}
MOST_PRESSES = 14

OpenPage = Callable[..., Page]


class Hands:
    """A keyboard that counts what is pressed; a scanner types beside it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def enter(self) -> None:
        self.presses += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def scan(self, text: str) -> None:
        self.page.keyboard.type(text)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def focus(self) -> str:
        return str(self.page.evaluate("document.activeElement.name || ''"))


@pytest.fixture
def desk(
    app: Flask, session: Session, clock: FixedClock, open_page: OpenPage, site: str, opened: SmallRound
) -> OpenPage:
    """Return a function that opens a page as somebody who opens and keys."""
    with writing(session):
        session.execute(update(SurveyRound).values(second_keying_percent=50))
    with app.test_request_context():
        name = cookie_name(COOKIE)

    def open_one(**options: object) -> Page:
        account = make_account(session, clock, Role.OPENER, Role.KEYER)
        token = start_session(session, clock, account, second_factor=True)
        session.rollback()
        page = open_page(**options)
        page.context.add_cookies([{"name": name, "value": token, "domain": urlsplit(site).hostname, "path": "/"}])
        return page

    return open_one


def _statuses(session: Session, opened: SmallRound) -> list[InvitationStatus]:
    session.rollback()
    return [session.get_one(Invitation, one).status for one in opened.invitation_ids]


@pytest.mark.parametrize("script", [True, False])
def test_ten_answers_take_fourteen_presses_and_no_mouse_with_and_without_script(
    desk: OpenPage, opened: SmallRound, session: Session, script: bool
) -> None:
    page = desk(java_script_enabled=script)
    base = f"/papper/{opened.short_name}"
    hands = Hands(page)
    page.goto(f"{base}/oppna#code")
    for code in opened.codes[:2]:
        assert hands.focus() == "code"
        hands.scan(f"https://enkat.staden.example/o/{opened.short_name}#{code}")
        assert "Registrerat" in page.inner_text("main")
    page.get_by_role("button", name="Lämna bunten till inskrivning").press("Enter")
    page.goto(f"{base}/skriv#code")
    assert hands.focus() == "code"
    hands.scan(opened.codes[0])
    assert hands.focus() == "keys"
    hands.presses = 0
    hands.press("10" + "1234512345"[:9])
    if script:
        assert "10. " in page.inner_text("#keyed")
        assert page.locator("tr[aria-current]").count() == 1
    hands.press("5")
    hands.enter()
    assert hands.presses <= MOST_PRESSES, hands.presses
    assert "Sparat: bunt 1, blad 1" in page.inner_text("main")
    assert hands.focus() == "code", "ready for the next sheet"
    assert _statuses(session, opened)[:2] == [InvitationStatus.PAPER_RECEIVED] * 2


def test_every_paper_page_is_without_axe_faults_and_fits_a_narrow_screen(
    desk: OpenPage, opened: SmallRound, axe_faults: Faults
) -> None:
    first, second, third = (desk(viewport=NARROW) for _ in range(3))
    base = f"/papper/{opened.short_name}"
    found: dict[str, list[str]] = {}

    def look(page: Page, name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        faults = axe_faults(page) + (["wider than the screen"] if wide else [])
        if faults:
            found[name] = faults

    def scan(page: Page, address: str, code: str) -> None:
        page.goto(address)
        page.fill("#code", code)
        with page.expect_navigation():
            page.press("#code", "Enter")

    def key(page: Page, keys: str) -> None:
        page.fill("#keys", keys)
        with page.expect_navigation():
            page.press("#keys", "Enter")

    first.goto("/papper/")
    look(first, "start")
    third.goto("/papper/?lang=ar")
    assert third.get_attribute("html", "dir") == "rtl"
    look(third, "start in Arabic")
    scan(first, f"{base}/oppna", opened.codes[0][:-1])
    look(first, "open with a fault")
    scan(first, f"{base}/oppna", opened.codes[0])
    look(first, "open")
    first.get_by_role("button", name="Lämna bunten till inskrivning").press("Enter")
    first.goto(f"{base}/buntar")
    look(first, "batches")
    scan(first, f"{base}/skriv", opened.codes[0])
    look(first, "key")
    key(first, "19")
    look(first, "key with a fault")
    first.goto(f"{base}/skriv/oro")
    look(first, "worry")
    first.goto(f"{base}/skriv/blad")
    key(first, "10" + "1" * 10)
    scan(second, f"{base}/skriv", opened.codes[0])
    look(second, "key again")
    key(second, "10" + "2" * 10)
    scan(third, f"{base}/skriv", opened.codes[0])
    look(third, "decide in Arabic")
    assert found == {}
