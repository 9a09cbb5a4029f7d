"""An interview in a real browser: by number keys, without script, narrow, in every language; axe finds nothing."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.ballots.ballot import Ballot
from enkat.ballots.sealing import open_ballot
from enkat.records.accounts import Role
from enkat.records.ballots import SealedBallot
from enkat.records.calls import Wish
from enkat.services.accounts.sessions import start_session
from enkat.services.interviews.booking import Agreed, book
from enkat.web.security import cookie_name
from enkat.web.shared.login import COOKIE
from tests.browser.conftest import Faults
from tests.clocks import FixedClock
from tests.factories.accounts import make_account
from tests.factories.rounds import SmallRound

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
NARROW = {"width": 320, "height": 640}
SMALL = """() => [...document.querySelectorAll('main a, main button, .choice, summary, footer a, footer button')]
    .map(one => [one.textContent.trim(), one.getBoundingClientRect()])
    .filter(([_, box]) => box.width && (box.height < 43.5 || box.width < 43.5)).map(([text]) => text)"""

OpenPage = Callable[..., Page]
OpenCall = Callable[..., tuple[Page, str]]


@pytest.fixture
def call(
    app: Flask, session: Session, clock: FixedClock, opened: SmallRound, open_page: OpenPage, site: str
) -> OpenCall:
    """Return a function that opens a browser with an interviewer, and the address of a booked person."""
    account = make_account(session, clock, Role.INTERVIEWER, name="Ida Intervjuare")
    token = start_session(session, clock, account, second_factor=True)
    with app.test_request_context():
        name = cookie_name(COOKIE)

    def open_one(number: int = 0, wish: Wish = Wish.PHONE, language: str = "sv", **options: object) -> tuple[Page, str]:
        invitation_id = opened.invitation_ids[number]
        agreed = Agreed(wish=wish, language=language)
        made = book(session, clock, invitation_id, agreed, account_id=account.id)
        session.rollback()
        page = open_page(**options)
        page.context.add_cookies([{"name": name, "value": token, "domain": urlsplit(site).hostname, "path": "/"}])
        return page, f"/intervju/{opened.short_name}/samtal/{made.id.hex()}"

    return open_one


def fits(page: Page) -> bool:
    """Whether nothing asks for scrolling sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def press(page: Page, selector: str) -> None:
    """Press what leads to another page, and wait until that page is there."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def begin(page: Page, address: str) -> None:
    """Begin an interview with the person."""
    page.goto(address)
    press(page, "main form.single button")
    page.locator("#who-0").check()
    press(page, "main button.primary")


def vectors(session: Session, opened: SmallRound) -> list[tuple[int, ...]]:
    """Open the box."""
    session.rollback()
    contents = session.scalars(select(SealedBallot.content)).all()
    return [Ballot.from_bytes(open_ballot(opened.pair.private, content)).vector for content in contents]


def test_number_keys_and_enter_are_all_that_is_needed(call: OpenCall, opened: SmallRound, session: Session) -> None:
    page, address = call()
    begin(page, address)
    keys = ("1", "2", "3", "1", "5", "9", "6", "1", "2", "4")
    for key in keys:
        page.keyboard.press(key)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert page.locator("textarea").count() == 1
    page.locator("textarea").fill("I köket är det 5 grader.")
    press(page, "main button.primary")
    with page.expect_navigation():
        page.locator("main button.primary").press("Enter")
    assert page.locator("h1").inner_text() == "Tack! Svaren har kommit fram."
    (vector,) = vectors(session, opened)
    chosen = [code for code in vector if code != -1]
    assert chosen == [1, 2, 3, 1, 5, -4, -3, 1, 2, 4]


def test_the_whole_interview_without_script(call: OpenCall, opened: SmallRound, session: Session) -> None:
    page, address = call(java_script_enabled=False)
    begin(page, address)
    for _ in range(30):
        if page.url.endswith("/slut"):
            break
        if page.locator("#answer-1").count():
            page.locator("#answer-1").check()
        press(page, "main button.primary")
    press(page, "main button.primary")
    assert page.locator("h1").inner_text() == "Tack! Svaren har kommit fram."
    page.go_back()
    assert page.locator("input:checked").count() == 0
    (vector,) = vectors(session, opened)
    assert set(vector) == {2, -1}


@pytest.mark.parametrize("language", ["sv", "en", "fi", "ar"])
def test_axe_finds_nothing_and_everything_fits_a_narrow_screen(
    call: OpenCall, axe_faults: Faults, language: str
) -> None:
    page, address = call(1, language=language, viewport=NARROW)
    faults: dict[str, list[str]] = {}

    def look(name: str) -> None:
        small = page.evaluate(SMALL)
        found = axe_faults(page) + ([] if fits(page) else ["too wide"]) + [f"small: {one}" for one in small]
        if found:
            faults[name] = found

    if language == "sv":
        for name, path in (("start", "/intervju/"), ("list", address.partition("/samtal")[0] + "/lista")):
            page.goto(path)
            faults |= {name: found} if (found := axe_faults(page)) or not fits(page) else {}
    page.goto(address)
    press(page, "main form.single button")
    look("before")
    press(page, "main button.primary")
    look("nobody answers")
    page.locator("#who-0").check()
    press(page, "main button.primary")
    look("question")
    press(page, "button[value=repeat]")
    look("repeated")
    page.locator("details summary").click()
    look("probe")
    press(page, "footer a")
    press(page, "main button.primary")
    look("concern without words")
    press(page, "main .back a")
    for _ in range(30):
        if page.url.endswith("/slut"):
            break
        press(page, "button[value=skip]")
    look("end")
    press(page, "main button.primary")
    look("done")
    assert faults == {}


def test_back_after_a_lent_tablet_shows_nothing(call: OpenCall) -> None:
    page, address = call(2, Wish.VISIT)
    page.goto(address)
    page.locator("#tablet").check()
    press(page, "main form.single button")
    page.locator("#who-0").check()
    press(page, "main button.primary")
    page.locator("#answer-2").check()
    press(page, "main button.primary")
    for _ in range(30):
        if page.url.endswith("/slut"):
            break
        press(page, "button[value=skip]")
    press(page, "main button.primary")
    press(page, "main button.primary")
    assert page.locator("h1").inner_text() == "Surfplattan är tom"
    for _ in range(4):
        page.go_back()
        assert page.locator("input:checked").count() == 0
        assert page.locator("h1").inner_text() in {"Logga in", "Surfplattan är tom"}
