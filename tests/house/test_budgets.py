"""The budgets that do not depend on the machine: statements a page, requests and bytes of a first visit, growth."""

import gzip
import re
from collections.abc import Callable

import pytest
from flask import Flask, template_rendered
from jinja2 import Template
from sqlalchemy.orm import Session

from bench.inside import Respondent, counted, engine_of
from enkat.records.rounds import SurveyRound
from tests.clocks import FixedClock
from tests.factories.ballots import SECRET, OpenRound, add_round

GET_BUDGET = 5
POST_BUDGET = 8
FIRST_VISIT_BYTES = 14_000
NEXT_PAGE_BYTES = 6_000
FIRST_VISIT_REQUESTS = 4
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
ASSET = re.compile(r'(?:<link rel="stylesheet"[^>]*href|<script[^>]*src|<img[^>]*src)="(/[^"]+)"')

Guest = Callable[[OpenRound], Respondent]


@pytest.fixture
def guest(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> Guest:
    """Somebody who has typed a code of a round."""

    def enter(made: OpenRound) -> Respondent:
        monkeypatch.setenv(f"ENKAT_SECRET_ROUND_{made.round_id}", SECRET.hex())
        found = session.get(SurveyRound, made.round_id)
        assert found is not None
        respondent = Respondent(app.test_client(), found.short_name)
        respondent.enter(made.codes[0])
        return respondent

    return enter


def _hidden(page: str) -> dict[str, str]:
    return {name: value for name, value in HIDDEN.findall(page) if name != "csrf_token"}


def _journey(app: Flask, respondent: Respondent) -> dict[str, int]:
    """Walk through a survey and count each page's statements."""
    engine = engine_of(app)
    seen: dict[str, int] = {}
    steps = {
        "/om": None,
        "/vem": {"who": "self"},
        "/fraga/feels_safe": {"answer": "5"},
        "/fraga/is_heard": {"answer": "1"},
        "/fraga/more": {"answer": "Det är bra."},
        "/granska": {},
    }
    for place, fields in steps.items():
        respondent.get(place)  # fills the caches that a process fills once
        with counted(engine) as statements:
            page = respondent.get(place)
        seen[f"GET {place}"] = statements.count
        if fields is not None:
            with counted(engine) as statements:
                assert respondent.post(place, **_hidden(page), **fields) == 303
            seen[f"POST {place}"] = statements.count
    respondent.get("/tack")
    return seen


@pytest.mark.parametrize(("units", "questions"), [(1, 1), (40, 30)], ids=["small", "large"])
def test_no_respondent_page_asks_the_database_more_than_its_budget(
    app: Flask, session: Session, clock: FixedClock, guest: Guest, units: int, questions: int
) -> None:
    made = add_round(session, clock, (3,) * units, real_codes=True, own_questions=questions)
    seen = _journey(app, guest(made))
    over = {
        page: count for page, count in seen.items() if count > (POST_BUDGET if page.startswith("POST") else GET_BUDGET)
    }
    assert over == {}


def _verbs(app: Flask, step: Callable[[], object]) -> list[str]:
    """Return what a step sends to the database, BEGIN and COMMIT included."""
    with counted(engine_of(app)) as statements:
        step()
    return [text.split()[0] for text in statements.texts]


def test_a_question_costs_one_look_up_and_an_answer_one_more_statement(
    app: Flask, session: Session, clock: FixedClock, guest: Guest
) -> None:
    respondent = guest(add_round(session, clock, (3,), real_codes=True))
    respondent.get("/vem")
    respondent.post("/vem", who="self")
    place = "/fraga/feels_safe"
    page = respondent.get(place)
    assert _verbs(app, lambda: respondent.get(place)) == ["SELECT"]
    assert _verbs(app, lambda: respondent.post(place, **_hidden(page), answer="5")) == ["SELECT", "UPDATE"]


@pytest.mark.one_database
def test_a_question_is_made_once_for_everybody_and_a_written_answer_for_nobody_else(
    app: Flask, session: Session, clock: FixedClock, guest: Guest
) -> None:
    respondent = guest(add_round(session, clock, (3,), real_codes=True))
    made: list[str] = []

    def note(_app: Flask, template: Template, **_context: object) -> None:
        made.append(str(template.name))

    def templates(place: str) -> list[str]:
        made.clear()
        respondent.get(place)
        return list(made)

    with template_rendered.connected_to(note, app):
        assert "respondent/question_choice.html" in templates("/fraga/feels_safe")
        first = respondent.token
        assert templates("/fraga/feels_safe") == []
        assert respondent.token != first
        page = respondent.get("/fraga/more")
        assert templates("/fraga/more") == []
        respondent.post("/fraga/more", **_hidden(page), answer="Det här har en enda skrivit.")
        for _ in range(2):
            assert templates("/fraga/more") == ["respondent/question_text.html"]
    assert not [page for page in app.extensions["enkat.ready_pages"].values() if "en enda" in page]


@pytest.mark.one_database
def test_the_first_visit_is_light(app: Flask, session: Session, clock: FixedClock, guest: Guest) -> None:
    respondent = guest(add_round(session, clock, (6,), real_codes=True))
    page = respondent.client.get(f"/o/{respondent.short_name}")
    assets = dict.fromkeys(ASSET.findall(page.text))
    weights = [len(gzip.compress(respondent.client.get(path).data)) for path in assets]
    assert 1 + len(assets) <= FIRST_VISIT_REQUESTS
    assert len(gzip.compress(page.data)) + sum(weights) <= FIRST_VISIT_BYTES
    for place in ("/om", "/vem", "/fraga/feels_safe"):
        assert len(gzip.compress(respondent.get(place).encode())) <= NEXT_PAGE_BYTES
