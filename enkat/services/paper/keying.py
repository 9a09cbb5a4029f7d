"""Keying sheets: the first time, the blind second time, and the word on what the two disagree about.

What is keyed is sealed at once, so that nobody needs the code when the batch is accepted, and kept beside it as a
draft under the code's key, so that whoever holds the sheet, and nobody else, can compare and correct it.
"""

import enum
import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from enkat.ballots.derivation import CodeKeys
from enkat.ballots.drafts import DamagedDraft, decrypt_draft, encrypt_draft
from enkat.ballots.padding import PayloadTooLong
from enkat.clock import Clock
from enkat.records.base import random_id
from enkat.records.invitations import InvitationStatus
from enkat.records.paper import (
    KeyingCheck,
    PaperBallot,
    PaperBatch,
    PaperBatchState,
    PaperDraft,
    PaperSheet,
    SheetState,
)
from enkat.records.paper_queries import (
    draft_content,
    forget_drafts,
    forget_web_draft,
    locked_batch,
    register_language,
    sheet_of,
)
from enkat.records.rounds import SurveyRound
from enkat.records.sending_queries import sendable
from enkat.records.upserts import add_to
from enkat.records.writing import writing
from enkat.services.ballots.answering import seal_answer
from enkat.services.ballots.standing import compiled_instrument
from enkat.services.ballots.who_words import Gettext
from enkat.services.faults import ConflictFault, Fault
from enkat.services.paper.accepting import go_on
from enkat.services.paper.key_strokes import (
    KeyField,
    answering_of,
    asked,
    corrected,
    differences,
    fields_of,
    is_blank,
    read_keys,
)
from enkat.services.paper.opening import take_out
from enkat.services.paper.scanning import require_paper
from enkat.services.questionnaires.laying_out import language_of
from enkat.services.questionnaires.routing_words import question_numbers

FIRST, SECOND = 1, 2


class Stage(enum.StrEnum):
    """What is to be done with a sheet now."""

    FIRST = "first"
    SECOND = "second"
    ADJUDICATE = "adjudicate"


@dataclass(frozen=True, slots=True)
class Keyed:
    """What was keyed of a sheet: its line of keys, the texts by question id, and which sealed ballot holds them."""

    keys: str
    texts: dict[str, str] = field(default_factory=dict)
    ballot: bytes = b""

    def to_bytes(self) -> bytes:
        """Return what is encrypted."""
        fields = {"keys": self.keys, "texts": self.texts, "ballot": self.ballot.hex()}
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")

    @classmethod
    def from_bytes(cls, data: bytes) -> "Keyed":
        """Read what `to_bytes` wrote."""
        fields = json.loads(data)
        return cls(fields["keys"], fields["texts"], bytes.fromhex(fields["ballot"]))


@dataclass(frozen=True)
class OpenSheet:
    """A sheet in a keyer's hands.

    Attributes
    ----------
    found
        The row of `sendable`: what the ballot will say.
    fields
        What is keyed, in the order of the paper.
    texts
        The free-text questions: id, printed number and words.
    """

    keys: CodeKeys
    found: Row[Any]
    stage: Stage
    batch_number: int
    position: int
    fields: tuple[KeyField, ...]
    texts: tuple[tuple[str, int, str], ...]


def find_sheet(session: Session, gettext: Gettext, *, round_id: int, keys: CodeKeys, account_id: int) -> OpenSheet:
    """Return a sheet and what is to be done with it; ConflictFault with the next step where nothing is."""
    found = sendable(session, round_id, keys.lookup)
    at = sheet_of(session, keys.lookup)
    if found is None or at is None:
        raise ConflictFault("Bladet är inte öppnat. Lägg det till postöppningen, så registreras det först.")
    sheet, batch = at
    instrument = compiled_instrument(session, found.snapshot_sha256)
    numbers = question_numbers(instrument)
    texts = tuple((one.id, numbers[one.id], str(one.text("sv"))) for one in instrument.text_questions)
    stage = _stage(sheet, batch, account_id)
    fields = fields_of(gettext, instrument, found.service)
    return OpenSheet(keys, found, stage, batch.number, sheet.position, fields, texts)


