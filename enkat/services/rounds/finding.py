"""Finding a round, and the faults of rounds."""

from sqlalchemy.orm import Session

from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.rounds_queries import find_round as find_by_short_name
from enkat.services.faults import ConflictFault, Faults, NotFoundFault

STATE_WORDS = {
    RoundState.PLANNED: "planerad",
    RoundState.OPEN: "öppen",
    RoundState.CLOSED: "stängd",
    RoundState.COUNTED: "räknad",
    RoundState.DESTROYED: "räknad, urnan är förstörd",
}


class RoundFaults(Faults):
    """Several things stand in a round's way."""


def get_round(session: Session, round_id: int) -> SurveyRound:
    """Return the round; NotFoundFault where there is none."""
    found = session.get(SurveyRound, round_id)
    if found is None:
        raise NotFoundFault("Omgången finns inte. Välj en omgång i listan.")
    return found


def get_round_by_name(session: Session, short_name: str) -> SurveyRound:
    """Return the round with a short name; NotFoundFault where there is none."""
    found = find_by_short_name(session, short_name)
    if found is None:
        raise NotFoundFault(f"Det finns ingen omgång med kortnamnet {short_name}.")
    return found


def require_state(round_: SurveyRound, *states: RoundState) -> None:
    """Refuse with ConflictFault unless the round is in one of `states`."""
    if round_.state not in states:
        wanted = " eller ".join(STATE_WORDS[state] for state in states)
        raise ConflictFault(f"Omgången {round_.short_name} är {STATE_WORDS[round_.state]}. Den måste vara {wanted}.")
