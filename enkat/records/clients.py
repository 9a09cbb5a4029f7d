"""The register of clients (brukare): who may be asked, where they live and which services they have from which unit.

Nothing on the answer side refers to these tables.
"""

import enum
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Row, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from enkat.ballots.vocabulary import REGISTER_SEXES, Sex
from enkat.instruments.vocabulary import CLIENT_SERVICES, ServiceType
from enkat.records.base import Base, by_value, only


class ContactChannel(enum.StrEnum):
    """How a client wishes to be reached."""

    LETTER = "letter"
    SMS = "sms"
    EMAIL = "email"

    @property
    def label(self) -> str:
        """The word in register files."""
        return {"letter": "brev", "sms": "sms", "email": "e-post"}[self.value]


class LeavingReason(enum.StrEnum):
    """Why a person is no longer in the register, where the register's file says it."""

    DECEASED = "deceased"
    MOVED = "moved"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """The word in register files."""
        return {"deceased": "avliden", "moved": "flyttat", "ended": "avslutad"}[self.value]


class Client(Base):
    """A person in the register, known by the city's own reference (never a personal number)."""

    __tablename__ = "client"
    __table_args__ = (
        CheckConstraint("birth_year BETWEEN 1880 AND 2100", name="birth_year"),
        only("sex", REGISTER_SEXES),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(200))
    postal_code: Mapped[str] = mapped_column(String(10))
    town: Mapped[str] = mapped_column(String(100))
    sex: Mapped[Sex] = mapped_column(by_value(Sex, "sex", checked=False))
    birth_year: Mapped[int]
    language: Mapped[str] = mapped_column(String(20))
    contact_channel: Mapped[ContactChannel] = mapped_column(by_value(ContactChannel, "contact_channel"))
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(254))
    protected: Mapped[bool] = mapped_column(default=False)
    left_on: Mapped[date | None]
    """The date from which the person is no longer in the register."""
    left_reason: Mapped[LeavingReason | None] = mapped_column(by_value(LeavingReason, "left_reason"))

    services: Mapped[list["ClientService"]] = relationship(back_populates="client")


class ClientService(Base):
    """A service that a client has from a unit."""

    __tablename__ = "client_service"
    __table_args__ = (only("service", CLIENT_SERVICES),)

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    service: Mapped[ServiceType] = mapped_column(by_value(ServiceType, "service", checked=False), primary_key=True)

    client: Mapped[Client] = relationship(back_populates="services")


MANY_REFERENCES = 500
"""Beyond so many, the whole register is read instead of naming each."""


def client_values(session: Session, names: Collection[str], references: Collection[str]) -> list[Row[Any]]:
    """Return id, reference, left_on and the named columns of the people with these references (maybe of more)."""
    columns = [getattr(Client, name) for name in names]
    query = select(Client.id, Client.reference, Client.left_on, *columns)
    if len(references) <= MANY_REFERENCES:
        query = query.where(Client.reference.in_(references))
    return list(session.execute(query))


def client_services(session: Session, references: Collection[str]) -> list[Row[int, int, ServiceType]]:
    """Return client id, unit id and service of the people with these references (maybe of more)."""
    query = select(ClientService.client_id, ClientService.unit_id, ClientService.service)
    if len(references) <= MANY_REFERENCES:
        query = query.join(Client).where(Client.reference.in_(references))
    return list(session.execute(query))


def people_by_unit(session: Session) -> dict[int, int]:
    """Return how many people of the register have a service from each unit."""
    number = func.count(ClientService.client_id.distinct())
    query = select(ClientService.unit_id, number).join(Client).where(Client.left_on.is_(None))
    return {row[0]: row[1] for row in session.execute(query.group_by(ClientService.unit_id))}


def people_of_unit(session: Session, unit_id: int) -> dict[ServiceType, int]:
    """Return how many people of the register have each service from a unit."""
    query = select(ClientService.service, func.count()).join(Client)
    query = query.where(Client.left_on.is_(None), ClientService.unit_id == unit_id).group_by(ClientService.service)
    return {row[0]: row[1] for row in session.execute(query)}


def people_in_all(session: Session) -> dict[str, int]:
    """Return how many people the register holds, how many of them are protected, and how many have left."""
    present, protected = Client.left_on.is_(None), Client.left_on.is_(None) & Client.protected.is_(True)
    query = select(func.count().filter(present), func.count().filter(protected), func.count().filter(~present))
    counted = session.execute(query.select_from(Client)).one()
    return dict(zip(("present", "protected", "departed"), counted, strict=True))
