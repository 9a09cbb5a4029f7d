"""Closing a round: the web shuts, drafts, receipts and bookings go; late paper may still be keyed before the count."""

from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.calls import forget_bookings
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.ballots.closing import forget_drafts_and_receipts
from enkat.services.faults import Fault
from enkat.services.rounds.finding import get_round, require_state


def close_round(
    session: Session, clock: Clock, round_id: int, account_id: int | None, *, early: bool = False
) -> SurveyRound:
    """Close an open round; its answers can no longer be changed or taken back.

    A round that closes early has this day as its last: retention counts from it, and protocols and pages name it. The
    promise keeps the day that the letters gave.

    Parameters
    ----------
    early
        Close although the letters promise a later date. Without it, a round that still runs is left open.

    Raises
    ------
    Fault
        If the closing date has not passed and `early` is not set.
    """
    with writing(session):
        round_ = get_round(session, round_id)
        session.refresh(round_, with_for_update=True)
        require_state(round_, RoundState.OPEN)
        if round_.closes_on >= today(clock) and not early:
            raise Fault(
                f"Breven lovar att det går att svara till och med {round_.closes_on}. Vänta tills dess, "
                "eller bekräfta att omgången ska stängas tidigare."
            )
        planned = round_.closes_on
        round_.closes_on = min(planned, max(today(clock), round_.opens_on))
        round_.state = RoundState.CLOSED
        drafts, receipts = forget_drafts_and_receipts(session, round_id)
        forget_bookings(session, round_id)
        details = {"drafts": drafts, "receipts": receipts, "early": early, "planned": planned.isoformat()}
        record(
            session, clock, account_id=account_id, action="round.closed", subject=f"round:{round_id}", details=details
        )
    return round_
