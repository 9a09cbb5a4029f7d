"""Staff see which language is complete for which survey, and a round that promises one that is not cannot open."""

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from enkat import paths
from enkat.instruments.loading import load_catalogue
from enkat.records.accounts import Role
from enkat.services.rounds.composing import compose_all
from enkat.services.rounds.planning import plan_round
from tests.clocks import FixedClock
from tests.factories.accounts import staff_client
from tests.factories.rounds import a_plan, small_register

pytestmark = pytest.mark.one_database
SAFE = 'easy = "Onko sinulla turvallinen olo avun kanssa?"'


@pytest.fixture
def unfinished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The city's surveys with one easy core text and one plain supplementary text waiting for their Finnish."""
    surveys = tmp_path / "surveys"
    shutil.copytree(paths.surveys(), surveys)
    file = surveys / "languages" / "fi.toml"
    text = file.read_text(encoding="utf-8")
    for waits in (SAFE, 'text = "Saatko ruokaa osana apuasi?"'):
        assert waits in text
        text = text.replace(waits, f'{waits.partition(" = ")[0]} = ""', 1)
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("ENKAT_SURVEYS_DIR", str(surveys))
    return surveys


def test_the_page_tells_what_is_missing(app: Flask, session: Session, clock: FixedClock, unfinished: Path) -> None:
    html = staff_client(app, session, clock, Role.ADMINISTRATOR).get("/stad/enkater/sprak").text
    assert re.findall(r"</span> (\d+) saknas", html) == ["1"] * 4
    assert "Frågor om din hemtjänst: vanlig text 0 av" in html
    assert "lättläst 1 av" in html
    assert "enkat instruments language-template fi --write" in html
    assert "<h2>Arabiska" not in html


def test_a_round_cannot_promise_a_core_question_that_waits_for_its_translation(
    session: Session, clock: FixedClock, unfinished: Path
) -> None:
    small_register(session)
    plan = a_plan(clock, languages=["sv", "fi"], supplements=["maltider"])
    _, sentences = compose_all(load_catalogue(unfinished), plan_round(session, clock, plan))
    told = " saknar {} på finska. Lägg till texten, eller ta bort det som omgången lovar."
    assert "hemtjanst: frågan feels_safe" + told.format("lättläst") in sentences
    assert "hemtjanst: frågan gets_meals" + told.format("vanlig text") in sentences
    plan = a_plan(clock, languages=["sv", "fi"], faces=["plain"], short_name="annan")
    assert compose_all(load_catalogue(unfinished), plan_round(session, clock, plan))[1] == []
