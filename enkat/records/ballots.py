"""The ballot box: encrypted drafts, sealed ballots and receipts. No time, no order, no person."""

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

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
