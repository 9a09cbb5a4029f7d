"""What a unit's report says of older rounds, and of what comes after the round: only what is true of it."""

import io
from datetime import date, timedelta

import pikepdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat import paths
from enkat.documents.numbers import percent
from enkat.instruments.loading import load_catalogue
from enkat.records.releases import ReleaseLevel
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import RoundUnit, SurveyRound
from enkat.services.results.exporting import export, view_results
from enkat.services.results.releases import published_on
from enkat.services.results.report_batch import unit_report
from enkat.services.results.report_next import what_next, whom_to_ask
from enkat.services.results.report_trend import report_trend
from enkat.services.results.series import steps_of
from enkat.services.results.unit_report import Findings, report_values
from tests.clocks import FixedClock
from tests.factories.counted import UnitCase, add_counted_round

HOME = load_catalogue(paths.surveys()).instruments["hemtjanst"]
UNITS = [UnitCase(60, 40), UnitCase(40, 30), UnitCase(50, 35), UnitCase(40, 30, 1)]
YEARS = (2014, 2018, 2022, 2026)


def add_rounds(session: Session, years: tuple[int, ...] = YEARS) -> None:
    previous = None
    for seed, year in enumerate(years):
        made = add_counted_round(
            session,
            UNITS,
            short_name=f"ht{year % 100}",
            day=date(year, 9, 1),
            instrument=HOME,
            previous_round_id=previous,
            seed=seed,
            responsible_board="Äldrenämnden",
            phone="08-123 45 67",
            phone_hours="vardagar 8–16",
            dpo_contact="dataskydd@staden.example",
            registry_number="ÄN 2026/123",
        )
        previous = made.id


def plain_round(**particulars: object) -> SurveyRound:
    given = {"reference_date": date(2026, 9, 1), "closes_on": date(2026, 10, 31), "interval_years": 4}
    usual = {"practice": False, "kind": RoundKind.USER_SURVEY}
    empty = ("results_month", "responsible_board", "phone", "phone_hours", "dpo_contact", "registry_number")
    return SurveyRound(**{**usual, **dict.fromkeys(empty, ""), **given, **particulars})


def test_the_report_follows_the_unit_over_every_round_on_four_pages(session: Session, clock: FixedClock):
    add_rounds(session)
    view = view_results(session, None, "ht26", ReleaseLevel.INTERNAL, history=True)
    unit = view.results.grouping.units.start
    trend = report_values(view, unit, Findings(), city="Staden")["trend"]
    assert trend["headings"] == ["Fråga", *map(str, YEARS)]
    (row,) = (row for row in trend["rows"] if row[0].startswith("Hur trygg är du"))
    steps = steps_of(view, unit, view.question_index["feels_safe"])
    assert [cell.split("\N{NO-BREAK SPACE}")[0] for cell in row[1:]] == [percent(s.share)[:-2] for s in steps]
    assert "2014 " in trend["picture"]["alt"]
    assert "Hela staden: " in trend["picture"]["alt"]
    unit_id = session.scalars(select(RoundUnit.unit_id).order_by(RoundUnit.unit_id)).first()
    assert unit_id is not None
    made = unit_report(session, clock, None, "ht26", unit_id, city="Staden")
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert len(pdf.pages) <= 4


def test_two_rounds_are_compared_at_the_questions_alone(session: Session):
    add_rounds(session, (2022, 2026))
    view = view_results(session, None, "ht26", ReleaseLevel.INTERNAL, history=True)
    figures = [view.figure(0, question) for question in range(len(view.questions))]
    assert report_trend(view, 0, "Hela staden", figures) is None


def test_what_comes_next_is_taken_from_the_round():
    assert what_next(plain_round(), None) == [
        "Resultatet för allmänheten ska lämnas ut senast 29 januari 2027. Fram till dess är rapporten intern.",
        "Undersökningen görs vart fjärde år. Nästa omgång är 2030.",
    ]
    promised = what_next(plain_round(results_month="mars 2027", interval_years=1), None)
    assert promised == [
        "Resultatet för allmänheten kommer i mars 2027. Fram till dess är rapporten intern.",
        "Undersökningen görs varje år. Nästa omgång är 2027.",
    ]
    released = what_next(plain_round(results_month="mars 2027"), date(2027, 2, 14))
    assert released[0] == "Resultatet för allmänheten lämnades ut 14 februari 2027."
    assert what_next(plain_round(kind=RoundKind.STAFF), None) == [
        promised[1].replace("varje", "vart fjärde").replace("2027", "2030")
    ]
    assert what_next(plain_round(practice=True), None) == ["Omgången är en övning. Inget av den lämnas ut."]


@pytest.mark.parametrize(("years", "words"), [(2, "vartannat år"), (3, "vart tredje år"), (7, "vart 7:e år")])
def test_how_often_is_said_in_plain_swedish(years: int, words: str):
    assert words in what_next(plain_round(interval_years=years), None)[1]


def test_whom_to_ask_is_told_as_far_as_the_round_names_them():
    assert whom_to_ask(plain_round()) == []
    assert whom_to_ask(plain_round(responsible_board="Äldrenämnden", phone="08-1", phone_hours="8–16")) == [
        "Äldrenämnden ansvarar för undersökningen.",
        "Frågor om rapporten? Ring 08-1 (8–16).",
    ]


def test_the_first_public_release_is_what_counts(session: Session, clock: FixedClock):
    add_rounds(session, (2026,))
    export(session, clock, None, "ht26", level=ReleaseLevel.INTERNAL, file_format="csv")
    round_id = session.scalars(select(SurveyRound.id)).one()
    assert published_on(session, round_id) is None
    export(session, clock, None, "ht26", level=ReleaseLevel.PUBLIC, file_format="csv")
    first = clock().date()
    clock.now += timedelta(days=40)
    export(session, clock, None, "ht26", level=ReleaseLevel.PUBLIC, file_format="json")
    assert published_on(session, round_id) == first
    view = view_results(session, None, "ht26", ReleaseLevel.INTERNAL, history=True)
    said = report_values(view, view.results.grouping.units.start, Findings.of(session, view), city="Staden")["next"]
    assert said[0].startswith("Resultatet för allmänheten lämnades ut ")
