"""Where people turn with feedback, complaints or a wish to change provider, in a district or the whole city."""

import enum
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from enkat.records.base import Base, by_value


class ContactSubject(enum.StrEnum):
    """What somebody turns to a contact with."""

    FEEDBACK = "feedback"
    COMPLAINT = "complaint"
    CHANGE_PROVIDER = "change_provider"


class Contact(Base):
    """Somebody to turn to; without a district for the whole city."""

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("phone <> '' OR email <> '' OR address <> '' OR website <> ''", name="reachable"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"), index=True)
    subject: Mapped[ContactSubject] = mapped_column(by_value(ContactSubject, "subject"))
    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(40), default="")
    hours: Mapped[str] = mapped_column(String(100), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    checked_on: Mapped[date]
    """The day on which somebody last saw to it that all of it is right."""


def contacts_of(session: Session, district_id: int | None) -> list[Contact]:
    """Return a district's contacts and the whole city's, in the order they were made."""
    query = select(Contact).where(or_(Contact.district_id.is_(None), Contact.district_id == district_id))
    return list(session.scalars(query.order_by(Contact.id)))


def all_contacts(session: Session) -> list[Contact]:
    """Return every contact, in the order they were made."""
    return list(session.scalars(select(Contact).order_by(Contact.id)))
