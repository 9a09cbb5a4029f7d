"""Whatever legal survey a city writes, its pages hold: every page that is fetched here is checked by the client.

`ENKAT_INSTRUMENTS=50` tries as many; a few are tried in every run.
"""

import os
import tempfile
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings

from enkat.web.respondent import journey
from enkat.web.respondent.ready_pages import PAGES
from tests.factories.random_surveys import surveys, written
from tests.factories.respondents import answer_all, enter
from tests.factories.rounds import SmallRound
from tests.factories.walking import Walker

pytestmark = pytest.mark.one_database
EXAMPLES = int(os.environ.get("ENKAT_INSTRUMENTS", "4"))


@pytest.mark.timeout(900)
def test_pages_of_any_legal_survey_hold(app: Flask, opened: SmallRound, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = count()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(surveys())
    def hold(files: dict[str, str]) -> None:
        with tempfile.TemporaryDirectory() as name:
            instrument = written(files, Path(name))
        monkeypatch.setattr(journey, "compiled_instrument", lambda _session, _sha: instrument)
        app.extensions.get(PAGES, {}).clear()
        walker = Walker(app.test_client())
        enter(walker, opened, next(numbers) % len(opened.codes))
        base = f"/o/{opened.short_name}"
        if "Vanlig text" in walker.response.text:  # the draft of an earlier example
            walker.press("Vanlig text")
        walker.press("Med bilder")
        for question in instrument.questions:
            walker.get(f"{base}/fraga/{question.id}")
            if question.kind == "text":
                walker.press("Nästa", {"answer": "å" * (question.max_length + 1)})
                assert walker.status == 422
        for switch in ("Lättläst", "English"):
            walker.get(f"{base}/fraga/{instrument.questions[0].id}").press(switch)
        walker.press("Svenska")
        answer_all(walker.get(f"{base}/fraga/{instrument.questions[0].id}"), text="a")
        assert walker.path == f"{base}/granska"

    hold()