def _stage(sheet: PaperSheet, batch: PaperBatch, account_id: int) -> Stage:
    """Return what is to be done with a sheet. Who keyed it may key it over, as long as its batch is being keyed."""
    if batch.state is PaperBatchState.FILLING:
        raise ConflictFault(f"Bladet ligger i bunt {batch.number}, som inte är överlämnad än. Skriv in den senare.")
    match sheet.state:
        case SheetState.OPENED:
            return Stage.FIRST
        case SheetState.KEYED if batch.state is PaperBatchState.KEYING and sheet.keyer_id == account_id:
            return Stage.FIRST
        case SheetState.CHOSEN | SheetState.DIFFERS if sheet.keyer_id == account_id:
            raise ConflictFault("Du skrev in det här bladet först. Någon annan ska skriva in det nu.")
        case SheetState.CHOSEN:
            return Stage.SECOND
        case SheetState.DIFFERS:
            return Stage.ADJUDICATE
    raise ConflictFault(f"Bladet är redan inskrivet: bunt {batch.number}, blad {sheet.position}.")


def key_sheet(
    session: Session,
    clock: Clock,
    sheet: OpenSheet,
    *,
    typed: str,
    texts: dict[str, str],
    account_id: int,
) -> list[KeyField]:
    """Keep what was keyed of a sheet; return what a second keying reads differently, to be looked at again.

    Raises
    ------
    Fault
        The keys do not fit the questionnaire, or the sheet is blank.
    ConflictFault
        Somebody else has done it meanwhile.
    """
    keys = read_keys(sheet.fields, typed)
    if is_blank(keys, texts):
        raise Fault("Inget är ifyllt. Är formuläret tomt, tryck på Formuläret är tomt.", "keys")
    ready = _ready(session, sheet, keys, texts)
    with writing(session):
        batch, row = _again(session, sheet, account_id)
        if sheet.stage is Stage.FIRST:
            _keep(session, sheet, batch, ready)
            row.state, row.keyer_id = SheetState.KEYED, account_id
            forget_web_draft(session, sheet.keys.draft_id)
            found: list[KeyField] = []
        else:
            found = _compare(session, sheet, batch, row, keys)
        session.flush()
        go_on(session, clock, batch)
    return found


def adjudicate(session: Session, clock: Clock, sheet: OpenSheet, *, right: dict[str, str], account_id: int) -> None:
    """Let what the paper says hold where two keyings differ, and count what the first one had wrong.

    Parameters
    ----------
    right
        The right key by the question's printed number; every question that differs has one.
    """
    first, second = _read(session, sheet, FIRST), _read(session, sheet, SECOND)
    differing = differences(sheet.fields, first.keys, second.keys)
    for one in differing:
        if not one.accepts(right.get(one.number, "")):
            raise Fault(f"Skriv vad som står på bladet i fråga {one.number}.", f"key_{one.number}")
    keys = corrected(sheet.fields, first.keys, {one.number: right[one.number] for one in differing})
    errors = len(differences(sheet.fields, first.keys, keys))
    fields = max(len(asked(sheet.fields, first.keys)), len(asked(sheet.fields, keys)))
    ready = _ready(session, sheet, keys, first.texts)
    with writing(session):
        batch, row = _again(session, sheet, account_id)
        _keep(session, sheet, batch, ready)
        forget_drafts(session, sheet.keys.draft_id)
        row.state = SheetState.CHECKED
        _count(session, batch, fields, errors)
        session.flush()
        go_on(session, clock, batch)


def differing_fields(session: Session, sheet: OpenSheet) -> list[tuple[KeyField, str, str]]:
    """Return what two keyings of a sheet say differently, in an order that does not tell which came first."""
    first, second = _read(session, sheet, FIRST), _read(session, sheet, SECOND)
    said = {one.number: (a, b) for one, a, b in zip(sheet.fields, first.keys, second.keys, strict=True)}
    found = differences(sheet.fields, first.keys, second.keys)
    return [(one, min(said[one.number]), max(said[one.number])) for one in found]


def put_blank_back(session: Session, clock: Clock, sheet: OpenSheet, *, account_id: int) -> None:
    """Take a sheet that nobody filled in out of its batch; its person may answer again."""
    with writing(session):
        batch, row = _again(session, sheet, account_id)
        if sheet.stage is not Stage.FIRST:
            raise ConflictFault("Bladet är inskrivet en gång. Skriv vad du ser på det.")
        content = draft_content(session, sheet.keys.draft_id, FIRST)
        if content is not None:
            _drop_ballot(session, _open(sheet, FIRST, content).ballot)
            forget_drafts(session, sheet.keys.draft_id)
        take_out(session, row)
        go_on(session, clock, batch)


