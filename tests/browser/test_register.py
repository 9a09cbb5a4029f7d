"""The register in a browser: a faulty file corrected and applied by keyboard alone at 320 px, and axe on its pages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from enkat.records.accounts import Role
from enkat.services.accounts.sessions import start_session
from enkat.web.shared.login import COOKIE
from tests.browser.conftest import Faults
from tests.clocks import FixedClock
from tests.factories.accounts import make_account
from tests.factories.register import FAULTY, PERSON, csv_of, fill_register, person, stage, unit

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
NARROW = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture
def manager_page(
    open_page: Callable[..., Page], site: str, session: Session, clock: FixedClock, app: Flask
) -> Callable[..., Page]:
    """Return a function that opens a page logged in as a round manager."""
    token = start_session(session, clock, make_account(session, clock, Role.ROUND_MANAGER), second_factor=True)
    fill_register(session, clock)

    def open_one(**options: object) -> Page:
        page = open_page(**options)
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": site}])
        return page

    return open_one


def tab_to(page: Page, text: str) -> None:
    """Press Tab until what has the focus begins with `text`."""
    for _ in range(80):
        page.keyboard.press("Tab")
        shown = page.evaluate("(e => (e.labels?.[0]?.innerText || e.innerText || ''))(document.activeElement)")
        if shown.strip().startswith(text):
            return
    pytest.fail(f"Tab never came to {text!r}")


def test_a_faulty_file_is_corrected_and_applied_by_keyboard(
    manager_page: Callable[..., Page], session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "fil.csv"
    file.write_bytes(csv_of(PERSON.replace(";K;", ";X;")))
    page = manager_page(**NARROW)
    page.goto("/stad/register/las-in")
    tab_to(page, "Enheter")
    page.keyboard.press("ArrowDown")
    assert page.is_checked("input[value=clients]")
    page.set_input_files("input[type=file]", file)
    tab_to(page, "Läs och kontrollera")
    page.keyboard.press("Enter")
    page.wait_for_url("**/filer/*")
    tab_to(page, "Rätta rad 2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rader/2")
    tab_to(page, "Kön ska vara")  # the summary's link leads to the field
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.name === 'sex'")
    page.keyboard.press("Control+A")
    page.keyboard.type("K")
    page.keyboard.press("Enter")
    page.wait_for_url("**/filer/*")
    assert "Inga fel" in page.inner_text("main")
    tab_to(page, "Gå vidare")
    page.keyboard.press("Enter")
    page.wait_for_url("**/infor")
    tab_to(page, "För in filen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/register")
    assert "1 ny" in page.inner_text("main")
    assert person(session, "T1").birth_year == 1941


def test_axe_finds_nothing_and_nothing_overflows(
    manager_page: Callable[..., Page], session: Session, clock: FixedClock, axe_faults: Faults
) -> None:
    batch = stage(session, clock, FAULTY).id
    addresses = [
        "",
        "/las-in",
        f"/filer/{batch}",
        f"/filer/{batch}/rader/4",
        f"/filer/{batch}/kolumner",
        "/enheter",
        f"/enheter/{unit(session, 'ASP').id}",
        "/enheter/samband",
        "/personer",
    ]
    page = manager_page(**NARROW)
    for address in addresses:
        page.goto(f"/stad/register{address}")
        assert axe_faults(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
