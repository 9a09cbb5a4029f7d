"""What a round can be expected to say about each unit, before anybody is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from enkat.services.rounds.framing import UnitFrame
from enkat.statistics.intervals import hypergeometric

RATE = 0.6
"""Share who answered in comparable surveys; a planning figure, no promise."""
POSITIVE = 0.85
"""Share positive that the width is computed for: the usual target."""


@dataclass(frozen=True)
class Expected:
    """Expected answers of a unit, and half the width of the interval around a share, as a share."""

    answers: int
    half_width: float


def expectations(units: Sequence[UnitFrame]) -> dict[int, Expected]:
    """Return what each unit can be expected to give, by its id."""
    if not units:
        return {}
    people = np.array([unit.n for unit in units])
    answers = np.floor(np.array([unit.asked for unit in units]) * RATE).astype(int)
    interval = hypergeometric(np.round(answers * POSITIVE).astype(int), answers, people)
    widths = (interval.hi - interval.lo) / 2 / people
    return {unit.unit_id: Expected(int(n), float(width)) for unit, n, width in zip(units, answers, widths, strict=True)}
