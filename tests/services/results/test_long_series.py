"""A figure over four counted rounds: what is followed, what is marked and where it stops."""

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace as changed
from datetime import date

import numpy as np
import openpyxl
import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from enkat.instruments.comparability import Comparability
from enkat.instruments.instrument import Instrument
from enkat.records.organisations import OperatingForm, SuccessionKind, Unit, UnitSuccession
from enkat.records.releases import ReleaseLevel
from enkat.records.rounds import RoundBridge, RoundUnit, SurveyRound
from enkat.records.writing import writing
from enkat.services.results.chart_sheets import TREND_NAME
from enkat.services.results.computing import Breakdown
from enkat.services.results.exporting import Format, export, view_results
from enkat.services.results.figures import View
from enkat.services.results.series import BRIDGED, CHANGED, NO_FIGURE, NOT_ASKED, SPLIT, Step, steps_of
from tests.clocks import FixedClock
from tests.factories.ballots import small_instrument
from tests.factories.counted import UnitCase, add_counted_round

YEARS = (2014, 2018, 2022, 2026)
UNITS = [UnitCase(60, 40), UnitCase(50, 35), UnitCase(48, 36), UnitCase(52, 40), UnitCase(9, 4)]
PLAIN = small_instrument()


def of_version(version: int) -> Instrument:
    return changed(PLAIN, questions=(changed(PLAIN.questions[0], version=version), *PLAIN.questions[1:]))


def add_rounds(
    session: Session,
    cases: Mapping[int, Sequence[UnitCase]] | None = None,
    instruments: Mapping[int, Instrument] | None = None,
) -> dict[int, SurveyRound]:
    """Count a round in each year, each continuing the one before."""
    found: dict[int, SurveyRound] = {}
    previous = None
    for seed, year in enumerate(YEARS):
        found[year] = add_counted_round(
            session,
            (cases or {}).get(year, UNITS),
            short_name=f"ht{year % 100}",
            day=date(year, 9, 1),
            instrument=(instruments or {}).get(year),
            previous_round_id=previous,
            seed=seed,
        )
        previous = found[year].id
    return found


def succeed(session: Session, before: Sequence[int], after: Sequence[int], year: int) -> None:
    """Let units, by their place in the first city, be continued by others."""
    units = {unit.code: unit.id for unit in session.query(Unit)}
    kind = SuccessionKind.SPLIT if len(after) > 1 else SuccessionKind.MERGED
    with writing(session):
        for one in before:
            for other in after:
                link = {"predecessor_id": units[f"E{one:03d}"], "successor_id": units[f"E{other:03d}"]}
                session.add(UnitSuccession(**link, happened_on=date(year, 1, 1), kind=kind))


def view_of(session: Session, level: ReleaseLevel = ReleaseLevel.INTERNAL) -> View:
    session.expire_all()
    return view_results(session, None, "ht26", level, history=True)


def series(view: View, unit: int = 0) -> dict[int, Step]:
    """The steps of a unit by its number, 0 for the city, by year."""
    group = view.results.grouping.units.start + unit - 1 if unit else 0
    return {step.year: step for step in steps_of(view, group, 0)}


def own(view: View, year: int, *units: int) -> list[float]:
    """The shares of units in an earlier round, as that round's own results have them."""
    past = next(one.view for one in view.past if one.view.survey_round.reference_date.year == year)
    start = past.results.grouping.units.start
    return [past.figure(start + unit - 1, 0).share for unit in units]


def test_every_counted_round_is_shown_with_its_own_figure(session: Session):
    add_rounds(session)
    view = view_of(session)
    found = series(view, 1)
    assert tuple(found) == YEARS
    for year in YEARS[:-1]:
        assert found[year].share == own(view, year, 1)[0]
        assert found[year].lo < found[year].share < found[year].hi
    assert not any(step.broken or step.remark for step in found.values())
    assert [step.remark for step in series(view, 2).values()] == [""] * 4
    assert series(view, 5) == {}, "hidden in every round"


def test_without_history_only_the_round_before_is_read(session: Session):
    add_rounds(session)
    assert len(view_results(session, None, "ht26", ReleaseLevel.INTERNAL).past) == 1
    assert [step.year for step in steps_of(view_of(session), 0, 0)] == list(YEARS)


def test_the_public_sees_whole_percents_of_every_round(session: Session):
    add_rounds(session)
    for step in series(view_of(session, ReleaseLevel.PUBLIC)).values():
        assert 100 * step.share == pytest.approx(round(100 * step.share))


def test_a_merged_unit_is_followed_to_all_that_it_was(session: Session):
    add_rounds(session, dict.fromkeys((2022, 2026), UNITS[:3]) | {2014: UNITS[:4], 2018: UNITS[:4]})
    succeed(session, [4], [3], 2020)
    view = view_of(session)
    found = series(view, 3)
    assert tuple(found) == YEARS
    for year in (2014, 2018):
        assert found[year].share == pytest.approx(np.average(own(view, year, 3, 4), weights=[48, 52]))
        assert math.isnan(found[year].lo)
        assert found[year].remark == "då Enhet 3 och Enhet 4"
    assert found[2022].share == own(view, 2022, 3)[0]
    assert not any(step.broken for step in found.values())


