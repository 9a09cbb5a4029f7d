"""Sheets with charts of their own: the figures of the view, units by name, and marks instead of what is hidden."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session

from enkat.documents.workbook import write_workbook
from enkat.languages import sv_key
from enkat.records.releases import ReleaseLevel
from enkat.services.results.chart_sheets import TREND_NAME, UNITS_NAME, chart_sheets
from enkat.services.results.exporting import export, view_results
from enkat.services.results.figures import View
from tests.clocks import FixedClock
from tests.factories.counted import UnitCase, add_counted_round

UNITS = [UnitCase(60, 40), UnitCase(100, 80, 1), UnitCase(50, 35), UnitCase(5, 3), *(UnitCase(80, 50, 1),) * 7]


def book_of(view: View) -> Any:
    stream = io.BytesIO()
    write_workbook(stream, chart_sheets(view))
    return openpyxl.load_workbook(stream)


def two_rounds(session: Session) -> View:
    old = add_counted_round(session, UNITS, short_name="ht22", day=date(2022, 9, 1), seed=2)
    add_counted_round(session, UNITS, previous_round_id=old.id)
    return view_results(session, None, "ht26", ReleaseLevel.INTERNAL)


def test_every_core_question_has_a_chart_over_the_units_by_name(session: Session):
    view = two_rounds(session)
    page = book_of(view)[UNITS_NAME]
    labels = [cell.value for cell in page["A"][1:]]
    assert len(labels) == len(UNITS)
    assert labels == sorted(labels, key=sv_key)
    assert "Enhet 4 (för få svar)" in labels
    assert len(page._charts) == sum(asked.question.core for asked in view.questions)
    series = page._charts[0].series[0]
    assert series.val.numRef.f == f"'{UNITS_NAME}'!$B$2:$B$12"
    assert series.errBars.minus.numRef.f == f"'{UNITS_NAME}'!$C$2:$C$12"
    assert series.errBars.plus.numRef.f == f"'{UNITS_NAME}'!$D$2:$D$12"


def test_the_cells_and_the_charts_hold_the_figures_and_hidden_ones_are_gaps(session: Session):
    view = two_rounds(session)
    page = book_of(view)[UNITS_NAME]
    figure = view.figure(view.results.grouping.units.start, 0)
    share, below, above = (cell.value for cell in page[2][1:4])
    assert share == pytest.approx(100 * figure.share, abs=0.051)
    assert share - below == pytest.approx(100 * figure.lo, abs=0.11)
    assert share + above == pytest.approx(100 * figure.hi, abs=0.11)
    hidden = [cell.value for cell in page["A"]].index("Enhet 4 (för få svar)")
    assert [cell.value for cell in page[hidden + 1][1:4]] == [None] * 3
    chart = page._charts[0]
    points = {point.idx: float(point.v) for point in chart.series[0].val.numRef.numCache.pt}
    assert points[0] == share
    assert hidden - 1 not in points


def test_the_city_stands_beside_the_round_before(session: Session):
    page = book_of(two_rounds(session))[TREND_NAME]
    (chart,) = page._charts
    assert [series.tx.v for series in chart.series] == ["Undersökning 2022", "Undersökning 2026"]
    assert page.max_column == 7


def test_without_a_round_before_there_is_no_trend_and_json_has_no_chart_sheets(session: Session, clock: FixedClock):
    add_counted_round(session, UNITS)
    made = export(session, clock, None, "ht26", level=ReleaseLevel.INTERNAL, file_format="xlsx")
    names = openpyxl.load_workbook(io.BytesIO(made.content)).sheetnames
    assert UNITS_NAME in names
    assert TREND_NAME not in names
    text = export(session, clock, None, "ht26", level=ReleaseLevel.INTERNAL, file_format="json").content.decode()
    assert UNITS_NAME not in text
