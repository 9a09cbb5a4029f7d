"""The key ceremony from first to last: which steps a round's key has behind it, and what a lost share would mean."""

import enum
from dataclasses import dataclass

from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.keys import holders_of
from enkat.records.rounds import RoundState, SurveyRound
from enkat.services.keys.confirming import due_since, unconfirmed
from enkat.services.keys.destroying import key_remains
from enkat.services.keys.rehearsing import untested_holders


class CeremonyStep(enum.StrEnum):
    """A step of the ceremony, in order."""

    MAKE = "make"
    HAND_OUT = "hand_out"
    REHEARSE = "rehearse"
    CONFIRM = "confirm"
    COUNT = "count"
    DESTROY = "destroy"


@dataclass(frozen=True)
class Ceremony:
    """Where a round's key ceremony stands.

    Attributes
    ----------
    done
        The steps that are behind.
    waiting
        Names of those whom the present step waits for.
    spare
        How many shares can be lost before the answers can never be read.
    """

    done: frozenset[CeremonyStep]
    waiting: tuple[str, ...]
    spare: int

    @property
    def now(self) -> CeremonyStep | None:
        """The step that comes next; None when all is done."""
        return next((step for step in CeremonyStep if step not in self.done), None)


def ceremony_of(session: Session, clock: Clock, survey_round: SurveyRound) -> Ceremony:
    """Return how far the ceremony of a round's key has come."""
    holders = holders_of(session, survey_round.id)
    untested = untested_holders(session, survey_round.id)
    lacking = [one.name for one in unconfirmed(session, survey_round)]
    counted = survey_round.state in {RoundState.COUNTED, RoundState.DESTROYED}
    begun = today(clock) >= due_since(survey_round)
    destroyed = survey_round.state is RoundState.DESTROYED and key_remains(session, survey_round.id).destroyed
    reached = {
        CeremonyStep.MAKE: bool(holders),
        CeremonyStep.HAND_OUT: len(untested) < len(holders),
        CeremonyStep.REHEARSE: bool(holders) and not untested,
        CeremonyStep.CONFIRM: bool(holders) and ((begun and not lacking) or counted),
        CeremonyStep.COUNT: counted,
        CeremonyStep.DESTROY: destroyed,
    }
    waiting = [] if counted else untested or (lacking if begun else [])
    spare = max(len(holders) - survey_round.key_threshold, 0)
    return Ceremony(frozenset(step for step, done in reached.items() if done), tuple(waiting), spare)
