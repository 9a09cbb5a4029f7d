"""What pages show of a round's piles: how far each has come and what is to be done."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from enkat.records.paper import PaperBatch, SheetState
from enkat.records.paper_queries import batches_of_round, places_by_state, waiting_batches


@dataclass(frozen=True, slots=True)
class Pile:
    """A batch with the places in the pile of its sheets, by where they stand."""

    batch: PaperBatch
    places: dict[SheetState, list[int]]

    @property
    def sheets(self) -> int:
        """How many sheets it has, or had."""
        return self.batch.accepted or sum(len(places) for places in self.places.values())

    @property
    def to_key(self) -> list[int]:
        """The sheets that nobody has keyed."""
        return self.places.get(SheetState.OPENED, [])

    @property
    def to_key_again(self) -> list[int]:
        """The sheets that somebody else keys a second time."""
        return self.places.get(SheetState.CHOSEN, [])

    @property
    def to_decide(self) -> list[int]:
        """The sheets whose two keyings differ."""
        return self.places.get(SheetState.DIFFERS, [])


def piles(session: Session, round_id: int) -> list[Pile]:
    """Return the batches of a round, the newest first."""
    places = places_by_state(session, round_id)
    return [Pile(batch, places.get(batch.id, {})) for batch in batches_of_round(session, round_id)]


def piles_not_accepted(session: Session, round_id: int) -> int:
    """Return how many piles are still on their way into the box."""
    return waiting_batches(session, round_id)
