"""Tails of the two distributions of counts: the hypergeometric and the binomial, for all rows at once."""

from typing import Final

import numpy as np
import numpy.typing as npt
import scipy  # loads `scipy.special` when it is first used: a respondent's page never does

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

_BLOCK: Final = 32
"""Terms of a tail that are worked out at a time."""
_NOTHING: Final = 1e-20
"""Share of a tail under which what is left of it cannot change a digit."""


def hypergeometric_tail(
    k: IntArray, n: IntArray, population: IntArray, positives: IntArray, *, own: float = 1.0, rough: bool = False
) -> FloatArray:
    """Give P(X > k) + own · P(X = k), X the positive ones among n drawn from a population with so many positives.

    Parameters
    ----------
    k, n, population, positives : int64 arrays (rows,)
        Within the support: ``max(0, n - (population - positives)) <= k <= min(n, positives)``.
    own : float
        How much of the observed outcome's probability counts: 1, or 1/2 for mid-P.
    rough : bool
        Tell own/2 in place of the sum where k lies at or below the mean: there the tail is at least as large, since
        the median is one of the two whole numbers around the mean.
    """
    total = np.full(k.shape, own / 2)
    active = np.flatnonzero(k * population > n * positives) if rough else np.arange(len(k))
    x, m, big, pos = (values[active].astype(np.float64) for values in (k, n, population, positives))
    term = np.exp(_log_choose(pos, x) + _log_choose(big - pos, m - x) - _log_choose(big, m))
    total[active] = own * term
    step = np.arange(_BLOCK, dtype=np.float64)
    while active.size:
        at = x[:, None] + step
        terms = (pos[:, None] - at) * (m[:, None] - at) / ((at + 1) * ((big - pos - m)[:, None] + at + 1))
        last = terms[:, -1].copy()
        terms[:, 0] *= term
        np.cumprod(terms, axis=1, out=terms)
        total[active] += terms.sum(axis=1)
        term = terms[:, -1]
        # The ratios fall along the tail: what is left is below the geometric series with the last one.
        keep = term * last > (1 - last) * _NOTHING * total[active]
        active, x, m, big, pos = active[keep], x[keep] + _BLOCK, m[keep], big[keep], pos[keep]
        term = term[keep]
    return total


def _log_choose(total: FloatArray, chosen: FloatArray) -> FloatArray:
    log = (
        scipy.special.gammaln(total + 1) - scipy.special.gammaln(chosen + 1) - scipy.special.gammaln(total - chosen + 1)
    )
    return np.asarray(log, dtype=np.float64)


def binomial_two_sided(k: npt.ArrayLike, n: npt.ArrayLike, share: npt.ArrayLike) -> FloatArray:
    """Give the exact p-value of k positive of n against a known share: the smaller tail doubled, at most 1.

    R: ``2 * min(binom.test(k, n, p, "less")$p.value, binom.test(k, n, p, "greater")$p.value)``.

    Parameters
    ----------
    k, n : array_like of int
        Positive answers and answers; n = 0 gives NaN.
    share : array_like
        The known share, 0..1.
    """
    x, m, p = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in (k, n, share)))
    at_most = np.where(x >= m, 1.0, scipy.special.betainc(np.maximum(m - x, 1), x + 1, 1 - p))
    at_least = np.where(x <= 0, 1.0, scipy.special.betainc(np.maximum(x, 1), m - x + 1, p))
    return np.where(m > 0, np.minimum(1, 2 * np.minimum(at_most, at_least)), np.nan)


def fisher_two_sided(k: npt.ArrayLike, n: npt.ArrayLike, other_k: npt.ArrayLike, other_n: npt.ArrayLike) -> FloatArray:
    """Give Fisher's exact p-value of two groups' shares being equal: the smaller tail doubled, at most 1.

    R: ``2 * min`` of ``fisher.test``'s one-sided p-values (its two-sided one sums the outcomes that are no likelier).

    Parameters
    ----------
    k, n, other_k, other_n : array_like of int
        Positive answers and answers of the two groups; a group without answers gives NaN.
    """
    arrays = np.broadcast_arrays(*(np.asarray(value, dtype=np.int64) for value in (k, n, other_k, other_n)))
    x, m, other_x, other_m = (array.ravel() for array in arrays)
    size, positives = m + other_m, x + other_x
    # The tail beyond the mean is summed; the other follows from it.
    mirrored = x * size < m * positives
    at, marked = np.where(mirrored, m - x, x), np.where(mirrored, size - positives, positives)
    beyond = hypergeometric_tail(at, m, size, marked)
    before = 1 - hypergeometric_tail(at, m, size, marked, own=0)
    p = np.where((m > 0) & (other_m > 0), np.minimum(1, 2 * np.minimum(beyond, before)), np.nan)
    return np.asarray(p.reshape(arrays[0].shape), dtype=np.float64)
