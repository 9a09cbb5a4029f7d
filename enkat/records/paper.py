"""Questionnaires that came back on paper: opened, keyed in batches, kept as drafts until their batch is accepted.

A sheet knows the code it carries and lies on the invitation's side. What was keyed knows its batch only: it is found by
an id derived from the code, like a draft on the web, and is readable with the code alone.
"""

import enum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from enkat.records.base import Base, by_value, random_id
from enkat.records.invitations import InvitationStatus


class PaperBatchState(enum.StrEnum):
    """Where a batch of opened sheets stands."""

    FILLING = "filling"
    KEYING = "keying"
    CHECKING = "checking"
    ACCEPTED = "accepted"


class SheetState(enum.StrEnum):
    """Where a sheet stands; ``CHOSEN`` ones are keyed a second time by somebody else."""

    OPENED = "opened"
    KEYED = "keyed"
    CHOSEN = "chosen"
    DIFFERS = "differs"
    CHECKED = "checked"


class PaperBatch(Base):
    """A pile of opened questionnaires, numbered within its round."""

    __tablename__ = "paper_batch"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"))
    number: Mapped[int]
    state: Mapped[PaperBatchState] = mapped_column(by_value(PaperBatchState, "state"), default=PaperBatchState.FILLING)
    attempt: Mapped[int] = mapped_column(default=1)
    """Rises when the batch is sent back to be keyed again as a whole."""
    accepted: Mapped[int] = mapped_column(default=0)
    """How many of its sheets went into the box."""
    opener_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)


class PaperSheet(Base):
    """An opened questionnaire on its way to the box; gone when its batch is accepted."""

    __tablename__ = "paper_sheet"

    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    """Its place in the pile, from 1."""
    lookup: Mapped[bytes] = mapped_column(ForeignKey("invitation_code.lookup"), unique=True)
    was: Mapped[InvitationStatus] = mapped_column(by_value(InvitationStatus, "was"))
    """What the invitation was before, so that a mistake can be undone."""
    state: Mapped[SheetState] = mapped_column(by_value(SheetState, "state"), default=SheetState.OPENED)
    keyer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)


class PaperDraft(Base):
    """What was keyed of a sheet, encrypted under its code; version 1 is the first keying, 2 the blind second one."""

    __tablename__ = "paper_draft"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    """The id of the code's draft row; it cannot be computed from the sheet's look-up id."""
    version: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class PaperBallot(Base):
    """A keyed sheet sealed to the round's public key, waiting for its batch; which sheet's, only the draft knows."""

    __tablename__ = "paper_ballot"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, default=random_id)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class KeyingCheck(Base):
    """What double keying of a batch found: counts only, never which sheet or whose."""

    __tablename__ = "keying_check"
    __table_args__ = (CheckConstraint("errors >= 0 AND errors <= fields AND sheets >= 0", name="n"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    sheets: Mapped[int] = mapped_column(default=0)
    fields: Mapped[int] = mapped_column(default=0)
    errors: Mapped[int] = mapped_column(default=0)


class UncodedSheet(Base):
    """How many questionnaires without a readable code came, by the unit mark on them; they are not counted."""

    __tablename__ = "uncoded_sheet"
    __table_args__ = (CheckConstraint("n >= 0", name="n"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    n: Mapped[int] = mapped_column(default=0)
