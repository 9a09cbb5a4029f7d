"""Whatever legal survey a city writes, its pages fit a narrow screen and axe finds nothing, in both directions."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from playwright.sync_api import Page

from enkat.web.respondent import journey
from enkat.web.respondent.ready_pages import PAGES
from tests.browser.conftest import Faults
from tests.factories.random_surveys import surveys, written
from tests.factories.rounds import SmallRound

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
EXAMPLES = int(os.environ.get("ENKAT_INSTRUMENTS", "2"))


@pytest.mark.timeout(1800)
def test_pages_of_any_legal_survey_are_accessible(
    app: Flask,
    open_page: Callable[..., Page],
    opened: SmallRound,
    axe_faults: Faults,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    base = f"/o/{opened.short_name}"
    page.goto(base)
    page.get_by_role("button", name="Med bilder").click()
    page.fill("#code", opened.codes[0])
    page.get_by_role("button", name="Fortsätt").click()
    page.wait_for_url(f"**{base}/om")

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(surveys())
    def hold(files: dict[str, str]) -> None:
        with tempfile.TemporaryDirectory() as name:
            instrument = written(files, Path(name))
        monkeypatch.setattr(journey, "compiled_instrument", lambda _session, _sha: instrument)
        app.extensions.get(PAGES, {}).clear()
        for question in (instrument.questions[0], instrument.questions[-1]):
            for lang in ("sv", "ar"):
                page.goto(f"{base}/fraga/{question.id}?lang={lang}")
                assert axe_faults(page) == []
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    hold()
