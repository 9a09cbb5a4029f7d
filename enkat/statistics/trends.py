"""From one round to the next: units that were merged or split are followed, and only what is certain gets a word.

Rounds are independent: years apart few people answer twice, and nobody can tell who. A change is read as one of the
unit's way of working, so nothing here has finite population correction.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from enkat.statistics.comparisons.differences import Difference, Side, difference_of, mover_p
from enkat.statistics.comparisons.families import Correction, corrected
from enkat.statistics.comparisons.tables import weighted_side
from enkat.statistics.comparisons.words import words
from enkat.statistics.intervals import FloatArray, IntArray, ratio
from enkat.statistics.tails import fisher_two_sided

LEAST: Final = 2
"""Units from which a pooled share is weighted."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The units that one unit is, or was, in a round; int64 arrays (units, questions).

    Attributes
    ----------
    positive, answered : answers with an opinion, and the positive ones.
    clients : N of each unit, which weighs it.
    """

    positive: IntArray
    answered: IntArray
    clients: IntArray

    @property
    def is_alone(self) -> bool:
        """Whether it is one unit."""
        return len(self.answered) < LEAST


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes of a family of cells.

    Attributes
    ----------
    difference : Difference
        Now minus before, with MOVER's interval.
    p_adjusted : float64 array
        Corrected over the family; NaN where a side is empty.
    word : int8 array
        Indices into `comparisons.words.WORDS`.
    """

    difference: Difference
    p_adjusted: FloatArray
    word: np.typing.NDArray[np.int8]


def moment_side(moment: Moment) -> Side:
    """Describe one unit by its counts, several by their shares weighted with their clients (N).

    The pooled share is Σ N p / Σ N and its variance Σ (N/ΣN)² p(1-p)/(n-1), without finite population correction; a
    unit without answers leaves the pool without a share: its clients are spoken for by nobody.
    """
    share = ratio(moment.positive, moment.answered)
    if moment.is_alone:
        return Side(share[0], moment.answered[0].astype(np.float64), np.full(share.shape[1], np.inf))
    part = ratio(moment.clients, moment.clients.sum(axis=0))
    pooled = (part * share).sum(axis=0)
    variance = (part**2 * share * (1 - share) / np.maximum(moment.answered - 1, 1)).sum(axis=0)
    answers = moment.answered.sum(axis=0)
    return weighted_side(pooled, variance, answers, answers - len(moment.answered))


def change_p(now: Moment, before: Moment) -> FloatArray:
    """Return the p-values of a unit's changes: Fisher's exact test of one unit against one, else MOVER's own."""
    if now.is_alone and before.is_alone:
        k, n, other_k, other_n = now.positive[0], now.answered[0], before.positive[0], before.answered[0]
        p = fisher_two_sided(k, n, other_k, other_n)
        return np.where((n > 0) & (other_n > 0), p, np.nan)
    return mover_p(moment_side(now), moment_side(before))


def changes(
    now: Side, before: Side, p: FloatArray, *, correction: Correction = Correction.BENJAMINI_HOCHBERG
) -> Changes:
    """Say which changes of a family are certain, and how large.

    Parameters
    ----------
    now, before : Side
        One element per cell of the family.
    p : float64 array
        The cells' p-values, NaN where a side is empty.
    correction : Correction
        Over the whole family.
    """
    difference = difference_of(now, before)
    adjusted = corrected(p, correction)
    return Changes(difference, adjusted, words(difference, adjusted))
