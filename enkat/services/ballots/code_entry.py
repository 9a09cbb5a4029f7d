"""From a typed code to the invitation it opens. Unknown and dead codes share words and time."""

import enum
import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from enkat.ballots.codes import CodeFault, CodeFaultKind, read_code
from enkat.ballots.derivation import CodeKeys, derive
from enkat.clock import Clock
from enkat.instruments.instrument import Instrument
from enkat.instruments.snapshot import cached
from enkat.instruments.vocabulary import ServiceType
from enkat.records.invitations import InvitationStatus
from enkat.records.rounds import InstrumentSnapshot
from enkat.records.standing_queries import cost_row, entry_row
from enkat.services.ballots.rounds import Window, window_of
from enkat.services.ballots.throttling import Pause, address_digest, note_failure, scrypt_slot, wait_turn
from enkat.services.faults import Fault, NotFoundFault
from enkat.settings import Secrets, Settings


class EntryState(enum.StrEnum):
    """What a right code meets."""

    OPEN = "open"
    SENT = "sent"
    NOT_YET = "not_yet"
    CLOSED = "closed"


class CodeRefused(Fault):
    """What was typed is no code of this round; `kind` is set where the shape alone tells."""

    def __init__(self, sentence: str, kind: CodeFaultKind | None = None) -> None:
        super().__init__(sentence, field="code")
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Entry:
    """What a right code opens.

    Attributes
    ----------
    state
        Whether answers can be given, one has come, or the round takes none now.
    keys
        What travels in the encrypted cookie.
    can_take_back
        Only where `state` is SENT: whether this very code sent the answer and the round is open.
    opens_on, closes_on
        The round's dates, for the sentence of a round that takes no answers.
    unit_id, snapshot_sha256
        What the invitation is about, so that a page need not look it up again.
    """

    state: EntryState
    round_id: int
    keys: CodeKeys
    can_take_back: bool
    opens_on: date
    closes_on: date
    unit_id: int
    service: ServiceType
    snapshot_sha256: str


_WRONG = "Koden stämmer inte. Jämför en grupp siffror i taget med brevet, eller ring oss."


def enter_code(
    session: Session,
    clock: Clock,
    *,
    settings: Settings,
    secrets: Secrets,
    round_id: int,
    typed: str,
    address: str,
    pause: Pause = time.sleep,
) -> Entry:
    """Return what a typed code opens in one round; see `find_code`."""
    keys, row = find_code(
        session,
        clock,
        settings=settings,
        secrets=secrets,
        round_id=round_id,
        typed=typed,
        address=address,
        pause=pause,
    )
    return _entry(clock, row, keys)


def find_code(
    session: Session,
    clock: Clock,
    *,
    settings: Settings,
    secrets: Secrets,
    round_id: int,
    typed: str,
    address: str,
    pause: Pause = time.sleep,
) -> tuple[CodeKeys, Row[Any]]:
    """Return the keys of a typed code and the row of what it opens in one round, as `entry_row` has it.

    A personnummer and wrong check digits are told before any hash, log or throttle.

    Raises
    ------
    CodeRefused
        No code, or none that is live in this round.
    BusyFault
        Too many tries at once.
    """
    try:
        code = read_code(typed)
    except CodeFault as fault:
        raise CodeRefused(fault.sentence, fault.kind) from None
    digest = address_digest(secrets.get("throttle"), address)
    wait_turn(session, clock, digest, pause)
    cost = cost_row(session, round_id)
    if cost is not None and secrets.exists(f"round_{round_id}"):
        with scrypt_slot(settings.scrypt_parallel):
            keys = derive(code, secrets.get(f"round_{round_id}"), cost.scrypt_log2_n or settings.scrypt_log2_n)
        row = entry_row(session, round_id, keys.lookup, keys.draft_id)
        if row is not None and not row.status.ineligible:
            return keys, row
    note_failure(session, clock, digest)
    raise CodeRefused(_WRONG)


def instrument_of(session: Session, sha256: str) -> Instrument:
    """Return the compiled instrument of a snapshot, cached in this process."""
    snapshot = session.get(InstrumentSnapshot, sha256)
    if snapshot is None:
        raise NotFoundFault("Frågorna finns inte i undersökningen. Ring oss, så hjälper vi dig.")
    return cached(sha256, snapshot.content)


def _entry(clock: Clock, row: Row[Any], keys: CodeKeys) -> Entry:
    window = window_of(row, clock)
    state = EntryState.CLOSED
    can_take_back = False
    if window is Window.NOT_YET:
        state = EntryState.NOT_YET
    elif row.status.may_send:
        state = EntryState.OPEN if window is Window.OPEN else EntryState.CLOSED
    else:
        state = EntryState.SENT
        can_take_back = window is Window.OPEN and row.status is InvitationStatus.SENT and row.sent_here
    return Entry(
        state,
        row.id,
        keys,
        can_take_back,
        row.opens_on,
        row.closes_on,
        row.unit_id,
        row.service,
        row.snapshot_sha256,
    )
