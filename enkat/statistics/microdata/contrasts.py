"""Differences, linear combinations and ratios of estimates, with their covariance (R's ``svycontrast``).

Estimates of one design may share strata, primary units and persons: the scores are combined row by row, so that
every covariance is in the result. Estimates of different designs (two rounds) are independent.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from enkat.statistics.intervals import LEVEL, FloatArray
from enkat.statistics.intervals.design_based import mean as symmetric
from enkat.statistics.microdata.design import SurveyDesign
from enkat.statistics.microdata.domains import BoolArray
from enkat.statistics.microdata.faults import FaultKind, MicrodataError
from enkat.statistics.microdata.results import (
    DegreesOfFreedom,
    Estimate,
    Estimates,
    Reason,
    chosen_df,
)
from enkat.statistics.microdata.variance import covariances, total_variances

Several = Estimates | Sequence[Estimates]


def _listed(estimates: Several) -> list[Estimates]:
    return [estimates] if isinstance(estimates, Estimates) else list(estimates)


def _flat(estimates: Sequence[Estimates]) -> FloatArray:
    return np.concatenate([one.estimate.ravel() for one in estimates])


def _spread(one: Estimates, weights: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Each row's score in Σ weight × estimate, and which rows have a part; weights (domains, columns)."""
    linear = one.scored()
    own = one.domains.groups.codes
    used = (weights != 0).any(axis=0)
    each = np.where((own >= 0)[:, None], weights[:, used][np.maximum(own, 0)], 0.0)
    scores = np.einsum("rc,rc->r", linear.scores[:, used], each)
    return scores, np.asarray((linear.answered[:, used] & (each != 0)).any(axis=1), dtype=np.bool_)


def _same_draw(designs: Sequence[SurveyDesign]) -> SurveyDesign:
    """Join domains of one design: the rows that any of them sees."""
    first = designs[0]
    present, inside = first.present.copy(), first.inside.copy()
    for other in designs[1:]:
        present |= other.present
        inside |= other.inside
    return SurveyDesign(first.weights, first.strata, first.lonely, present, inside, first.adjustments)


def _independent(estimates: Sequence[Estimates]) -> list[list[int]]:
    """Sort estimates by the file they came from: those of different files are independent.

    Two weightings of one file are neither one design nor independent, and are refused.
    """
    found: list[list[int]] = []
    for number, one in enumerate(estimates):
        design = one.scored().design
        for known in found:
            other = estimates[known[0]].scored().design
            if other.strata.stratum is not design.strata.stratum:
                continue
            if other.strata is not design.strata or other.weights is not design.weights:
                message = "estimates of one file with different weights or corrections cannot be contrasted"
                raise MicrodataError(FaultKind.ARGUMENT, message, column="estimates")
            known.append(number)
            break
        else:
            found.append([number])
    return found


def _combined(estimates: Sequence[Estimates], gradient: FloatArray) -> tuple[float, int, float, float]:
    """Variance, n, N and degrees of freedom of Σ gradient × estimate."""
    begins = np.cumsum([0, *(one.estimate.size for one in estimates)])
    variance, n, size, degrees = 0.0, 0, 0.0, 0.0
    for together in _independent(estimates):
        design = _same_draw([estimates[number].scored().design for number in together])
        scores, part = np.zeros(design.rows), np.zeros(design.rows, dtype=np.bool_)
        for number in together:
            one = estimates[number]
            weights = gradient[begins[number] : begins[number + 1]].reshape(one.estimate.shape)
            more, rows = _spread(one, weights)
            scores += more
            part |= rows
        if not part.any():
            continue
        variance += float(total_variances(design, scores[:, None])[0])
        n += int(part.sum())
        size += float(design.weights[part].sum())
        degrees += design.domain(part).degrees_of_freedom()
    return variance, n, size, degrees


