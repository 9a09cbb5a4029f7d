"""A figure from round to round: levels without a known number of answers, breaks, and what is hidden."""

import math
from dataclasses import replace as changed
from datetime import date

import pytest
from sqlalchemy.orm import Session

from enkat.records.releases import ReleaseLevel
from enkat.records.rounds import HistoricFigure, HistoricRound
from enkat.records.writing import writing
from enkat.services.results.exporting import view_results
from enkat.services.results.figures import View
from enkat.services.results.series import (
    LEVEL_ONLY,
    steps_of,
)
from tests.factories.ballots import small_instrument
from tests.factories.counted import UnitCase, add_counted_round

UNITS = [UnitCase(60, 40), UnitCase(50, 30), UnitCase(9, 4)]


def add_history(session: Session, unit_id: int | None = None, *, version: int | None = None) -> None:
    """Two old surveys, the first one without its number of answers."""
    with writing(session):
        for year, n in ((1995, None), (2003, 300)):
            survey = HistoricRound(title="Undersökning", year=year, source="Rapport")
            session.add(survey)
            session.flush()
            common = {"historic_round_id": survey.id, "question_id": "feels_safe", "question_version": version}
            session.add(HistoricFigure(**common, share=0.8, n=n))
            if unit_id is not None:
                session.add(HistoricFigure(**common, unit_id=unit_id, share=0.7, n=3))


def view_of(session: Session, **particulars: object) -> View:
    old = add_counted_round(session, UNITS, short_name="ht22", day=date(2022, 9, 1), seed=2)
    add_counted_round(session, UNITS, previous_round_id=old.id, **particulars)  # type: ignore[arg-type]
    return read_view(session)


def read_view(session: Session) -> View:
    return view_results(session, None, "ht26", ReleaseLevel.INTERNAL, history=True)


def test_a_series_runs_from_the_oldest_survey_to_the_round(session: Session):
    view_of(session)
    add_history(session)
    view = read_view(session)
    steps = steps_of(view, 0, 0)
    assert [step.label for step in steps] == [
        "Undersökning (1995)",
        "Undersökning (2003)",
        "Undersökning 2022",
        "Undersökning 2026",
    ]
    assert math.isnan(steps[0].lo)
    assert steps[0].remark == LEVEL_ONLY
    assert steps[1].lo < 0.8 < steps[1].hi
    figure = view.figure(0, 0)
    assert (steps[3].share, steps[2].share) == (figure.share, figure.earlier_share)
    assert not any(step.broken for step in steps)


@pytest.mark.parametrize(("version", "broken"), [(1, False), (7, True)])
def test_another_version_cuts_the_line(session: Session, version: int, broken: bool):
    view_of(session)
    add_history(session, version=version)
    view = read_view(session)
    assert [step.broken for step in steps_of(view, 0, 0)] == [False, False, broken, False]


def test_a_question_changed_since_the_round_before_is_cut_from_what_is_older(session: Session):
    instrument = small_instrument()
    questions = (changed(instrument.questions[0], version=2), *instrument.questions[1:])
    view_of(session, instrument=changed(instrument, questions=questions))
    add_history(session)
    view = read_view(session)
    steps = steps_of(view, 0, 0)
    assert [step.year for step in steps] == [1995, 2003, 2022, 2026]
    assert (math.isnan(steps[2].share), steps[2].remark) == (True, "inte jämförbar")
    assert [step.broken for step in steps] == [False, False, False, True]


def test_small_and_hidden_figures_are_left_out(session: Session):
    view = view_of(session)
    units = view.results.counted.units
    add_history(session, units[0].id)
    view = read_view(session)
    start = view.results.grouping.units.start
    assert [step.label for step in steps_of(view, start, 0)] == ["Undersökning 2022", "Undersökning 2026"]
    assert steps_of(view, start + 2, 0) == []
