"""Confidence intervals for shares in finite populations.

Two kinds, and no others for levels: the exact hypergeometric interval (in whole clients) for one unit, and Wilson's
interval with an effective number of answers and the t distribution for shares weighted over several units.
"""

import functools
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy  # loads `scipy.special` when it is first used: a respondent's page never does

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

LEVEL: Final = 0.95
BOUNDARY: Final = 1e-9
"""A weighted share within this distance of 0 or 1 is 0 or 1: sums of weights leave a last-digit error."""
SLACK: Final = 1e-10
"""Relative slack in comparing a tail with alpha/2: a tie keeps the client count in the interval."""
CACHED_TRIPLES: Final = 50_000


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval in whole clients.

    Attributes
    ----------
    lo, hi : int64 arrays
        Smallest and largest number of positive clients among the ``population`` clients that the data allow.
    population : int64 array
        Clients the interval is about; 0 where there is nothing to estimate.
    """

    lo: IntArray
    hi: IntArray
    population: IntArray

    @property
    def lo_share(self) -> FloatArray:
        """Lower limit as a share; NaN where the population is empty."""
        return ratio(self.lo, self.population)

    @property
    def hi_share(self) -> FloatArray:
        """Upper limit as a share; NaN where the population is empty."""
        return ratio(self.hi, self.population)


def ratio(above: npt.ArrayLike, below: npt.ArrayLike) -> FloatArray:
    """Divide element by element, giving NaN where the divisor is 0."""
    numerator, divisor = np.broadcast_arrays(np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64))
    result = np.full(divisor.shape, np.nan)
    np.divide(numerator, divisor, out=result, where=divisor != 0)
    return result


def hypergeometric(
    k: npt.ArrayLike, n: npt.ArrayLike, population: npt.ArrayLike, *, level: float = LEVEL, shift: npt.ArrayLike = 0
) -> Interval:
    """Exact interval for the number of positive clients in a population.

    The set of client counts M for which neither tail of the hypergeometric distribution at the observed ``k`` is
    at most alpha/2 (Buonaccorsi 1987; the inversion of two one-sided tests). Its coverage is at least ``level`` for
    every M when those who answered are like a random draw of the population.

    Parameters
    ----------
    k, n, population : array_like of int
        Positive answers, answers, clients; broadcast against each other. ``0 <= k <= n <= population``.
    level : float
        Nominal confidence, 0 < level < 1.
    shift : array_like of int
        Clients by which both limits move outward where not everybody answered (a question that offers
        "vet inte"). Never beyond what was seen: at least ``k`` are positive, at least ``n - k`` are not.

    Returns
    -------
    Interval
        Limits in whole clients. With no answers the interval is the whole of 0..population.

    Raises
    ------
    ValueError
        If a count is negative or out of order.
    """
    arrays = np.broadcast_arrays(*(np.asarray(value, dtype=np.int64) for value in (k, n, population, shift)))
    positives, answers, clients, outward = arrays
    if np.any(positives < 0) or np.any(positives > answers) or np.any(answers > clients):
        raise ValueError("counts must satisfy 0 <= k <= n <= population")
    triples = np.stack([positives.ravel(), answers.ravel(), clients.ravel()], axis=1)
    unique, inverse = np.unique(triples, axis=0, return_inverse=True)
    lower, upper = _limits(unique, level)
    index = inverse.reshape(positives.shape)
    move = np.where(answers < clients, outward, 0)
    lo = np.maximum(lower[index] - move, positives)
    hi = np.minimum(upper[index] + move, clients - (answers - positives))
    return Interval(lo, hi, clients.copy())


def _limits(triples: IntArray, level: float) -> tuple[IntArray, IntArray]:
    """Limits for rows of (k, n, N), from the process's table where they stand there already."""
    table = _table(level)
    keys = list(map(tuple, triples.tolist()))
    missing = [row for row, key in enumerate(keys) if key not in table]
    if missing:
        k, n, population = triples[missing].T
        # The upper limit is the lower one of the mirrored question: "how many are not positive?"
        both = _lower(
            np.concatenate([k, n - k]), np.concatenate([n, n]), np.concatenate([population, population]), level
        )
        lower, upper = both[: len(missing)], population - both[len(missing) :]
        if len(table) + len(missing) > CACHED_TRIPLES:
            table.clear()
            if len(missing) < len(keys):
                return _limits(triples, level)
        table.update(zip((keys[row] for row in missing), zip(lower.tolist(), upper.tolist(), strict=True), strict=True))
        if len(missing) == len(keys):
            return lower, upper
    found = np.array([table[key] for key in keys], dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


@functools.lru_cache(maxsize=8)
def _table(level: float) -> dict[tuple[int, ...], tuple[int, int]]:
    """Give the table of limits known to this process for one confidence level."""
    if not 0 < level < 1:
        raise ValueError("level must lie between 0 and 1")
    return {}


def _lower(k: IntArray, n: IntArray, population: IntArray, level: float) -> IntArray:
    """Find the smallest M with P(X >= k | M) > alpha/2, by bisection over all rows at once."""
    low = k.copy()
    high = population - (n - k)
    tail = (1 - level) / 2
    while True:
        active = np.flatnonzero(low < high)
        if not active.size:
            return low
        middle = (low[active] + high[active]) // 2
        inside = _upper_tail_exceeds(k[active], n[active], population[active], middle, tail)
        high[active[inside]] = middle[inside]
        low[active[~inside]] = middle[~inside] + 1


def _upper_tail_exceeds(
    k: IntArray, n: IntArray, population: IntArray, positives: IntArray, tail: float
) -> npt.NDArray[np.bool_]:
    """Tell per row whether P(X >= k) > tail for X hypergeometric (population, positives, n).

    At or below the mean's floor the tail holds at least half of the probability (the median is one of the two whole
    numbers around the mean). Above it the terms fall, so the sum stops when what is left cannot decide anything.
    """
    exceeds = k * population <= n * positives
    active = np.flatnonzero(~exceeds)
    limit = tail * (1 - SLACK)
    ka, na, big, pos = (values[active].astype(np.float64) for values in (k, n, population, positives))
    term = np.exp(_log_mass(ka, na, big, pos))
    total = term.copy()
    while active.size:
        exceeds[active[total > limit]] = True
        step = (pos - ka) * (na - ka) / ((ka + 1) * (big - pos - na + ka + 1))
        # The ratios fall along the tail: what is left is below the geometric series with the present ratio.
        rest = np.where(step < 1, term * step / np.maximum(1 - step, 1e-300), np.inf)
        keep = (total <= limit) & (total + rest > limit) & (step > 0)
        active, ka, na, big, pos = active[keep], ka[keep] + 1, na[keep], big[keep], pos[keep]
        term = term[keep] * step[keep]
        total = total[keep] + term
    return exceeds


def _log_mass(k: FloatArray, n: FloatArray, population: FloatArray, positives: FloatArray) -> FloatArray:
    """Natural logarithm of P(X = k), X hypergeometric; log 0 does not occur for k within the support."""
    return _log_choose(positives, k) + _log_choose(population - positives, n - k) - _log_choose(population, n)


def _log_choose(total: FloatArray, chosen: FloatArray) -> FloatArray:
    log = (
        scipy.special.gammaln(total + 1) - scipy.special.gammaln(chosen + 1) - scipy.special.gammaln(total - chosen + 1)
    )
    return np.asarray(log, dtype=np.float64)


def wilson(
    share: npt.ArrayLike, answers: npt.ArrayLike, df: npt.ArrayLike, *, level: float = LEVEL
) -> tuple[FloatArray, FloatArray]:
    """Wilson's score interval with t instead of the normal quantile.

    Parameters
    ----------
    share : array_like
        Estimated share, 0..1; NaN gives NaN.
    answers : array_like
        (Effective) number of answers, > 0; infinite gives an interval of width 0.
    df : array_like
        Degrees of freedom of the t quantile; infinite gives the normal one, below 1 counts as 1.
    level : float
        Nominal confidence.

    Returns
    -------
    lo, hi : float64 arrays
        Within 0..1.
    """
    p, n, freedom = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in (share, answers, df)))
    upper = 1 - (1 - level) / 2
    t = np.where(
        np.isinf(freedom),
        scipy.special.ndtri(upper),
        scipy.special.stdtrit(np.maximum(np.where(np.isinf(freedom), 1, freedom), 1), upper),
    )
    shrink = t * t / n
    centre = (p + shrink / 2) / (1 + shrink)
    half = np.sqrt(np.maximum(p * (1 - p) * shrink + shrink * shrink / 4, 0)) / (1 + shrink)
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)


