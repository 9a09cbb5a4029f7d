"""Passwords: argon2id hashes, renewed when its parameters change, and a rule that says what is missing."""

import re
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from enkat.services.faults import Fault

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 200
FEWEST_CHARACTERS = 5
"""A password of fewer different characters is a pattern."""
_SEQUENCES = ("abcdefghijklmnopqrstuvwxyzåäö", "0123456789", "qwertyuiopå", "asdfghjklöä", "zxcvbnm")
_RUN = 6
OWN_WORD = 4
"""Shorter parts of a name stand in ordinary words."""
_COMMON = frozenset(
    """
    password losenord lösenord hemligt sommar vinter hosten våren
    varen höst stockholm sverige välkommen valkommen welcome admin
    administrator letmein iloveyou princess dragon monkey football fotboll
    hejhej enkat undersökning undersokning hemtjänst hemtjanst äldreomsorg aldreomsorg
    kommunen staden changeme default
    """.split()  # noqa: SIM905  # a list of words reads better as text
)


_hasher = PasswordHasher()


def hasher() -> PasswordHasher:
    """Return the hasher in use."""
    return _hasher


def use_hasher(new: PasswordHasher) -> None:
    """Use other parameters; old hashes are renewed as their owners log in. Tests choose cheap ones."""
    global _hasher, _DUMMY  # noqa: PLW0603  # one choice for the whole process
    _hasher = new
    _DUMMY = new.hash(secrets.token_urlsafe())


_DUMMY = _hasher.hash(secrets.token_urlsafe())
"""Checked when an account does not exist, so that the answer takes equally long."""


def hash_password(password: str) -> str:
    """Return the hash to keep."""
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; takes equally long when there is none to compare with."""
    try:
        right = _hasher.verify(password_hash or _DUMMY, password)
    except (VerificationError, InvalidHashError):
        return False
    return right and password_hash is not None


def needs_new_hash(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def _has_run(password: str) -> bool:
    for sequence in _SEQUENCES:
        for direction in (sequence, sequence[::-1]):
            if any(direction[at : at + _RUN] in password for at in range(len(direction) - _RUN + 1)):
                return True
    return False


def require_good_password(password: str, *, name: str, email: str) -> None:
    """Refuse a password that is easy to guess.

    Raises
    ------
    Fault
        With the one thing to mend, for the field `password`.
    """
    fold = password.casefold()
    if len(password) < MINIMUM_LENGTH:
        raise Fault(
            f"Lösenordet är för kort: det har {len(password)} tecken. Välj minst {MINIMUM_LENGTH}, "
            "till exempel fyra ord som inte hör ihop.",
            "password",
        )
    if len(password) > MAXIMUM_LENGTH:
        raise Fault(f"Lösenordet är för långt. Välj högst {MAXIMUM_LENGTH} tecken.", "password")
    if len(set(fold)) < FEWEST_CHARACTERS or _has_run(fold):
        raise Fault("Lösenordet är ett mönster som är lätt att gissa. Välj ord som inte hör ihop.", "password")
    parts = re.split(r"\W+", f"{name} {email.partition('@')[0]}".casefold())
    own = [part for part in parts if len(part) >= OWN_WORD]
    if any(part in fold for part in own):
        raise Fault(
            "Lösenordet innehåller ditt namn eller din e-postadress. Välj ord som inte hör till dig.", "password"
        )
    left = re.sub(r"[\W\d_]+", "", fold)
    if left in _COMMON or any(left == word * 2 for word in _COMMON):
        raise Fault("Lösenordet är ett av de vanligaste. Välj ord som inte hör ihop.", "password")
