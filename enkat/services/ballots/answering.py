"""Sending an answer: one durable transaction, exactly one answer per invitation, the first one wins in any mode."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from enkat.ballots.ballot import Ballot, payload_size
from enkat.ballots.derivation import CodeKeys
from enkat.ballots.drafts import encrypt_receipt
from enkat.ballots.padding import PayloadTooLong
from enkat.ballots.sealing import seal
from enkat.ballots.vocabulary import Helper, Mode, Respondent
from enkat.clock import Clock, iso_week, today
from enkat.instruments.routing import UnknownAnswer, free_texts, vector
from enkat.records.ballots import Receipt
from enkat.records.base import random_id
from enkat.records.drafting_queries import answering_row
from enkat.records.invitations import add_to_week, find_by_code, mark_sent
from enkat.records.sending_queries import put_in_box, sendable
from enkat.records.writing import writing
from enkat.services.ballots.code_entry import CodeRefused
from enkat.services.ballots.rounds import find_round, lock_round, require_open
from enkat.services.ballots.standing import compiled_instrument
from enkat.services.faults import Fault, NotFoundFault

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Answering:
    """An answer as it comes in, from a page, a telephone, an interviewer or a sheet of paper.

    Attributes
    ----------
    answers
        Option code or text by question id; what is off the final path does not count.
    mode, respondent, helper
        How it came and who answered.
    interviewer
        Who asked, where somebody did; told only in tallies.
    """

    answers: Mapping[str, int | str]
    mode: Mode
    respondent: Respondent
    helper: Helper
    language: str = "sv"
    interviewer: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a send.

    Attributes
    ----------
    accepted
        True: this answer is stored. False: one had already come, nothing was changed.
    """

    accepted: bool


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A sealed ballot and what it was sealed for: nothing else may have happened to the invitation meanwhile."""

    round_id: int
    invitation_id: bytes
    unit_id: int
    snapshot_sha256: str
    mode: Mode
    sealed: bytes


def send(session: Session, clock: Clock, *, round_id: int, keys: CodeKeys, answering: Answering) -> Sent:
    """Seal and store an answer, mark the invitation sent and forget the code's draft, all or nothing, durably.

    Raises
    ------
    CodeRefused
        The code is not live in this round.
    RoundClosedFault
        The round takes no answers now.
    Fault
        An answer is no option of its question or a text is too long.
    """
    for _ in range(_TRIES):
        found = sendable(session, round_id, keys.lookup)
        require_open(found or find_round(session, round_id), clock)
        if found is None or found.status.ineligible:
            raise CodeRefused("Koden gäller inte längre. Ring oss, så hjälper vi dig.")
        prepared = _Prepared(
            found.round_id,
            found.invitation_id,
            found.unit_id,
            found.snapshot_sha256,
            answering.mode,
            seal_answer(session, found, answering),
        )
        outcome = _store(session, clock, keys, prepared)
        if outcome is not None:
            return outcome
    raise Fault("Ditt svar är inte skickat. Svaren är kvar. Försök igen om en stund.")


def seal_answer(session: Session, found: Row[Any], answering: Answering) -> bytes:
    """Return an answer as the sealed ballot of the invitation in a row of `sendable`; before the write lock is taken.

    Raises
    ------
    Fault
        An answer is no option of its question or a text is too long.
    """
    if found.district_id is None or found.public_key is None:
        raise NotFoundFault("Undersökningen är inte klar för svar. Ring oss, så hjälper vi dig.")
    instrument = compiled_instrument(session, found.snapshot_sha256)
    try:
        ballot = Ballot(
            unit_id=str(found.unit_id),
            district_id=str(found.district_id),
            service=found.service,
            age_group=found.age_group,
            sex=found.sex,
            instrument_hash=found.snapshot_sha256,
            mode=answering.mode,
            respondent=answering.respondent,
            helper=answering.helper,
            language=answering.language,
            vector=tuple(vector(instrument, answering.answers, proxy=answering.respondent is Respondent.PROXY)),
            free_texts=free_texts(instrument, answering.answers),
            interviewer=answering.interviewer,
        )
        return seal(found.public_key, ballot.to_bytes(), payload_size(instrument))
    except UnknownAnswer as fault:
        raise Fault(f"{fault} Rätta svaret och skicka igen.") from fault
    except PayloadTooLong as fault:
        raise Fault("Texten är för lång. Korta den och skicka igen.") from fault


def _store(session: Session, clock: Clock, keys: CodeKeys, ready: _Prepared) -> Sent | None:
    """Write everything in one transaction; None when the invitation was corrected since it was read."""
    week = iso_week(today(clock))
    with writing(session):
        require_open(answering_row(session, ready.round_id, keys.lookup) or lock_round(session, ready.round_id), clock)
        if mark_sent(
            session,
            ready.invitation_id,
            lookup=keys.lookup,
            unit_id=ready.unit_id,
            snapshot_sha256=ready.snapshot_sha256,
        ):
            _insert(session, keys, ready)
            add_to_week(session, ready, week, ready.mode, accepted=1)
            return Sent(accepted=True)
        invitation = find_by_code(session, ready.round_id, keys.lookup)
        if invitation is None:
            raise CodeRefused("Koden gäller inte längre. Ring oss, så hjälper vi dig.")
        if invitation.status.may_send:
            return None
        if session.get(Receipt, keys.draft_id) is None:
            add_to_week(session, invitation, week, ready.mode, duplicate_refused=1)
        return Sent(accepted=False)


def _insert(session: Session, keys: CodeKeys, ready: _Prepared) -> None:
    """Insert ballot and receipt and forget the draft."""
    ballot_id = random_id()
    put_in_box(
        session,
        round_id=ready.round_id,
        ballot_id=ballot_id,
        sealed=ready.sealed,
        draft_id=keys.draft_id,
        receipt=encrypt_receipt(keys, ballot_id),
    )
