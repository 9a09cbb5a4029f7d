"""Keying, blind second keying, adjudication and acceptance: nothing lost, nothing doubled, errors measured."""

import random
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import Helper, Mode, Respondent
from enkat.instruments.missing import Missing
from enkat.records.ballots import Draft
from enkat.records.base import table_of
from enkat.records.invitations import InvitationStatus, WeeklyCount
from enkat.records.paper import KeyingCheck, PaperBallot, PaperBatchState, PaperDraft, PaperSheet, SheetState
from enkat.records.rounds import RoundState
from enkat.services.ballots.counting import count, require_ready
from enkat.services.ballots.drafting import DraftContent, save_draft
from enkat.services.faults import ConflictFault, Fault
from enkat.services.paper.accepting import error_rate, measured
from enkat.services.paper.keying import Stage, differing_fields, put_blank_back
from tests.clocks import FixedClock
from tests.factories.paper import ANSWERED, PaperRoom, paper_room


@pytest.fixture
def room(session: Session, clock: FixedClock, tmp_path: Path) -> PaperRoom:
    return paper_room(session, clock, tmp_path)


def _left(session: Session) -> dict[str, int]:
    models = (PaperSheet, PaperDraft, PaperBallot)
    found = {model.__tablename__: session.scalar(select(func.count()).select_from(table_of(model))) for model in models}
    return {name: n for name, n in found.items() if n}


def test_keyed_sheets_wait_for_their_batch_and_go_into_the_box_together(room: PaperRoom) -> None:
    room.set_up(second_keying_percent=50)
    batch = room.pile(0, 1, 2)
    for person in (0, 1):
        room.key(person)
    assert room.box() == []
    room.key(2, more="Bra!")
    assert room.batch(1).state is PaperBatchState.CHECKING
    chosen = room.places(batch, SheetState.CHOSEN)
    assert len(chosen) == 2
    for place in chosen:
        assert room.box() == []
        room.key(place - 1, keyer=1)
    assert (room.batch(1).state, room.batch(1).accepted) == (PaperBatchState.ACCEPTED, 3)
    assert room.statuses()[:4] == [InvitationStatus.SENT] * 3 + [InvitationStatus.OPEN]
    ballots = room.box()
    assert {ballot.vector for ballot in ballots} == {(5, 4, 3)}
    assert {ballot.mode for ballot in ballots} == {Mode.PAPER}
    assert sorted(ballot.free_texts.get("more", "") for ballot in ballots) == ["", "", "Bra!"]
    week = room.session.scalars(select(WeeklyCount)).one()
    assert (week.mode, week.accepted, week.duplicate_refused) == (Mode.PAPER, 3, 0)
    assert _left(room.session) == {}


def test_every_key_says_what_the_paper_says(room: PaperRoom) -> None:
    room.set_up(second_keying_percent=0)
    room.pile(0, 1, 2)
    room.key(0, "3463*")
    room.key(1, "2-4 0/1")
    room.key(2, "04111")
    made = {(one.respondent, one.helper, one.vector) for one in room.box()}
    unreadable, blank = Missing.UNREADABLE.value, Missing.NOT_ANSWERED.value
    assert made == {
        (Respondent.PROXY, Helper.PROVIDER_STAFF, (Missing.DOES_NOT_KNOW.value, 3, unreadable)),
        (Respondent.SELF_HELPED, Helper.PROVIDER_STAFF, (blank, unreadable, 1)),
        (Respondent.SELF_HELPED, Helper.PROVIDER_STAFF, (1, 1, 1)),
    }


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("10547", "Fråga 3 har ingen ruta 7"),
        ("1054", "Det fattas tecken från fråga 3: 4 av 5"),
        ("105433", "1 tecken för mycket"),
        ("4", "Fråga A har ingen ruta 4"),
        ("00000", "Inget är ifyllt"),
    ],
)
def test_keys_that_do_not_fit_the_paper_are_told_by_question(room: PaperRoom, typed: str, sentence: str) -> None:
    room.pile(0)
    with pytest.raises(Fault, match=sentence):
        room.key(0, typed)
    assert _left(room.session) == {"paper_sheet": 1}


def test_the_second_keying_is_by_somebody_else_and_sees_nothing_of_the_first(room: PaperRoom) -> None:
    room.set_up(second_keying_percent=100)
    room.pile(0)
    room.key(0)
    with pytest.raises(ConflictFault, match="Du skrev in det här bladet först"):
        room.sheet(0, keyer=0)
    sheet = room.sheet(0, keyer=1)
    assert sheet.stage is Stage.SECOND
    assert not hasattr(sheet, "keyed")
    drafts = room.session.scalars(select(PaperDraft.content)).all()
    assert all(ANSWERED.encode() not in content for content in drafts)


def test_what_differs_is_looked_at_again_and_the_paper_holds(room: PaperRoom) -> None:
    room.set_up(second_keying_percent=100, keying_error_permille=1000)
    room.pile(0, 1)
    room.key(0, "10543", more="Hej")
    room.key(1, "10543")
    assert [one.number for one in room.key(0, "10524", keyer=1)] == ["2", "3"]
    assert room.key(1, "10543", keyer=1) == []
    sheet = room.sheet(0, keyer=2)
    assert sheet.stage is Stage.ADJUDICATE
    assert [(one.number, *keys) for one, *keys in differing_fields(room.session, sheet)] == [
        ("2", "2", "4"),
        ("3", "3", "4"),
    ]
    with pytest.raises(Fault, match="fråga 3"):
        room.decide(0, q2="2")
    room.decide(0, q2="2", q3="3")
    assert sorted(one.vector for one in room.box()) == [(5, 2, 3), (5, 4, 3)]
    check = room.session.scalars(select(KeyingCheck)).one()
    assert (check.sheets, check.fields, check.errors) == (2, 10, 1)
    assert sorted(one.free_texts.get("more", "") for one in room.box()) == ["", "Hej"]
    assert _left(room.session) == {}


