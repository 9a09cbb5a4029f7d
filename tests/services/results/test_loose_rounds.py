"""Results of rounds with loose codes: intervals where N is known, the least of a kind, no pooling with the city's."""

import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from enkat.records.accounts import Role
from enkat.records.answers import CollectionTally, KeptClass
from enkat.records.releases import Release, ReleaseLevel
from enkat.records.rounds import HistoricFigure, HistoricRound, RoundHandout, SurveyRound
from enkat.records.targets import Target, TargetScope
from enkat.records.writing import writing
from enkat.services.results.comparing import funnel_of, rest_words
from enkat.services.results.exporting import NotAllowedFault, export, export_answers, view_results
from enkat.services.results.figures import Figure, View
from enkat.services.results.notes import NOT_POOLED, WITHOUT_N, notes_of
from enkat.services.results.quality import quality_of
from enkat.services.results.sentences import sentence
from enkat.services.results.series import steps_of
from enkat.services.results.unit_report import Findings, report_values
from enkat.services.rounds.planning import Handout
from enkat.services.targets.judging import judge_view
from enkat.settings import Settings
from tests.clocks import FixedClock
from tests.factories.accounts import make_actor
from tests.factories.loose import answer_loose, count_loose, opened_loose, own_survey, staff_plan
from tests.factories.rounds import Register, add_keys, planned_round, small_register

Counted = Callable[[dict[str, int]], str]
ANALYST, INTERNAL, PUBLIC = ReleaseLevel.ANALYST, ReleaseLevel.INTERNAL, ReleaseLevel.PUBLIC
LEVELS = (ANALYST, INTERNAL, PUBLIC)


@pytest.fixture
def register(session: Session) -> Register:
    return small_register(session)


@pytest.fixture
def staff(session: Session, clock: FixedClock, app_settings: Settings, register: Register) -> Counted:
    """Count a staff round of three units: N is 14 and 12 in two of them, and not known in the third."""
    units = register.units
    handouts = {
        units["BJÖ"]: Handout(codes=16, people=14),
        units["GRA"]: Handout(codes=12, people=12),
        units["EKE"]: Handout(codes=15),
    }

    def made(answered: dict[str, int]) -> str:
        round_ = planned_round(session, clock, **staff_plan(handouts=handouts))
        opened = opened_loose(session, clock, app_settings, round_, add_keys(session, clock, round_.id), register)
        answer_loose(session, clock, app_settings, opened, answered)
        count_loose(session, clock, opened)
        return opened.short_name

    return made


@pytest.fixture
def own(session: Session, clock: FixedClock, app_settings: Settings, register: Register) -> Counted:
    """Count a provider's own survey."""

    def made(answered: dict[str, int], **changes: Any) -> str:
        round_ = own_survey(session, clock, register.units, **changes)
        opened = opened_loose(session, clock, app_settings, round_, add_keys(session, clock, round_.id), register)
        answer_loose(session, clock, app_settings, opened, answered)
        count_loose(session, clock, opened)
        return opened.short_name

    return made


def unit_figure(view: View, code: str, question: int = 0) -> Figure:
    at = next(i for i, group in enumerate(view.results.grouping.groups) if group.unit and group.unit.code == code)
    return view.figure(at, question)


def test_nothing_of_staff_is_told_under_ten_at_any_level(session: Session, staff: Counted) -> None:
    name = staff({"BJÖ": 11, "GRA": 9, "EKE": 12})
    kept = session.scalars(select(KeptClass)).all()
    assert sorted(one.n for one in kept) == [11, 12], "nine are too few to be kept even in the city"
    assert {tuple(one.sexes) for one in kept} == {("not_stated",)}
    for tally in session.scalars(select(CollectionTally)):
        assert tally.unit_id is None or tally.n >= 10
    for level in LEVELS:
        view = view_results(session, None, name, level)
        assert view.marks.threshold == 10
        assert not unit_figure(view, "GRA").shown, level
        for group in range(len(view.results.grouping.groups)):
            for question in range(len(view.questions)):
                figure = view.figure(group, question)
                assert not figure.shown or figure.answered >= 10
    with pytest.raises(NotAllowedFault):
        export_answers(session, FixedClock(), None, name, file_format="csv")


