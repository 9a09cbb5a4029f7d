"""Pages of results in a real browser: axe, a narrow screen, target sizes, the keyboard, no script, and print."""

from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from enkat import paths
from enkat.instruments.loading import load_catalogue
from enkat.records.accounts import Role
from enkat.records.rounds import RoundState
from enkat.records.targets import TargetScope
from enkat.services.accounts.sessions import start_session
from enkat.services.targets.setting import NewTarget, set_target
from enkat.web.security import cookie_name
from enkat.web.shared.login import COOKIE
from tests.browser.conftest import Faults
from tests.clocks import FixedClock
from tests.factories.accounts import make_account
from tests.factories.counted import UnitCase, add_counted_round

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
NARROW = {"width": 320, "height": 640}
HOME = load_catalogue(paths.surveys()).instruments["hemtjanst"]
UNITS = [
    UnitCase(60, 40, 0, proxies=8, positive=0.9),
    UnitCase(40, 30, 0, positive=0.6),
    UnitCase(300, 200, 1, proxies=10, positive=0.7),
    UnitCase(30, 20, 1),
    UnitCase(4, 3, 1),
]
SMALL_CITY = [UnitCase(4, 3)]
ROUND, LOCKED, SMALL = "/stad/resultat/ht26", "/stad/resultat/vt27", "/stad/resultat/liten"
SEARCHED = "/stad/resultat/sokt"
ADDRESSES = (
    "/stad/resultat",
    *(f"{ROUND}{rest}" for rest in ("", "?bild=fordelning", "?bild=svar", "?q=finns-inte", "?niva=analyst", "/filer")),
    *(f"{ROUND}/fraga/feels_safe{rest}" for rest in ("", "?bild=fordelning", "?bild=tratt", "?bild=utveckling")),
    f"{ROUND}/fraga/feels_safe?q=finns-inte",
    f"{ROUND}/kvalitet",
    *(f"{ROUND}/grupp/{key}" for key in ("unit:1", "unit:1?bild=fordelning", "unit:5", "district:1")),
    LOCKED,
    f"{LOCKED}/fraga/feels_safe",
    SEARCHED,
    *(f"{SMALL}{rest}" for rest in ("", "/fraga/feels_safe?bild=tratt", "/grupp/unit:1")),
)
PARTS = 4
"""One test each, so that none takes long."""
SMALL_TARGETS = """() => [...document.querySelectorAll("button, .button, nav a, select, textarea, input, a.sort")]
  .filter(one => !["radio", "checkbox", "hidden"].includes(one.type))
  .filter(one => one.getBoundingClientRect().height < 43.5)
  .map(one => one.outerHTML.slice(0, 80))"""
OpenPage = Callable[..., Page]


@pytest.fixture
def staff_page(app: Flask, session: Session, clock: FixedClock, open_page: OpenPage, site: str) -> OpenPage:
    """Return a function that opens a page for an analyst: rounds that are counted, locked, small and to be searched."""
    old = add_counted_round(session, UNITS, short_name="ht22", day=date(2022, 9, 1), instrument=HOME, seed=2)
    add_counted_round(session, UNITS, instrument=HOME, previous_round_id=old.id)
    add_counted_round(session, UNITS, short_name="vt27", day=date(2027, 3, 1), state=RoundState.OPEN, instrument=HOME)
    add_counted_round(session, SMALL_CITY, short_name="liten", instrument=HOME)
    add_counted_round(session, SMALL_CITY, short_name="sokt", instrument=HOME, release_plan={"protection": "milp"})
    account = make_account(session, clock, Role.ANALYST)
    for percent, question in (("85", "feels_safe"), ("75", None)):
        target = NewTarget(2026, TargetScope.UNIT, percent, "VP 2026", question_id=question)
        set_target(session, clock, target, questions=["feels_safe"], account_id=account.id)
    token = start_session(session, clock, account, second_factor=True)
    with app.test_request_context():
        name = cookie_name(COOKIE)

    def open_one(**options: object) -> Page:
        page = open_page(**options)
        page.context.add_cookies([{"name": name, "value": token, "domain": urlsplit(site).hostname, "path": "/"}])
        return page

    return open_one


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_without_axe_faults_fits_a_narrow_screen_and_has_large_targets(
    staff_page: OpenPage, axe_faults: Faults, part: int
) -> None:
    page = staff_page(viewport=NARROW)
    found: dict[str, list[str]] = {}
    for address in ADDRESSES[part::PARTS]:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        faults = axe_faults(page) + page.evaluate(SMALL_TARGETS)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults.append("wider than the screen")
        if faults:
            found[address] = faults
    assert found == {}


def test_a_picture_is_chosen_units_are_searched_and_sorted_by_the_keyboard_without_script(staff_page: OpenPage) -> None:
    page = staff_page(viewport=NARROW, java_script_enabled=False)
    page.goto(f"{ROUND}/fraga/feels_safe")
    page.locator(".chart-kinds a", has_text="Tratt").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".chart-kinds a[aria-current]").inner_text() == "Tratt"
    assert page.locator("svg.chart title").first.text_content() == "Enheterna i en tratt"
    page.locator("#q").focus()
    page.keyboard.type("Enhet 3")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("h2#enheter ~ .table-box").first.locator("tbody tr").count() == 1
    assert page.locator(".chart-kinds a[aria-current]").inner_text() == "Tratt"
    page.locator("a.sort", has_text="Positiva").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("th[aria-sort]").inner_text().startswith("Positiva")


def test_a_picture_scrolls_within_itself_and_by_the_keyboard(staff_page: OpenPage) -> None:
    page = staff_page(viewport=NARROW)
    page.goto(f"{ROUND}/grupp/unit:1")
    box = page.locator(".chart-box").first
    assert box.evaluate("one => one.scrollWidth > one.clientWidth")
    box.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    # Scrolling is smooth, and the page's policy lets no text be run as a condition to wait for.
    for _ in range(50):
        if box.evaluate("one => one.scrollLeft") > 0:
            break
        page.wait_for_timeout(100)
    assert box.evaluate("one => one.scrollLeft") > 0


def test_printed_pages_keep_pictures_and_leave_the_forms_out(staff_page: OpenPage) -> None:
    page = staff_page()
    page.goto(f"{ROUND}/fraga/feels_safe")
    page.emulate_media(media="print")
    assert page.locator("svg.chart").first.is_visible()
    assert not page.locator("form.filter").is_visible()
    assert not page.locator(".chart-kinds").is_visible()


def test_in_forced_colours_a_picture_keeps_ink_on_paper(staff_page: OpenPage) -> None:
    page = staff_page(forced_colors="active")
    page.goto(f"{ROUND}/grupp/unit:1")
    colours = page.locator("svg.chart text").first.evaluate("one => getComputedStyle(one).fill")
    paper = page.locator("svg.chart").first.evaluate("one => getComputedStyle(one).backgroundColor")
    assert (colours, paper) == ("rgb(68, 82, 94)", "rgb(255, 255, 255)")
