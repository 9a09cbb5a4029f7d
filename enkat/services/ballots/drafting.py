"""Answers under way: saved at every question, readable with the code alone, never overwritten by an older tab."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from enkat.ballots.derivation import CodeKeys
from enkat.ballots.drafts import DamagedDraft, decrypt_draft, encrypt_draft
from enkat.ballots.padding import PayloadTooLong
from enkat.ballots.vocabulary import Helper, Respondent
from enkat.clock import Clock, today
from enkat.records.ballots import Draft
from enkat.records.drafting_queries import answering_row, draft_row, insert_draft, overwrite_draft
from enkat.records.writing import writing
from enkat.services.ballots.code_entry import CodeRefused
from enkat.services.ballots.rounds import lock_round, require_open
from enkat.services.faults import ConflictFault, Fault


@dataclass(frozen=True)
class DraftContent:
    """What a draft holds.

    Attributes
    ----------
    version
        How often it was saved; 0 = never.
    answers
        Option code or text by question id; a question that is not there is not answered.
    respondent, helper
        Who answers, once said.
    language, face
        How the questions are shown.
    """

    version: int = 0
    answers: Mapping[str, int | str] = field(default_factory=dict)
    respondent: Respondent | None = None
    helper: Helper | None = None
    language: str = "sv"
    face: str = "plain"

    def to_bytes(self) -> bytes:
        """Return what is encrypted; the version stands outside."""
        fields = {
            "answers": dict(self.answers),
            "respondent": self.respondent,
            "helper": self.helper,
            "language": self.language,
            "face": self.face,
        }
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")

    @classmethod
    def from_bytes(cls, version: int, data: bytes) -> "DraftContent":
        """Read what `to_bytes` wrote."""
        fields = json.loads(data)
        respondent, helper = fields["respondent"], fields["helper"]
        return cls(
            version,
            fields["answers"],
            Respondent(respondent) if respondent else None,
            Helper(helper) if helper else None,
            fields["language"],
            fields["face"],
        )


class AlreadyReceivedFault(ConflictFault):
    """An answer with this invitation has already come."""

    def __init__(self) -> None:
        super().__init__("Ett svar med din kod har redan kommit fram. Du behöver inte göra mer.")


class DraftConflictFault(ConflictFault):
    """The draft was saved elsewhere meanwhile; both versions can be shown.

    Attributes
    ----------
    saved, own
        What is saved, and what this page wanted to save.
    """

    def __init__(self, saved: DraftContent, own: DraftContent) -> None:
        super().__init__("Du har svarat i ett annat fönster. Välj vilka svar som ska gälla.")
        self.saved = saved
        self.own = own


def load_draft(session: Session, *, round_id: int, keys: CodeKeys) -> DraftContent:
    """Return the code's draft; version 0 and no answers where there is none.

    Raises
    ------
    Fault
        The draft is damaged.
    """
    row = draft_row(session, keys.draft_id)
    if row is None or row.round_id != round_id:
        return DraftContent()
    return read_draft(keys, row.version, row.content)


def read_draft(keys: CodeKeys, version: int, content: bytes) -> DraftContent:
    """Return what a draft's row holds; Fault when it is damaged."""
    try:
        return DraftContent.from_bytes(version, decrypt_draft(keys, version, content))
    except (DamagedDraft, ValueError, KeyError) as fault:
        raise Fault("Dina sparade svar går inte att läsa. Börja om, eller ring oss.") from fault


def save_draft(session: Session, clock: Clock, *, round_id: int, keys: CodeKeys, draft: DraftContent) -> DraftContent:
    """Save a draft over the version it was loaded with, durably, and return it with its new version.

    Saving the same content twice (a double click) is no conflict.

    Raises
    ------
    DraftConflictFault
        Another version was saved meanwhile; nothing is written.
    AlreadyReceivedFault, RoundClosedFault, CodeRefused
        No answer can be given with this code now.
    Fault
        The texts are too long together.
    """
    saved = replace(draft, version=draft.version + 1)
    try:
        content = encrypt_draft(keys, saved.version, saved.to_bytes())
    except PayloadTooLong as fault:
        raise Fault("Texten är för lång. Korta den och försök igen.") from fault
    if draft.version and overwrite_draft(
        session,
        round_id=round_id,
        lookup=keys.lookup,
        draft_id=keys.draft_id,
        old_version=draft.version,
        content=content,
        day=today(clock),
    ):
        return saved
    with writing(session):
        _require_answerable(session, clock, round_id, keys)
        inserted = insert_draft(
            session, round_id=round_id, draft_id=keys.draft_id, content=content, version=saved.version
        )
    if inserted:
        return saved
    found = load_draft(session, round_id=round_id, keys=keys)
    if replace(found, version=0) == replace(draft, version=0):
        return found
    raise DraftConflictFault(found, draft)


def forget_draft(session: Session, keys: CodeKeys) -> None:
    """Delete the code's draft; inside `writing`."""
    draft = session.get(Draft, keys.draft_id)
    if draft is not None:
        session.delete(draft)


def _require_answerable(session: Session, clock: Clock, round_id: int, keys: CodeKeys) -> None:
    """Tell by a fault why no answer can be given with a code now, if so; inside `writing`."""
    row = answering_row(session, round_id, keys.lookup)
    require_open(row or lock_round(session, round_id), clock)
    if row is None:
        raise CodeRefused("Koden gäller inte längre. Ring oss, så hjälper vi dig.")
    if not row.status.may_send:
        raise AlreadyReceivedFault