def wilson_effective(
    share: npt.ArrayLike,
    variance: npt.ArrayLike,
    respondents: npt.ArrayLike,
    fraction: npt.ArrayLike,
    df: npt.ArrayLike,
    *,
    level: float = LEVEL,
) -> tuple[FloatArray, FloatArray]:
    """Wilson's interval from a design-based variance.

    The effective number of answers is ``p(1-p)/variance``. At 0 and 100 % the variance says nothing, and
    ``(r-1)/(1-f)`` stands in: the number that a simple random draw of r with sampling fraction f would give.

    Parameters
    ----------
    share, variance : array_like
        Estimated share and its variance.
    respondents, fraction : array_like
        Answers behind the share (r) and the share of the clients they are (f); used at 0 and 100 % only.
    df : array_like
        Degrees of freedom.
    level : float
        Nominal confidence.

    Returns
    -------
    lo, hi : float64 arrays
        NaN where the share is NaN; the whole of 0..1 where one answer says nothing about the rest.
    """
    p, v, r, f, freedom = np.broadcast_arrays(
        *(np.asarray(value, dtype=np.float64) for value in (share, variance, respondents, fraction, df))
    )
    edge = (p < BOUNDARY) | (p > 1 - BOUNDARY)
    p = np.where(edge, np.round(p), p)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        at_edge = np.where(f >= 1, np.inf, (r - 1) / (1 - f))
        effective = np.where(edge, at_edge, np.where(v > 0, p * (1 - p) / v, np.inf))
        lo, hi = wilson(p, np.where(effective > 0, effective, np.nan), freedom, level=level)
    nothing = (effective <= 0) & ~np.isnan(p)
    return np.where(nothing, 0.0, lo), np.where(nothing, 1.0, hi)
