"""Funnel plot: how far a unit's share may lie from the city's by chance alone, by its number of answers."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy  # loads `scipy.special` when it is first used: a respondent's page never does

from enkat.statistics.intervals.basis import FloatArray, IntArray, counts, floats, one_tail, ratio

WARNING: Final = 0.95
ALARM: Final = 0.998
"""Spiegelhalter's two limits: about two and three standard deviations."""
WINSORISED: Final = 0.1
"""Share of the units at each end whose z-score is moved to that of the next one."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """What a funnel plot shows; arrays are (units, questions) unless said otherwise, NaN where nobody answered.

    Attributes
    ----------
    share : float64
        The units' shares, unweighted.
    answers : int64
        Where each stands on the horizontal axis.
    centre : float64 (questions,)
        The city's share.
    z : float64
        Standardised distance from the centre, before over-dispersion.
    phi : float64 (questions,)
        Over-dispersion; 1 where the units differ no more than chance makes them.
    warning, alarm : pairs of float64
        Lower and upper control limits at the unit's number of answers (95 and 99.8 %).
    zone : int8
        0 within the warning limits, 1 outside them, 2 outside the alarm limits; -1 where nobody answered.
    """

    share: FloatArray
    answers: IntArray
    centre: FloatArray
    z: FloatArray
    phi: FloatArray
    warning: tuple[FloatArray, FloatArray]
    alarm: tuple[FloatArray, FloatArray]
    zone: npt.NDArray[np.int8]


def funnel(k: npt.ArrayLike, n: npt.ArrayLike, *, centre: npt.ArrayLike | None = None) -> Funnel:
    """Place units in a funnel (Spiegelhalter 2005, Statistics in Medicine 24:1185-1202).

    No finite population correction: the funnel is read as one of ways of working. At a centre of 0 or 1 the limits are
    the centre and the z-scores NaN. A unit with one answer is nearly always within its limits.

    Parameters
    ----------
    k, n : array_like of int (units, questions)
        Positive answers and answers.
    centre : array_like (questions,), optional
        The city's share; that of all answers by default.
    """
    positive, answers = counts(k, n)
    middle = (
        ratio(positive.sum(axis=0), answers.sum(axis=0)) if centre is None else np.asarray(centre, dtype=np.float64)
    )
    share = ratio(positive, answers)
    z = ratio(share - middle, np.sqrt(ratio(middle * (1 - middle), answers)))
    phi = over_dispersion(z)
    warning, alarm = (control_limits(middle, answers, level=level, phi=phi) for level in (WARNING, ALARM))
    outside = [(share < low - _ROUNDING) | (share > high + _ROUNDING) for low, high in (warning, alarm)]
    zone = np.where(answers > 0, np.sum(outside, axis=0), -1).astype(np.int8)
    return Funnel(share, answers, middle, z, phi, warning, alarm, zone)


_ROUNDING: Final = 1e-12


def over_dispersion(z: FloatArray) -> FloatArray:
    """Give the multiplicative over-dispersion of each question: the mean squared z-score after winsorising.

    The floor(0.1 · units) lowest z-scores are moved up to the next one and as many of the highest down (Spiegelhalter
    2005, 3.2). It widens limits and never narrows them: below 1 it is 1.

    Parameters
    ----------
    z : float64 array (units, questions)
        NaN where a unit has no answers.
    """
    phi = np.ones(z.shape[1])
    for question in range(z.shape[1]):
        ordered = np.sort(z[:, question][~np.isnan(z[:, question])])
        moved = int(WINSORISED * len(ordered))
        if len(ordered):
            ends = ordered[moved], ordered[len(ordered) - 1 - moved]
            phi[question] = max(1.0, float(np.mean(np.clip(ordered, *ends) ** 2)))
    return phi


def control_limits(
    centre: npt.ArrayLike, answers: npt.ArrayLike, *, level: float, phi: npt.ArrayLike = 1.0
) -> tuple[FloatArray, FloatArray]:
    """Limits within which a unit's share lies with a probability of ``level`` if its true share is the centre.

    Exact binomial quantiles, interpolated between whole answers (Spiegelhalter 2005, A.1.1). Over-dispersion stretches
    their distance from the centre by the square root of phi. Cut at 0 and 1.

    Parameters
    ----------
    centre, answers, phi : array_like
        Broadcast against each other; answers need not be those of any unit: a curve takes many numbers. They are
        rounded to whole answers; 0 gives NaN.
    level : float
        Probability inside, `WARNING` or `ALARM`.
    """
    middle, n, spread = floats(centre, np.rint(answers), phi)
    tail, stretch = one_tail(level), np.sqrt(np.maximum(spread, 1))
    low, high = (ratio(_interpolated_quantile(n, middle, probability), n) for probability in (tail, 1 - tail))
    return (
        np.clip(middle - stretch * (middle - low), 0, 1),
        np.clip(middle + stretch * (high - middle), 0, 1),
    )


def _interpolated_quantile(n: FloatArray, share: FloatArray, probability: float) -> FloatArray:
    """Give r - a with r the binomial quantile and a how much of P(X = r) lies above the probability."""
    inside = (n > 0) & (share > 0) & (share < 1)
    size, p = np.where(inside, n, 1), np.where(inside, share, 0.5)
    # The smallest r with P(X <= r) >= probability, by halving.
    low, high = np.full(size.shape, -1.0), size.copy()
    while np.any(high - low > 1):
        middle = np.floor((low + high) / 2)
        reached = (middle >= low + 1) & (scipy.special.bdtr(middle, size.astype(np.int64), p) >= probability)
        low, high = np.where(reached | (high - low <= 1), low, middle), np.where(reached, middle, high)
    above = scipy.special.bdtr(high, size.astype(np.int64), p)
    below = np.where(high > 0, scipy.special.bdtr(np.maximum(high - 1, 0), size.astype(np.int64), p), 0.0)
    quantile = high - (above - probability) / (above - below)
    return np.where(inside, quantile, n * share)
