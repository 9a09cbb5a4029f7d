"""The difference between two shares, with an interval made of theirs."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy  # loads `scipy.special` when it is first used: a respondent's page never does

from enkat.statistics.intervals.basis import LEVEL, FloatArray, floats, one_tail
from enkat.statistics.intervals.wilson import score_limits

_HALVINGS: Final = 50
_SMALLEST_P: Final = 1e-15


class Bounded(NamedTuple):
    """A share with its limits."""

    share: npt.ArrayLike
    lo: npt.ArrayLike
    hi: npt.ArrayLike


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a share, the answers behind it and the degrees of freedom of its quantile.

    Attributes
    ----------
    share : float64 array
    answers : float64 array
        Answers, or the effective number of them (`intervals.wilson.effective_answers`, without finite population
        correction; `effective_at_edge` with fraction 0 at 0 and 100 %).
    df : float64 array
        Infinite for counts.
    """

    share: FloatArray
    answers: FloatArray
    df: FloatArray

    def bounded(self, tail: npt.ArrayLike) -> Bounded:
        """Give Wilson's limits that leave out so much probability at each end, which may differ from row to row."""
        half = np.asarray(tail, dtype=np.float64)
        finite = np.isfinite(self.df)
        t = np.where(
            finite,
            -scipy.special.stdtrit(np.where(finite, np.maximum(self.df, 1), 1), half),
            -scipy.special.ndtri(half),
        )
        return Bounded(self.share, *score_limits(self.share, self.answers, t))


@dataclass(frozen=True, slots=True)
class Difference:
    """Differences between shares, one side minus the other, with interval limits; -1..1, NaN where a side is empty."""

    difference: FloatArray
    lo: FloatArray
    hi: FloatArray

    @property
    def sure(self) -> npt.NDArray[np.bool_]:
        """Where the interval leaves out 0."""
        return np.asarray((self.lo > 0) | (self.hi < 0), dtype=np.bool_)


def mover(one: Bounded, other: Bounded) -> Difference:
    """Difference of two independent shares by the method of variance estimates recovery (MOVER).

    Newcombe's hybrid score interval (1998, Statistics in Medicine 17:873-890, method 10) where the limits are Wilson's;
    for any other limits Zou and Donner (2008, Statistics in Medicine 27:1693-1702). At 0 and n it has width as soon as
    the sides' intervals have; with n = 1 it is wide. Give it limits without finite population correction.
    """
    p, low, high, q, other_low, other_high = floats(*one, *other)
    gap = p - q
    return Difference(
        gap,
        gap - np.sqrt((p - low) ** 2 + (other_high - q) ** 2),
        gap + np.sqrt((high - p) ** 2 + (q - other_low) ** 2),
    )


def difference_of(one: Side, other: Side, *, level: float = LEVEL) -> Difference:
    """Difference between two sides, from Wilson's limits of each."""
    tail = one_tail(level)
    return mover(one.bounded(tail), other.bounded(tail))


def mover_p(one: Side, other: Side) -> FloatArray:
    """Give the p-value that goes with the interval: 1 minus the highest level whose interval leaves out 0.

    For sides whose answers are weighted there are no counts to test exactly. Found by halving the logarithm of the
    tail; 1 where no interval leaves out 0, never told as smaller than 1e-15.
    """
    low = np.full(np.broadcast_shapes(one.share.shape, other.share.shape), np.log(_SMALLEST_P / 2))
    high = np.full(low.shape, np.log(0.5))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        tail = np.exp(middle)
        sure = mover(one.bounded(tail), other.bounded(tail)).sure
        low, high = np.where(sure, low, middle), np.where(sure, middle, high)
    empty = np.isnan(one.share) | np.isnan(other.share)
    return np.where(empty, np.nan, 2 * np.exp(high))
