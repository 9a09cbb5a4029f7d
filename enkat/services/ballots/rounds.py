"""Finding the round that a code belongs to and whether it takes answers now."""

import enum
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.rounds import RoundState, SurveyRound
from enkat.services.faults import Fault, NotFoundFault


class Window(enum.StrEnum):
    """Whether a round takes answers at a moment."""

    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"


class RoundClosedFault(Fault):
    """The round takes no answers now; the sentence names the date."""


def find_round(session: Session, round_id: int) -> SurveyRound:
    """Return a round; NotFoundFault where there is none."""
    found = session.get(SurveyRound, round_id)
    if found is None:
        raise NotFoundFault("Undersökningen finns inte. Kontrollera adressen i brevet, eller ring oss.")
    return found


def window_of(survey_round: SurveyRound | Row[Any], clock: Clock) -> Window:
    """Tell whether a round (or a row of it) takes answers: by state and dates, lasting until midnight in Stockholm."""
    day = today(clock)
    if survey_round.state is RoundState.PLANNED or (
        survey_round.state is RoundState.OPEN and day < survey_round.opens_on
    ):
        return Window.NOT_YET
    if survey_round.state is RoundState.OPEN and day <= survey_round.closes_on:
        return Window.OPEN
    return Window.CLOSED


def require_open(survey_round: SurveyRound | Row[Any], clock: Clock) -> None:
    """Refuse with the date when a round takes no answers now."""
    match window_of(survey_round, clock):
        case Window.NOT_YET:
            raise RoundClosedFault(f"Undersökningen öppnar {survey_round.opens_on:%Y-%m-%d}. Kom tillbaka då.")
        case Window.CLOSED:
            raise RoundClosedFault(f"Undersökningen stängde {survey_round.closes_on:%Y-%m-%d}. Inget mer kan skickas.")
        case Window.OPEN:
            return


def open_rounds(session: Session, clock: Clock) -> list[SurveyRound]:
    """Return the rounds that take answers now, by title: what the bare code page lists."""
    rounds = session.scalars(select(SurveyRound).where(SurveyRound.state == RoundState.OPEN)).all()
    return sorted((found for found in rounds if window_of(found, clock) is Window.OPEN), key=lambda found: found.title)


def lock_round(session: Session, round_id: int) -> SurveyRound:
    """Return the round as it is now; on PostgreSQL it cannot close before the transaction ends."""
    statement = (
        select(SurveyRound)
        .where(SurveyRound.id == round_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one()
