"""Targets (årsmål): what share of clients should be positive, or how many should answer, in a year."""

import enum
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from enkat.records.base import Base, by_value
from enkat.records.organisations import District, Unit


class TargetScope(enum.StrEnum):
    """What a target is set for."""

    CITY = "city"
    DISTRICT = "district"
    UNIT = "unit"

    @property
    def label(self) -> str:
        """The Swedish words."""
        return {"city": "hela staden", "district": "stadsdelar", "unit": "enheter"}[self.value]


class Target(Base):
    """A target of a year for the city, for every district or unit, or for one of them."""

    __tablename__ = "target"
    __table_args__ = (
        CheckConstraint("basis_points >= 1 AND basis_points <= 10000", name="basis_points"),
        CheckConstraint("district_id IS NULL OR scope = 'district'", name="district"),
        CheckConstraint("unit_id IS NULL OR scope = 'unit'", name="unit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    question_id: Mapped[str | None] = mapped_column(String(60))
    """None: the target is on the response rate."""
    scope: Mapped[TargetScope] = mapped_column(by_value(TargetScope, "scope"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    basis_points: Mapped[int]
    """The share in hundredths of a percent: whole numbers, so that clients are compared exactly."""
    decision: Mapped[str] = mapped_column(String(200))
    """Where it is decided, such as a plan with its registry number."""


class PlacedTarget(NamedTuple):
    """A target with the name of its district and the code of its unit."""

    target: Target
    district: str | None
    unit: str | None


def targets_of(session: Session, year: int) -> list[Target]:
    """Return a year's targets."""
    return list(session.scalars(select(Target).where(Target.year == year).order_by(Target.id)))


def placed_targets(session: Session, year: int) -> list[PlacedTarget]:
    """Return a year's targets with the names of their places."""
    rows = session.execute(
        select(Target, District.name, Unit.code)
        .outerjoin(District, District.id == Target.district_id)
        .outerjoin(Unit, Unit.id == Target.unit_id)
        .where(Target.year == year)
        .order_by(Target.scope, Target.id)
    )
    return [PlacedTarget(*row) for row in rows]


def target_years(session: Session) -> list[int]:
    """Return the years that have targets, the newest first."""
    return list(session.scalars(select(Target.year).distinct().order_by(Target.year.desc())))
