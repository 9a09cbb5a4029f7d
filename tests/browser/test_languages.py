"""Every language in a real browser: a narrow screen, large text, forced colours, pictures; axe on each page."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from enkat.catalogues import find
from enkat.settings import Secrets, Settings
from tests.browser.conftest import Faults
from tests.clocks import FixedClock
from tests.factories.rounds import SmallRound, small_round

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
NARROW = {"width": 320, "height": 900}
WIDE = {"width": 640, "height": 900}
"""Twice as wide, for text twice as large."""
OpenPage = Callable[..., Page]


@pytest.fixture
def translated(session: Session, clock: FixedClock, app_settings: Settings) -> SmallRound:
    promised = ["sv", "en", "fi", "ar"]
    made = small_round(session, clock, app_settings, Secrets(app_settings), languages=promised)
    session.rollback()
    return made


def _press(page: Page, text: str, lang: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=find(text, lang).text, exact=True).click()


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def walk(page: Page, opened: SmallRound, lang: str, look: Callable[[str], Any]) -> None:
    """Go from the code page to a question with pictures, and look at each page."""
    base = f"/o/{opened.short_name}"
    page.goto(f"{base}?lang={lang}")
    look("code")
    _press(page, "Fortsätt", lang)
    look("fault")
    page.fill("#code", opened.codes[0])
    _press(page, "Fortsätt", lang)
    look("about")
    _press(page, "Med bilder", lang)
    page.goto(f"{base}/fraga/feels_safe")
    look("question")
    _press(page, "Nästa", lang)
    look("skipped")
    for name, path in (
        ("text", "/fraga/tell_more"),
        ("review", "/granska"),
        ("privacy", "/uppgifter"),
        ("help", "/hjalp"),
    ):
        page.goto(base + path)
        look(name)


@pytest.mark.parametrize("lang", ["sv", "en", "fi", "ar"])
@pytest.mark.parametrize("large", [False, True], ids=["narrow", "text_doubled"])
def test_pages_fit_and_have_no_faults(
    open_page: OpenPage, translated: SmallRound, axe_faults: Faults, lang: str, large: bool
) -> None:
    page = open_page(viewport=WIDE if large else NARROW)
    if large:
        sizes = {"fontSizes": {"standard": 32, "fixed": 26}}
        page.context.new_cdp_session(page).send("Page.setFontSizes", sizes)
    found: list[str] = []

    def look(name: str) -> None:
        if not _fits(page):
            found.append(f"{name}: too wide")
        found.extend(f"{name}: {fault}" for fault in axe_faults(page))

    walk(page, translated, lang, look)
    assert found == []
    letters = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    assert letters == (38 if large else 19)


@pytest.mark.parametrize("colors", ["none", "active"])
def test_pictures_are_drawn_and_only_beside_words(open_page: OpenPage, translated: SmallRound, colors: Any) -> None:
    page = open_page(viewport=NARROW, forced_colors=colors)
    seen = {}

    def look(name: str) -> None:
        seen[name] = page.locator("svg.picture").evaluate_all(
            "all => all.map(one => [one.getBBox().width > 10, one.getAttribute('aria-hidden')])"
        )

    walk(page, translated, "ar", look)
    assert seen["about"] == []
    assert seen["question"] == [[True, "true"]] * 6


VOICES = """
const told = [];
window.told = told;
const voices = [{lang: "sv-SE", localService: %s, name: "Alva"}];
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
Object.defineProperty(window, "speechSynthesis", {value: {
  getVoices: () => voices, addEventListener: () => {}, speaking: false, pending: false,
  cancel: () => { told.length = 0; },
  speak(one) { told.push([one.text.trim(), one.lang, one.voice.name]); if (one.onend) one.onend(); },
}});
"""
"""A device with one Swedish voice; what is read is kept in `told`."""


def _first_question(page: Page, opened: SmallRound, lang: str) -> None:
    page.goto(f"/o/{opened.short_name}?lang={lang}")
    page.fill("#code", opened.codes[0])
    _press(page, "Fortsätt", lang)
    page.goto(f"/o/{opened.short_name}/fraga/complaint_channel_known")


@pytest.mark.parametrize(
    ("local", "lang", "offered"), [("true", "sv", True), ("true", "fi", False), ("false", "sv", False)]
)
def test_the_question_is_read_aloud_only_by_a_voice_of_the_device_in_its_language(
    open_page: OpenPage, translated: SmallRound, local: str, lang: str, offered: bool
) -> None:
    page = open_page()
    page.add_init_script(VOICES % local)
    _first_question(page, translated, lang)
    button = page.locator(".aloud button")
    assert button.is_visible() is offered
    if offered:
        button.click()
        assert page.evaluate("told") == [
            ["Vet du vart du kan vända dig om du vill klaga?", "sv", "Alva"],
            ["Ja", "sv", "Alva"],
            ["Nej", "sv", "Alva"],
            ["Osäker", "sv", "Alva"],
        ]
        assert button.inner_text() == "Läs upp frågan"
