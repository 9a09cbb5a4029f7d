"""Who wishes to be asked by telephone or at home, and who asks. No row tells when somebody answered.

A booking holds plans only: a number, a day and a time to call. When the person has answered, it is emptied down to its
outcome, so that neither who asked nor the day stands beside the invitation.
"""

import enum
from datetime import date
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from enkat.records.accounts import Account, Role, RoleGrant
from enkat.records.base import Base, by_value, random_id
from enkat.records.clients import Client
from enkat.records.invitations import MAY_SEND, Invitation
from enkat.records.rounds import RoundUnit


class Wish(enum.StrEnum):
    """How somebody wishes to be asked."""

    PHONE = "phone"
    VISIT = "visit"

    @property
    def label(self) -> str:
        """The Swedish word."""
        return {"phone": "telefon", "visit": "besök"}[self.value]


class CallOutcome(enum.StrEnum):
    """What came of a call or a visit."""

    NO_ANSWER = "no_answer"
    CALL_BACK = "call_back"
    WRONG_NUMBER = "wrong_number"
    REFUSED = "refused"
    UNABLE = "unable"
    WANTS_WEB = "wants_web"
    WANTS_PAPER = "wants_paper"
    INTERVIEWED = "interviewed"

    @property
    def label(self) -> str:
        """The words for lists and reports."""
        return _OUTCOME_LABELS[self]

    @property
    def goes_on(self) -> bool:
        """Whether somebody tries again."""
        return self in {CallOutcome.NO_ANSWER, CallOutcome.CALL_BACK}


_OUTCOME_LABELS = {
    CallOutcome.NO_ANSWER: "ingen svarade i telefon",
    CallOutcome.CALL_BACK: "vill bli uppringd en annan gång",
    CallOutcome.WRONG_NUMBER: "fel nummer",
    CallOutcome.REFUSED: "vill inte svara",
    CallOutcome.UNABLE: "kan inte svara",
    CallOutcome.WANTS_WEB: "vill svara på webben",
    CallOutcome.WANTS_PAPER: "vill svara på papper",
    CallOutcome.INTERVIEWED: "intervjuad",
}


class Booking(Base):
    """Somebody who is to be called or visited, at most once per invitation."""

    __tablename__ = "booking"
    __table_args__ = (CheckConstraint("tries >= 0", name="tries"), {"sqlite_with_rowid": False})

    id: Mapped[bytes] = mapped_column(primary_key=True, default=random_id)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), index=True)
    invitation_id: Mapped[bytes] = mapped_column(ForeignKey("invitation.id"), unique=True)
    wish: Mapped[Wish] = mapped_column(by_value(Wish, "wish"))
    phone: Mapped[str] = mapped_column(String(40), default="")
    """The number to call, where it is another than the register's."""
    ask_for: Mapped[str] = mapped_column(String(200), default="")
    """Whom to ask for, where it is not the person: a relative who booked, for example."""
    language: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(200), default="")
    call_on: Mapped[date | None]
    call_from: Mapped[str] = mapped_column(String(5), default="")
    call_to: Mapped[str] = mapped_column(String(5), default="")
    interviewer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    """Who is to ask; none = any interviewer."""
    outcome: Mapped[CallOutcome | None] = mapped_column(by_value(CallOutcome, "outcome"))
    tries: Mapped[int] = mapped_column(default=0)


class InterviewerProfile(Base):
    """Where somebody who asks is employed: never at the unit that is asked about."""

    __tablename__ = "interviewer_profile"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(200))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"), index=True)
    """The provider that employs the person, if any does."""


class InterviewerCount(Base):
    """How many calls of an interviewer in a round ended how: counters, apart from bookings and invitations."""

    __tablename__ = "interviewer_count"
    __table_args__ = (CheckConstraint("n >= 0", name="n"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    outcome: Mapped[CallOutcome] = mapped_column(by_value(CallOutcome, "outcome"), primary_key=True)
    n: Mapped[int]


class BookingRow(NamedTuple):
    """A booking with the person and the unit it is about; never an answer."""

    booking: Booking
    name: str | None
    address: str | None
    town: str | None
    register_phone: str | None
    unit_id: int
    unit_name: str
    protected: bool

    @property
    def phone(self) -> str:
        """The number to call."""
        return self.booking.phone or self.register_phone or ""


_ROWS = (
    select(
        Booking,
        Client.name,
        Client.address,
        Client.town,
        Client.phone,
        Invitation.unit_id,
        RoundUnit.name,
        Invitation.protected,
    )
    .join(Invitation, Invitation.id == Booking.invitation_id)
    .join(RoundUnit, (RoundUnit.round_id == Invitation.round_id) & (RoundUnit.unit_id == Invitation.unit_id))
    .outerjoin(Client, Client.id == Invitation.client_id)
)


def bookings_of(session: Session, round_id: int, *, with_protected: bool) -> list[BookingRow]:
    """Return a round's bookings of people who may still answer, and those that staff have something to do about."""
    wanted = _ROWS.where(Booking.round_id == round_id, Invitation.status.in_(MAY_SEND))
    if not with_protected:
        wanted = wanted.where(Invitation.protected.is_(False))
    return [BookingRow._make(row) for row in session.execute(wanted)]


def booking_row(session: Session, booking_id: bytes) -> BookingRow | None:
    """Return one booking."""
    row = session.execute(_ROWS.where(Booking.id == booking_id)).first()
    return None if row is None else BookingRow._make(row)


def forget_bookings(session: Session, round_id: int) -> None:
    """Delete a round's bookings; inside the `writing` that closes the round. The counters stay."""
    session.execute(delete(Booking).where(Booking.round_id == round_id).execution_options(synchronize_session=False))


def interviewers(session: Session) -> list[tuple[int, str, Role]]:
    """Return id, name and role of everybody who may ask; an account with both roles stands twice."""
    roles = (Role.INTERVIEWER, Role.ASSISTANT)
    query = (
        select(Account.id, Account.name, RoleGrant.role)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role.in_(roles), RoleGrant.revoked_at.is_(None), Account.closed_at.is_(None))
    )
    return [(number, name, role) for number, name, role in session.execute(query)]


def outcome_counts(session: Session, round_id: int) -> dict[tuple[int, CallOutcome], int]:
    """Return how many calls of each interviewer ended how."""
    query = (
        select(InterviewerCount.account_id, InterviewerCount.outcome, func.sum(InterviewerCount.n))
        .where(InterviewerCount.round_id == round_id)
        .group_by(InterviewerCount.account_id, InterviewerCount.outcome)
    )
    return {(account_id, outcome): n for account_id, outcome, n in session.execute(query)}
