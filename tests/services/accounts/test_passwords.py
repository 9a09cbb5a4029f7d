"""Passwords: the rule says what to mend, hashes are renewed, and a guess takes equally long for all."""

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.accounts import Account
from enkat.services.accounts import login, passwords
from enkat.services.faults import Fault
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.accounts import PASSWORD, make_account


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("kort", "det har 4 tecken"),
        ("x" * 201, "för långt"),
        ("aaaaaaaaaaaaaa", "mönster"),
        ("abababababab", "mönster"),
        ("hej abcdefgh hej", "mönster"),
        ("987654321 katt", "mönster"),
        ("qwertyuiop12", "mönster"),
        ("Åsa gillar Öberg", "ditt namn"),
        ("asa.oberg-2026!", "ditt namn"),
        ("Stockholm2026!", "vanligaste"),
        ("Sommar-2026-00", "vanligaste"),
        ("PasswordPassword", "vanligaste"),
    ],
)
def test_a_weak_password_is_told_what_is_wrong(password: str, words: str) -> None:
    with pytest.raises(Fault, match=words) as told:
        passwords.require_good_password(password, name="Åsa Öberg", email="asa.oberg@staden.example")
    assert told.value.field == "password"


@pytest.mark.parametrize("password", [PASSWORD, "å ä ö är bra tecken", "lök-Fönster-sky-9", "en ko under en gran"])
def test_words_that_do_not_belong_together_will_do(password: str) -> None:
    passwords.require_good_password(password, name="Åsa Öberg", email="asa.oberg@staden.example")


def test_production_parameters_are_the_librarys_own() -> None:
    hasher = PasswordHasher()
    assert hasher.memory_cost >= 19 * 1024
    assert hasher.hash("x").startswith("$argon2id$")


def test_a_hash_of_older_parameters_is_renewed_at_login(
    session: Session, clock: FixedClock, app_settings: Settings
) -> None:
    made = make_account(session, clock)
    before = made.password_hash
    present = passwords.hasher()
    passwords.use_hasher(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    try:
        login.log_in(session, clock, Secrets(app_settings), email=made.email, password=PASSWORD, address="192.0.2.1")
        after = session.scalars(select(Account.password_hash)).one()
        assert after != before
        assert after is not None
        assert "t=2" in after
        assert passwords.matches(after, PASSWORD)
    finally:
        passwords.use_hasher(present)


def test_no_hash_matches_nothing() -> None:
    assert not passwords.matches(None, PASSWORD)
    assert not passwords.matches("not a hash", PASSWORD)
