"""Answering in a real browser: by keyboard alone, on a narrow screen, without script, from the letter's QR; and axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.ballots import SealedBallot
from enkat.records.writing import DatabaseBusyError
from enkat.web.respondent import journey as journeys
from tests.browser.conftest import Faults
from tests.factories.rounds import SmallRound

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
NARROW = {"width": 320, "height": 640}
LONGEST = 30

OpenPage = Callable[..., Page]


def press(page: Page, text: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=text, exact=True).click()


def enter(page: Page, opened: SmallRound, number: int = 0, button: str = "Fortsätt") -> None:
    page.goto(f"/o/{opened.short_name}")
    page.fill("#code", opened.codes[number])
    press(page, button)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def go(page: Page, key: str) -> None:
    """Press a key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus stands on what the selector names."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reached {selector} on {page.url}")


def test_the_whole_survey_by_keyboard_on_a_narrow_screen(
    open_page: OpenPage, opened: SmallRound, session: Session
) -> None:
    page = open_page(viewport=NARROW)
    page.goto("/")
    tab_to(page, ".cards a")
    go(page, "Enter")
    tab_to(page, "#code")
    page.keyboard.type(opened.codes[0])
    go(page, "Enter")
    assert page.url.endswith("/om")
    assert fits(page)
    tab_to(page, "main .primary")
    go(page, "Enter")
    for _ in range(LONGEST):
        assert fits(page), page.url
        if page.locator("[data-done]").count():
            break
        if page.locator("input[type=radio]").count():
            tab_to(page, "input[type=radio]")
            page.keyboard.press("Space")
        tab_to(page, "main .primary")
        go(page, "Space")
    assert page.locator("h1").inner_text() == "Tack! Ditt svar har kommit fram."
    session.rollback()
    assert len(session.scalars(select(SealedBallot)).all()) == 1


def test_the_whole_survey_without_script(open_page: OpenPage, opened: SmallRound, session: Session) -> None:
    page = open_page(java_script_enabled=False, viewport=NARROW)
    enter(page, opened)
    press(page, "Börja")
    for _ in range(LONGEST):
        if page.locator("[data-done]").count():
            break
        if page.locator("input[type=radio]").count():
            page.locator("input[type=radio]").first.check()
        with page.expect_navigation():
            page.locator("main .primary").click()
    assert page.locator("h1").inner_text() == "Tack! Ditt svar har kommit fram."
    session.rollback()
    assert len(session.scalars(select(SealedBallot)).all()) == 1


def test_the_code_of_the_qr_fills_the_field_and_leaves_the_address(open_page: OpenPage, opened: SmallRound) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/o/{opened.short_name}#{opened.codes[2]}")
    assert page.input_value("#code").replace(" ", "") == opened.codes[2]
    assert "#" not in page.url
    press(page, "Fortsätt")
    assert page.locator("h1").inner_text().startswith("Frågorna gäller")
    assert all(opened.codes[2] not in address for address in asked)


def test_an_error_is_focused_and_leads_to_its_field(open_page: OpenPage, opened: SmallRound) -> None:
    page = open_page()
    page.goto(f"/o/{opened.short_name}")
    page.fill("#code", "1234")
    press(page, "Fortsätt")
    assert page.title().startswith("Fel: ")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    page.locator(".error-summary a").click()
    assert page.evaluate("document.activeElement.id") == "code"


def test_without_a_connection_the_answer_stays_on_the_page(open_page: OpenPage, opened: SmallRound) -> None:
    page = open_page()
    enter(page, opened)
    page.goto(f"/o/{opened.short_name}/fraga/tell_more")
    page.fill("textarea", "De är snälla.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Nästa", exact=True).click()
    assert "Du har tappat kontakten" in page.locator(".offline").inner_text()
    assert page.input_value("textarea") == "De är snälla."
    page.context.set_offline(False)
    press(page, "Nästa")
    assert page.url.endswith("/granska")


def test_other_hosts_are_never_asked_and_the_policy_is_never_broken(open_page: OpenPage, opened: SmallRound) -> None:
    page = open_page()
    told: list[str] = []
    hosts = set()
    page.on("console", lambda message: told.append(message.text))
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    enter(page, opened)
    press(page, "Börja")
    press(page, "Lättläst")
    press(page, "Nästa")
    assert told == []
    assert len(hosts) == 1


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_axe_finds_nothing_on_any_page(open_page: OpenPage, opened: SmallRound, axe_faults: Faults, lang: str) -> None:
    words = {
        "sv": ("Fortsätt", "Börja", "Nästa", "Skicka", "Skicka mina svar", "Lättläst"),
        "en": ("Continue", "Begin", "Next", "Send", "Send my answers", "Easy to read"),
    }
    go_on, begin, forward, send, send_all, easy = words[lang]
    page = open_page(viewport=NARROW)
    base = f"/o/{opened.short_name}"
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        faults = axe_faults(page)
        if faults:
            found[name] = faults

    for path in (f"/?lang={lang}", base, f"{base}?kvar=1", "/tillganglighet", "/uppgifter", "/finns-inte"):
        page.goto(path)
        look(path)
    page.goto(base)
    press(page, go_on)
    look("code missing")
    enter(page, opened, 0, go_on)
    look("about")
    press(page, begin)
    look("who")
    press(page, forward)
    look("who skipped")
    page.check("input[value=proxy]")
    press(page, forward)
    look("helper")
    press(page, forward)
    press(page, forward)
    look("question")
    press(page, easy)
    look("easy")
    page.goto(f"{base}/fraga/tell_more")
    look("text")
    page.fill("textarea", "å" * 1001)
    press(page, forward)
    look("text too long")
    for path in ("/granska", "/hjalp", "/uppgifter", "/tillganglighet/fel", "/paus"):
        page.goto(base + path)
        look(path)
    page.goto(f"{base}/tillganglighet/fel")
    press(page, send)
    look("report missing")
    page.goto(f"{base}/granska")
    press(page, send_all)
    look("thanks")
    enter(page, opened, 0, go_on)
    look("received")
    assert found == {}


def test_axe_finds_nothing_when_two_windows_differ_or_all_is_busy(
    open_page: OpenPage, opened: SmallRound, axe_faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = open_page(), open_page()
    address = f"/o/{opened.short_name}/fraga/staff_treatment"
    for page, answer in ((one, "2"), (other, "5")):
        enter(page, opened)
        page.goto(address)
        page.check(f"input[value='{answer}']")
    press(one, "Nästa")
    press(other, "Nästa")
    assert other.locator("h1").inner_text() == "Vilket svar ska gälla?"
    assert axe_faults(other) == []

    def refuse(*_args: object, **_values: object) -> None:
        raise DatabaseBusyError("busy")

    monkeypatch.setattr(journeys, "save_draft", refuse)
    one.locator("input[type=radio]").first.check()
    press(one, "Nästa")
    assert one.locator("h1").inner_text() == "Just nu är det många på sidan"
    assert axe_faults(one) == []
