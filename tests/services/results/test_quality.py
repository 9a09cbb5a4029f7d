"""A round's quality: response by group, what is hidden, how far figures move, and the declaration."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import Mode
from enkat.instruments.comparability import Comparability
from enkat.records.invitations import InvitationStatus, WeeklyCount
from enkat.records.releases import ReleaseLevel
from enkat.records.retention import Protocol, ProtocolKind
from enkat.records.rounds import RoundBridge
from enkat.records.writing import writing
from enkat.services.results.computing import Breakdown
from enkat.services.results.declaration import declaration, declaration_rows
from enkat.services.results.exporting import view_results
from enkat.services.results.figures import View
from enkat.services.results.method import about_rows
from enkat.services.results.quality import Quality, largest_move, quality_of
from tests.factories.counted import UnitCase, add_counted_round

UNITS = [
    UnitCase(200, 120, men=0.4, proxies=20, ineligible=10),
    UnitCase(90, 60, proxies=12),
    UnitCase(60, 20, district=1),
    UnitCase(4, 3, district=1),
    UnitCase(5, 2, district=1),
]


@pytest.fixture
def view(session: Session) -> View:
    survey_round = add_counted_round(session, UNITS, responsible_board="Äldrenämnden")
    with writing(session):
        session.add(
            Protocol(
                round_id=survey_round.id,
                kind=ProtocolKind.COUNT,
                written_on=date(2026, 10, 11),
                content={"unreadable": 2, "not_kept": 4},
                sha256="0" * 64,
            )
        )
        for mode, n in ((Mode.WEB, 41), (Mode.PAPER, 164)):
            session.add(WeeklyCount(round_id=survey_round.id, unit_id=1, week="2026-W40", mode=mode, accepted=n))
    return view_results(session, None, "ht26", ReleaseLevel.INTERNAL)


@pytest.fixture
def quality(session: Session, view: View) -> Quality:
    return quality_of(session, view)


def test_response_is_told_by_unit_sex_age_and_mode(quality: Quality):
    assert (quality.total.answered, quality.total.asked, quality.invited) == (205, 359, 369)
    for groups in (quality.sexes, quality.ages):
        assert sum(group.answered for group in groups) == 205
        assert sum(group.asked for group in groups) == 359
        assert all(group.answered >= 5 for group in groups)
    assert quality.modes == {Mode.WEB: 41, Mode.PAPER: 164}
    assert quality.units[0].rate == pytest.approx(0.6)


def test_the_answers_of_hidden_units_are_not_told(quality: Quality):
    hidden = [unit for unit in quality.units if unit.words]
    assert [unit.label for unit in hidden] == ["Enhet 4", "Enhet 5"]
    assert all((unit.answered, unit.asked) == (-1, -1) for unit in hidden)


def test_over_coverage_is_told_by_reason(quality: Quality):
    assert quality.outside == {InvitationStatus.DECEASED: 10}
    assert quality.over_coverage == pytest.approx(10 / 369)
    assert quality.outside_words == [("avliden", 10)]


def test_figures_move_as_the_layers_say(quality: Quality, view: View):
    move = quality.moves[0]
    assert (move.share, move.plain) == (
        view.figure(0, 0).share,
        view.told(view.results.layers[Breakdown.ALL].plain[0, 0], 0, 0),
    )
    assert move.without_proxies == view.figure(0, 0, Breakdown.WITHOUT_PROXIES).share
    # Two units are hidden: the city's figures are told in whole percents, and so is what is set beside them.
    assert (100 * move.plain) == pytest.approx(round(100 * move.plain))
    assert largest_move(quality, without_proxies=False) == max(abs(one.share - one.plain) for one in quality.moves)
    assert 0 < largest_move(quality, without_proxies=True) < 0.2


def test_weights_and_representativity_are_measured(quality: Quality):
    assert quality.weights is not None
    assert quality.weights.respondents == 205
    assert quality.weights.lowest_factor < 1 < quality.weights.highest_factor
    assert quality.weights.deff > 1
    assert quality.representativity.unadjusted <= quality.representativity.r <= 1


def test_the_declaration_has_the_headings_of_official_statistics(quality: Quality, view: View):
    sections = declaration(view, quality)
    assert [section.heading for section in sections] == [
        "Relevans",
        "Tillförlitlighet",
        "Aktualitet och punktlighet",
        "Tillgänglighet och tydlighet",
        "Jämförbarhet och samanvändbarhet",
        "Allmänna uppgifter",
    ]
    texts = dict(declaration_rows(view, quality))
    assert "Svarsfrekvens 57,1" in texts["Kvalitet, tillförlitlighet: bortfall"]
    assert "avliden 10" in texts["Kvalitet, tillförlitlighet: ramtäckning"]
    assert "webb 20" in texts["Kvalitet, tillförlitlighet: mätning"]
    assert "2 svar gick inte att läsa och 4 var för få" in texts["Kvalitet, tillförlitlighet: bearbetning"]
    assert "10 dagar efter" in texts["Kvalitet, aktualitet och punktlighet: framställningstid"]
    assert texts["Kvalitet, allmänna uppgifter: ansvarig"] == "Äldrenämnden"
    assert texts["Kvalitet, allmänna uppgifter: diarienummer"] == "Uppgift saknas i omgångens plan."
    assert [text for text in texts.values() if not text or " nan" in text] == []


def test_a_bridge_is_told_with_its_reason(session: Session):
    old = add_counted_round(session, UNITS, short_name="ht22", day=date(2022, 9, 1))
    new = add_counted_round(session, UNITS, previous_round_id=old.id)
    with writing(session):
        reason = "Bara ett ord är bytt. Referensgruppen har bedömt."
        session.add(
            RoundBridge(round_id=new.id, question_id="feels_safe", comparability=Comparability.PARTLY, reason=reason)
        )
    view = view_results(session, None, "ht26", ReleaseLevel.INTERNAL)
    text = dict(declaration_rows(view, quality_of(session, view)))[
        "Kvalitet, jämförbarhet och samanvändbarhet: över tid"
    ]
    assert "Jämförs med Undersökning 2022" in text
    assert reason in text


def test_the_declaration_stands_in_the_workbooks_explanation(quality: Quality, view: View):
    declared = replace(view, declaration=declaration_rows(view, quality))
    headings = [str(row[0]) for row in about_rows(declared)]
    assert "Kvalitet, relevans: population" in headings
    assert headings.index("Vad intervallen inte säger") < headings.index("Kvalitet, relevans: population")
