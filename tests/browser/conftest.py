"""A browser, and a round that is open on the site it visits."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy.orm import Session

from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.rounds import SmallRound, small_round

Faults = Callable[[Page], list[str]]
"""What axe finds on a page."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a browser of its own, with addresses relative to the site."""
    contexts = []

    def open_one(**options: Any) -> Page:
        context = browser.new_context(base_url=site, locale="sv-SE", **options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def axe_faults() -> Faults:
    axe = Axe()

    def find(page: Page) -> list[str]:
        found = axe.run(page).response["violations"]
        return [f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in found]

    return find


@pytest.fixture
def opened(session: Session, clock: FixedClock, app_settings: Settings) -> SmallRound:
    made = small_round(session, clock, app_settings, Secrets(app_settings))
    session.rollback()
    return made
