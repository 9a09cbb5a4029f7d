"""The earlier round beside the present one."""

from collections.abc import Sequence
from dataclasses import replace as changed
from datetime import date

import numpy as np
import pytest
from sqlalchemy.orm import Session

from enkat.instruments.comparability import Comparability
from enkat.instruments.instrument import Instrument
from enkat.records.organisations import OperatingForm, SuccessionKind, UnitSuccession
from enkat.records.releases import ReleaseLevel
from enkat.records.rounds import HistoricFigure, HistoricRound, RoundBridge, SurveyRound
from enkat.records.writing import writing
from enkat.services.results.computing import Breakdown, RoundResults, compute
from enkat.services.results.earlier import Earlier
from enkat.services.results.exporting import view_results
from enkat.statistics.comparisons.words import Word
from enkat.statistics.intervals import hypergeometric
from tests.factories.ballots import small_instrument
from tests.factories.counted import UnitCase, add_counted_round

UNITS = [UnitCase(60, 40), UnitCase(50, 30), UnitCase(40, 25, district=1), UnitCase(45, 25, district=1), UnitCase(9, 4)]


def two_rounds(session: Session, instrument: Instrument | None = None) -> tuple[int, int]:
    old = add_counted_round(session, UNITS, short_name="ht22", day=date(2022, 9, 1), seed=2)
    new = add_counted_round(session, UNITS, previous_round_id=old.id, instrument=instrument)
    return old.id, new.id


def earlier(session: Session, round_id: int) -> Earlier:
    survey_round = session.get_one(SurveyRound, round_id)
    found = view_results(session, None, survey_round.short_name, ReleaseLevel.INTERNAL).earlier
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


def succeed(session: Session, results: RoundResults, before: Sequence[int], after: Sequence[int]) -> None:
    """Let units, by their place in the first city, be continued by others."""
    codes = {int(unit.code[1:]) - 1: unit.id for unit in results.counted.units}
    kind = SuccessionKind.SPLIT if len(after) > 1 else SuccessionKind.MERGED
    with writing(session):
        for one in before:
            for other in after:
                link = {"predecessor_id": codes[one], "successor_id": codes[other]}
                session.add(UnitSuccession(**link, happened_on=date(2024, 1, 1), kind=kind))


def test_a_merged_unit_is_compared_with_all_that_it_was(session: Session):
    old = add_counted_round(session, UNITS[:4], short_name="ht22", day=date(2022, 9, 1), seed=2)
    new = add_counted_round(session, UNITS[:3], previous_round_id=old.id)
    before, results = compute(session, old.id), compute(session, new.id)
    succeed(session, before, [3], [2])
    figures, start = before.layers[Breakdown.ALL].estimates, before.grouping.units.start
    rows = [start + 2, start + 3]
    weighted = np.average(figures.share[rows, 0], weights=[40, 45])
    found = earlier(session, new.id)
    at = results.grouping.units.start + 2
    assert found.share[at, 0] == pytest.approx(weighted)
    assert np.isnan(found.lo[at, 0])
    change = found.changes[at, 0]
    assert change.difference == pytest.approx(results.layers[Breakdown.ALL].estimates.share[at, 0] - weighted)
    assert change.lo < change.difference < change.hi
    assert change.note == "förut Enhet 3 och Enhet 4"


def test_a_split_unit_is_compared_as_a_whole(session: Session):
    old = add_counted_round(session, UNITS[:3], short_name="ht22", day=date(2022, 9, 1), seed=2)
    new = add_counted_round(session, UNITS[:4], previous_round_id=old.id)
    before, results = compute(session, old.id), compute(session, new.id)
    succeed(session, results, [2], [3])
    found = earlier(session, new.id)
    start, figures = results.grouping.units.start, results.layers[Breakdown.ALL].estimates
    rows = [start + 2, start + 3]
    assert np.isnan(found.share[rows]).all()
    union = np.average(figures.share[rows, 0], weights=[40, 45])
    level = before.layers[Breakdown.ALL].estimates.share[before.grouping.units.start + 2, 0]
    for row, other in zip(rows, ("Enhet 4", "Enhet 3"), strict=True):
        change = found.changes[row, 0]
        assert change.difference == pytest.approx(union - level)
        assert f"jämförs tillsammans med {other}" in change.note


def test_a_changed_operating_form_is_marked(session: Session):
    old = add_counted_round(session, UNITS, short_name="ht22", day=date(2022, 9, 1), seed=2)
    private = [changed(UNITS[0], form=OperatingForm.PRIVATE_CHOICE), *UNITS[1:]]
    new = add_counted_round(session, private, previous_round_id=old.id)
    found, start = earlier(session, new.id), compute(session, new.id).grouping.units.start
    assert found.changes[start, 0].note == "annan regiform (förut egen regi)"
    assert found.changes[start + 1, 0].note == ""


def test_a_large_change_gets_a_word_and_chance_does_not(session: Session):
    cases = [changed(case, clients=400, answered=250, positive=0.6) for case in UNITS[:4]]
    old = add_counted_round(session, cases, short_name="ht22", day=date(2022, 9, 1), seed=2)
    risen = [changed(cases[0], positive=0.9), *cases[1:]]
    new = add_counted_round(session, risen, previous_round_id=old.id, seed=5)
    found, start = earlier(session, new.id), compute(session, new.id).grouping.units.start
    assert found.changes[start, 0].word is Word.HIGHER
    assert found.changes[start, 0].text == "högre än förra omgången"
    assert {found.changes[start + unit, 0].word for unit in (1, 2, 3)} == {Word.NOT_CERTAIN}
    assert found.changes[0, 0].lo < found.changes[0, 0].difference < found.changes[0, 0].hi


def test_a_broken_question_and_a_hidden_figure_have_no_change(session: Session):
    instrument = small_instrument()
    questions = (changed(instrument.questions[0], version=2), *instrument.questions[1:])
    _, new_id = two_rounds(session, changed(instrument, questions=questions))
    found, results = earlier(session, new_id), compute(session, new_id)
    assert not any(question == 0 for _group, question in found.changes)
    assert not any(group == results.grouping.units.stop - 1 for group, _question in found.changes)
    assert (0, 1) in found.changes


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
    assert found.changes == {}


def test_without_anything_earlier_there_is_nothing(session: Session):
    add_counted_round(session, UNITS)
    assert view_results(session, None, "ht26", ReleaseLevel.INTERNAL).earlier is None
