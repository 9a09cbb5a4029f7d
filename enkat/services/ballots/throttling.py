"""Slowing down those who guess codes: failures only, by keyed hash of the address, gone after an hour.

The delay grows with an address's own failures, so one care home behind one address is slowed, never locked out. Many
failures in all slow every failing address a little and never close the door.
"""

import hashlib
import hmac
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.throttle import add_failure, failures_in_period, failures_of, period_of
from enkat.records.writing import writing
from enkat.services.faults import BusyFault

Pause = Callable[[float], None]
"""Waits for so many seconds; tests hand in one that only writes down."""

KIND = "code"
FREE_FAILURES = 5
FIRST_DELAY = 0.25
LONGEST_DELAY = 4.0
CROWD = 300
"""Failures within ten minutes, of all addresses, from which every failing address waits at least a second."""
CROWD_DELAY = 1.0
WAITING_PLACES = 4
SLOT_SECONDS = 2.0

_DIGEST_BYTES = 16
_waiting = threading.BoundedSemaphore(WAITING_PLACES)
_slots: dict[int, threading.BoundedSemaphore] = {}
_slots_guard = threading.Lock()


def address_digest(key: bytes, address: str) -> bytes:
    """Return what is kept of an address: a hash that only the key's holder can repeat."""
    return hmac.new(key, address.encode(), hashlib.sha256).digest()[:_DIGEST_BYTES]


def delay_of(own_failures: int, all_failures: int) -> float:
    """Return the seconds that an address waits before its next try.

    Parameters
    ----------
    own_failures
        Failures of the address within an hour.
    all_failures
        Failures of everybody within the present ten minutes.
    """
    if own_failures == 0:
        return 0.0
    own = 0.0
    if own_failures >= FREE_FAILURES:
        own = min(FIRST_DELAY * 2.0 ** min(own_failures - FREE_FAILURES, 8), LONGEST_DELAY)
    return max(own, CROWD_DELAY if all_failures >= CROWD else 0.0)


def wait_turn(session: Session, clock: Clock, digest: bytes, pause: Pause = time.sleep) -> float:
    """Wait as long as the address's failures ask for and return the seconds.

    No transaction is held while waiting. Only a few may wait at once; more get BusyFault, so that waiting never uses up
    the server's threads.
    """
    period = period_of(clock())
    own = failures_of(session, KIND, digest, period)
    seconds = delay_of(own, failures_in_period(session, KIND, period)) if own else 0.0
    if seconds:
        session.rollback()
        if not _waiting.acquire(blocking=False):
            raise BusyFault("Just nu är det många på sidan. Försök igen om en stund.")
        try:
            pause(seconds)
        finally:
            _waiting.release()
    return seconds


def note_failure(session: Session, clock: Clock, digest: bytes) -> None:
    """Count a failed try of an address."""
    with writing(session):
        add_failure(session, KIND, digest, period_of(clock()))


@contextmanager
def scrypt_slot(parallel: int, patience: float = SLOT_SECONDS) -> Iterator[None]:
    """Hold one of `parallel` places for a scrypt call; BusyFault when none comes free in time."""
    with _slots_guard:
        slots = _slots.setdefault(parallel, threading.BoundedSemaphore(parallel))
    if not slots.acquire(timeout=patience):
        raise BusyFault("Just nu är det många på sidan. Försök igen om en stund.")
    try:
        yield
    finally:
        slots.release()
