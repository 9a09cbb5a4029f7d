"""The opening desk: a sheet is registered once, every mistake gets its sentence, nothing is counted twice."""

from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from enkat.records.invitations import InvitationCode, InvitationStatus, WeeklyCount
from enkat.records.paper import PaperBatchState, PaperSheet
from enkat.records.paper_queries import uncoded_sheets
from enkat.records.rounds import RoundState
from enkat.records.writing import writing
from enkat.services.ballots.answering import send
from enkat.services.ballots.code_entry import enter_code
from enkat.services.faults import ConflictFault, Fault
from enkat.services.paper import opening
from enkat.services.paper.opening import Outcome, add_uncoded, hand_over, undo_last
from tests.clocks import FixedClock
from tests.factories.ballots import an_answer
from tests.factories.paper import PaperRoom, paper_room


@pytest.fixture
def room(session: Session, clock: FixedClock, tmp_path: Path) -> PaperRoom:
    return paper_room(session, clock, tmp_path)


def test_a_scanned_sheet_is_received_and_the_web_takes_no_answer_after_it(room: PaperRoom) -> None:
    code = room.made.codes[0]
    opened = room.open(f"https://enkat.staden.example/o/{room.desk.short_name}#{code}")
    assert (opened.outcome, opened.batch, opened.position) == (Outcome.REGISTERED, 1, 1)
    assert room.statuses()[0] is InvitationStatus.PAPER_RECEIVED
    sent = send(room.session, room.clock, round_id=room.made.round_id, keys=room.made.keys[0], answering=an_answer())
    assert not sent.accepted
    desk = room.desk
    entry = enter_code(
        room.session,
        room.clock,
        settings=desk.settings,
        secrets=desk.secrets,
        round_id=desk.round_id,
        typed=code,
        address=desk.address,
    )
    assert not entry.can_take_back


def test_typed_with_spaces_or_hyphens_is_the_same(room: PaperRoom) -> None:
    code = room.made.codes[0]
    assert room.open(f"{code[:4]} {code[4:8]}-{code[8:12]} {code[12:]}").outcome is Outcome.REGISTERED


def _refusal(room: PaperRoom, typed: str) -> str:
    with pytest.raises(Fault) as caught:
        room.open(typed)
    assert set(room.statuses()) == {InvitationStatus.OPEN}
    return caught.value.sentence


def test_every_wrong_code_is_told_by_what_is_wrong(room: PaperRoom) -> None:
    code = room.made.codes[0]
    assert "Här är det 15" in _refusal(room, code[:-1])
    assert "Bladet hör till en annan omgång: vt24" in _refusal(room, f"https://enkat.staden.example/o/vt24#{code}")
    swapped = code[:4] + code[5] + code[4] + code[6:] if code[4] != code[5] else str(9 - int(code[0])) + code[1:]
    assert "någon siffra är fel" in _refusal(room, swapped)
    assert "bara siffror" in _refusal(room, "O" + code[1:])
    with writing(room.session):
        room.session.execute(
            update(InvitationCode).where(InvitationCode.lookup == room.made.keys[0].lookup).values(live=False)
        )
    assert "koden stoppad" in _refusal(room, code)


def test_guesses_are_slowed_as_on_the_web(room: PaperRoom) -> None:
    with writing(room.session):
        room.session.execute(update(InvitationCode).values(live=False))
    for _ in range(8):
        with pytest.raises(Fault):
            room.scan(0)
    assert len(room.pauses) >= 2
    assert room.pauses[-1] > room.pauses[0] > 0


def test_the_same_sheet_again_says_where_it_lies_and_counts_nothing(room: PaperRoom) -> None:
    room.scan(0)
    again = room.scan(0, by=room.keyers[0])
    assert (again.outcome, again.batch, again.position) == (Outcome.AGAIN, 1, 1)
    assert room.session.scalars(select(WeeklyCount)).all() == []


def test_an_answer_that_came_by_another_way_first_makes_the_sheet_a_duplicate_of_its_unit(room: PaperRoom) -> None:
    send(room.session, room.clock, round_id=room.made.round_id, keys=room.made.keys[0], answering=an_answer())
    assert room.scan(0).outcome is Outcome.DUPLICATE
    counted = room.session.execute(
        select(WeeklyCount.unit_id, WeeklyCount.duplicate_refused).where(WeeklyCount.mode == "paper")
    ).all()
    assert [tuple(row) for row in counted] == [(room.made.unit_ids[0], 1)]
    assert len(room.box()) == 1


def test_a_blank_sheet_leaves_its_person_free_to_answer(room: PaperRoom) -> None:
    assert room.scan(0, blank=True).outcome is Outcome.BLANK
    assert room.statuses()[0] is InvitationStatus.OPEN


def test_the_last_sheet_can_be_undone_and_its_invitation_stands_as_before(room: PaperRoom) -> None:
    with writing(room.session):
        room.session.execute(update(opening.Invitation).values(status=InvitationStatus.OPTED_OUT))
    room.scan(0)
    room.scan(1)
    assert undo_last(room.session, round_id=room.made.round_id, account_id=room.opener) == 2
    assert room.statuses()[:2] == [InvitationStatus.PAPER_RECEIVED, InvitationStatus.OPTED_OUT]
    assert room.scan(1).position == 2
    with pytest.raises(ConflictFault, match="din hög är tom"):
        undo_last(room.session, round_id=room.made.round_id, account_id=room.keyers[0])


def test_each_opener_has_a_pile_and_a_full_one_goes_on(room: PaperRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BATCH_SIZE", 2)
    other = room.keyers[0]
    placed = [room.scan(0), room.scan(1, by=other), room.scan(2), room.scan(3)]
    assert [(one.batch, one.position, one.handed_over) for one in placed] == [
        (1, 1, 0),
        (2, 1, 0),
        (1, 2, 0),
        (3, 1, 1),
    ]
    assert [room.batch(number).state for number in (1, 2, 3)] == [
        PaperBatchState.KEYING,
        PaperBatchState.FILLING,
        PaperBatchState.FILLING,
    ]
    assert hand_over(room.session, round_id=room.made.round_id, account_id=room.opener) == (3, 1)
    with pytest.raises(ConflictFault, match="tom"):
        hand_over(room.session, round_id=room.made.round_id, account_id=room.opener)


def test_sheets_without_a_code_are_counted_apart_by_unit_mark_and_never_sent(room: PaperRoom) -> None:
    round_id = room.made.round_id
    for _ in range(2):
        add_uncoded(room.session, round_id=round_id, unit_mark=" E0 ")
    assert [(row.code, row.n) for row in uncoded_sheets(room.session, round_id)] == [("E0", 2)]
    add_uncoded(room.session, round_id=round_id, unit_mark="E0", take_away=True)
    assert [row.n for row in uncoded_sheets(room.session, round_id)] == [1]
    with pytest.raises(Fault, match="Märket finns inte"):
        add_uncoded(room.session, round_id=round_id, unit_mark="E9")
    assert room.box() == []
    assert set(room.statuses()) == {InvitationStatus.OPEN}


def test_late_paper_is_opened_after_the_web_has_shut_but_not_after_the_count(room: PaperRoom) -> None:
    room.set_up(state=RoundState.CLOSED)
    assert room.scan(0).outcome is Outcome.REGISTERED
    room.set_up(state=RoundState.COUNTED)
    with pytest.raises(ConflictFault, match="redan räknad"):
        room.scan(1)
    assert room.session.query(PaperSheet).count() == 1