def test_an_interval_stands_only_where_n_is_known(session: Session, staff: Counted) -> None:
    view = view_results(session, None, staff({"BJÖ": 11, "GRA": 12, "EKE": 12}), INTERNAL)
    known, unknown = unit_figure(view, "BJÖ"), unit_figure(view, "EKE")
    assert (known.clients, known.invited, known.answered) == (14, 14, 11)
    assert known.lo_clients == 11 - 0
    assert known.hi_clients == 14
    assert known.response_rate == pytest.approx(11 / 14)
    assert unknown.shown
    assert (unknown.share, unknown.answered) == (1.0, 12)
    assert math.isnan(unknown.lo)
    assert math.isnan(unknown.response_rate)
    assert (unknown.clients, unknown.invited, unknown.lo_clients, unknown.population) == (-1, -1, -1, -1)
    assert sentence(unknown).startswith("Av dem som svarade")
    assert "ligger andelen" not in sentence(unknown)
    city = view.figure(0, 0)
    assert math.isnan(city.lo), "one unit without N leaves the whole without"
    assert WITHOUT_N in notes_of(view)
    assert rest_words(view) == {}
    assert funnel_of(view, 0) is None
    quality = quality_of(session, view)
    assert not quality.sized
    assert quality.sexes == quality.ages == []
    at = view.results.grouping.groups.index(unknown.group)
    assert WITHOUT_N in str(report_values(view, at, Findings.of(session, view), city="Provstaden"))


def test_more_answers_than_people_leave_n_unknown(session: Session, staff: Counted) -> None:
    name = staff({"BJÖ": 16, "GRA": 10, "EKE": 10})
    view = view_results(session, None, name, INTERNAL)
    assert unit_figure(view, "BJÖ").clients == -1
    assert math.isnan(unit_figure(view, "BJÖ").lo)
    assert unit_figure(view, "GRA").clients == 12


@pytest.mark.parametrize("file_format", ["xlsx", "csv", "json", "sav"])
@pytest.mark.one_database
def test_every_file_of_a_providers_own_survey_says_whose_it_is(
    session: Session, clock: FixedClock, own: Counted, file_format: Any
) -> None:
    name = own({"BJÖ": 7})
    made = export(session, clock, None, name, level=INTERNAL, file_format=file_format)
    assert made.name.startswith(f"resultat-{name}-utforarens-egen-internt.")
    assert session.scalars(select(Release)).one().level is INTERNAL
    (note, *_rest) = notes_of(view_results(session, None, name, INTERNAL))
    assert note == f"Utförarens egen undersökning: Provkommunens hemtjänst. {NOT_POOLED}"
    if file_format == "json":
        assert NOT_POOLED in made.content.decode()


def test_a_providers_own_survey_is_never_pooled_compared_or_judged(
    session: Session, clock: FixedClock, own: Counted
) -> None:
    name = own({"BJÖ": 12})
    with writing(session):
        session.add(
            Target(
                year=clock().year,
                question_id="feels_safe",
                scope=TargetScope.CITY,
                basis_points=8500,
                decision="Budget 2026",
            )
        )
    session.execute(update(RoundHandout).values(people=12))
    view = view_results(session, None, name, INTERNAL)
    assert unit_figure(view, "BJÖ").lo_clients == 12, "everybody answered, so N is known and the figure is exact"
    assert not judge_view(session, view), "the city's targets do not read it"
    city = planned_round(session, clock, short_name="stad", reference_date=clock().date() - timedelta(days=900))
    with writing(session):
        session.execute(update(SurveyRound).where(SurveyRound.id == city.id).values(state="counted"))
        session.execute(update(SurveyRound).where(SurveyRound.short_name == name).values(previous_round_id=city.id))
        historic = HistoricRound(title="Tidigare", year=2003, source="Rapport")
        session.add(historic)
        session.flush()
        figure = {"question_id": "feels_safe", "question_version": 1, "share": 0.8, "n": 200}
        session.add(HistoricFigure(historic_round_id=historic.id, **figure))
    session.expire_all()
    beside = view_results(session, None, name, INTERNAL, history=True)
    assert beside.earlier is None, "even a wrong link to the city's round is not followed"
    assert all(len(list(steps_of(beside, 0, at))) <= 1 for at in range(len(beside.questions)))


def test_a_provider_reads_its_own_survey_and_no_other_does(
    session: Session, clock: FixedClock, own: Counted, register: Register
) -> None:
    name = own({"BJÖ": 7})
    reader = make_actor(session, clock, Role.DISTRICT_READER, district_id=register.districts["Centrum"])
    assert unit_figure(view_results(session, reader, name, INTERNAL), "BJÖ").shown
    nobody = make_actor(session, clock, Role.ROUND_MANAGER)
    with pytest.raises(NotAllowedFault):
        view_results(session, nobody, name, INTERNAL)
