"""While a round is open: status per unit, corrections with reasons, the year's wheel."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import Mode
from enkat.records.invitations import Invitation, InvitationCorrection, InvitationStatus, add_to_week
from enkat.records.rounds import FrameCount, SurveyRound
from enkat.records.writing import writing
from enkat.services.faults import ConflictFault, Fault
from enkat.services.rounds.closing import close_round
from enkat.services.rounds.correcting import correct_invitation
from enkat.services.rounds.status import status_board
from enkat.services.rounds.yearwheel import Step, due_steps, next_round_year, year_wheel
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.rounds import SmallRound, small_round


@pytest.fixture
def made(session: Session, clock: FixedClock, app_settings: Settings) -> SmallRound:
    return small_round(session, clock, app_settings, Secrets(app_settings))


def _correct(session: Session, clock: FixedClock, invitation_id: bytes, **what: object) -> bool:
    reason = {"reason": "anhörig ringde"}
    return correct_invitation(session, clock, invitation_id, account_id=None, **{**reason, **what})  # type: ignore[arg-type]


def _send(session: Session, invitation_id: bytes, week: str) -> None:
    with writing(session):
        invitation = session.get_one(Invitation, invitation_id)
        invitation.status = InvitationStatus.SENT
        add_to_week(session, invitation, week, Mode.WEB, accepted=1)


def test_the_board_counts_by_unit_and_week(session: Session, clock: FixedClock, made: SmallRound) -> None:
    for invitation_id in made.invitation_ids[:3]:
        _send(session, invitation_id, "2026-W41")
    _correct(session, clock, made.invitation_ids[3], new_status=InvitationStatus.DECEASED)
    board = status_board(session, made.round_id)
    assert [unit.name for unit in board.units] == ["Björken", "Eken", "Granen"]
    first = board.units[0]
    assert (first.n, first.asked, first.ineligible, first.sent, first.waiting) == (7, 8, 1, 3, 4)
    assert first.rate == pytest.approx(3 / 7)
    assert first.weekly == {"2026-W41": 3}
    assert (board.total.asked, board.total.sent) == (17, 3)


def test_a_district_reader_sees_the_own_units(session: Session, made: SmallRound) -> None:
    board = status_board(session, made.round_id, frozenset({made.register.districts["Norra"]}))
    assert [unit.name for unit in board.units] == ["Eken", "Granen"]


def test_a_new_unit_takes_the_person_and_the_frame_along(session: Session, clock: FixedClock, made: SmallRound) -> None:
    units = made.register.units
    assert _correct(session, clock, made.invitation_ids[0], new_unit_id=units["EKE"])
    assert session.get_one(Invitation, made.invitation_ids[0]).unit_id == units["EKE"]
    sizes = {unit.unit_id: unit.n for unit in status_board(session, made.round_id).units}
    assert (sizes[units["BJÖ"]], sizes[units["EKE"]]) == (7, 4)
    assert session.scalar(select(func.sum(FrameCount.n))) == 17


def test_an_answer_that_came_stays_with_its_unit_and_is_pointed_out(
    session: Session, clock: FixedClock, made: SmallRound
) -> None:
    _send(session, made.invitation_ids[0], "2026-W41")
    assert not _correct(session, clock, made.invitation_ids[0], new_unit_id=made.register.units["EKE"])
    assert not _correct(session, clock, made.invitation_ids[0], new_status=InvitationStatus.DECEASED)
    invitation = session.get_one(Invitation, made.invitation_ids[0])
    assert (invitation.status, invitation.unit_id) == (InvitationStatus.SENT, made.register.units["BJÖ"])
    assert status_board(session, made.round_id).units[0].moved == 1
    rows = session.scalars(select(InvitationCorrection)).all()
    assert len(rows) == 2
    assert all(row.old_status is None for row in rows)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ({"reason": " ", "new_status": InvitationStatus.MOVED}, "Skriv varför"),
        ({}, "Välj vad"),
        ({"new_status": InvitationStatus.SENT}, "bara svaret självt"),
        ({"new_status": InvitationStatus.OPEN}, "Det står redan så"),
    ],
)
def test_a_correction_says_what_and_why(
    session: Session, clock: FixedClock, made: SmallRound, what: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Fault, match=sentence):
        _correct(session, clock, made.invitation_ids[0], **what)
    assert session.scalar(select(func.count()).select_from(InvitationCorrection)) == 0


def test_a_round_is_not_closed_before_its_day_by_mistake(session: Session, clock: FixedClock, made: SmallRound) -> None:
    with pytest.raises(Fault, match="Breven lovar"):
        close_round(session, clock, made.round_id, None)
    close_round(session, clock, made.round_id, None, early=True)
    with pytest.raises(ConflictFault, match="är stängd"):
        close_round(session, clock, made.round_id, None, early=True)


def test_the_wheel_turns(session: Session, clock: FixedClock, made: SmallRound) -> None:
    round_ = session.get_one(SurveyRound, made.round_id)
    steps = {step.step: step for step in year_wheel(session, clock, round_)}
    assert steps[Step.OPEN].done
    assert steps[Step.PRINT].late
    assert not steps[Step.CLOSE].done
    assert [step.step for step in year_wheel(session, clock, round_)] == list(Step)
    assert due_steps(session, clock)[0].step.step is Step.PRINT
    assert next_round_year(session) == 2030
