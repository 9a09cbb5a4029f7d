"""Pages of rounds and letters in a real browser: axe, a narrow screen, the keyboard, progress without a reload."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session, sessionmaker

from enkat.records.accounts import Role
from enkat.records.letters import LetterFormat
from enkat.records.targets import Target, TargetScope
from enkat.records.writing import writing
from enkat.services.accounts.sessions import start_session
from enkat.services.jobs.running import run_waiting
from enkat.services.letters.ordering import order_letters
from enkat.services.rounds.historic import FigureRow, add_historic_round, replace_figures
from enkat.services.rounds.planning import plan_round
from enkat.settings import Secrets, Settings
from enkat.web.security import cookie_name
from enkat.web.shared.login import COOKIE
from tests.browser.conftest import Faults
from tests.clocks import FixedClock
from tests.factories.accounts import make_account
from tests.factories.rounds import SmallRound, a_plan, add_keys

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
NARROW = {"width": 320, "height": 640}
BASE = "/stad/omgangar"
PLANNED = (
    "",
    "/plan/grund",
    "/plan/vilka",
    "/plan/urval",
    "/plan/fragor",
    "/plan/resultat",
    "/plan/uppgifter",
    "/plan/rakna",
    "/ram",
)
ADDRESSES = (
    BASE,
    f"{BASE}/ny",
    f"{BASE}/tidigare/ny",
    f"{BASE}/tidigare/1",
    *(f"{BASE}/prov30{rest}" for rest in (*PLANNED, "/plan/jamforelse", "/oppna")),
    *(f"{BASE}/prov26{rest}" for rest in ("", "/lage", "/rattelser?q=Test", "/stang", "/brev", "/brev/1", "/skyddade")),
    "/stad/arbeten/1",
)

OpenPage = Callable[..., Page]


@pytest.fixture
def rounds(
    opened: SmallRound, session: Session, sessions: sessionmaker[Session], clock: FixedClock, app_settings: Settings
) -> SmallRound:
    """Beside the open round: a planned sample in practice, an earlier survey, and letters that wait to be made."""
    planned = plan_round(session, clock, a_plan(clock, short_name="prov30", practice=True, design="sample"))
    add_keys(session, clock, planned.id)
    historic = add_historic_round(
        session, clock, title="Undersökning 2003", year=2003, source="Rapport", account_id=None
    )
    rows = [(2, FigureRow("feels_safe", "85"))]
    replace_figures(session, clock, historic.id, rows, questions=["feels_safe"], account_id=None)
    order_letters(session, clock, opened.round_id, LetterFormat.PRINT_SHOP, account_id=None)
    session.rollback()
    return opened


@pytest.fixture
def staff_page(app: Flask, session: Session, clock: FixedClock, open_page: OpenPage, site: str) -> OpenPage:
    account = make_account(session, clock, Role.ROUND_MANAGER, Role.PROTECTED_IDENTITY_HANDLER)
    token = start_session(session, clock, account, second_factor=True)
    with app.test_request_context():
        name = cookie_name(COOKIE)

    def open_one(**options: object) -> Page:
        page = open_page(**options)
        page.context.add_cookies([{"name": name, "value": token, "domain": urlsplit(site).hostname, "path": "/"}])
        return page

    return open_one


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_every_page_of_a_round_is_without_axe_faults_and_fits_a_narrow_screen(
    staff_page: OpenPage, rounds: SmallRound, axe_faults: Faults
) -> None:
    page = staff_page(viewport=NARROW)
    found: dict[str, list[str]] = {}
    for address in ADDRESSES:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        faults = axe_faults(page) + ([] if fits(page) else ["wider than the screen"])
        if faults:
            found[address] = faults
    assert found == {}


def test_a_form_with_faults_is_without_axe_faults(staff_page: OpenPage, rounds: SmallRound, axe_faults: Faults) -> None:
    page = staff_page(viewport=NARROW)
    page.goto(f"{BASE}/prov30/plan/resultat")
    page.fill("#threshold_internal", "2")
    page.get_by_role("button", name="Spara och fortsätt").press("Enter")
    page.wait_for_selector(".error-summary")
    assert page.title().startswith("Fel:")
    page.locator(".error-summary a").first.press("Enter")
    assert page.evaluate("document.activeElement.id") == "threshold_internal"
    assert axe_faults(page) == []


def test_progress_is_followed_without_a_reload(
    staff_page: OpenPage,
    rounds: SmallRound,
    sessions: sessionmaker[Session],
    clock: FixedClock,
    app_settings: Settings,
) -> None:
    page = staff_page()
    page.goto("/stad/arbeten/1")
    assert "Väntar" in page.inner_text("#work")
    run_waiting(sessions, clock, app_settings, Secrets(app_settings))
    page.get_by_text("Klart.").wait_for()
    assert page.get_by_role("link", name="Gå vidare").is_visible()


def test_a_slider_counts_again_without_a_reload(
    staff_page: OpenPage, rounds: SmallRound, axe_faults: Faults, session: Session
) -> None:
    with writing(session):
        session.add(
            Target(year=2026, question_id="feels_safe", scope=TargetScope.UNIT, basis_points=8000, decision="KF")
        )
    page = staff_page(viewport=NARROW)
    page.goto(f"{BASE}/prov30/plan/rakna")
    assert page.input_value("#goals-0-target") == "80"
    before = page.inner_text("#outcome")
    page.evaluate("window.stayed = true")
    slider = page.get_by_label("Svarsfrekvens, procent", exact=True).and_(page.locator("[type=range]"))
    slider.focus()
    slider.press("End")
    page.get_by_text("Räknat om.").wait_for()
    assert page.input_value("#rate") == "100"
    assert page.inner_text("#outcome") != before
    assert "rate=100" in page.url
    assert page.evaluate("window.stayed && document.activeElement.type") == "range"
    page.fill("#margin", "x")
    page.get_by_text("Skriv ett tal, till exempel 60.").wait_for()
    page.fill("#margin", "12,5")
    page.get_by_text("Räknat om.").wait_for()
    assert axe_faults(page) == []
    assert fits(page)
