"""The trend of a question over many rounds: what the page shows and how little it asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from enkat import paths
from enkat.instruments.loading import load_catalogue
from enkat.records.accounts import Role
from enkat.web.extensions import db
from tests.clocks import FixedClock
from tests.factories.accounts import staff_client
from tests.factories.counted import UnitCase, add_counted_round
from tests.page_checks import CheckedClient

YEARS = (2010, 2014, 2018, 2022, 2026)
UNITS = [UnitCase(60, 40), UnitCase(50, 35), UnitCase(80, 50, 1), UnitCase(40, 30, 1)]
MOST = 20


@pytest.fixture
def analyst(app: Flask, session: Session, clock: FixedClock) -> CheckedClient:
    previous = None
    for seed, year in enumerate(YEARS):
        made = add_counted_round(
            session, UNITS, short_name=f"ht{year % 100}", day=date(year, 9, 1), previous_round_id=previous, seed=seed
        )
        previous = made.id
    return staff_client(app, session, clock, Role.ANALYST)


@contextmanager
def selects(app: Flask) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def trend(client: CheckedClient, short_name: str, more: str = "") -> str:
    answer = client.get(f"/stad/resultat/{short_name}/fraga/feels_safe?bild=utveckling{more}")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_every_counted_round_is_in_the_picture_and_in_the_table(analyst: CheckedClient, session: Session):
    html = trend(analyst, "ht26", "&grupp=unit:1")
    picture = html.split('id="trend', 1)[1].split("</svg>", 1)[0]
    for year in YEARS:
        assert f">{year}</text>" in picture
        assert html.count(f'<th scope="row">Undersökning {year}</th>') == 2, "the unit's table and the city's"
    assert "Enhet 1 från omgång till omgång" in html


@pytest.mark.parametrize("level", ["", "&niva=public"])
def test_questions_to_the_database_do_not_grow_with_the_rounds(app: Flask, analyst: CheckedClient, level: str):
    numbers = {}
    for rounds, short_name in ((2, "ht14"), (4, "ht22"), (5, "ht26")):
        with selects(app) as asked:
            trend(analyst, short_name, f"{level}&grupp=unit:1")
        numbers[rounds] = len(asked)
    assert max(numbers.values()) <= MOST, numbers
    assert numbers[4] <= numbers[2], numbers
    assert numbers[5] <= numbers[2], numbers


def test_a_filter_question_is_shown_as_what_it_is(app: Flask, session: Session, clock: FixedClock):
    alarm = load_catalogue(paths.surveys()).instruments["trygghetslarm"]
    add_counted_round(session, UNITS, instrument=alarm)
    client = staff_client(app, session, clock, Role.ANALYST)
    for address in ("", "/fraga/has_pressed_alarm?bild=intervall", "/fraga/has_pressed_alarm", "/grupp/unit:1"):
        html = client.get(f"/stad/resultat/ht26{address}").text
        assert "bara fördelning" in html, address
    html = client.get("/stad/resultat/ht26/fraga/has_pressed_alarm?bild=tratt").text
    assert "En filterfråga:" in html
    assert "Positiva svar:" not in html
    assert "Så fördelar sig svaren i enheterna" in html
    assert "Utveckling</a>" not in html
