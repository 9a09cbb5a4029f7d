"""Booking somebody who asks, when a person or a relative has called; staff write down what was agreed."""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.languages import LANGUAGES
from enkat.records.calls import Booking, BookingRow, Wish, booking_row, bookings_of, interviewers
from enkat.records.invitations import Invitation
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.accounts.rights import Actor, Right
from enkat.services.audit.recording import record
from enkat.services.faults import ConflictFault, Fault, NotFoundFault
from enkat.services.interviews.profiles import require_independent
from enkat.services.register.masking import mask
from enkat.services.rounds.finding import require_state

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
LONGEST_NOTE = 200


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What was agreed with the person or a relative.

    Attributes
    ----------
    call_on, call_from, call_to
        When to call or come; an empty time leaves the whole day. They are plans, emptied when the answer has come.
    """

    wish: Wish
    language: str = "sv"
    phone: str = ""
    ask_for: str = ""
    note: str = ""
    call_on: date | None = None
    call_from: str = ""
    call_to: str = ""
    interviewer_id: int | None = None


def require_window(clock: Clock, call_on: date | None, call_from: str, call_to: str) -> None:
    """Refuse times that are none, lie in the wrong order or on a day that has passed."""
    for name, written in (("call_from", call_from), ("call_to", call_to)):
        if written and not _TIME.fullmatch(written):
            raise Fault("Skriv klockslaget som 09:30.", name)
    if call_on is None and (call_from or call_to):
        raise Fault("Skriv också vilken dag.", "call_on")
    if call_on is not None and call_on < today(clock):
        raise Fault("Dagen har redan varit. Välj en ny.", "call_on")
    if call_from and call_to and call_to <= call_from:
        raise Fault("Tiden slutar innan den börjar. Ändra en av dem.", "call_to")


def _check(session: Session, clock: Clock, invitation: Invitation, agreed: Agreed) -> None:
    require_window(clock, agreed.call_on, agreed.call_from, agreed.call_to)
    if agreed.language not in LANGUAGES:
        raise Fault("Språket finns inte. Välj ett ur listan.", "language")
    if mask(agreed.phone, phone=True) != agreed.phone:
        raise Fault("Det ser ut som ett personnummer. Skriv telefonnumret.", "phone")
    if len(agreed.note) > LONGEST_NOTE or mask(agreed.note) != agreed.note:
        raise Fault("Skriv kort och utan personnummer.", "note")
    if agreed.interviewer_id is not None:
        if agreed.interviewer_id not in {number for number, _, _ in interviewers(session)}:
            raise Fault("Den som ska fråga har inte rollen längre. Välj någon annan.", "interviewer")
        require_independent(session, agreed.interviewer_id, round_id=invitation.round_id, unit_id=invitation.unit_id)


def book(session: Session, clock: Clock, invitation_id: bytes, agreed: Agreed, *, account_id: int) -> Booking:
    """Write down a booking, or change the one that the invitation has.

    Raises
    ------
    Fault
        Something does not hold; `field` names what. An answer may have come, or the round may be over.
    OwnProviderFault
        Whoever is to ask works for the unit's provider.
    """
    with writing(session):
        invitation = session.get(Invitation, invitation_id)
        if invitation is None:
            raise NotFoundFault("Inbjudan finns inte.")
        require_state(session.get_one(SurveyRound, invitation.round_id), RoundState.OPEN)
        if not invitation.status.may_send:
            raise ConflictFault("Ett svar har redan kommit, eller personen ska inte frågas. Ingen bokning behövs.")
        _check(session, clock, invitation, agreed)
        booking = session.scalars(select(Booking).where(Booking.invitation_id == invitation_id)).one_or_none()
        if booking is None:
            booking = Booking(invitation_id=invitation_id, round_id=invitation.round_id, tries=0)
            session.add(booking)
        for name in Agreed.__dataclass_fields__:
            setattr(booking, name, getattr(agreed, name))
        booking.outcome = None
        subject = f"round:{invitation.round_id}"
        record(session, clock, account_id=account_id, action="interview.booked", subject=subject)
    return booking


def remove_booking(session: Session, clock: Clock, booking_id: bytes, *, account_id: int) -> None:
    """Take a booking away."""
    with writing(session):
        booking = session.get(Booking, booking_id)
        if booking is None:
            raise NotFoundFault("Bokningen finns inte längre.")
        subject = f"round:{booking.round_id}"
        session.delete(booking)
        record(session, clock, account_id=account_id, action="interview.unbooked", subject=subject)


def booking_of(session: Session, invitation_id: bytes) -> Booking | None:
    """Return an invitation's booking, if it has one."""
    return session.scalars(select(Booking).where(Booking.invitation_id == invitation_id)).one_or_none()


def sees_protected(actor: Actor) -> bool:
    """Whether an actor may see people with protected identity: the named role only."""
    return actor.may(Right.HANDLE_PROTECTED)


def all_bookings(session: Session, actor: Actor, round_id: int) -> list[BookingRow]:
    """Return a round's bookings for those who plan: what is due first."""
    found = bookings_of(session, round_id, with_protected=sees_protected(actor))
    return sorted(found, key=by_time)


def by_time(row: BookingRow) -> tuple[date, str, str]:
    """Return the key by which bookings are read: the agreed day and time, then the name."""
    booking = row.booking
    return (booking.call_on or date.max, booking.call_from, row.name or "")


def find_booking(session: Session, actor: Actor, booking_id: bytes) -> BookingRow:
    """Return a booking that an actor may see; the same words where there is none."""
    row = booking_row(session, booking_id)
    if row is None or (row.protected and not sees_protected(actor)):
        raise NotFoundFault("Bokningen finns inte längre.")
    return row
