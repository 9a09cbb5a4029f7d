"""Loose codes on the pages: one code, one answer; nobody is asked who answers; a provider's own survey says so."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from enkat.ballots.ballot import Ballot
from enkat.ballots.sealing import open_ballot
from enkat.ballots.vocabulary import Respondent, Sex
from enkat.instruments.vocabulary import ServiceType
from enkat.records.ballots import SealedBallot
from enkat.services.rounds.planning import Handout
from enkat.settings import Settings
from tests.clocks import FixedClock
from tests.factories.loose import opened_loose, own_survey, staff_plan
from tests.factories.respondents import answer_all, enter
from tests.factories.rounds import SmallRound, add_keys, planned_round, small_register
from tests.factories.walking import Walker

MARK = "Utförarens egen undersökning."


@pytest.fixture
def staff(session: Session, clock: FixedClock, app_settings: Settings) -> SmallRound:
    register = small_register(session)
    round_ = planned_round(session, clock, **staff_plan(handouts={register.units["BJÖ"]: Handout(codes=12)}))
    return opened_loose(session, clock, app_settings, round_, add_keys(session, clock, round_.id), register)


@pytest.fixture
def own(session: Session, clock: FixedClock, app_settings: Settings) -> SmallRound:
    register = small_register(session)
    round_ = own_survey(session, clock, register.units)
    return opened_loose(session, clock, app_settings, round_, add_keys(session, clock, round_.id), register)


def test_staff_answer_for_themselves_and_a_code_takes_one_answer(
    app: Flask, walker: Walker, staff: SmallRound, session: Session
) -> None:
    assert walker.get("/o/prov26").heading == "Skriv koden från lappen"
    enter(walker, staff)
    assert walker.heading == "Frågorna gäller ditt arbete i Björken."
    assert "Din chef får inte veta vilka som har svarat." in walker.text
    assert "Ingen skriver upp vem som får vilken kod." in walker.text
    walker.press("Börja")
    assert "Fråga 1 av" in walker.text, "nobody is asked who answers"
    assert walker.get("/o/prov26/vem").path.startswith("/o/prov26/fraga/")
    answer_all(walker)
    assert "Vem svarar på frågorna?" not in walker.text
    walker.press("Skicka mina svar")
    assert walker.heading == "Tack! Ditt svar har kommit fram."
    assert "påminnelse" not in walker.text
    session.rollback()
    (sealed,) = session.query(SealedBallot).all()
    ballot = Ballot.from_bytes(open_ballot(staff.pair.private, sealed.content))
    assert (ballot.service, ballot.sex, ballot.respondent) == (ServiceType.STAFF, Sex.NOT_STATED, Respondent.SELF)
    again = enter(Walker(app.test_client()), staff)
    assert again.heading == "Ett svar med din kod har redan kommit fram"
    assert all(MARK not in html for _path, html in walker.seen)


def test_every_page_of_a_providers_own_survey_says_whose_it_is(walker: Walker, own: SmallRound) -> None:
    enter(walker, own).press("Börja").press("Nästa", {"who": "self"})
    answer_all(walker).press("Skicka mina svar")
    assert walker.heading == "Tack! Ditt svar har kommit fram."
    for page in ("hjalp", "uppgifter", "tillganglighet"):
        walker.get(f"/o/egen26/{page}")
    pages = {path: html for path, html in walker.seen if path.startswith("/o/egen26")}
    assert len(pages) > 12
    assert [path for path, html in pages.items() if MARK not in html] == []
    about = next(html for path, html in pages.items() if path.endswith("/om"))
    assert "Provkommunens hemtjänst ansvarar. Det är inte stadens undersökning." in about
