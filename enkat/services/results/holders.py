"""How many people loose codes could reach, unit by unit."""

from collections.abc import Collection, Sequence

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.rounds import RoundHandout
from enkat.statistics.tallies import BoolArray, IntArray


def people_told(session: Session, round_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """Return N as the units told it, by round and unit; nothing is asked for rounds that none is told of."""
    if not round_ids:
        return {}
    rows = session.execute(
        select(RoundHandout.round_id, RoundHandout.unit_id, RoundHandout.people).where(
            RoundHandout.round_id.in_(round_ids)
        )
    )
    return {(round_id, unit_id): people or 0 for round_id, unit_id, people in rows}


def people_reached(told: Sequence[int], answered: IntArray) -> tuple[IntArray, BoolArray]:
    """Return N of each unit as the unit told it, and whether it did.

    Where it did not, or where more have answered than it told, those who answered stand for N: the shares are then
    theirs alone.
    """
    people = np.array(told, dtype=np.int64)
    sized = (people > 0) & (people >= answered)
    return np.where(sized, people, answered), sized
