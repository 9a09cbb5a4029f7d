"""How many people loose codes could reach, unit by unit."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy.orm import Session

from enkat.records.rounds_queries import handouts_of
from enkat.statistics.tallies import BoolArray, IntArray


def people_reached(
    session: Session, round_id: int, unit_ids: Sequence[int], answered: IntArray
) -> tuple[IntArray, BoolArray]:
    """Return N of each unit as the unit told it, and whether it did.

    Where it did not, or where more have answered than it told, those who answered stand for N: the shares are then
    theirs alone.
    """
    handouts = handouts_of(session, round_id)
    told = [handouts[unit_id].people or 0 if unit_id in handouts else 0 for unit_id in unit_ids]
    people = np.array(told, dtype=np.int64)
    sized = (people > 0) & (people >= answered)
    return np.where(sized, people, answered), sized
