"""Districts, providers and units with validity, and who succeeds whom."""

import enum
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship, selectinload

from enkat.instruments.vocabulary import CLIENT_SERVICES, ServiceType
from enkat.languages import sv_key
from enkat.records.base import Base, by_value, only


class OperatingForm(enum.StrEnum):
    """Regiform: who runs the unit."""

    MUNICIPAL = "municipal"
    CONTRACTED = "contracted"
    PRIVATE_CHOICE = "private_choice"

    @property
    def label(self) -> str:
        """The Swedish word."""
        return {"municipal": "egen regi", "contracted": "entreprenad", "private_choice": "privat"}[self.value]


class SuccessionKind(enum.StrEnum):
    """How a unit or district became another."""

    REPLACED = "replaced"
    MERGED = "merged"
    SPLIT = "split"


class District(Base):
    """A city district (stadsdel) with its time of validity."""

    __tablename__ = "district"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class DistrictSuccession(Base):
    """A district that continues in another from a date."""

    __tablename__ = "district_succession"
    __table_args__ = (CheckConstraint("predecessor_id <> successor_id", name="other"),)

    predecessor_id: Mapped[int] = mapped_column(ForeignKey("district.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("district.id"), primary_key=True, index=True)
    happened_on: Mapped[date]
    kind: Mapped[SuccessionKind] = mapped_column(by_value(SuccessionKind, "kind"))


class Provider(Base):
    """A provider of care (utförare), known by its organisation number (ten digits, checked)."""

    __tablename__ = "provider"
    __table_args__ = (CheckConstraint("length(organisation_number) = 10", name="organisation_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_number: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200), unique=True)


class Unit(Base):
    """A unit (enhet), known by the city's code; what changes over time stands in its periods."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    periods: Mapped[list["UnitPeriod"]] = relationship(back_populates="unit", order_by="UnitPeriod.valid_from")


class UnitPeriod(Base):
    """What a unit was called, who ran it, where and how, from a date to a date (inclusive; open end = still valid)."""

    __tablename__ = "unit_period"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
        UniqueConstraint("unit_id", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    name: Mapped[str] = mapped_column(String(200))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    operating_form: Mapped[OperatingForm] = mapped_column(by_value(OperatingForm, "operating_form"))
    manager_email: Mapped[str | None] = mapped_column(String(254))

    unit: Mapped[Unit] = relationship(back_populates="periods")
    provider: Mapped[Provider] = relationship()
    district: Mapped[District] = relationship()
    services: Mapped[list["UnitService"]] = relationship(back_populates="period")


class UnitService(Base):
    """A service that a unit gives during a period."""

    __tablename__ = "unit_service"
    __table_args__ = (only("service", CLIENT_SERVICES),)

    period_id: Mapped[int] = mapped_column(ForeignKey("unit_period.id"), primary_key=True)
    service: Mapped[ServiceType] = mapped_column(by_value(ServiceType, "service", checked=False), primary_key=True)

    period: Mapped[UnitPeriod] = relationship(back_populates="services")


class UnitSuccession(Base):
    """A unit that continues in another from a date (merge, split or replacement)."""

    __tablename__ = "unit_succession"
    __table_args__ = (
        CheckConstraint("predecessor_id <> successor_id", name="other"),
        Index("ix_unit_succession_successor_id", "successor_id"),
    )

    predecessor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    happened_on: Mapped[date]
    kind: Mapped[SuccessionKind] = mapped_column(by_value(SuccessionKind, "kind"))


def _with_periods() -> Select[Unit]:
    parts = (joinedload(UnitPeriod.provider), joinedload(UnitPeriod.district), selectinload(UnitPeriod.services))
    return select(Unit).options(selectinload(Unit.periods).options(*parts))


def units_with_periods(session: Session) -> list[Unit]:
    """Return every unit with its periods, their providers, districts and services, in a handful of queries."""
    return list(session.scalars(_with_periods()))


def unit_with_periods(session: Session, unit_id: int) -> Unit | None:
    """Return a unit with its periods, or None."""
    return session.scalars(_with_periods().where(Unit.id == unit_id)).one_or_none()


def providers(session: Session) -> list[Provider]:
    """Return every provider, by name."""
    return sorted(session.scalars(select(Provider)), key=lambda provider: sv_key(provider.name))


def successor_codes(session: Session) -> dict[int, list[str]]:
    """Return the codes of the units that succeeded each unit, by the predecessor's id."""
    query = select(UnitSuccession.predecessor_id, Unit.code).join(Unit, Unit.id == UnitSuccession.successor_id)
    found: dict[int, list[str]] = {}
    for predecessor_id, code in session.execute(query.order_by(Unit.code)):
        found.setdefault(predecessor_id, []).append(code)
    return found
