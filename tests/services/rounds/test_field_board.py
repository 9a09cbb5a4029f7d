"""The field-work board: forecasts from the answers so far, who falls behind, languages, weeks and cost."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import AgeGroup, Mode, Sex
from enkat.instruments.vocabulary import ServiceType
from enkat.records.clients import Client
from enkat.records.invitations import Invitation, InvitationStatus, WeeklyCount
from enkat.records.rounds import FrameCount, SurveyRound
from enkat.records.targets import Target, TargetScope
from enkat.records.writing import writing
from enkat.services.rounds.field_board import FieldBoard, Forecast, Prices, cost_so_far, field_board
from enkat.services.rounds.status import StatusBoard, UnitStatus, status_board
from enkat.settings import Secrets, Settings
from enkat.statistics.intervals import hypergeometric
from tests.clocks import FixedClock
from tests.factories.ballots import OpenRound, add_round
from tests.factories.rounds import small_round


def in_the_frame(session: Session, made: OpenRound) -> OpenRound:
    """Let the frame hold those who are invited."""
    sizes = session.execute(select(Invitation.unit_id, func.count()).group_by(Invitation.unit_id)).all()
    with writing(session):
        for unit_id, n in sizes:
            cell = {"service": ServiceType.HOME_CARE, "sex": Sex.WOMAN, "age_group": AgeGroup.FROM_80}
            session.add(FrameCount(round_id=made.round_id, unit_id=unit_id, n=n, **cell))
    return made


def answered(session: Session, made: OpenRound, numbers: list[int]) -> tuple[StatusBoard, FieldBoard]:
    """Let so many in each unit have answered, and return the boards."""
    with writing(session):
        units = list(dict.fromkeys(session.scalars(select(Invitation.unit_id).order_by(Invitation.unit_id))))
        for unit_id, number in zip(units, numbers, strict=True):
            ids = session.scalars(select(Invitation.id).where(Invitation.unit_id == unit_id).limit(number)).all()
            session.execute(update(Invitation).where(Invitation.id.in_(ids)).values(status=InvitationStatus.SENT))
    survey_round = session.get_one(SurveyRound, made.round_id)
    board = status_board(session, made.round_id)
    return board, field_board(session, survey_round, board)


def forecasts(board: StatusBoard, field: FieldBoard) -> list[tuple[UnitStatus, Forecast]]:
    return [(unit, field.forecasts[unit.unit_id]) for unit in sorted(board.units, key=lambda unit: unit.unit_id)]


def test_the_interval_of_the_answers_so_far_and_the_next_step(session: Session, clock: FixedClock) -> None:
    board, field = answered(session, in_the_frame(session, add_round(session, clock, (100, 100, 20))), [20, 0, 20])
    (first, some), (_second, none), (_third, whole) = forecasts(board, field)
    assert none == Forecast(None)
    assert whole.half_width == 0  # everybody has answered
    assert some.half_width is not None
    assert some.half_width > (some.step or 1)
    likely = hypergeometric([17], [20], [first.n])
    assert some.half_width == pytest.approx((likely.hi[0] - likely.lo[0]) / 2 / first.n, abs=0.02)
    enough = first.sent + (some.more or 0)
    reached = hypergeometric([round(0.85 * enough)], [enough], [first.n])
    assert (reached.hi[0] - reached.lo[0]) / 2 / first.n == pytest.approx(some.step, abs=0.025)


def test_no_step_is_promised_that_those_who_remain_cannot_reach(session: Session, clock: FixedClock) -> None:
    made = in_the_frame(session, add_round(session, clock, (30,)))
    with writing(session):
        session.execute(update(Invitation).values(status=InvitationStatus.REFUSED))
    board, field = answered(session, made, [5])
    ((_unit, forecast),) = forecasts(board, field)
    assert (forecast.more, forecast.step) == (None, None)


def test_the_chance_of_a_verdict_is_about_the_units_own_target(session: Session, clock: FixedClock) -> None:
    made = in_the_frame(session, add_round(session, clock, (100, 100)))
    _board, without = answered(session, made, [50, 5])
    assert {one.verdict for one in without.forecasts.values()} == {None}
    year = session.get_one(SurveyRound, made.round_id).reference_date.year
    with writing(session):
        for scope, share in ((TargetScope.UNIT, 6000), (TargetScope.CITY, 9900)):
            session.add(Target(year=year, question_id="feels_safe", scope=scope, basis_points=share, decision="B"))
    board, field = answered(session, made, [50, 5])
    (_first, many), (_second, few) = forecasts(board, field)
    assert many.verdict is not None
    assert few.verdict is not None
    assert many.verdict > 0.95 > few.verdict


def test_units_far_below_the_city_fall_behind(session: Session, clock: FixedClock) -> None:
    board, field = answered(session, in_the_frame(session, add_round(session, clock, (40, 40, 40))), [30, 28, 5])
    assert [unit.sent for unit in field.behind] == [5]
    assert [place.sent for place in field.districts] != []
    assert sum(place.sent for place in field.districts) == board.total.sent


def test_languages_and_waiting_paper(session: Session, clock: FixedClock, app_settings: Settings) -> None:
    made = small_round(session, clock, app_settings, Secrets(app_settings))
    with writing(session):
        session.execute(update(Client).values(language="sv"))
        chosen = [session.get_one(Invitation, one) for one in made.invitation_ids[:4]]
        status = InvitationStatus
        statuses = (status.SENT, status.PAPER_RECEIVED, status.OPEN, status.DECEASED)
        for invitation, state, language in zip(chosen, statuses, ("sv", "fi", "fi", "fi"), strict=True):
            invitation.status = state
            session.execute(update(Client).where(Client.id == invitation.client_id).values(language=language))
    board = status_board(session, made.round_id)
    field = field_board(session, session.get_one(SurveyRound, made.round_id), board)
    assert [(place.name, place.sent, place.eligible) for place in field.languages] == [
        ("svenska", 1, len(made.invitation_ids) - 3),
        ("finska", 0, 2),
    ]
    assert field.paper_waiting == 1


def test_weeks_add_up_and_the_cost_follows_the_ways_of_answering(session: Session, clock: FixedClock) -> None:
    made = add_round(session, clock, (50,))
    unit_id = session.scalars(select(Invitation.unit_id)).first()
    with writing(session):
        for week, accepted in (("2026-W40", 10), ("2026-W41", 5)):
            key = {"round_id": made.round_id, "unit_id": unit_id, "week": week, "mode": Mode.WEB}
            session.add(WeeklyCount(**key, accepted=accepted, taken_back=1, duplicate_refused=0))
    board = status_board(session, made.round_id)
    field = field_board(session, session.get_one(SurveyRound, made.round_id), board)
    assert [place.sent for place in field.weeks] == [9, 13]
    prices = Prices(10_000, 20, {Mode.WEB: 5, Mode.PAPER: 40})
    assert cost_so_far(board, {Mode.WEB: 13, Mode.PAPER: 2}, prices) == 10_000 + 50 * 20 + 13 * 5 + 2 * 40
