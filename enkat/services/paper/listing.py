"""What pages show of a round's piles: how far each has come, what is to be done, how well it is keyed."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from enkat.records.paper import PaperBatch, PaperBatchState, SheetState
from enkat.records.paper_queries import batches_of_round, counts_by_state, positions, waiting_batches


@dataclass(frozen=True, slots=True)
class Pile:
    """A batch with its sheets counted by state."""

    batch: PaperBatch
    counts: dict[SheetState, int]

    @property
    def sheets(self) -> int:
        """How many sheets it has, or had."""
        return self.batch.accepted or sum(self.counts.values())

    def waiting(self, *states: SheetState) -> int:
        """How many sheets stand so."""
        return sum(self.counts.get(state, 0) for state in states)


def piles(session: Session, round_id: int) -> list[Pile]:
    """Return the batches of a round, the newest first."""
    found = batches_of_round(session, round_id)
    counts = counts_by_state(session, [batch.id for batch in found if batch.state is not PaperBatchState.ACCEPTED])
    return [Pile(batch, counts.get(batch.id, {})) for batch in found]


def piles_not_accepted(session: Session, round_id: int) -> int:
    """Return how many piles are still on their way into the box."""
    return waiting_batches(session, round_id)


def to_key_again(session: Session, batch: PaperBatch) -> list[int]:
    """Return the places in a pile of the sheets that are to be keyed a second time."""
    return positions(session, batch.id, SheetState.CHOSEN)


def to_decide(session: Session, batch: PaperBatch) -> list[int]:
    """Return the places in a pile of the sheets whose two keyings differ."""
    return positions(session, batch.id, SheetState.DIFFERS)
