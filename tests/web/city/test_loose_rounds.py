"""A round with loose codes on the city's pages: planned, printed as slips, followed without names, results labelled."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import today
from enkat.records.accounts import Role
from enkat.records.organisations import Provider
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import SurveyRound
from enkat.services.results.notes import NOT_POOLED, WITHOUT_N
from enkat.services.rounds.planning import Handout, plan_of
from enkat.settings import Settings
from tests.clocks import FixedClock
from tests.factories.accounts import staff_client
from tests.factories.loose import answer_loose, count_loose, opened_loose, own_survey, staff_plan
from tests.factories.rounds import add_keys, planned_round, small_register
from tests.web.city.test_rounds import BASE, look_again, page, send

LABEL = "Utförarens egen undersökning: Provkommunens hemtjänst"


def basics(clock: FixedClock, **changes: object) -> dict[str, object]:
    day = today(clock)
    return {
        "title": "Hur har du det på jobbet?",
        "short_name": "personal26",
        "reference_date": day,
        "opens_on": day,
        "closes_on": day + timedelta(days=30),
        "interval_years": 2,
        **changes,
    }


def test_a_staff_round_is_planned_with_codes_per_unit(app: Flask, session: Session, clock: FixedClock) -> None:
    units = small_register(session).units
    session.rollback()
    manager = staff_client(app, session, clock, Role.ROUND_MANAGER)
    html = send(manager, f"{BASE}/ny", **basics(clock, kind="staff"))
    assert "Frågor om ditt arbete" in html
    assert "Frågor om din hemtjänst" not in html
    assert "Lägsta ålder" not in html
    assert "Koder per enhet" in html
    assert "Lägst 10." in page(manager, f"{BASE}/personal26/plan/resultat")
    codes = {f"codes_{units['BJÖ']}": 20, f"people_{units['BJÖ']}": 18, f"codes_{units['GRA']}": 12}
    send(manager, f"{BASE}/personal26/plan/koder", **codes)
    wrong = send(manager, f"{BASE}/personal26/plan/koder", **{f"codes_{units['BJÖ']}": "", f"people_{units['BJÖ']}": 3})
    assert "<title>Fel:" in wrong
    look_again(session)
    round_ = session.scalars(select(SurveyRound)).one()
    assert (round_.kind, round_.loose_codes) == (RoundKind.STAFF, True)
    assert plan_of(session, round_).handouts == {
        units["BJÖ"]: Handout(codes=20, people=18),
        units["GRA"]: Handout(codes=12),
    }
    frame = page(manager, f"{BASE}/personal26/ram")
    assert "okänt" in frame
    assert "Kön ej känt" not in frame
    assert "Personalundersökning" in page(manager, BASE)


def test_a_providers_own_survey_needs_a_provider(app: Flask, session: Session, clock: FixedClock) -> None:
    small_register(session)
    provider = session.scalars(select(Provider.id)).one()
    session.rollback()
    manager = staff_client(app, session, clock, Role.ROUND_MANAGER)
    assert "<title>Fel:" in send(manager, f"{BASE}/ny", **basics(clock, kind="provider_own"))
    send(manager, f"{BASE}/ny", **basics(clock, kind="provider_own", provider_id=provider))
    assert LABEL in page(manager, f"{BASE}/personal26")
    assert LABEL in page(manager, f"{BASE}/personal26/plan/fragor")


def test_slips_and_status_know_no_persons(
    app: Flask, session: Session, clock: FixedClock, app_settings: Settings
) -> None:
    register = small_register(session)
    handouts = {register.units["BJÖ"]: Handout(codes=15, people=10)}
    round_ = planned_round(session, clock, **staff_plan(handouts=handouts))
    made = opened_loose(session, clock, app_settings, round_, add_keys(session, clock, round_.id), register)
    answer_loose(session, clock, app_settings, made, {"BJÖ": 5})
    session.rollback()
    manager = staff_client(app, session, clock, Role.ROUND_MANAGER)
    status = page(manager, f"{BASE}/prov26/lage")
    assert "Oanvända koder" in status
    assert "av 15 koder" in status
    assert "50\N{NO-BREAK SPACE}%" in status
    letters = page(manager, f"{BASE}/prov26/brev")
    assert "Gör lapparna" in letters
    assert "Påminnelse till dem" not in letters
    assert "Rättelser" not in page(manager, f"{BASE}/prov26")


@pytest.mark.parametrize("kind", ["own", "staff"])
def test_every_page_of_results_says_whose_they_are_and_what_is_not_known(
    app: Flask, session: Session, clock: FixedClock, app_settings: Settings, kind: str
) -> None:
    register = small_register(session)
    handouts = {register.units["BJÖ"]: Handout(codes=14)}
    round_ = (
        own_survey(session, clock, register.units, handouts=handouts)
        if kind == "own"
        else planned_round(session, clock, **staff_plan(handouts=handouts))
    )
    made = opened_loose(session, clock, app_settings, round_, add_keys(session, clock, round_.id), register)
    answer_loose(session, clock, app_settings, made, {"BJÖ": 12})
    count_loose(session, clock, made)
    analyst = staff_client(app, session, clock, Role.ANALYST)
    base = f"/stad/resultat/{made.short_name}"
    question = "feels_safe" if kind == "own" else "staff_dares_report"
    group = f"grupp/unit:{register.units['BJÖ']}"
    for rest in ("", "/kvalitet", f"/fraga/{question}", f"/{group}", "/filer", "?niva=analyst", "?niva=public"):
        html = page(analyst, base + rest)
        assert WITHOUT_N in html, rest
        assert (f"{LABEL}. {NOT_POOLED}" in html) is (kind == "own"), rest
        assert not re.search(r"\bnan\b", html.lower()), rest
    assert "12 har svarat." in page(analyst, base)
    assert "-1" not in page(analyst, base).split("<h1")[1]
