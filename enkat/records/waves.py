"""Waves of contact: who is written to when and by which channel, on a list that is frozen when it is built.

The list is the outbox of the wave's messages too: a row per person, which holds neither address nor code.
"""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from enkat.records.base import Base, by_value, random_id
from enkat.records.clients import ContactChannel


class WaveKind(enum.StrEnum):
    """What a wave says."""

    INVITATION = "invitation"
    REMINDER = "reminder"


class WaveChannel(enum.StrEnum):
    """How a wave reaches people: one way for those who wish it, or each by the own wish."""

    WISH = "wish"
    LETTER = "letter"
    SMS = "sms"
    EMAIL = "email"


class LetterFile(enum.StrEnum):
    """As what a wave's letters are made."""

    PDF = "pdf"
    CSV = "csv"
    XLSX = "xlsx"


class WaveState(enum.StrEnum):
    """Where a wave stands."""

    PLANNED = "planned"
    BUILDING = "building"
    BUILT = "built"
    SENDING = "sending"
    DONE = "done"
    CANCELLED = "cancelled"


class RecipientState(enum.StrEnum):
    """Where a person on the list stands; no moment is kept."""

    WAITING = "waiting"
    HANDING = "handing"
    HANDED = "handed"
    SKIPPED = "skipped"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    BOUNCED = "bounced"


UNREACHED = (RecipientState.REFUSED, RecipientState.BOUNCED, RecipientState.UNCERTAIN)
"""Those whom staff may want to write to in another way."""


class ContactWave(Base):
    """A timed wave of a round."""

    __tablename__ = "contact_wave"
    __table_args__ = (
        CheckConstraint("approved_for IS NULL OR approved_for >= 0", name="approved_for"),
        Index("ix_contact_wave_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), index=True)
    kind: Mapped[WaveKind] = mapped_column(by_value(WaveKind, "kind"))
    channel: Mapped[WaveChannel] = mapped_column(by_value(WaveChannel, "channel"))
    letter_file: Mapped[LetterFile] = mapped_column(by_value(LetterFile, "letter_file"), default=LetterFile.PDF)
    planned_on: Mapped[date]
    after_id: Mapped[int | None] = mapped_column(ForeignKey("contact_wave.id"), index=True)
    """Only those whom this earlier wave did not reach."""
    state: Mapped[WaveState] = mapped_column(by_value(WaveState, "state"), default=WaveState.PLANNED)
    approved_for: Mapped[int | None]
    """How many messages a member of staff said yes to; a longer list waits for another yes."""
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("letter_batch.id"), index=True)
    built_on: Mapped[date | None]
    listed: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """How many by channel when the list was frozen."""
    checked: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the check against the register found."""
    worker: Mapped[str | None] = mapped_column(String(80))
    leased_until: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime | None]
    """Not before this moment: a channel was away."""
    pauses: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(Text, default="")


class WaveRecipient(Base):
    """A person on a wave's list. `identity` names the message each time it is tried."""

    __tablename__ = "wave_recipient"
    __table_args__ = (
        UniqueConstraint("wave_id", "invitation_id"),
        Index("ix_wave_recipient_wave_id_channel_state", "wave_id", "channel", "state"),
        {"sqlite_with_rowid": False},
    )

    identity: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, default=random_id)
    wave_id: Mapped[int] = mapped_column(ForeignKey("contact_wave.id"))
    invitation_id: Mapped[bytes] = mapped_column(ForeignKey("invitation.id"), index=True)
    channel: Mapped[ContactChannel] = mapped_column(by_value(ContactChannel, "channel"))
    state: Mapped[RecipientState] = mapped_column(by_value(RecipientState, "state"), default=RecipientState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    repeats: Mapped[int] = mapped_column(default=0)
    """How often the message may have come once more than it should."""
    next_attempt_at: Mapped[datetime | None]
    lookup: Mapped[bytes | None]
    """The look-up id of the code made for the try that is under way; empty otherwise."""
    receipt: Mapped[str] = mapped_column(String(100), default="")
    fault: Mapped[str] = mapped_column(Text, default="")
