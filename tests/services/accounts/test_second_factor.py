"""The second factor: wrapped, used once, and twice at the same time only once."""

import threading
from pathlib import Path

import pyotp
import pytest
from sqlalchemy.orm import Session, sessionmaker

from enkat.records.accounts import Account
from enkat.records.writing import writing
from enkat.services.accounts import second_factor
from enkat.services.faults import Fault
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.accounts import make_account


@pytest.fixture
def coupled(session: Session, clock: FixedClock, app_settings: Settings) -> tuple[Account, str]:
    """Return an account whose app is about to be coupled, and the app's secret."""
    account = make_account(session, clock)
    with writing(session):
        account.totp_confirmed = False
    return account, second_factor.begin_setup(session, Secrets(app_settings), account)


def test_the_secret_stands_wrapped_and_bound_to_its_account(
    session: Session, clock: FixedClock, app_settings: Settings, coupled: tuple[Account, str]
) -> None:
    account, secret = coupled
    assert account.totp_wrapped is not None
    assert secret.encode() not in account.totp_wrapped
    assert second_factor.begin_setup(session, Secrets(app_settings), account) == secret
    other = make_account(session, clock)
    with writing(session):
        other.totp_wrapped = account.totp_wrapped
    with pytest.raises(Fault, match="går inte att läsa"):
        second_factor.check_code(session, clock, Secrets(app_settings), other, pyotp.TOTP(secret).at(clock.now))


def test_a_lost_wrapping_key_is_told_plainly(
    session: Session, clock: FixedClock, app_settings: Settings, coupled: tuple[Account, str], tmp_path: Path
) -> None:
    account, secret = coupled
    elsewhere = app_settings.model_copy(update={"secrets_dir": tmp_path / "other"})
    Secrets(elsewhere).create("totp")
    with pytest.raises(Fault, match="reservkod"):
        second_factor.check_code(session, clock, Secrets(elsewhere), account, pyotp.TOTP(secret).at(clock.now))


@pytest.mark.parametrize(("seconds", "right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_go_half_a_minute_wrong(
    session: Session,
    clock: FixedClock,
    app_settings: Settings,
    coupled: tuple[Account, str],
    seconds: int,
    right: bool,
) -> None:
    account, secret = coupled
    code = pyotp.TOTP(secret).at(int(clock.now.timestamp()) + seconds)
    assert second_factor.check_code(session, clock, Secrets(app_settings), account, f" {code[:3]} {code[3:]} ") is right


def test_an_earlier_code_is_refused_after_a_later_one(
    session: Session, clock: FixedClock, app_settings: Settings, coupled: tuple[Account, str]
) -> None:
    account, secret = coupled
    now = int(clock.now.timestamp())
    kept = Secrets(app_settings)
    assert second_factor.check_code(session, clock, kept, account, pyotp.TOTP(secret).at(now + 30))
    assert not second_factor.check_code(session, clock, kept, account, pyotp.TOTP(secret).at(now))


def test_one_code_given_eight_times_at_once_opens_once(
    sessions: sessionmaker[Session], clock: FixedClock, app_settings: Settings, coupled: tuple[Account, str]
) -> None:
    account, secret = coupled
    code = pyotp.TOTP(secret).at(clock.now)
    told: list[bool] = []

    def give() -> None:
        with sessions() as own:
            mine = own.get_one(Account, account.id)
            told.append(second_factor.check_code(own, clock, Secrets(app_settings), mine, code))

    threads = [threading.Thread(target=give) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False] * 7 + [True]


def test_recovery_codes_are_strong_and_new_ones_end_the_old(
    session: Session, clock: FixedClock, app_settings: Settings, coupled: tuple[Account, str]
) -> None:
    account, secret = coupled
    code = pyotp.TOTP(secret).at(clock.now)
    first = second_factor.confirm(session, clock, Secrets(app_settings), account, code)
    assert len(set(first)) == second_factor.RECOVERY_CODES
    assert all(len(code.replace("-", "")) * 5 >= 112 for code in first)
    second = second_factor.renew_recovery_codes(session, clock, account)
    assert not second_factor.use_recovery_code(session, account, first[0])
    assert second_factor.use_recovery_code(session, account, second[0].lower().replace("-", " "))
    assert second_factor.recovery_codes_left(session, account.id) == second_factor.RECOVERY_CODES - 1
    assert not second_factor.use_recovery_code(session, make_account(session, clock), second[1])