def _again(session: Session, sheet: OpenSheet, account_id: int) -> tuple[PaperBatch, PaperSheet]:
    """Return batch and sheet as they are now, kept from others; refuse where another keyer was quicker."""
    round_ = session.get_one(SurveyRound, sheet.found.round_id, populate_existing=True)
    require_paper(round_)
    at = sheet_of(session, sheet.keys.lookup)
    if at is not None:
        locked_batch(session, at[1].id)
        at = sheet_of(session, sheet.keys.lookup)  # who held the batch may have finished it
    if at is None:
        raise ConflictFault("Bladet är inte kvar i bunten. Någon annan har tagit hand om det.")
    row, batch = at
    if _stage(row, batch, account_id) is not sheet.stage:
        raise ConflictFault("Någon annan har skrivit in bladet under tiden. Ta nästa blad.")
    return batch, row


@dataclass(frozen=True, slots=True)
class _Ready:
    """A keyed sheet, sealed before the write lock is taken."""

    sealed: bytes
    keyed: Keyed


def _ready(session: Session, sheet: OpenSheet, keys: str, texts: dict[str, str]) -> _Ready:
    if sheet.found.status is not InvitationStatus.PAPER_RECEIVED:
        raise ConflictFault("Bladet väntar inte på inskrivning längre. Ta nästa blad.")
    round_ = session.get_one(SurveyRound, sheet.found.round_id)
    language = language_of(round_, register_language(session, sheet.keys.lookup) or "sv")
    sealed = seal_answer(session, sheet.found, answering_of(sheet.fields, keys, texts, language))
    return _Ready(sealed, Keyed(keys, texts, random_id()))


def _keep(session: Session, sheet: OpenSheet, batch: PaperBatch, ready: _Ready) -> None:
    """Keep a keyed sheet in place of what was keyed of it before. Inside `writing`."""
    content = draft_content(session, sheet.keys.draft_id, FIRST)
    if content is not None:
        _drop_ballot(session, _open(sheet, FIRST, content).ballot)
        forget_drafts(session, sheet.keys.draft_id)
    session.add(PaperBallot(id=ready.keyed.ballot, round_id=batch.round_id, batch_id=batch.id, content=ready.sealed))
    _keep_draft(session, sheet, batch, FIRST, ready.keyed)


def _keep_draft(session: Session, sheet: OpenSheet, batch: PaperBatch, version: int, keyed: Keyed) -> None:
    try:
        content = encrypt_draft(sheet.keys, version, keyed.to_bytes())
    except PayloadTooLong as fault:
        raise Fault("Texten är för lång. Korta den och skicka igen.") from fault
    session.add(
        PaperDraft(id=sheet.keys.draft_id, version=version, round_id=batch.round_id, batch_id=batch.id, content=content)
    )
    session.flush()


def _drop_ballot(session: Session, ballot_id: bytes) -> None:
    kept = session.get(PaperBallot, ballot_id)
    if kept is not None:
        session.delete(kept)
        session.flush()


def _compare(session: Session, sheet: OpenSheet, batch: PaperBatch, row: PaperSheet, keys: str) -> list[KeyField]:
    first = _read(session, sheet, FIRST)
    found = differences(sheet.fields, first.keys, keys)
    if found:
        row.state = SheetState.DIFFERS
        _keep_draft(session, sheet, batch, SECOND, Keyed(keys))
    else:
        row.state = SheetState.CHECKED
        _count(session, batch, len(asked(sheet.fields, keys)), 0)
    return found


def _count(session: Session, batch: PaperBatch, fields: int, errors: int) -> None:
    key = {"batch_id": batch.id, "attempt": batch.attempt}
    add_to(session, KeyingCheck, key, {"sheets": 1, "fields": fields, "errors": errors})


def _read(session: Session, sheet: OpenSheet, version: int) -> Keyed:
    content = draft_content(session, sheet.keys.draft_id, version)
    if content is None:
        raise ConflictFault("Det som skrevs in av bladet finns inte kvar. Läs av bladet igen.")
    return _open(sheet, version, content)


def _open(sheet: OpenSheet, version: int, content: bytes) -> Keyed:
    try:
        return Keyed.from_bytes(decrypt_draft(sheet.keys, version, content))
    except (DamagedDraft, ValueError, KeyError) as fault:
        raise Fault("Det som skrevs in av bladet går inte att läsa. Skicka tillbaka bunten.") from fault
