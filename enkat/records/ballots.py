"""The ballot box: encrypted drafts, sealed ballots and receipts. No time, no order, no person."""

from sqlalchemy import CursorResult, ForeignKey, LargeBinary, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from enkat.records.base import Base, random_id


class Draft(Base):
    """An answer under way, encrypted under its code; found by an id derived from the code."""

    __tablename__ = "draft"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), index=True)
    version: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class SealedBallot(Base):
    """A sent answer, sealed to the round's public key."""

    __tablename__ = "sealed_ballot"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, default=random_id)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Receipt(Base):
    """The ballot's id under the code's key, so that the holder of the code can take the answer back."""

    __tablename__ = "receipt"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    """The id of the code's draft row."""
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


def box_size(session: Session, round_id: int) -> int:
    """Return how many sealed ballots of a round are in the box."""
    return session.scalar(select(func.count()).where(SealedBallot.round_id == round_id)) or 0


def ballots_after(session: Session, round_id: int, after: bytes, limit: int) -> list[tuple[bytes, bytes]]:
    """Return the next ballots as (id, sealed content) by rising id; ids are random, so the order says nothing."""
    statement = (
        select(SealedBallot.id, SealedBallot.content)
        .where(SealedBallot.round_id == round_id, SealedBallot.id > after)
        .order_by(SealedBallot.id)
        .limit(limit)
    )
    return [(ballot_id, content) for ballot_id, content in session.execute(statement)]


def delete_box(session: Session, round_id: int, limit: int) -> int:
    """Delete at most `limit` ballots of a round and return how many; inside `writing`."""
    chosen = select(SealedBallot.id).where(SealedBallot.round_id == round_id).limit(limit)
    result = session.execute(
        delete(SealedBallot)
        .where(SealedBallot.id.in_(chosen.scalar_subquery()))
        .execution_options(synchronize_session=False)
    )
    return result.rowcount if isinstance(result, CursorResult) else 0
