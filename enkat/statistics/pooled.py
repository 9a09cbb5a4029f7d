"""The pooled view: each unit's share drawn towards the city's, the more the fewer its answers. Always secondary."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy  # loads its parts when they are first used

from enkat.statistics.intervals.basis import LEVEL, FloatArray, IntArray, counts, one_tail

LEAST_STRENGTH: Final = 0.01
_EDGE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Pooled:
    """Pooled shares; arrays are (units, questions) unless said otherwise.

    Attributes
    ----------
    share, lo, hi : float64
        Posterior mean and equal-tailed limits. A unit without answers gets the city's spread. Limits are NaN where all
        answers of the city agree: there is no spread to learn from.
    centre : float64 (questions,)
        Mean of the units' shares, a/(a+b).
    strength : float64 (questions,)
        How many answers the city weighs against the unit's own, a+b; never more than there are in the city.
    """

    share: FloatArray
    lo: FloatArray
    hi: FloatArray
    centre: FloatArray
    strength: FloatArray


def pooled(k: npt.ArrayLike, n: npt.ArrayLike, *, level: float = LEVEL) -> Pooled:
    """Pool units by a beta-binomial model fitted by maximum likelihood (empirical Bayes).

    Each unit's share comes from Beta(a, b), its positive answers from that share; a and b are those that make the
    city's answers likeliest (Skellam 1948, JRSS B 10:257-261; Morris 1983, JASA 78:47-55). Given them, a unit's share
    is Beta(a + k, b + n - k). That a and b are estimates is not in the limits.

    A unit at 0 or n is drawn inwards, one with one answer lies near the city's share, and n = N changes nothing: the
    view is about ways of working.

    Parameters
    ----------
    k, n : array_like of int (units, questions)
        Positive answers and answers.
    level : float
        Probability within the limits.
    """
    positive, answers = counts(k, n)
    fits = np.array([fit(positive[:, at], answers[:, at]) for at in range(answers.shape[1])]).reshape(-1, 2)
    centre, strength = fits[:, 0], fits[:, 1]
    a, b = centre * strength + positive, (1 - centre) * strength + answers - positive
    spread = (centre > 0) & (centre < 1)
    share = np.where(spread, a / (a + b), centre)
    tail = one_tail(level)
    safe_a, safe_b = np.where(spread, a, 1.0), np.where(spread, b, 1.0)
    lo, hi = scipy.special.betaincinv(safe_a, safe_b, tail), scipy.special.betainccinv(safe_a, safe_b, tail)
    return Pooled(share, np.where(spread, lo, np.nan), np.where(spread, hi, np.nan), centre, strength)


def fit(k: IntArray, n: IntArray) -> tuple[float, float]:
    """Fit a beta-binomial model by maximum likelihood: the mean of the shares and the strength a + b.

    The likelihood's slope along the strength is followed to 0, the best mean at each strength. Where it still rises
    when the strength is the city's number of answers - the units differ no more than chance makes them - it stays
    there.

    Parameters
    ----------
    k, n : int64 arrays (units,)
    """
    total, positive = int(n.sum()), int(k.sum())
    if positive in {0, total}:
        return (positive / total if total else float("nan")), float(total)
    if n.max() == 1:
        return positive / total, float(total)  # single answers tell nothing of how units differ: the slope is 0
    psi = scipy.special.digamma

    def mean_at(strength: float) -> float:
        def slope(mean: float) -> float:
            a, b = strength * mean, strength * (1 - mean)
            return float(np.sum(psi(k + a) - psi(a) - psi(n - k + b) + psi(b)))

        return float(scipy.optimize.brentq(slope, _EDGE, 1 - _EDGE, xtol=1e-15))

    def slope_along(log_strength: float) -> float:
        strength = float(np.exp(log_strength))
        mean = mean_at(strength)
        a, b = strength * mean, strength * (1 - mean)
        parts = mean * (psi(k + a) - psi(a)) + (1 - mean) * (psi(n - k + b) - psi(b))
        return float(np.sum(parts - psi(n + strength) + psi(strength)))

    ends = float(np.log(LEAST_STRENGTH)), float(np.log(total))
    slopes = [slope_along(end) for end in ends]
    if slopes[0] <= 0 or slopes[1] >= 0:
        strength = float(np.exp(ends[0] if slopes[0] <= 0 else ends[1]))
    else:
        strength = float(np.exp(scipy.optimize.brentq(slope_along, *ends, xtol=1e-12)))
    return mean_at(strength), strength
