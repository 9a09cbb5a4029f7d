from pathlib import Path

import pytest
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.orm import Session

from enkat.ballots.codes import CodeFaultKind, in_groups, new_code
from enkat.records.base import table_of
from enkat.records.invitations import Invitation, InvitationCode, InvitationStatus
from enkat.records.rounds import RoundState, RoundUnit, SurveyRound
from enkat.records.throttle import ThrottleBucket
from enkat.records.writing import writing
from enkat.services.ballots.answering import send
from enkat.services.ballots.code_entry import CodeRefused, Entry, EntryState, enter_code, instrument_of
from enkat.services.ballots.throttling import (
    CROWD,
    FREE_FAILURES,
    LONGEST_DELAY,
    address_digest,
    delay_of,
    scrypt_slot,
    wait_turn,
)
from enkat.services.faults import BusyFault
from tests.clocks import FixedClock
from tests.factories.ballots import SECRET, OpenRound, add_round, an_answer, settings_of


class Door:
    """Enters codes into one round from one address and writes down the pauses."""

    def __init__(self, session: Session, clock: FixedClock, folder: Path, made: OpenRound) -> None:
        self.session, self.clock, self.made = session, clock, made
        self.settings, self.secrets = settings_of(folder)
        self.secrets.create("throttle")
        (folder / "secrets" / f"round_{made.round_id}").write_text("demo-" + SECRET.hex())
        self.pauses: list[float] = []

    def enter(self, typed: str, address: str = "192.0.2.1", round_id: int | None = None) -> Entry:
        return enter_code(
            self.session,
            self.clock,
            settings=self.settings,
            secrets=self.secrets,
            round_id=round_id or self.made.round_id,
            typed=typed,
            address=address,
            pause=self.pauses.append,
        )

    def refusal(self, typed: str, address: str = "192.0.2.1") -> CodeRefused:
        with pytest.raises(CodeRefused) as caught:
            self.enter(typed, address)
        return caught.value


@pytest.fixture
def door(session: Session, clock: FixedClock, tmp_path: Path) -> Door:
    return Door(session, clock, tmp_path, add_round(session, clock, (3,), real_codes=True))


def failures(session: Session) -> int:
    return session.scalar(select(func.coalesce(func.sum(ThrottleBucket.failures), 0))) or 0


def test_a_right_code_opens_its_invitation(door: Door):
    entry = door.enter(in_groups(door.made.codes[0]))
    assert entry.state is EntryState.OPEN
    assert entry.keys == door.made.keys[0]
    unit = door.session.get_one(RoundUnit, (door.made.round_id, entry.unit_id))
    assert unit.name == "Enhet 1"
    assert instrument_of(door.session, entry.snapshot_sha256).title["sv"] == "Om din hjälp"
    assert failures(door.session) == 0


def test_a_personnummer_and_wrong_digits_touch_neither_throttle_nor_database(door: Door):
    assert door.refusal("19850312-1234").kind is CodeFaultKind.PERSONNUMMER
    wrong = door.made.codes[0][:-1] + str((int(door.made.codes[0][-1]) + 1) % 10)
    assert door.refusal(wrong).kind is CodeFaultKind.CHECK_DIGITS
    assert failures(door.session) == 0


def test_unknown_dead_and_outside_codes_share_their_words_and_count_as_failures(door: Door):
    unknown = door.refusal(new_code())
    with writing(door.session):
        door.session.execute(
            update(InvitationCode).where(InvitationCode.lookup == door.made.keys[0].lookup).values(live=False)
        )
        door.session.execute(
            update(Invitation)
            .where(Invitation.id == door.made.invitation_ids[1])
            .values(status=InvitationStatus.DECEASED)
        )
    dead, outside = door.refusal(door.made.codes[0]), door.refusal(door.made.codes[1])
    assert unknown.sentence == dead.sentence == outside.sentence
    assert failures(door.session) == 3


def test_a_code_of_another_round_is_unknown(door: Door):
    same = door.session.execute(select(table_of(SurveyRound))).mappings().one()
    other = door.made.round_id + 1
    with writing(door.session):
        door.session.execute(insert(SurveyRound).values(**{**same, "id": other, "short_name": "annan"}))
    secret = door.settings.data_dir / "secrets" / f"round_{door.made.round_id}"
    secret.with_name(f"round_{other}").write_text(secret.read_text())
    with pytest.raises(CodeRefused):
        door.enter(door.made.codes[0], round_id=other)
    assert door.enter(door.made.codes[0]).state is EntryState.OPEN


def test_a_sent_code_says_so_and_may_take_back(door: Door):
    send(door.session, door.clock, round_id=door.made.round_id, keys=door.made.keys[0], answering=an_answer())
    entry = door.enter(door.made.codes[0])
    assert (entry.state, entry.can_take_back) == (EntryState.SENT, True)


