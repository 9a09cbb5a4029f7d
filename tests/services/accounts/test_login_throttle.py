"""Guessing gets slower and slower, for an address and for an account, and the door is never shut."""

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from enkat.records.accounts import AccountState, StaffSession
from enkat.records.audit import AuditEntry
from enkat.records.throttle import ThrottleBucket
from enkat.services.accounts import login, throttling
from enkat.services.faults import BusyFault, Fault
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.accounts import PASSWORD, make_account

WRONG_PASSWORD = "fel"


class Guesser:
    """Tries to log in and remembers how long each try had to wait."""

    def __init__(self, session: Session, clock: FixedClock, settings: Settings) -> None:
        self.session, self.clock, self.secrets = session, clock, Secrets(settings)

    def guess(self, email: str, address: str, *, password: str = WRONG_PASSWORD) -> float:
        waited: list[float] = []
        with pytest.raises(Fault) as told:
            login.log_in(
                self.session,
                self.clock,
                self.secrets,
                email=email,
                password=password,
                address=address,
                pause=waited.append,
            )
        assert told.value.sentence == login.WRONG
        return sum(waited)


@pytest.fixture
def guesser(session: Session, clock: FixedClock, app_settings: Settings) -> Guesser:
    return Guesser(session, clock, app_settings)


def test_an_address_waits_longer_and_longer_but_never_a_minute(guesser: Guesser) -> None:
    waits = [guesser.guess(f"nobody{number}@a.se", "192.0.2.1") for number in range(20)]
    assert waits[:5] == [0] * 5
    assert waits[5:] == sorted(waits[5:])
    assert waits[-1] == throttling.LONGEST_DELAY[throttling.ADDRESS] < 60
    assert guesser.guess("nobody@a.se", "192.0.2.2") == 0


def test_an_account_guessed_from_many_addresses_slows_too_and_still_opens(
    guesser: Guesser, session: Session, clock: FixedClock
) -> None:
    made = make_account(session, clock)
    waits = [guesser.guess(made.email, f"192.0.2.{number}") for number in range(12)]
    assert waits[0] == 0
    assert waits[-1] == throttling.LONGEST_DELAY[throttling.ACCOUNT]
    login.log_in(
        session,
        clock,
        guesser.secrets,
        email=made.email,
        password=PASSWORD,
        address="192.0.2.200",
        pause=waits.append,
    )
    assert session.scalars(select(StaffSession.account_id)).one() == made.id


def test_failures_are_forgotten_after_an_hour(guesser: Guesser, session: Session, clock: FixedClock) -> None:
    for number in range(8):
        guesser.guess(f"nobody{number}@a.se", "192.0.2.1")
    clock.advance(minutes=61)
    assert guesser.guess("nobody@a.se", "192.0.2.1") == 0
    assert {bucket.failures for bucket in session.scalars(select(ThrottleBucket))} == {1}


def test_neither_address_nor_account_stands_in_the_database(guesser: Guesser, session: Session) -> None:
    guesser.guess("asa@a.se", "192.0.2.77")
    kept = b"".join(bucket.address_digest for bucket in session.scalars(select(ThrottleBucket)))
    assert b"192.0.2.77" not in kept
    assert b"asa@a.se" not in kept
    assert "192.0.2.77" not in str(session.scalars(select(AuditEntry.details)).all())


@pytest.mark.one_database
def test_who_waits_takes_no_more_than_some_of_the_servers_threads(
    sessions: sessionmaker[Session], clock: FixedClock, app_settings: Settings
) -> None:
    release, waiting = threading.Event(), threading.Semaphore(0)

    def pause(_seconds: float) -> None:
        waiting.release()
        release.wait(20)

    def wait() -> None:
        with sessions() as own:
            throttling.wait_turn(own, clock, Secrets(app_settings), address="192.0.2.1", email="x@a.se", pause=pause)

    with sessions() as session:
        for _ in range(6):
            throttling.note_failure(session, clock, Secrets(app_settings), address="192.0.2.1", email="x@a.se")
        threads = [threading.Thread(target=wait) for _ in range(throttling.WAITING_PLACES)]
        for thread in threads:
            thread.start()
        try:
            for _ in threads:
                assert waiting.acquire(timeout=20)
            with pytest.raises(BusyFault):
                throttling.wait_turn(
                    session, clock, Secrets(app_settings), address="192.0.2.1", email="x@a.se", pause=pause
                )
            assert throttling.wait_turn(session, clock, Secrets(app_settings), address="192.0.2.9", email="y@a.se") == 0
        finally:
            release.set()
            for thread in threads:
                thread.join()


@pytest.mark.parametrize("state", [AccountState.INVITED, AccountState.CLOSED])
def test_an_account_that_is_not_open_gets_the_same_words(
    guesser: Guesser, session: Session, clock: FixedClock, state: AccountState
) -> None:
    made = make_account(session, clock, state=state)
    guesser.guess(made.email, "192.0.2.1", password=PASSWORD)
    assert session.scalars(select(StaffSession)).all() == []
