"""The page that a planned round is reckoned on: the city's own targets, the latest result, and what is written."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from enkat import paths
from enkat.instruments.loading import load_catalogue
from enkat.records.accounts import Role
from enkat.records.targets import Target, TargetScope
from enkat.records.writing import writing
from enkat.services.rounds.planning import plan_round
from tests.clocks import FixedClock
from tests.factories.accounts import staff_client
from tests.factories.counted import UnitCase, add_counted_round
from tests.factories.rounds import a_plan, small_register
from tests.page_checks import CheckedClient

ADDRESS = "/stad/omgangar/prov26/plan/rakna"
HOME = load_catalogue(paths.surveys()).instruments["hemtjanst"]


@pytest.fixture
def planned(session: Session, clock: FixedClock) -> None:
    small_register(session, {"BJÖ": 40, "GRA": 30, "EKE": 12})
    plan_round(session, clock, a_plan(clock))


def set_targets(session: Session, *targets: tuple[str | None, TargetScope, int]) -> None:
    with writing(session):
        for question, scope, basis_points in targets:
            session.add(
                Target(year=2026, question_id=question, scope=scope, basis_points=basis_points, decision="KF 2025")
            )


def page(client: FlaskClient, query: str = "") -> str:
    answer = client.get(f"{ADDRESS}?{query}" if query else ADDRESS)
    assert answer.status_code == 200, answer.text
    return answer.text


def value(html: str, name: str) -> str:
    (tag,) = re.findall(rf'<input[^>]*name="{name}"[^>]*>', html)
    return tag.split('value="', 1)[1].split('"', 1)[0]


def selected(html: str, name: str) -> str:
    box = html.split(f'name="{name}"', 1)[1].split("</select>", 1)[0]
    return re.findall(r'<option selected value="([^"]*)"', box)[0]


@pytest.mark.usefixtures("planned")
def test_the_citys_targets_and_the_latest_result_fill_the_form(app: Flask, session: Session, clock: FixedClock):
    set_targets(
        session,
        ("feels_safe", TargetScope.CITY, 9000),
        ("feels_safe", TargetScope.UNIT, 8250),
        ("staff_treatment", TargetScope.CITY, 7000),
        (None, TargetScope.CITY, 6500),
    )
    add_counted_round(
        session, [UnitCase(100, 80), UnitCase(90, 70)], short_name="ht22", day=date(2022, 9, 1), instrument=HOME
    )
    html = page(staff_client(app, session, clock, Role.ROUND_MANAGER, Role.ANALYST))
    rows = {selected(html, f"goals-{n}-question"): n for n in range(2)}
    assert value(html, f"goals-{rows['feels_safe']}-target") == "82,5"
    truth = value(html, f"goals-{rows['feels_safe']}-truth")
    assert 60 <= int(truth) <= 95
    assert "Den sanna andelen är hela stadens i Undersökning 2022" in html
    assert "Stadens mål för svarsfrekvensen 2026 är minst 65" in html
    assert f"Om {truth} procent är positiva i varje enhet" in html
    assert (
        html.count("Siffrorna för varje enhet") == len(re.findall("<title[^>]*>Chans till besked</title>", html)) == 2
    )


@pytest.mark.usefixtures("planned")
def test_without_a_result_that_one_may_see_a_stated_share_is_taken(app: Flask, session: Session, clock: FixedClock):
    set_targets(session, ("feels_safe", TargetScope.UNIT, 8000))
    html = page(staff_client(app, session, clock, Role.ROUND_MANAGER))
    assert value(html, "goals-0-truth") == "85"
    assert "Det finns inget räknat resultat att utgå från: den sanna andelen är satt till 85 procent." in html


@pytest.fixture
def manager(app: Flask, session: Session, clock: FixedClock, planned: None) -> CheckedClient:
    del planned
    return staff_client(app, session, clock, Role.ROUND_MANAGER)


def test_a_city_without_targets_is_told_so_and_can_write_one(manager: CheckedClient):
    html = page(manager)
    assert "Staden har inga mål för 2026." in html
    assert "Chans till besked" not in html
    assert value(html, "goals-0-target") == ""
    one = page(manager, "rate=60&share=85&margin=10&goals-0-target=80&goals-0-truth=95")
    assert "Mål minst 80 %" in one
    assert value(one, "goals-1-target") == "", "the next one can be written"


def likely(html: str) -> list[int]:
    return [int(found) for found in re.findall(r"får (\d+) av 3 enheter ett besked", html)]


def test_table_and_pictures_follow_what_is_written(manager: CheckedClient):
    common = "share=85&margin=10&goals-0-target=80&goals-0-truth=99&goals-1-target=80&goals-1-truth=81"
    few, all_of_them = page(manager, f"rate=20&{common}"), page(manager, f"rate=100&{common}")
    assert likely(few) == [0, 0]
    assert likely(all_of_them) == [3, 3], "a census leaves nothing undetermined"
    widths = [re.findall(r"± (\d+,\d)", html) for html in (few, all_of_them)]
    assert float(widths[0][0].replace(",", ".")) > 10
    assert widths[1] == ["0,0"] * 3
    assert "går inte att nå" in few
    pictures = [html.split('id="chances-0', 1)[1].split("</svg>", 1)[0] for html in (few, all_of_them)]
    assert pictures[0] != pictures[1]


def test_a_blank_target_leaves_its_row_out_and_a_faulty_one_is_linked(manager: CheckedClient):
    blank = page(manager, "rate=60&share=85&margin=10&goals-0-target=&goals-0-truth=50&goals-1-target=75")
    assert blank.count("Siffrorna för varje enhet") == 1
    faulty = page(manager, "rate=60&share=85&margin=10&goals-0-target=80&goals-1-target=x")
    assert "<title>Fel:" in faulty
    assert '<a href="#goals-1-target">Skriv ett tal, till exempel 60.</a>' in faulty
    assert 'value="x"' in faulty
    unknown = page(manager, "rate=60&share=85&margin=10&goals-0-question=nej&goals-0-target=80")
    assert "<title>Fel:" in unknown


def test_the_script_is_small_and_the_page_does_without(manager: CheckedClient):
    html = page(manager)
    assert '<form method="get"' in html
    assert "Räkna om</button>" in html
    assert len(manager.get("/static/what_if.js").data) < 3000
