"""Intervals from an estimate and its design-based variance, as R's ``svyciprop`` makes them."""

import numpy as np
import numpy.typing as npt
import scipy

from enkat.statistics.intervals.basis import BOUNDARY, LEVEL, FloatArray, floats, t_quantile
from enkat.statistics.intervals.binomial import beta_limits
from enkat.statistics.intervals.wilson import effective_answers


def beta(
    share: npt.ArrayLike,
    variance: npt.ArrayLike,
    answers: npt.ArrayLike,
    df: npt.ArrayLike,
    *,
    level: float = LEVEL,
    at_edge: npt.ArrayLike = np.nan,
) -> tuple[FloatArray, FloatArray]:
    """Korn and Graubard's interval (1998, Survey Methodology 24:193-201); R: ``svyciprop(method = "beta")``.

    Clopper and Pearson's limits for n_eff = p(1-p)/v · (t(n-1)/t(df))² answers.

    At 0 and 1 the variance says nothing: n_eff is ``at_edge`` there, and NaN without it, as in R. With n = 1 or df not
    above 0 it is NaN. A variance of 0 elsewhere, as at n = N, gives no width.

    Parameters
    ----------
    share, variance : array_like
        Estimated share and its variance.
    answers : array_like
        Rows of the design (R's ``nrow``) behind the share.
    df : array_like
        Degrees of freedom of the design.
    level : float
        Nominal confidence.
    at_edge : array_like
        Effective number of answers at shares 0 and 1: `effective_at_edge`.
    """
    p, v, n, freedom, stand_in = floats(share, variance, answers, df, at_edge)
    edge = (p < BOUNDARY) | (p > 1 - BOUNDARY)
    factor = (t_quantile(n - 1, level) / t_quantile(freedom, level)) ** 2
    effective = np.where(edge, stand_in, effective_answers(p, v) * factor)
    exact = np.where(edge, np.round(p), p)
    certain = effective > 1 / BOUNDARY**2
    usable = np.where(certain, np.nan, effective)
    lo, hi = beta_limits(usable * exact, usable, level=level)
    return np.where(certain, exact, lo), np.where(certain, exact, hi)


def logit(
    share: npt.ArrayLike, variance: npt.ArrayLike, df: npt.ArrayLike, *, level: float = LEVEL
) -> tuple[FloatArray, FloatArray]:
    """Wald's interval on the logit; R: ``svyciprop``'s default "logit" and "xlogit" (Agresti 2002, 3.1.6).

    At 0 and 1, with df not above 0 (n = 1) and where the share is NaN it is NaN. A variance of 0 elsewhere, as at
    n = N, gives no width. Always inside 0..1.

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
    inside = (p > BOUNDARY) & (p < 1 - BOUNDARY)
    usable = np.where(inside, p, np.nan)
    half = t_quantile(freedom, level) * np.sqrt(np.maximum(v, 0)) / (usable * (1 - usable))
    centre = scipy.special.logit(usable)
    return np.asarray(scipy.special.expit(centre - half)), np.asarray(scipy.special.expit(centre + half))


def mean(
    estimate: npt.ArrayLike, variance: npt.ArrayLike, df: npt.ArrayLike = np.inf, *, level: float = LEVEL
) -> tuple[FloatArray, FloatArray]:
    """Wald's interval, estimate ± t · se, for a mean, a total or a share; R: ``confint(svymean(...), df = )``.

    For a share it is not cut at 0 and 1, has no width at 0 and 1 or at n = N, and covers far too seldom in small units
    (down to .50 at 95 %). df not above 0 (n = 1) gives NaN.

    Parameters
    ----------
    estimate, variance : array_like
        Estimate and its variance.
    df : array_like
        Degrees of freedom; infinite gives the normal quantile, R's own default for means.
    level : float
        Nominal confidence.
    """
    centre, v, freedom = floats(estimate, variance, df)
    half = t_quantile(freedom, level) * np.sqrt(v)
    return centre - half, centre + half
