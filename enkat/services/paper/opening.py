"""The opening desk: a scanned sheet is registered as come, once; mistakes are undone; a pile goes on to keying."""

import enum
from dataclasses import dataclass

from sqlalchemy.orm import Session

from enkat.ballots.derivation import CodeKeys
from enkat.ballots.vocabulary import Mode
from enkat.clock import Clock, iso_week, today
from enkat.records.invitations import Invitation, InvitationStatus, add_to_week, find_by_code
from enkat.records.paper import PaperBatch, PaperBatchState, PaperSheet, UncodedSheet
from enkat.records.paper_queries import (
    filling_batch,
    last_sheet,
    mark_paper_received,
    next_number,
    put_back,
    sheet_of,
)
from enkat.records.rounds import SurveyRound
from enkat.records.rounds_queries import round_unit_by_code
from enkat.records.upserts import add_to
from enkat.records.writing import writing
from enkat.services.ballots.code_entry import CodeRefused
from enkat.services.faults import ConflictFault, Fault
from enkat.services.paper.scanning import Desk, require_paper, scan
from enkat.services.rounds.finding import get_round

BATCH_SIZE = 50
"""A full pile is handed on when the next sheet comes."""


class Outcome(enum.StrEnum):
    """What became of a scanned sheet."""

    REGISTERED = "registered"
    AGAIN = "again"
    DUPLICATE = "duplicate"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of a scanned sheet.

    Attributes
    ----------
    batch, position
        Where it lies, when it was registered now (``REGISTERED``) or before (``AGAIN``).
    handed_over
        The number of the pile that was full and went on to keying; 0 = none.
    """

    outcome: Outcome
    batch: int = 0
    position: int = 0
    handed_over: int = 0


def open_sheet(session: Session, clock: Clock, desk: Desk, *, typed: str, blank: bool, account_id: int) -> Opened:
    """Register a scanned sheet; a blank one changes nothing, so that its person may still answer.

    Raises
    ------
    Fault
        The code does not open an invitation of the round; the sentence says what to look at.
    """
    keys, row = scan(session, clock, desk, typed)
    if blank and row.status.may_send:
        return Opened(Outcome.BLANK)
    with writing(session):
        _locked_round(session, desk.round_id)
        invitation = find_by_code(session, desk.round_id, keys.lookup)
        if invitation is None:
            raise CodeRefused("Koden gäller inte längre. Läs av bladet igen.")
        session.refresh(invitation)
        was = invitation.status
        if not mark_paper_received(session, invitation.id):
            return _came_before(session, clock, keys, invitation, blank=blank)
        return _put_on_pile(session, desk.round_id, keys, was, account_id)


def _locked_round(session: Session, round_id: int) -> SurveyRound:
    """Return the round as it is now; meanwhile nobody else registers a sheet, and the round is not counted."""
    round_ = get_round(session, round_id)
    session.refresh(round_, with_for_update=True)
    require_paper(round_)
    return round_


def _came_before(session: Session, clock: Clock, keys: CodeKeys, invitation: Invitation, *, blank: bool) -> Opened:
    """Tell where the very sheet lies; another answer of the same person is a duplicate, and counted as one."""
    found = sheet_of(session, keys.lookup)
    if found is not None:
        sheet, batch = found
        return Opened(Outcome.AGAIN, batch.number, sheet.position)
    if not blank:
        add_to_week(session, invitation, iso_week(today(clock)), Mode.PAPER, duplicate_refused=1)
    return Opened(Outcome.DUPLICATE)


def _put_on_pile(session: Session, round_id: int, keys: CodeKeys, was: InvitationStatus, account_id: int) -> Opened:
    batch, handed_over = filling_batch(session, round_id, account_id), 0
    last = last_sheet(session, batch.id) if batch is not None else None
    if batch is not None and last is not None and last.position >= BATCH_SIZE:
        batch.state, handed_over = PaperBatchState.KEYING, batch.number
        batch = None
    if batch is None:
        last = None
        batch = PaperBatch(round_id=round_id, number=next_number(session, round_id), opener_id=account_id)
        session.add(batch)
        session.flush()
    position = last.position + 1 if last is not None else 1
    session.add(PaperSheet(batch_id=batch.id, position=position, lookup=keys.lookup, was=was))
    session.flush()
    return Opened(Outcome.REGISTERED, batch.number, position, handed_over)


def undo_last(session: Session, *, round_id: int, account_id: int) -> int:
    """Take the sheet that an opener registered last from the pile again and return its place.

    Its invitation stands as it did before.
    """
    with writing(session):
        _locked_round(session, round_id)
        batch = filling_batch(session, round_id, account_id)
        sheet = last_sheet(session, batch.id) if batch is not None else None
        if sheet is None:
            raise ConflictFault("Det finns inget att ångra: din hög är tom.")
        position = sheet.position
        take_out(session, sheet)
    return position


def take_out(session: Session, sheet: PaperSheet) -> None:
    """Let a sheet's invitation stand as before, and forget the sheet. Inside `writing`."""
    if not put_back(session, sheet.lookup, sheet.was):
        raise ConflictFault("Bladet är redan godkänt och går inte att ta tillbaka.")
    session.delete(sheet)
    session.flush()


def hand_over(session: Session, *, round_id: int, account_id: int) -> tuple[int, int]:
    """Hand an opener's pile on to keying, and return its number and how many sheets it has."""
    with writing(session):
        _locked_round(session, round_id)
        batch = filling_batch(session, round_id, account_id)
        last = last_sheet(session, batch.id) if batch is not None else None
        if batch is None or last is None:
            raise ConflictFault("Din hög är tom. Registrera blad först.")
        batch.state = PaperBatchState.KEYING
        return batch.number, last.position


def add_uncoded(session: Session, *, round_id: int, unit_mark: str, take_away: bool = False) -> None:
    """Count a sheet without a readable code by its unit mark, or take one away.

    Nobody can tell whose it is, so it could be a second answer: it is registered and not counted.
    """
    with writing(session):
        _locked_round(session, round_id)
        unit_id = round_unit_by_code(session, round_id, unit_mark.strip())
        if unit_id is None:
            raise Fault("Märket finns inte i omgången. Det står efter ordet Enhet, längst ner på bladet.", "unit")
        held = session.get(UncodedSheet, {"round_id": round_id, "unit_id": unit_id}, populate_existing=True)
        if not take_away:
            add_to(session, UncodedSheet, {"round_id": round_id, "unit_id": unit_id}, {"n": 1})
        elif held is None or held.n == 0:
            raise ConflictFault("Det finns inget blad att ta bort för enheten.")
        else:
            held.n -= 1