def test_received_on_paper_is_sent_without_taking_back(door: Door):
    with writing(door.session):
        door.session.execute(update(Invitation).values(status=InvitationStatus.PAPER_RECEIVED))
    entry = door.enter(door.made.codes[0])
    assert (entry.state, entry.can_take_back) == (EntryState.SENT, False)


def test_who_refused_may_still_send(door: Door):
    with writing(door.session):
        door.session.execute(update(Invitation).values(status=InvitationStatus.REFUSED))
    assert door.enter(door.made.codes[0]).state is EntryState.OPEN


def test_the_last_day_lasts_until_midnight_in_stockholm(door: Door):
    closes_on = door.enter(door.made.codes[0]).closes_on
    door.clock.now = door.clock.now.replace(year=closes_on.year, month=closes_on.month, day=closes_on.day, hour=22)
    door.clock.now = door.clock.now.replace(minute=59)
    assert door.enter(door.made.codes[0]).state is EntryState.OPEN
    door.clock.advance(minutes=1)
    entry = door.enter(door.made.codes[0])
    assert (entry.state, entry.closes_on) == (EntryState.CLOSED, closes_on)


def test_before_opening_the_holder_learns_the_date(door: Door):
    with writing(door.session):
        door.session.execute(update(SurveyRound).values(state=RoundState.PLANNED))
    assert door.enter(door.made.codes[0]).state is EntryState.NOT_YET


def test_a_lost_round_secret_refuses_politely(door: Door, tmp_path: Path):
    door.secrets.remove(f"round_{door.made.round_id}")
    assert door.refusal(door.made.codes[0]).kind is None


def test_delays_begin_after_some_failures_and_spare_other_addresses(door: Door):
    for _ in range(FREE_FAILURES):
        door.refusal(new_code())
    assert door.pauses == []
    for _ in range(3):
        door.refusal(new_code())
    assert door.pauses == sorted(door.pauses)
    assert len(set(door.pauses)) == 3
    door.enter(door.made.codes[0], address="192.0.2.2")
    assert len(door.pauses) == 3


def test_failures_are_gone_after_an_hour(door: Door):
    for _ in range(FREE_FAILURES):
        door.refusal(new_code())
    door.clock.advance(minutes=61)
    door.refusal(new_code())
    assert door.pauses == []
    assert failures(door.session) == 1


def test_what_is_kept_of_an_address_is_a_keyed_hash(door: Door):
    door.refusal(new_code(), address="192.0.2.77")
    kept = door.session.scalars(select(ThrottleBucket.address_digest)).one()
    assert kept == address_digest(door.secrets.get("throttle"), "192.0.2.77")
    assert kept != address_digest(b"another key", "192.0.2.77")


def test_delays_grow_to_a_limit_and_a_crowd_slows_only_those_who_fail():
    assert delay_of(0, 10**6) == 0
    assert delay_of(1, CROWD - 1) == 0
    assert delay_of(1, CROWD) > 0
    delays = [delay_of(n, 0) for n in range(60)]
    assert delays == sorted(delays)
    assert delays[50] == LONGEST_DELAY
    assert delay_of(10**9, 0) == LONGEST_DELAY


def test_waiting_holds_no_transaction_and_has_few_places(session: Session, clock: FixedClock, door: Door):
    for _ in range(FREE_FAILURES + 1):
        door.refusal(new_code())
    digest = address_digest(door.secrets.get("throttle"), "192.0.2.1")

    def nested(_seconds: float) -> None:
        assert not session.in_transaction()
        wait_turn(session, clock, digest, nested)

    with pytest.raises(BusyFault):
        wait_turn(session, clock, digest, nested)
    assert wait_turn(session, clock, digest, door.pauses.append) > 0


def test_more_parallel_derivations_than_allowed_are_refused_politely():
    with scrypt_slot(2), scrypt_slot(2), pytest.raises(BusyFault), scrypt_slot(2, patience=0):
        raise AssertionError("a third slot was given")
    with scrypt_slot(2, patience=0):
        pass


def _slips(code: str) -> set[str]:
    """Return every code that differs by one digit, by two swapped digits (neighbours or one between) or by a twin."""
    found = set()
    for place, digit in enumerate(code):
        found |= {code[:place] + other + code[place + 1 :] for other in "0123456789"}
        if code[place + 1 : place + 2] == digit:
            found |= {code[:place] + other * 2 + code[place + 2 :] for other in "0123456789"}
        for width in (2, 3):
            part = code[place : place + width]
            found.add(code[:place] + part[-1] + part[1:-1] + part[:1] * (len(part) > 1) + code[place + width :])
    return found - {code}


def test_ten_thousand_codes_with_a_slip_never_reach_the_database(door: Door) -> None:
    """Every single wrong digit, swap and twin is told by the check digits alone, before any look-up or wait."""
    tried, statements = 0, []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = door.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        while tried < 10_000:
            for wrong in _slips(new_code()):
                assert door.refusal(in_groups(wrong)).kind in {CodeFaultKind.CHECK_DIGITS, CodeFaultKind.PERSONNUMMER}
                tried += 1
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert (statements, door.pauses) == ([], [])
