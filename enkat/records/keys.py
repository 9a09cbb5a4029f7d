"""Holders of a round's key shares. The shares themselves are never stored, only a mark that recognises one."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from enkat.records.base import Base


class KeyHolder(Base):
    """A person who holds a share of a round's private key."""

    __tablename__ = "key_holder"
    __table_args__ = (
        CheckConstraint("generation >= 1", name="generation"),
        Index("ix_key_holder_round_id", "round_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    generation: Mapped[int] = mapped_column(default=1)
    """Which split of the key the share belongs to; replacing a holder makes a new split."""
    share_mark: Mapped[str] = mapped_column(String(64))
    tested_on: Mapped[date | None]
    replaced_on: Mapped[date | None]
    shredded_on: Mapped[date | None]
