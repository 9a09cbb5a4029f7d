"""Pages of administration in a real browser: axe, a narrow screen, target sizes, and the keyboard alone."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from enkat.records.accounts import AccountState, Role
from enkat.records.retention import RecordKind
from enkat.records.targets import TargetScope
from enkat.records.writing import writing
from enkat.services.accounts import second_factor
from enkat.services.accounts.sessions import start_session
from enkat.services.external_series.keeping import HEADINGS, add_series, import_figures
from enkat.services.retention.holds import place_hold
from enkat.services.retention.rules import set_missing_defaults
from enkat.services.targets.setting import NewTarget, set_target
from enkat.settings import Secrets, Settings
from enkat.web.security import cookie_name
from enkat.web.shared.login import COOKIE
from tests.browser.conftest import Faults
from tests.clocks import FixedClock
from tests.factories.accounts import PASSWORD, make_account
from tests.factories.rounds import SmallRound

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
NARROW = {"width": 320, "height": 640}
ACCOUNT = "/stad/konton/2"
ADDRESSES = (
    "/stad/",
    "/stad/konton",
    "/stad/konton/nytt",
    *(f"{ACCOUNT}{rest}" for rest in ("", "/roll", "/stang", "/bjud-in", "/utdrag")),
    "/stad/logg",
    "/stad/logg/kontroll",
    *(f"/stad/gallring{rest}" for rest in ("", "/forslag", "/stopp", "/regel/codes")),
    "/stad/installningar",
    *(f"/stad/mitt-konto{rest}" for rest in ("", "/losenord", "/reservkoder")),
    *(f"/stad/enkater{rest}" for rest in ("", "/hemtjanst", "/hemtjanst?sprak=en&form=easy", "/hemtjanst/jamfor")),
    "/stad/enkater/sprak",
    "/stad/enkater/hemtjanst/prova",
    "/stad/register/utdrag?q=a",
    *(f"/stad/mal{rest}" for rest in ("?ar=2026", "/nytt", "/2027/upprepa/2026", "/1/ta-bort")),
    *(f"/stad/serier{rest}" for rest in ("", "/ny", "/1", "/1/2025/ta-bort")),
    "/stad/logga-in",
)
PARTS = 3
"""One test each, so that none takes long."""
SMALL_TARGETS = """() => [...document.querySelectorAll("button, .button, nav a, select, textarea, input")]
  .filter(one => !["radio", "checkbox", "hidden"].includes(one.type))
  .filter(one => one.getBoundingClientRect().height < 43.5)
  .map(one => one.outerHTML.slice(0, 80))"""

OpenPage = Callable[..., Page]


@pytest.fixture
def staff_page(app: Flask, session: Session, clock: FixedClock, open_page: OpenPage, site: str) -> OpenPage:
    """Return a function that opens a page for somebody who may do everything."""
    account = make_account(session, clock, *(role for role in Role if role is not Role.DISTRICT_READER))
    make_account(session, clock, Role.ANALYST)
    target = NewTarget(2026, TargetScope.UNIT, "85", "VP 2026", question_id="feels_safe")
    set_target(session, clock, target, questions=["feels_safe"], account_id=account.id)
    series = add_series(session, clock, title="Nationell", publisher="Myndighet", source="Fil", account_id=account.id)
    cells = dict.fromkeys(HEADINGS, "") | {"År": "2025", "Fråga": "Hur trygg är du?", "Andel": "80"}
    import_figures(session, clock, series.id, [(2, cells)], questions=[], account_id=account.id)
    make_account(session, clock, Role.KEY_HOLDER, state=AccountState.INVITED)
    set_missing_defaults(session, clock, "Dokumenthanteringsplan 2026", account_id=account.id)
    place_hold(session, clock, reason="Begäran 2026/9", account_id=account.id, kind=RecordKind.CODES)
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
    opened: SmallRound, staff_page: OpenPage, axe_faults: Faults, part: int
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


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by the keyboard")


def _press(page: Page, selector: str) -> None:
    _tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_one_logs_in_and_gives_a_role_by_the_keyboard_alone(
    session: Session, clock: FixedClock, app_settings: Settings, open_page: OpenPage, axe_faults: Faults
) -> None:
    account = make_account(session, clock, Role.ADMINISTRATOR)
    other = make_account(session, clock)
    with writing(session):
        account.totp_confirmed = False
    secret = second_factor.begin_setup(session, Secrets(app_settings), account)
    page = open_page(viewport=NARROW)
    page.goto(f"/stad/konton/{other.id}/roll")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    _tab_to(page, "#email")
    page.keyboard.type(account.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    _press(page, "main form button")
    assert axe_faults(page) == []
    _tab_to(page, "#code")
    page.keyboard.type(pyotp.TOTP(secret).at(clock.now))
    _press(page, "main form button")
    assert axe_faults(page) == []
    _press(page, "main a.button")
    assert urlsplit(page.url).path == f"/stad/konton/{other.id}/roll"
    _tab_to(page, "#role-0")
    page.keyboard.press("ArrowDown")
    _press(page, "main form button")
    assert page.locator(".notice.good").inner_text() == "Kontot har fått rollen."


def test_focus_is_seen_and_faults_lead_to_their_field(staff_page: OpenPage, axe_faults: Faults) -> None:
    page = staff_page()
    page.goto("/stad/konton/nytt")
    with page.expect_navigation():
        page.locator("main form button").click()
    assert page.title().startswith("Fel:")
    assert axe_faults(page) == []
    page.locator(".error-summary a").first.click()
    assert page.evaluate("document.activeElement.id") == "name"
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert float(outline.removesuffix("px")) >= 2


def test_without_script_a_survey_is_tried_to_its_end(staff_page: OpenPage) -> None:
    page = staff_page(java_script_enabled=False)
    page.goto("/stad/enkater/trygghetslarm/prova")
    for _ in range(30):
        if page.locator("h1").inner_text() == "Provet är klart":
            break
        if page.locator("input[type=radio]").count():
            page.locator("input[type=radio]").first.check()
        page.locator("main form button").first.click()
    assert page.locator("h1").inner_text() == "Provet är klart"
    assert page.locator("dl.pairs > div").count() >= 3