def test_a_split_unit_is_cut_from_the_whole_that_it_came_from(session: Session):
    add_rounds(session, dict.fromkeys((2014, 2018), UNITS[:3]) | {2022: UNITS[:4], 2026: UNITS[:4]})
    succeed(session, [3], [4], 2020)
    view = view_of(session)
    for unit, other in ((3, "Enhet 4"), (4, "Enhet 3")):
        found = series(view, unit)
        assert [found[year].share for year in (2014, 2018)] == [own(view, year, 3)[0] for year in (2014, 2018)]
        assert found[2018].remark.startswith(f"före delningen, tillsammans med {other}")
        assert [step.broken for step in found.values()] == [False, False, True, False]
        assert found[2022].remark.endswith(SPLIT)
        assert SPLIT not in found[2026].remark


def test_a_trend_stops_at_a_break_and_marks_a_bridge(session: Session):
    versions = {2014: of_version(1), 2018: of_version(2), 2022: of_version(3), 2026: of_version(3)}
    rounds = add_rounds(session, instruments=versions)
    found = series(view_of(session))
    assert tuple(found) == (2018, 2022, 2026)
    assert (found[2018].remark, math.isnan(found[2018].share)) == (Comparability.BREAK.label, True)
    assert (found[2022].broken, found[2022].remark) == (True, CHANGED)
    with writing(session):
        partly = {"question_id": "feels_safe", "comparability": Comparability.PARTLY, "reason": "Nytt ord"}
        session.add(RoundBridge(round_id=rounds[2022].id, **partly))
    view = view_of(session)
    found = series(view, 1)
    assert tuple(found) == YEARS
    assert found[2018].share == own(view, 2018, 1)[0]
    assert [step.remark for step in found.values()] == [Comparability.BREAK.label, CHANGED, BRIDGED, ""]
    assert [step.broken for step in found.values()] == [False, True, False, False]


def test_a_round_that_did_not_ask_is_stepped_over_and_older_ones_that_did_not_are_left_out(session: Session):
    without = changed(PLAIN, questions=PLAIN.questions[1:])
    add_rounds(session, instruments={2014: without, 2022: without})
    found = series(view_of(session))
    assert tuple(found) == (2018, 2022, 2026)
    assert (found[2022].remark, math.isnan(found[2022].share)) == (NOT_ASKED, True)
    assert not math.isnan(found[2018].share)
    assert not found[2026].broken


def test_another_operating_form_is_marked_where_it_was(session: Session):
    private = [changed(UNITS[0], form=OperatingForm.PRIVATE_CHOICE), *UNITS[1:]]
    add_rounds(session, {2022: private, 2026: private})
    found = series(view_of(session), 1)
    assert [found[year].remark for year in YEARS] == ["annan regiform: egen regi"] * 2 + ["", ""]


def test_an_older_figure_names_the_provider_of_then(session: Session):
    rounds = add_rounds(session)
    with writing(session):
        of_then = RoundUnit.round_id.in_([rounds[2014].id, rounds[2018].id])
        session.execute(update(RoundUnit).where(of_then).values(provider_name="Förra AB"))
    found = series(view_of(session), 1)
    assert [found[year].remark for year in YEARS] == ["utförare då: Förra AB"] * 2 + ["", ""]


def test_a_new_unit_has_no_older_figures(session: Session):
    add_rounds(session, {2014: UNITS[:3], 2018: UNITS[:3]})
    found = series(view_of(session), 4)
    assert [found[year].remark for year in YEARS] == [NO_FIGURE, NO_FIGURE, "", ""]


def test_files_hold_every_round(session: Session, clock: FixedClock):
    add_rounds(session)

    def made(file_format: Format) -> bytes:
        return export(session, clock, None, "ht26", level=ReleaseLevel.INTERNAL, file_format=file_format).content

    book = openpyxl.load_workbook(io.BytesIO(made("xlsx")))
    titles = [f"Undersökning {year}" for year in YEARS]
    (chart,) = book[TREND_NAME]._charts
    assert [one.tx.v for one in chart.series] == titles
    assert [one.val.numRef.f.split("!")[1] for one in chart.series] == [f"${at}$2:${at}$3" for at in "BEHK"]
    view = view_of(session)
    rows = [row for row in book["Utveckling"].values if row[1:4] == ("E001", "Enhet 1", "feels_safe")]
    found = series(view, 1)
    assert [(row[4], row[5]) for row in rows] == list(zip(YEARS, titles, strict=True))
    assert [row[6] for row in rows] == [pytest.approx(100 * step.share, abs=0.051) for step in found.values()]
    assert [row[9] for row in rows] == [None, "ja", "ja", "ja"]
    table = list(csv.DictReader(io.StringIO(made("csv").decode("utf-8-sig"))))
    row = next(
        one for one in table if (one["Enhet"], one["Fråga"], one["Urval"]) == ("E001", "feels_safe", "alla svar")
    )
    for year in (2014, 2018):
        assert float(row[f"Undersökning {year}: andel positiva (%)"]) == pytest.approx(
            100 * found[year].share, abs=0.051
        )
    assert "Undersökning 2022: andel positiva (%)" not in row, "the round before has columns of its own"
    assert "Utveckling" in made("json").decode()


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("level", [ReleaseLevel.INTERNAL, ReleaseLevel.PUBLIC])
def test_four_rounds_take_as_many_questions_as_two(session: Session, level: ReleaseLevel):
    rounds = add_rounds(session)
    numbers = []
    for last in (2018, 2026):
        session.expire_all()
        with counted(session) as asked:
            view = view_results(session, None, rounds[last].short_name, level, history=True)
            figures = [view.figure(0, question, Breakdown.ALL) for question in range(len(view.questions))]
        assert figures
        numbers.append(len([one for one in asked if one.startswith("SELECT")]))
    assert numbers[1] <= numbers[0]
