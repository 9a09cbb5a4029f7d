"""Wilson's score interval in its four forms: from counts, in a finite population, and from a design's variance."""

import numpy as np
import numpy.typing as npt

from enkat.statistics.intervals.basis import (
    BOUNDARY,
    LEVEL,
    FloatArray,
    counts,
    floats,
    ratio,
    t_quantile,
)


def wilson(
    share: npt.ArrayLike, answers: npt.ArrayLike, df: npt.ArrayLike = np.inf, *, level: float = LEVEL
) -> tuple[FloatArray, FloatArray]:
    """Wilson's score interval (Wilson 1927, JASA 22:209-212), with t in place of the normal quantile where df is given.

    At share 0 the lower limit is 0, at share 1 the upper one is 1, and the other is z²/(n+z²) away. With one answer it
    is wide and inside 0..1. It knows no population: at n = N it keeps its width.

    Parameters
    ----------
    share : array_like
        Estimated share, 0..1; NaN gives NaN.
    answers : array_like
        (Effective) number of answers, >= 0; 0 gives 0..1, infinite an interval of width 0.
    df : array_like
        Degrees of freedom of the t quantile; infinite gives the normal one, below 1 counts as 1.
    level : float
        Nominal confidence.

    Returns
    -------
    lo, hi : float64 arrays
        Within 0..1.
    """
    return score_limits(share, answers, t_quantile(np.maximum(df, 1), level))


def score_limits(
    share: npt.ArrayLike, answers: npt.ArrayLike, quantile: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Wilson's limits at given quantiles."""
    p, n, t = floats(share, answers, quantile)
    with np.errstate(divide="ignore", invalid="ignore"):
        shrink = t * t / n
        centre = (p + shrink / 2) / (1 + shrink)
        half = np.sqrt(np.maximum(p * (1 - p) * shrink + shrink * shrink / 4, 0)) / (1 + shrink)
        lo, hi = np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)
    return np.where(n == 0, 0.0, lo), np.where(n == 0, 1.0, hi)


def wilson_counts(k: npt.ArrayLike, n: npt.ArrayLike, *, level: float = LEVEL) -> tuple[FloatArray, FloatArray]:
    """Wilson's interval for k of n answers (Wilson 1927; Brown, Cai and DasGupta 2001, Stat. Sci. 16:101-133).

    At 0 and n, with n = 1 and at n = N as `wilson`; with n = 0 the interval is 0..1.

    Parameters
    ----------
    k, n : array_like of int
        Positive answers and answers.
    level : float
        Nominal confidence.
    """
    positives, answers = counts(k, n)
    return wilson(np.nan_to_num(ratio(positives, answers)), answers, level=level)


def wilson_finite(
    k: npt.ArrayLike, n: npt.ArrayLike, population: npt.ArrayLike, *, level: float = LEVEL
) -> tuple[FloatArray, FloatArray]:
    """Wilson's interval with the variance of a draw without replacement.

    The score test with p(1-p)/n · (N-n)/(N-1) (Cochran 1977, Sampling Techniques, 3.2) in place of p(1-p)/n: Wilson's
    interval of n(N-1)/(N-n) answers. Coverage lies around ``level`` and falls to about .86 in small units.

    At 0 and n one limit is 0 or 1 and the other informative. With n = 1 of several it is wide. At n = N it has no
    width. With n = 0 it is 0..1.

    Parameters
    ----------
    k, n, population : array_like of int
        Positive answers, answers, clients.
    level : float
        Nominal confidence.
    """
    positives, answers, clients = counts(k, n, population)
    full = (answers == clients) & (answers > 0)
    effective = np.where(full, np.inf, ratio(answers * (clients - 1), np.where(full, 1, clients - answers)))
    return wilson(np.nan_to_num(ratio(positives, answers)), np.where(answers == 0, 0, effective), level=level)


def wilson_survey(
    share: npt.ArrayLike, variance: npt.ArrayLike, df: npt.ArrayLike, *, level: float = LEVEL
) -> tuple[FloatArray, FloatArray]:
    """Wilson's interval as R's ``survey`` 4.5 has it: n_eff = p(1-p)/v, the t quantile, no other factor.

    At 0 and 1 the variance says nothing: NaN (`wilson_effective` gives an interval there). A variance of 0 elsewhere,
    as at n = N, gives no width. df not above 0 (n = 1) gives NaN.

    Parameters
    ----------
    share, variance : array_like
        Estimated share and its variance.
    df : array_like
        Degrees of freedom.
    level : float
        Nominal confidence.
    """
    p, v, freedom = floats(share, variance, df)
    inside = (p > BOUNDARY) & (p < 1 - BOUNDARY) & (freedom > 0)
    effective = effective_answers(p, v)
    return wilson(np.where(inside, p, np.nan), effective, np.where(inside, freedom, 1), level=level)


def wilson_effective(
    share: npt.ArrayLike,
    variance: npt.ArrayLike,
    respondents: npt.ArrayLike,
    fraction: npt.ArrayLike,
    df: npt.ArrayLike,
    *,
    level: float = LEVEL,
) -> tuple[FloatArray, FloatArray]:
    """Wilson's interval from a design-based variance, usable at 0 and 100 % too.

    The effective number of answers is ``p(1-p)/variance``. At 0 and 100 % the variance says nothing, and
    ``(r-1)/(1-f)`` stands in: the number that a simple random draw of r with sampling fraction f would give.

    One answer says nothing about the rest and gives 0..1. At n = N there is no width.

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
    p, v, r, f, freedom = floats(share, variance, respondents, fraction, df)
    edge = (p < BOUNDARY) | (p > 1 - BOUNDARY)
    p = np.where(edge, np.round(p), p)
    effective = np.where(edge, effective_at_edge(r, f), effective_answers(p, v))
    return wilson(p, np.maximum(effective, 0), freedom, level=level)


def effective_answers(share: npt.ArrayLike, variance: npt.ArrayLike) -> FloatArray:
    """Give the number of independent answers with the same variance, p(1-p)/v; infinite where the variance is 0."""
    p, v = floats(share, variance)
    with np.errstate(over="ignore"):
        return np.asarray(np.where(v > 0, ratio(p * (1 - p), v), np.inf), dtype=np.float64)


def effective_at_edge(respondents: npt.ArrayLike, fraction: npt.ArrayLike) -> FloatArray:
    """Give the number of answers that stands in at 0 and 100 %, (r-1)/(1-f); infinite where everybody answered."""
    r, f = floats(respondents, fraction)
    return np.where(f >= 1, np.inf, ratio(r - 1, np.where(f >= 1, 1, 1 - f)))
