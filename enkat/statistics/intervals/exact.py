"""Intervals in whole clients for a simple random draw from a finite population."""

import functools
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy

from enkat.statistics.intervals.basis import LEVEL, FloatArray, IntArray, counts, normal_quantile, one_tail, ratio
from enkat.statistics.tails import hypergeometric_tail

SLACK: Final = 1e-10
"""Relative slack in comparing a tail with alpha/2: a tie keeps the client count in the interval."""
_KEYS: Final = 2**63 - 1
_KNOWN_TABLES: Final = 64
_ROWS: Final = 4096
"""Rows worked on at a time: what fits the processor's cache."""
_GUESSES: Final = 8
"""Guesses before the search falls back on halving, which ends after log2(N) steps whatever the numbers are."""


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


def hypergeometric(
    k: npt.ArrayLike, n: npt.ArrayLike, population: npt.ArrayLike, *, level: float = LEVEL, shift: npt.ArrayLike = 0
) -> Interval:
    """Exact interval for the number of positive clients in a population.

    The set of client counts M for which neither tail of the hypergeometric distribution at the observed ``k`` is
    at most alpha/2 (Buonaccorsi 1987, The American Statistician 41:215-218; the inversion of two one-sided tests).
    Its coverage is at least ``level`` for every M when those who answered are like a random draw of the population.

    At k = 0 the lower limit is 0 clients, at k = n the upper one is all of them, and the other limit is informative.
    With n = 1 the interval leaves out at most (1 - ``level``) / 2 of the counts. At n = N both limits are k. With
    n = 0 the interval is 0..N. As N grows with n fixed, the shares tend to Clopper and Pearson's.

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
    return _interval(k, n, population, level=level, shift=shift, own=1.0)


def mid_p(
    k: npt.ArrayLike, n: npt.ArrayLike, population: npt.ArrayLike, *, level: float = LEVEL, shift: npt.ArrayLike = 0
) -> Interval:
    """Hypergeometric interval that counts half of the observed outcome's probability in each tail.

    Lancaster's (1961, JASA 56:223-234) mid-P applied to the tails of `hypergeometric`. Narrower than the exact
    interval and always inside it; its coverage lies around ``level`` and falls below it for some M (to .90 at 95 %).

    At k = 0, k = n, n = 1 and n = 0 it behaves as the exact interval, only narrower; at n = N both limits are k.

    Parameters
    ----------
    k, n, population : array_like of int
        Positive answers, answers, clients; broadcast against each other. ``0 <= k <= n <= population``.
    level : float
        Nominal confidence, 0 < level < 1.
    shift : array_like of int
        As for `hypergeometric`.

    Returns
    -------
    Interval
        Limits in whole clients.

    Raises
    ------
    ValueError
        If a count is negative or out of order.
    """
    return _interval(k, n, population, level=level, shift=shift, own=0.5)


def _interval(*count: npt.ArrayLike, level: float, shift: npt.ArrayLike, own: float) -> Interval:
    """Interval for (k, n, N), the observed outcome counting ``own`` in each tail."""
    k, n, population, outward = np.broadcast_arrays(*counts(*count), np.asarray(shift, dtype=np.int64))
    lower, upper = _limits(k.ravel(), n.ravel(), population.ravel(), level, own)
    move = np.where(n < population, outward, 0)
    lo = np.maximum(lower.reshape(k.shape) - move, k)
    hi = np.minimum(upper.reshape(k.shape) + move, population - (n - k))
    return Interval(lo, hi, population.copy())


def _limits(k: IntArray, n: IntArray, population: IntArray, level: float, own: float) -> tuple[IntArray, IntArray]:
    """Limits row by row, each different (k, n, N) worked out once."""
    base = int(population.max(initial=0)) + 1
    if base**3 > _KEYS:
        return _solve(k, n, population, level, own)
    keys, row = np.unique((population * base + n) * base + k, return_inverse=True)
    lower, upper = _known(keys.tobytes(), base, level, own)
    return lower[row], upper[row]


@functools.lru_cache(maxsize=_KNOWN_TABLES)
def _known(keys: bytes, base: int, level: float, own: float) -> tuple[IntArray, IntArray]:
    """Remember the limits of whole tables: a page that is opened again asks for the same rows."""
    key = np.frombuffer(keys, dtype=np.int64)
    return _solve(key % base, key // base % base, key // base**2, level, own)


def forget() -> None:
    """Forget the tables of limits that this process has worked out."""
    _known.cache_clear()


def _solve(k: IntArray, n: IntArray, population: IntArray, level: float, own: float) -> tuple[IntArray, IntArray]:
    lower, upper = np.empty_like(k), np.empty_like(k)
    for start in range(0, len(k), _ROWS):
        rows = slice(start, start + _ROWS)
        x, m, size = k[rows], n[rows], population[rows]
        # The upper limit is the lower one of the mirrored question: "how many are not positive?"
        both = _lower(np.concatenate([x, m - x]), np.tile(m, 2), np.tile(size, 2), level, own)
        lower[rows], upper[rows] = both[: len(x)], size - both[len(x) :]
    return lower, upper


def _lower(k: IntArray, n: IntArray, population: IntArray, level: float, own: float) -> IntArray:
    """Find the smallest M whose upper tail at k exceeds alpha/2, for all rows at once.

    The tail rises with M, so the answer stays between two bounds. The normal approximation gives the first guess;
    each tail tells by how many standard deviations the guess is off.
    """
    tail = one_tail(level)
    target = normal_quantile(level)
    low = k.copy()
    high = np.where(k == 0, 0, population - (n - k))
    guess = _normal_guess(np.asarray(k - own + 0.5, dtype=np.float64), n, population, target)
    steps = 0
    while (active := np.flatnonzero(low < high)).size:
        x, m, size, at = k[active], n[active], population[active], (low[active] + high[active]) // 2
        if steps < _GUESSES:
            at = np.clip(guess[active], low[active], high[active] - 1).astype(np.int64)
        found = hypergeometric_tail(x, m, size, at, own=own, rough=own / 2 > tail)
        inside = found > tail * (1 - SLACK)
        high[active[inside]] = at[inside]
        low[active[~inside]] = at[~inside] + 1
        off = np.clip(-target - scipy.special.ndtri(found), -40, 40)
        share = at / size
        spread = np.sqrt(share * (1 - share) * (size - m) / (m * np.maximum(size - 1, 1)))
        guess[active] = np.ceil(at + off * size * spread)
        steps += 1
    return low


def _normal_guess(k: FloatArray, n: IntArray, population: IntArray, z: float) -> FloatArray:
    """Guess a lower limit as Wilson's interval with the finite population's variance has it."""
    shrink = z * z * (population - n) / np.maximum(n * (population - 1), 1)
    share = np.maximum(k, 0) / np.maximum(n, 1)
    root = np.sqrt(np.maximum(share * (1 - share) * shrink + shrink * shrink / 4, 0))
    return np.asarray(np.ceil(population * (share + shrink / 2 - root) / (1 + shrink)), dtype=np.float64)
