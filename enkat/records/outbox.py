"""Messages to staff that wait for a sender. Never holds a respondent's code."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from enkat.records.base import Base, by_value


class MessageState(enum.StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class OutboxMessage(Base):
    """An e-mail to be sent."""

    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_state", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    """An invitation to this account: its link is made as the message is handed over, and never stands in the body."""
    queued_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    state: Mapped[MessageState] = mapped_column(by_value(MessageState, "state"))
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    fault: Mapped[str] = mapped_column(Text, default="")


class FaultReport(Base):
    """What somebody reported through the accessibility fault form. No sender's address is kept unless written."""

    __tablename__ = "fault_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(String(254), default="")
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
