"""The earlier round beside the present one."""

from dataclasses import replace as changed
from datetime import date

import numpy as np
import pytest
from sqlalchemy.orm import Session

from enkat.instruments.comparability import Comparability
from enkat.instruments.instrument import Instrument
from enkat.records.organisations import SuccessionKind, UnitSuccession
from enkat.records.releases import ReleaseLevel
from enkat.records.rounds import HistoricFigure, HistoricRound, RoundBridge
from enkat.records.writing import writing
from enkat.services.results.computing import Breakdown, compute
from enkat.services.results.earlier import Earlier, earlier_of
from enkat.statistics.intervals import hypergeometric
from tests.factories.ballots import small_instrument
from tests.factories.counted import UnitCase, add_counted_round

UNITS = [UnitCase(60, 40), UnitCase(50, 30), UnitCase(40, 25, district=1), UnitCase(45, 25, district=1), UnitCase(9, 4)]


def two_rounds(session: Session, instrument: Instrument | None = None) -> tuple[int, int]:
    old = add_counted_round(session, UNITS, short_name="ht22", day=date(2022, 9, 1), seed=2)
    new = add_counted_round(session, UNITS, previous_round_id=old.id, instrument=instrument)
    return old.id, new.id


def earlier(session: Session, round_id: int) -> Earlier:
    found = earlier_of(session, compute(session, round_id), ReleaseLevel.INTERNAL)
    assert found is not None
    return found


def test_the_round_before_stands_beside_with_its_interval(session: Session):
    old_id, new_id = two_rounds(session)
    before = compute(session, old_id).layers[Breakdown.ALL].estimates
    found = earlier(session, new_id)
    assert found.title == "Undersökning 2022"
    assert found.share[0, 0] == pytest.approx(before.share[0, 0])
    assert (found.lo[0, 0], found.hi[0, 0]) == (before.lo[0, 0], before.hi[0, 0])
    assert found.comparable == [Comparability.SAME] * 3


def test_a_hidden_old_figure_stays_hidden(session: Session):
    _, new_id = two_rounds(session)
    results = compute(session, new_id)
    small = results.grouping.units.stop - 1
    assert np.isnan(earlier(session, new_id).share[small]).all()


def test_a_changed_question_breaks_unless_a_bridge_is_declared(session: Session):
    instrument = small_instrument()
    questions = (changed(instrument.questions[0], version=2), *instrument.questions[1:])
    _, new_id = two_rounds(session, changed(instrument, questions=questions))
    found = earlier(session, new_id)
    assert found.comparable[0] is Comparability.BREAK
    assert np.isnan(found.share[:, 0]).all()
    with writing(session):
        session.add(
            RoundBridge(
                round_id=new_id, question_id="feels_safe", comparability=Comparability.PARTLY, reason="Nytt ord"
            )
        )
    session.expire_all()
    bridged = earlier(session, new_id)
    assert bridged.comparable[0] is Comparability.PARTLY
    assert not np.isnan(bridged.share[0, 0])


def test_a_merged_unit_is_compared_with_its_predecessors(session: Session):
    _, new_id = two_rounds(session)
    results = compute(session, new_id)
    before = compute(session, results.counted.survey_round.previous_round_id or 0)
    one, two = (unit.id for unit in results.counted.units[:2])
    with writing(session):
        for predecessor in (one, two):
            if predecessor != one:
                session.add(
                    UnitSuccession(
                        predecessor_id=predecessor,
                        successor_id=one,
                        happened_on=date(2024, 1, 1),
                        kind=SuccessionKind.MERGED,
                    )
                )
    start = results.grouping.units.start
    figures = before.layers[Breakdown.ALL].estimates
    found = earlier(session, new_id)
    assert found.share[start, 0] == pytest.approx(figures.share[start + 1, 0])


def test_a_survey_known_by_aggregates_gives_levels(session: Session):
    survey_round = add_counted_round(session, UNITS)
    results = compute(session, survey_round.id)
    unit = results.counted.units[0]
    with writing(session):
        historic = HistoricRound(title="Brukarundersökning", year=2003, source="Tjänsteutlåtande")
        session.add(historic)
        session.flush()
        common = {"historic_round_id": historic.id, "question_id": "feels_safe"}
        session.add_all(
            [
                HistoricFigure(**common, share=0.81),
                HistoricFigure(**common, unit_id=unit.id, share=0.75, n=20, population=40),
                HistoricFigure(**common, unit_id=results.counted.units[1].id, share=0.5, n=2, population=10),
            ]
        )
    found = earlier(session, survey_round.id)
    start = results.grouping.units.start
    assert found.title == "Brukarundersökning (2003)"
    assert found.share[0, 0] == 0.81
    assert np.isnan(found.lo[0, 0])
    assert found.lo[start, 0] == hypergeometric(15, 20, 40).lo_share
    assert np.isnan(found.share[start + 1, 0])


def test_without_anything_earlier_there_is_nothing(session: Session):
    survey_round = add_counted_round(session, UNITS)
    assert earlier_of(session, compute(session, survey_round.id), ReleaseLevel.INTERNAL) is None
