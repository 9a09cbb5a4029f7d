"""Where the holder of a code stands, for each page of an answer: one query, no derivation."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from enkat.ballots.derivation import CodeKeys
from enkat.clock import Clock
from enkat.instruments.instrument import Instrument
from enkat.instruments.vocabulary import ServiceType
from enkat.languages import SOURCE_LANGUAGE, chain
from enkat.records.ballots import Receipt
from enkat.records.invitations import InvitationStatus
from enkat.records.standing_queries import promise_of_round, round_row, standing_row
from enkat.services.ballots.code_entry import CodeRefused, EntryState, instrument_of
from enkat.services.ballots.drafting import DraftContent, read_draft
from enkat.services.ballots.rounds import Window, window_of
from enkat.services.faults import NotFoundFault

_instruments: dict[str, Instrument] = {}
"""Compiled instruments by the hash of their text: the same in every database."""
_MOST_INSTRUMENTS = 256


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a code stands.

    Attributes
    ----------
    state
        Whether answers can be given, one has come, or the round takes none now.
    round
        The round's row, with `records.standing_queries.ROUND_FIELDS`.
    unit_name, service
        What the questions are about; never a person.
    draft
        The answers so far; version 0 without any.
    can_take_back
        Only where `state` is SENT: whether this very code sent the answer and the round is open.
    """

    state: EntryState
    round: Row[Any]
    keys: CodeKeys
    unit_name: str
    service: ServiceType
    snapshot_sha256: str
    draft: DraftContent
    can_take_back: bool


def find_standing(session: Session, clock: Clock, *, round_id: int, keys: CodeKeys) -> Standing:
    """Return where a code stands.

    Raises
    ------
    CodeRefused
        The code is no longer live in the round.
    Fault
        The draft is damaged.
    """
    row = standing_row(session, round_id, keys.lookup, keys.draft_id)
    if row is None or row.status.ineligible:
        raise CodeRefused("Koden gäller inte längre. Ring oss, så hjälper vi dig.")
    window = window_of(row, clock)
    state, can_take_back = EntryState.CLOSED, False
    if window is Window.NOT_YET:
        state = EntryState.NOT_YET
    elif not row.status.may_send:
        state = EntryState.SENT
        sent_here = window is Window.OPEN and row.status is InvitationStatus.SENT
        can_take_back = sent_here and session.get(Receipt, keys.draft_id) is not None
    elif window is Window.OPEN:
        state = EntryState.OPEN
    draft = read_draft(keys, row.draft_version, row.draft_content) if row.draft_content else DraftContent()
    return Standing(
        state, row, keys, row.unit_name or row.title, row.service, row.snapshot_sha256, draft, can_take_back
    )


def find_round_row(session: Session, short_name: str) -> Row[Any]:
    """Return what a round tells those who answer; NotFoundFault without one."""
    row = round_row(session, short_name)
    if row is None:
        raise NotFoundFault("Undersökningen finns inte. Kontrollera adressen i brevet, eller ring oss.")
    return row


def promises(session: Session, round_id: int, lang: str) -> tuple[str, dict[str, list[str]]]:
    """Return a round's frozen promise, part by part, and its language; empty before it is frozen.

    It is in the language asked for, or in the first of its fallbacks that the promise was frozen in.
    """
    promise = promise_of_round(session, round_id)
    return next(((code, promise[code]) for code in chain(lang) if code in promise), (SOURCE_LANGUAGE, {}))


def compiled_instrument(session: Session, sha256: str) -> Instrument:
    """Return the instrument of a snapshot; read from the database once per process."""
    found = _instruments.get(sha256)
    if found is None:
        found = instrument_of(session, sha256)
        if len(_instruments) >= _MOST_INSTRUMENTS:
            _instruments.clear()
        _instruments[sha256] = found
    return found