def _result(
    name: str, method: str, value: float, found: tuple[float, int, float, float], *, level: float, df: DegreesOfFreedom
) -> Estimate:
    variance, n, size, design_degrees = found
    degrees = chosen_df(df, np.array(design_degrees), np.array(n))
    se = float(np.sqrt(variance))
    lo, hi = (float(limit) for limit in symmetric(value, variance, degrees, level=level))
    if not np.isfinite(value) or not np.isfinite(se):
        why = Reason.EMPTY if not np.isfinite(value) else Reason.LONELY
        return Estimate(name, (), None, None, None, None, n, size, float(degrees), method, why)
    if not degrees > 0:
        return Estimate(name, (), value, se, None, None, n, size, float(degrees), method, Reason.NO_DEGREES)
    return Estimate(name, (), value, se, lo, hi, n, size, float(degrees), method, Reason.NONE)


def _weights(given: npt.ArrayLike, size: int) -> FloatArray:
    weights = np.asarray(given, dtype=np.float64).ravel()
    if len(weights) != size:
        raise MicrodataError(FaultKind.LENGTH, f"{len(weights)} contrast weights for {size} estimates")
    return weights


def _dot(weights: FloatArray, values: FloatArray) -> float:
    """Sum of products; an undefined estimate counts only where it has a weight."""
    used = weights != 0
    return float(weights[used] @ values[used])


def contrast(
    estimates: Several,
    weights: npt.ArrayLike,
    *,
    name: str = "contrast",
    level: float = LEVEL,
    df: DegreesOfFreedom = "design",
) -> Estimate:
    """Σ weight × estimate (R's ``svycontrast`` of ``svyby(covmat=TRUE)``).

    Parameters
    ----------
    estimates : Estimates or sequence of them
        Domains and columns in the order that iteration gives, one `Estimates` after the other.
    weights : array_like
        One for each estimate.
    name : str
    level, df
        As for `mean`; "design" counts primary units and strata of all rows that have a part, added up over designs.

    Returns
    -------
    Estimate
        ``n`` and ``N`` are of all rows that have a part.

    Raises
    ------
    MicrodataError
        LENGTH for another number of weights, ARGUMENT for an estimate without scores (a quantile).
    """
    listed = _listed(estimates)
    values = _flat(listed)
    factors = _weights(weights, len(values))
    return _result(name, "contrast", _dot(factors, values), _combined(listed, factors), level=level, df=df)


def difference(
    estimates: Several, first: int, second: int, *, level: float = LEVEL, df: DegreesOfFreedom = "design"
) -> Estimate:
    """First estimate minus second, both by their place in the order of `contrast`."""
    listed = _listed(estimates)
    factors = np.zeros(sum(one.estimate.size for one in listed))
    factors[first] += 1
    factors[second] -= 1
    return contrast(listed, factors, name="difference", level=level, df=df)


def ratio_contrast(
    estimates: Several,
    above: npt.ArrayLike,
    below: npt.ArrayLike,
    *,
    name: str = "ratio",
    level: float = LEVEL,
    df: DegreesOfFreedom = "design",
) -> Estimate:
    """Ratio of two linear combinations by the delta method (R's ``svycontrast`` of a quoted ratio).

    Parameters
    ----------
    above, below : array_like
        Weights of the numerator and of the denominator, one for each estimate.
    estimates, name, level, df
        As for `contrast`.

    Returns
    -------
    Estimate
        Undefined, with reason ZERO_DENOMINATOR, where the denominator is 0.
    """
    listed = _listed(estimates)
    values = _flat(listed)
    upper, lower = _weights(above, len(values)), _weights(below, len(values))
    divisor = _dot(lower, values)
    if divisor == 0:
        found = _combined(listed, upper)
        return Estimate(name, (), None, None, None, None, *found[1:], "ratio contrast", Reason.ZERO_DENOMINATOR)
    value = _dot(upper, values) / divisor
    gradient = (upper - value * lower) / divisor
    return _result(name, "ratio contrast", value, _combined(listed, gradient), level=level, df=df)


def covariance(estimates: Estimates) -> FloatArray:
    """Covariance matrix of all estimates in the order of `contrast` (R's ``vcov`` of ``svyby(covmat=TRUE)``).

    Returns
    -------
    float64 array (domains · columns, domains · columns)
        Holds rows × domains × columns numbers in memory while it works.
    """
    linear = estimates.scored()
    domains = np.arange(len(estimates.domains.levels))
    own = estimates.domains.groups.codes[:, None] == domains
    dense = np.where(own[:, :, None], linear.scores[:, None, :], 0.0)
    return covariances(linear.design, dense.reshape(linear.design.rows, -1))
