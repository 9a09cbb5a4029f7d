"""The list of whoever asks: whom to call now, and what came of it. Never a person with protected identity."""

from datetime import date

from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.accounts import Role
from enkat.records.calls import Booking, BookingRow, CallOutcome, InterviewerCount, bookings_of
from enkat.records.invitations import Invitation, InvitationStatus
from enkat.records.rounds import SurveyRound
from enkat.records.upserts import add_to
from enkat.records.writing import writing
from enkat.services.accounts.rights import Actor
from enkat.services.audit.recording import record
from enkat.services.ballots.rounds import Window, require_open, window_of
from enkat.services.faults import Fault, NotFoundFault
from enkat.services.interviews.booking import by_time, find_booking, require_window, sees_protected
from enkat.services.rounds.correcting import correct_invitation

STATUS_OF_OUTCOME = {CallOutcome.REFUSED: InvitationStatus.REFUSED, CallOutcome.UNABLE: InvitationStatus.UNABLE}
NOTABLE = tuple(outcome for outcome in CallOutcome if outcome is not CallOutcome.INTERVIEWED)
"""What whoever asks may note by hand; that somebody was interviewed only the interview itself says."""


def call_list(session: Session, clock: Clock, actor: Actor, round_id: int, *, language: str = "") -> list[BookingRow]:
    """Return whom an actor is to ask in a round: what is due first, then by name. Reading it is written in the log.

    An interviewer sees own bookings and those that are for anybody; an assistant only own ones. What is finished, or
    waits for staff, is not among them.
    """
    if window_of(session.get_one(SurveyRound, round_id), clock) is not Window.OPEN:
        return []
    with writing(session):
        subject = f"round:{round_id}"
        record(session, clock, account_id=actor.account_id, action="interview.list_read", subject=subject)
    rows = bookings_of(session, round_id, with_protected=sees_protected(actor))
    mine = (row for row in rows if _is_for(row.booking, actor) and _is_waiting(row.booking))
    return sorted((row for row in mine if language in {"", row.booking.language}), key=by_time)


def _is_for(booking: Booking, actor: Actor) -> bool:
    anybody = booking.interviewer_id is None and Role.INTERVIEWER in actor.roles()
    return anybody or booking.interviewer_id == actor.account_id


def _is_waiting(booking: Booking) -> bool:
    return booking.outcome is None or booking.outcome.goes_on


def find_call(session: Session, actor: Actor, booking_id: bytes) -> BookingRow:
    """Return a booking that an actor is to ask; NotFoundFault, in the same words, for every other."""
    row = find_booking(session, actor, booking_id)
    if not _is_for(row.booking, actor) or not _is_waiting(row.booking):
        raise NotFoundFault("Bokningen finns inte längre.")
    return row


def note_outcome(
    session: Session,
    clock: Clock,
    actor: Actor,
    booking_id: bytes,
    outcome: CallOutcome,
    *,
    call_on: date | None = None,
    call_from: str = "",
    call_to: str = "",
) -> None:
    """Note what came of a call.

    Raises
    ------
    Fault
        A call-back has no day, or one that does not hold; `field` names what.
    """
    if outcome not in NOTABLE:
        raise Fault("Att någon är intervjuad kan bara intervjun säga. Välj något annat.", "outcome")
    if outcome is CallOutcome.CALL_BACK:
        if call_on is None:
            raise Fault("Skriv vilken dag personen vill bli uppringd.", "call_on")
        require_window(clock, call_on, call_from, call_to)
    with writing(session):
        row = find_call(session, actor, booking_id)
        booking = row.booking
        require_open(session.get_one(SurveyRound, booking.round_id), clock)
        booking.outcome, booking.tries = outcome, booking.tries + 1
        if outcome is CallOutcome.CALL_BACK:
            booking.call_on, booking.call_from, booking.call_to = call_on, call_from, call_to
        elif not outcome.goes_on and outcome is not CallOutcome.WRONG_NUMBER:
            empty(booking)
        count_outcome(session, booking.round_id, actor.account_id, outcome)
        status = STATUS_OF_OUTCOME.get(outcome)
        if status is not None:
            _mark(session, clock, booking.invitation_id, status, actor.account_id)


def _mark(session: Session, clock: Clock, invitation_id: bytes, status: InvitationStatus, account_id: int) -> None:
    if session.get_one(Invitation, invitation_id).status is not status:
        reason = "Sagt vid samtal eller besök."
        correct_invitation(session, clock, invitation_id, new_status=status, reason=reason, account_id=account_id)


def empty(booking: Booking) -> None:
    """Take everything but the outcome from a booking that nobody will call again."""
    booking.phone = booking.ask_for = booking.note = booking.call_from = booking.call_to = ""
    booking.call_on = booking.interviewer_id = None


def count_outcome(session: Session, round_id: int, account_id: int, outcome: CallOutcome) -> None:
    """Add one to an interviewer's counter of an outcome; inside `writing`."""
    key = {"round_id": round_id, "account_id": account_id, "outcome": outcome}
    add_to(session, InterviewerCount, key, {"n": 1})


def due_today(clock: Clock, row: BookingRow) -> bool:
    """Whether a booking's agreed day has come."""
    return row.booking.call_on is not None and row.booking.call_on <= today(clock)