def test_two_marks_and_unreadable_are_the_same_missing_answer(room: PaperRoom) -> None:
    room.set_up(second_keying_percent=100)
    room.pile(0)
    room.key(0, "105*3")
    assert room.key(0, "105/3", keyer=1) == []


def test_a_batch_that_is_surely_keyed_worse_than_allowed_is_keyed_again_as_a_whole(room: PaperRoom) -> None:
    room.set_up(second_keying_percent=100, keying_error_permille=5)
    room.pile(0, 1, 2, 3)
    for person in range(4):
        room.key(person, "10511")
    for person in range(4):
        room.key(person, "10543", keyer=1)
    for person in range(4):
        room.decide(person, keyer=2, q2="4", q3="3")
    again = room.batch(1)
    assert (again.state, again.attempt) == (PaperBatchState.KEYING, 2)
    assert room.places(again, SheetState.OPENED) == [1, 2, 3, 4]
    assert room.box() == []
    assert _left(room.session) == {"paper_sheet": 4}
    for keyer in (1, 2):
        for person in range(4):
            room.key(person, keyer=keyer)
    assert room.batch(1).state is PaperBatchState.ACCEPTED
    counts = room.session.execute(select(KeyingCheck.attempt, KeyingCheck.errors).order_by(KeyingCheck.attempt)).all()
    assert [tuple(row) for row in counts] == [(1, 8), (2, 0)]
    assert measured(room.session, room.made.round_id).errors == 0


def test_a_blank_form_leaves_its_batch_and_its_person_may_answer(room: PaperRoom) -> None:
    room.set_up(second_keying_percent=0)
    room.pile(0, 1)
    room.key(0)
    put_blank_back(room.session, room.clock, room.sheet(1), account_id=room.keyers[0])
    assert room.statuses()[:2] == [InvitationStatus.SENT, InvitationStatus.OPEN]
    assert (room.batch(1).state, room.batch(1).accepted) == (PaperBatchState.ACCEPTED, 1)


def test_who_keyed_a_sheet_may_key_it_over_while_the_batch_is_keyed_and_nobody_else(room: PaperRoom) -> None:
    room.set_up(second_keying_percent=0)
    room.pile(0, 1)
    room.key(0, "10511")
    room.key(0, "10543")
    with pytest.raises(ConflictFault, match="redan inskrivet"):
        room.sheet(0, keyer=1)
    assert _left(room.session)["paper_ballot"] == 1
    room.key(1)
    assert [one.vector for one in room.box()] == [(5, 4, 3)] * 2


def test_a_sheet_that_is_not_opened_or_not_handed_over_is_not_keyed(room: PaperRoom) -> None:
    with pytest.raises(ConflictFault, match="inte öppnat"):
        room.sheet(0)
    room.scan(0)
    with pytest.raises(ConflictFault, match="inte är överlämnad"):
        room.sheet(0)


def test_an_answer_begun_on_the_web_is_forgotten_when_the_paper_is_keyed(room: PaperRoom) -> None:
    keys = room.made.keys[0]
    save_draft(room.session, room.clock, round_id=room.made.round_id, keys=keys, draft=DraftContent(answers={}))
    room.pile(0)
    room.key(0)
    assert room.session.scalars(select(Draft)).all() == []


def test_the_count_waits_for_paper_that_has_come_and_late_paper_is_keyed(room: PaperRoom) -> None:
    room.set_up(second_keying_percent=0, state=RoundState.CLOSED)
    room.pile(*range(5))
    for person in range(4):
        room.key(person)
    with pytest.raises(ConflictFault, match="5 pappersenkäter väntar"):
        require_ready(room.session, room.round)
    room.key(4, "105/3")
    assert room.statuses()[:5] == [InvitationStatus.SENT] * 5
    private = room.made.pair.private
    protocol = count(room.session, room.clock, room.made.round_id, private=private, present=["A"], account_id=None)
    assert protocol.content["opened"] == 5


@pytest.mark.one_database
def test_double_keying_finds_every_planted_difference(room: PaperRoom) -> None:
    room.set_up(second_keying_percent=100, keying_error_permille=1000)
    rng = random.Random(7)  # noqa: S311 - a simulation
    room.pile(*range(6))
    planted: dict[int, dict[int, str]] = {}
    for person in range(6):
        room.key(person, ANSWERED)
        planted[person] = {place: rng.choice("126") for place in rng.sample((2, 3, 4), rng.randrange(1, 4))}
    for person, errors in planted.items():
        typed = "".join(errors.get(place, key) for place, key in enumerate(ANSWERED))
        found = room.key(person, typed, keyer=1)
        assert [one.number for one in found] == [str(place - 1) for place in sorted(errors)]


@pytest.mark.one_database
def test_a_keyer_who_errs_once_in_a_hundred_fields_is_measured_so() -> None:
    """Of 400 simulated rounds, the exact interval must hold the true 1 % in at least 95 % (less three deviations)."""
    rng = random.Random(11)  # noqa: S311 - a simulation
    held = 0
    for _ in range(400):
        errors = sum(rng.random() < 0.01 for _ in range(12 * 50))
        rate = error_rate(12 * 50, errors)
        held += rate.lo <= 0.01 <= rate.hi
    assert held >= 400 * 0.95 - 3 * (400 * 0.95 * 0.05) ** 0.5
    assert error_rate(0, 0).hi == 1
