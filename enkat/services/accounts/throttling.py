"""Slowing down those who guess passwords: failures only, per address and per account, gone after an hour.

A try waits longer the more tries failed before it, up to `LONGEST_DELAY`; the door is never shut, neither for an
address that many share nor for an account that somebody else tries to guess.
"""

import hashlib
import hmac
import threading
import time
from collections.abc import Callable

from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.throttle import add_failure, failures_of, period_of
from enkat.records.writing import writing
from enkat.services.faults import BusyFault
from enkat.settings import Secrets

Pause = Callable[[float], None]
"""Waits for so many seconds; tests hand in one that only writes down."""

ADDRESS, ACCOUNT = "login", "login_account"
FREE_FAILURES = {ADDRESS: 5, ACCOUNT: 3}
FIRST_DELAY = 0.5
LONGEST_DELAY = {ADDRESS: 15.0, ACCOUNT: 8.0}
WAITING_PLACES = 4
_waiting = threading.BoundedSemaphore(WAITING_PLACES)


def digest(secrets: Secrets, text: str) -> bytes:
    """Return a keyed hash of an address or an account, all that is kept of it."""
    return hmac.new(secrets.get("throttle"), text.encode(), hashlib.sha256).digest()[:16]


def delay_of(kind: str, failures: int) -> float:
    """Return the seconds to wait after so many failures within an hour."""
    over = failures - FREE_FAILURES[kind]
    return 0.0 if over < 0 else min(FIRST_DELAY * 2.0 ** min(over, 10), LONGEST_DELAY[kind])


def wait_turn(
    session: Session, clock: Clock, secrets: Secrets, *, address: str, email: str, pause: Pause = time.sleep
) -> float:
    """Wait as long as earlier failures ask for and return the seconds; no transaction is held meanwhile.

    Raises
    ------
    BusyFault
        If several already wait, so that waiting never uses up the server's threads.
    """
    period = period_of(clock())
    keys = ((ADDRESS, digest(secrets, address)), (ACCOUNT, digest(secrets, email)))
    seconds = max(delay_of(kind, failures_of(session, kind, key, period)) for kind, key in keys)
    if seconds:
        session.rollback()
        if not _waiting.acquire(blocking=False):
            raise BusyFault("Många försöker logga in just nu. Försök igen om en stund.")
        try:
            pause(seconds)
        finally:
            _waiting.release()
    return seconds


def note_failure(session: Session, clock: Clock, secrets: Secrets, *, address: str, email: str) -> None:
    """Count a failed try of an address and of an account."""
    period = period_of(clock())
    with writing(session):
        add_failure(session, ADDRESS, digest(secrets, address), period)
        add_failure(session, ACCOUNT, digest(secrets, email), period)
