"""Intervals for k of n independent answers: no population, so no interval of width 0 at n = N."""

import numpy as np
import numpy.typing as npt
import scipy

from enkat.statistics.intervals.basis import LEVEL, FloatArray, counts, normal_quantile, one_tail


def clopper_pearson(k: npt.ArrayLike, n: npt.ArrayLike, *, level: float = LEVEL) -> tuple[FloatArray, FloatArray]:
    """Clopper and Pearson's exact interval (1934, Biometrika 26:404-413), the inversion of two one-sided tests.

    Coverage is at least ``level`` for every share. R: ``binom.test``. At k = 0 the lower limit is 0 and the upper one
    1 - (alpha/2)^(1/n); at k = n mirrored. With n = 1 it is 0 to .975 or .025 to 1 at 95 %. At n = N it keeps its
    width. With n = 0 it is 0..1.

    Parameters
    ----------
    k, n : array_like of int
        Positive answers and answers.
    level : float
        Nominal confidence.
    """
    return beta_limits(*counts(k, n), level=level)


def beta_limits(k: npt.ArrayLike, n: npt.ArrayLike, *, level: float) -> tuple[FloatArray, FloatArray]:
    """Clopper and Pearson's limits for (effective) numbers that need not be whole; NaN gives NaN."""
    positives, answers = np.broadcast_arrays(np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64))
    tail = one_tail(level)
    rest = answers - positives
    low = scipy.special.betaincinv(np.where(positives > 0, positives, 1), rest + 1, tail)
    high = scipy.special.betainccinv(positives + 1, np.where(rest > 0, rest, 1), tail)
    return np.where(positives == 0, 0.0, low), np.where(rest == 0, 1.0, high)


def jeffreys(k: npt.ArrayLike, n: npt.ArrayLike, *, level: float = LEVEL) -> tuple[FloatArray, FloatArray]:
    """Equal-tailed interval from Jeffreys' prior Beta(1/2, 1/2) (Brown, Cai and DasGupta 2001, 4.1).

    At k = 0 the lower limit is set to 0 and at k = n the upper one to 1, as they do; the other is the quantile. With
    n = 1 wide, at n = N it keeps its width, with n = 0 it is 0..1.

    Parameters
    ----------
    k, n : array_like of int
        Positive answers and answers.
    level : float
        Nominal confidence.
    """
    positives, answers = counts(k, n)
    tail = one_tail(level)
    rest = answers - positives
    low = scipy.special.betaincinv(positives + 0.5, rest + 0.5, tail)
    high = scipy.special.betainccinv(positives + 0.5, rest + 0.5, tail)
    return np.where(positives == 0, 0.0, low), np.where(rest == 0, 1.0, high)


def agresti_coull(k: npt.ArrayLike, n: npt.ArrayLike, *, level: float = LEVEL) -> tuple[FloatArray, FloatArray]:
    """Agresti and Coull's interval (1998, The American Statistician 52:119-126), as in Brown, Cai and DasGupta 2001.

    Wald's interval after adding z²/2 positive and z²/2 other answers, cut at 0 and 1: it would pass them at k = 0 and
    k = n. With n = 1 it is nearly 0..1, at n = N it keeps its width, with n = 0 it is 0..1.

    Parameters
    ----------
    k, n : array_like of int
        Positive answers and answers.
    level : float
        Nominal confidence.
    """
    positives, answers = counts(k, n)
    z = normal_quantile(level)
    size = answers + z * z
    centre = (positives + z * z / 2) / size
    half = z * np.sqrt(centre * (1 - centre) / size)
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)
