"""A question that only decides which others follow: its answers are told as a distribution, and nothing is judged."""

import csv
import io
import math
from datetime import date

import pytest
from sqlalchemy.orm import Session

from enkat import paths
from enkat.instruments.loading import load_catalogue
from enkat.instruments.snapshot import cached, snapshot, snapshot_hash
from enkat.records.releases import ReleaseLevel
from enkat.records.targets import Target, TargetScope
from enkat.records.writing import writing
from enkat.services.results.case_mix import forms_standardised
from enkat.services.results.comparing import funnel_of, pooled_figures
from enkat.services.results.exporting import export, view_results
from enkat.services.results.figures import View
from enkat.services.results.method import wording
from enkat.services.results.sentences import FILTER, sentence
from enkat.services.results.series import steps_of
from enkat.services.results.tables import sheets
from enkat.services.results.unit_sheet import sheet_values
from enkat.services.targets.judging import judge_view
from enkat.statistics.disclosure.marks import Mark
from tests.clocks import FixedClock
from tests.factories.counted import UnitCase, add_counted_round

CATALOGUE = load_catalogue(paths.surveys())
ALARM = CATALOGUE.instruments["trygghetslarm"]
UNITS = [UnitCase(100, 80), UnitCase(90, 60), UnitCase(30, 12, positive=0.95), UnitCase(60, 45, positive=0.0)]


def two_rounds(session: Session) -> None:
    old = add_counted_round(session, UNITS, short_name="ht22", day=date(2022, 9, 1), instrument=ALARM, seed=2)
    add_counted_round(session, UNITS, instrument=ALARM, previous_round_id=old.id)


def view_of(session: Session, level: ReleaseLevel = ReleaseLevel.INTERNAL) -> View:
    return view_results(session, None, "ht26", level, history=True)


def test_the_citys_filters_are_marked_and_stay_so_in_a_snapshot():
    meals = CATALOGUE.instruments["hemtjanst"].with_supplements(CATALOGUE.supplements["maltider"])
    for instrument, name in ((ALARM, "has_pressed_alarm"), (meals, "gets_meals")):
        text = snapshot(instrument)
        kept = cached(snapshot_hash(text), text)
        assert [one.id for one in kept.choice_questions if one.is_filter] == [name]
    assert '"filter"' not in snapshot(CATALOGUE.instruments["hemtjanst"])


@pytest.mark.parametrize("level", [ReleaseLevel.ANALYST, ReleaseLevel.INTERNAL, ReleaseLevel.PUBLIC])
def test_its_distribution_is_told_and_no_share_positive(session: Session, level: ReleaseLevel):
    two_rounds(session)
    view = view_of(session, level)
    at = view.question_index["has_pressed_alarm"]
    for group in (0, view.results.grouping.units.start):
        figure = view.figure(group, at)
        assert figure.shown
        assert all(math.isnan(one) for one in (figure.share, figure.lo, figure.hi, figure.earlier_share))
        assert (figure.lo_clients, figure.change) == (-1, None)
        assert [option.label for option in figure.options] == ["Ja", "Nej", "Osäker"]
        assert sum(option.share for option in figure.options) == pytest.approx(1, abs=0.011)
        assert not any(option.positive for option in figure.options)
        assert sentence(figure, level).startswith("Så fördelar sig svaren: Ja ")
    assert steps_of(view, 0, at) == []


def test_the_public_reads_fewer_options_of_few_answers(session: Session):
    add_counted_round(session, [*UNITS[:2], UnitCase(60, 29), UnitCase(60, 40)], instrument=ALARM)
    view = view_of(session, ReleaseLevel.PUBLIC)
    figure = view.figure(view.results.grouping.units.start + 2, view.question_index["has_pressed_alarm"])
    assert figure.mark is Mark.SMALL_BASIS
    assert [option.label for option in figure.options] == ["Ja", "Annat svar"]
    assert sum(option.share for option in figure.options) == pytest.approx(1)


def test_few_yes_answers_are_not_told_as_few_positive(session: Session):
    two_rounds(session)
    view = view_of(session)
    at = view.question_index["has_pressed_alarm"]
    figure = view.figure(view.results.grouping.units.start + 3, at)
    assert figure.mark is Mark.SUPPRESSED
    assert "positiv" not in sentence(figure)


def test_nothing_is_judged_or_compared_by_it(session: Session):
    two_rounds(session)
    with writing(session):
        for question in ("has_pressed_alarm", "quick_answer"):
            target = {"question_id": question, "scope": TargetScope.CITY, "basis_points": 5000, "decision": "KF"}
            session.add(Target(year=2026, **target))
    view = view_of(session)
    at, other = view.question_index["has_pressed_alarm"], view.question_index["quick_answer"]
    assert {question for _group, question in judge_view(session, view).shares} == {other}
    assert view.earlier is not None
    assert at not in {question for _group, question in view.earlier.changes}
    assert other in {question for _group, question in view.earlier.changes}
    rows = [("Enhet 1", view.figure(view.results.grouping.units.start, at))]
    assert funnel_of(view, at) is None
    assert (pooled_figures(view, at, rows), forms_standardised(view, at)) == ([], [])
    page = sheet_values(view, view.results.grouping.units.start)
    assert str(ALARM.choice_questions[at].text("sv")) not in {row["question"] for row in page["rows"]}


def test_files_say_what_it_is(session: Session, clock: FixedClock):
    two_rounds(session)
    view = view_of(session)
    at = view.question_index["has_pressed_alarm"]
    assert FILTER in wording(view.questions[at])
    spread = next(sheet for sheet in sheets(view) if sheet.name == "Fördelning")
    rows = [row for row in spread.rows if row[3] == "has_pressed_alarm" and row[5] is not None]
    assert rows
    assert {row[6] for row in rows} == {None}
    made = export(session, clock, None, "ht26", level=ReleaseLevel.PUBLIC, file_format="csv").content
    table = csv.DictReader(io.StringIO(made.decode("utf-8-sig")))
    (row,) = [
        one
        for one in table
        if (one["Nivå"], one["Fråga"], one["Urval"]) == ("hela staden", "has_pressed_alarm", "alla svar")
    ]
    assert row["Andel positiva (%)"] == row["Intervall från (%)"] == ""
    assert int(row["Svar på frågan (n)"]) > 100
