"""The frame: who is asked, by services, ages and forms; the draw is the same again."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from enkat.clock import today
from enkat.records.invitations import Invitation
from enkat.records.organisations import UnitPeriod
from enkat.records.rounds import Design, FormPer, SurveyRound
from enkat.records.writing import writing
from enkat.services.rounds.framing import FramePreview, Outside, build_frame
from enkat.services.rounds.opening import open_round
from enkat.services.rounds.planning import plan_round
from enkat.services.rounds.sampling import draw, frame_hash
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.rounds import ALARM, HOME, Register, a_plan, add_client, catalogue, planned_round, small_register


@pytest.fixture
def register(session: Session) -> Register:
    return small_register(session)


def _frame(session: Session, clock: FixedClock, **changes: Any) -> FramePreview:
    return build_frame(session, plan_round(session, clock, a_plan(clock, **changes)).id)


def _add(session: Session, register: Register, *services: Any, **values: Any) -> None:
    with writing(session):
        add_client(session, register, services, **values)


def test_one_form_per_person_is_about_the_first_listed_service(
    session: Session, clock: FixedClock, register: Register
) -> None:
    frame = _frame(session, clock)
    assert len(frame.members) == 17
    assert {member.service for member in frame.members} == {HOME}
    first_alarm = _frame(
        session, clock, short_name="annan", instruments=[(ALARM, "trygghetslarm"), (HOME, "hemtjanst")]
    )
    assert len(first_alarm.members) == 17
    assert sum(member.service is ALARM for member in first_alarm.members) == 5


def test_one_form_per_service_asks_about_each(session: Session, clock: FixedClock, register: Register) -> None:
    frame = _frame(session, clock, form_per=FormPer.SERVICE)
    assert len(frame.members) == 17 + 5
    assert len({member.key for member in frame.members}) == 22


@pytest.mark.parametrize(("include", "members", "outside"), [(False, 17, 1), (True, 18, 0)])
def test_people_with_only_an_alarm_are_in_or_out(
    session: Session, clock: FixedClock, register: Register, include: bool, members: int, outside: int
) -> None:
    _add(session, register, ("BJÖ", ALARM))
    frame = _frame(session, clock, include_only_alarm=include)
    assert len(frame.members) == members
    assert frame.outside.get(Outside.ONLY_ALARM, 0) == outside


def test_ages_bound_the_frame(session: Session, clock: FixedClock, register: Register) -> None:
    frame = _frame(session, clock, minimum_age=65)
    assert len(frame.members) + frame.outside[Outside.AGE] == 17
    assert {member.age_group.value for member in frame.members} <= {"65-79", "80-89", "90+"}


def test_those_who_left_before_the_reference_date_are_out(
    session: Session, clock: FixedClock, register: Register
) -> None:
    plan = a_plan(clock)
    _add(session, register, ("EKE", HOME), left_on=plan.reference_date)
    _add(session, register, ("EKE", HOME), left_on=today(clock))
    assert len(_frame(session, clock).members) == 18


def test_a_unit_that_did_not_exist_is_told(session: Session, clock: FixedClock, register: Register) -> None:
    with writing(session):
        period = session.query(UnitPeriod).filter_by(unit_id=register.units["EKE"]).one()
        period.valid_to = a_plan(clock).reference_date.replace(day=1)
    frame = _frame(session, clock)
    assert [problem.split(" men ")[0] for problem in frame.problems] == ["Enheten EKE har 3 brukare"]


def test_a_sample_is_drawn_per_unit_and_drawn_again_identically(
    session: Session, clock: FixedClock, register: Register, app_settings: Settings
) -> None:
    round_ = planned_round(session, clock, design=Design.SAMPLE, sample_seed=7, sample_sizes={register.units["BJÖ"]: 4})
    open_round(session, clock, app_settings, Secrets(app_settings), round_.id, None, catalogue())
    asked = {row.client_id for row in session.query(Invitation)}
    again = build_frame(session, round_.id)
    assert len(asked) == 4 + 6 + 3
    assert {member.client_id for member in again.asked} == asked
    assert again.frame_hash == session.get_one(SurveyRound, round_.id).frame_hash
    shuffled = list(reversed(again.members))
    assert draw(shuffled, {register.units["BJÖ"]: 4}, 7) == list(again.asked)
    assert frame_hash(shuffled) == again.frame_hash
    assert [m.client_id for m in draw(shuffled, {register.units["BJÖ"]: 4}, 8)] != [m.client_id for m in again.asked]


def test_the_frame_hash_changes_with_the_frame(session: Session, clock: FixedClock, register: Register) -> None:
    before = _frame(session, clock).frame_hash
    _add(session, register, ("EKE", HOME))
    assert _frame(session, clock, short_name="annan").frame_hash != before


def test_a_sample_without_sizes_is_told(session: Session, clock: FixedClock, register: Register) -> None:
    frame = _frame(session, clock, design=Design.SAMPLE)
    assert "ingen enhet har fått ett urval" in frame.problems[0]
