"""What worried somebody who asked or keyed: told per unit, never about a person."""

import enum
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from enkat.records.base import Base, by_value


class ConcernSource(enum.StrEnum):
    """Where the concern arose."""

    PHONE = "phone"
    VISIT = "visit"
    PAPER = "paper"

    @property
    def label(self) -> str:
        """The Swedish word."""
        return {"phone": "telefonintervju", "visit": "besök", "paper": "pappersenkät"}[self.value]


class Concern(Base):
    """A note to the lex Sarah function. It names a unit and a member of staff to ask, never the person it came from."""

    __tablename__ = "concern"
    __table_args__ = (
        CheckConstraint("(received_on IS NULL) = (received_by_id IS NULL)", name="received"),
        Index("ix_concern_unit_id", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    source: Mapped[ConcernSource] = mapped_column(by_value(ConcernSource, "source"))
    description: Mapped[str] = mapped_column(Text)
    registered_on: Mapped[date]
    registered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    received_on: Mapped[date | None]
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
