"""Holders of a round's key shares. The shares themselves are never stored, only a mark that recognises one."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

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
    confirmed_on: Mapped[date | None]
    """The day on which the holder last showed that the share is in hand."""
    reminded_on: Mapped[date | None]
    replaced_on: Mapped[date | None]
    shredded_on: Mapped[date | None]


def present_generation(session: Session, round_id: int) -> int:
    """Return the number of the newest split of the round's key; 0 before the first."""
    return session.scalar(select(func.max(KeyHolder.generation)).where(KeyHolder.round_id == round_id)) or 0


def holders_of(session: Session, round_id: int, generation: int | None = None) -> list[KeyHolder]:
    """Return the holders of one split of the round's key (the newest unless said), in the order they were named."""
    wanted = present_generation(session, round_id) if generation is None else generation
    statement = select(KeyHolder).where(KeyHolder.round_id == round_id, KeyHolder.generation == wanted)
    return list(session.scalars(statement.order_by(KeyHolder.id)))


def all_holders(session: Session, round_id: int) -> list[KeyHolder]:
    """Return every holder of every split, oldest split first: replaced shares exist until they are shredded."""
    statement = select(KeyHolder).where(KeyHolder.round_id == round_id)
    return list(session.scalars(statement.order_by(KeyHolder.generation, KeyHolder.id)))
