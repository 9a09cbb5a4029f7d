"""How long each kind of record is kept, holds that stop erasure, and protocols of what was done."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from enkat.records.base import Base, by_value


class RecordKind(enum.StrEnum):
    """A kind of record with a retention of its own."""

    DRAFTS = "drafts"
    INVITATIONS = "invitations"
    CODES = "codes"
    LETTER_FILES = "letter_files"
    SEALED_BALLOTS = "sealed_ballots"
    ANSWERS = "answers"
    FREE_TEXTS = "free_texts"
    TALLIES = "tallies"
    RELEASES = "releases"
    PROTOCOLS = "protocols"
    REGISTER = "register"
    IMPORTS = "imports"
    AUDIT_DETAILS = "audit_details"
    CONCERNS = "concerns"
    CONTACTS = "contacts"
    DIALOGUES = "dialogues"


class RetentionEvent(enum.StrEnum):
    """From when a time of retention counts."""

    ROUND_CLOSED = "round_closed"
    ROUND_COUNTED = "round_counted"
    ROUND_DESTROYED = "round_destroyed"
    RECORDED = "recorded"


class ProtocolKind(enum.StrEnum):
    """What a protocol records."""

    OPENING = "opening"
    REHEARSAL = "rehearsal"
    KEYS = "keys"
    CLOSING = "closing"
    COUNT = "count"
    DESTRUCTION = "destruction"
    ERASURE = "erasure"
    RESTORE = "restore"


class RetentionRule(Base):
    """A rule: this kind of record is erased so many days after an event, by this decision; no days = kept for ever."""

    __tablename__ = "retention_rule"
    __table_args__ = (
        UniqueConstraint("round_id", "record_kind"),
        CheckConstraint("days IS NULL OR days >= 0", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("survey_round.id"))
    """The round it holds for; none = the city's general rule."""
    record_kind: Mapped[RecordKind] = mapped_column(by_value(RecordKind, "record_kind"))
    event: Mapped[RetentionEvent] = mapped_column(by_value(RetentionEvent, "event"))
    days: Mapped[int | None]
    decision: Mapped[str] = mapped_column(String(200))


class RetentionHold(Base):
    """Stops erasure of a round's records (or all) while a request for release is pending."""

    __tablename__ = "retention_hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("survey_round.id"), index=True)
    record_kind: Mapped[RecordKind | None] = mapped_column(by_value(RecordKind, "record_kind"))
    reason: Mapped[str] = mapped_column(Text)
    placed_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]


class Protocol(Base):
    """What was done with a round or its records, in plain words with figures; never changed."""

    __tablename__ = "protocol"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("survey_round.id"), index=True)
    kind: Mapped[ProtocolKind] = mapped_column(by_value(ProtocolKind, "kind"))
    written_on: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))


class BackupRecord(Base):
    """A backup that was made, or a restore that was tried and verified."""

    __tablename__ = "backup_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    file_name: Mapped[str] = mapped_column(String(300))
    sha256: Mapped[str] = mapped_column(String(64))
    restored_at: Mapped[datetime | None]
    verified: Mapped[bool] = mapped_column(default=False)
    row_counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)


def protocols_of(session: Session, round_id: int) -> list[Protocol]:
    """Return a round's protocols, the newest first."""
    return list(session.scalars(select(Protocol).where(Protocol.round_id == round_id).order_by(Protocol.id.desc())))
