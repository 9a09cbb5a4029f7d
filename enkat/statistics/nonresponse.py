"""How representative the answers are, and what the weights cost: measures of a round's quality that need no answers."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from enkat.statistics.intervals import FloatArray, IntArray

STEPS: Final = 60
STEEPEST: Final = 10.0
"""Greatest logit of a propensity: where all of a unit or none of it answered, the fit has no end."""
CLOSE: Final = 1e-10


@dataclass(frozen=True, slots=True)
class Representativity:
    """The R-indicator: 1 where everybody answers as readily, lower the more readiness differs.

    Attributes
    ----------
    r : float
        1 - 2S, S the standard deviation of the propensities, adjusted for its bias; NaN where nobody was asked.
    unadjusted : float
        The same without the adjustment.
    spread : float
        S, adjusted.
    rate : float
        Mean propensity: the response rate.
    """

    r: float
    unadjusted: float
    spread: float
    rate: float

    def largest_bias(self, share: float) -> float:
        """Return the greatest bias that a mean of respondents can have if readiness and opinion go together fully.

        S · √(p(1-p)) / rate, as a share (Schouten, Cobben and Bethlehem 2009, section 3): what sex, age and unit tell
        of readiness bounds what they can explain of the bias, not what other differences can.
        """
        if not self.rate:
            return math.nan
        return self.spread * math.sqrt(max(share * (1 - share), 0)) / self.rate


def representativity(asked: IntArray, sent: IntArray) -> Representativity:
    """R-indicator of a round's response on unit and sex × age.

    Propensities come from a logistic model with main effects of unit and of the sex and age cell (Schouten, Cobben and
    Bethlehem 2009, Survey Methodology 35:101-113). The variance of estimated propensities is too large by the noise of
    the fit; the mean of x's variance, ∇h² x'J⁻¹x, is taken off (Shlomo, Skinner and Schouten 2012, Journal of
    Statistical Planning and Inference 142:201-211). Everybody asked counts once: no design weights.

    Parameters
    ----------
    asked, sent : int64 arrays (units, cells)
        Eligible people asked, and those of them who answered.

    Returns
    -------
    Representativity
    """
    people = int(asked.sum())
    if people == 0:
        return Representativity(math.nan, math.nan, math.nan, math.nan)
    fit = _fit(asked[:, asked.sum(axis=0) > 0], sent[:, asked.sum(axis=0) > 0])
    rate = float((fit.asked * fit.propensity).sum() / people)
    variance = float((fit.asked * (fit.propensity - rate) ** 2).sum() / max(people - 1, 1))
    noise = float((fit.asked * fit.variance).sum() / people)
    spread = math.sqrt(max(variance - noise, 0.0))
    return Representativity(1 - 2 * spread, 1 - 2 * math.sqrt(variance), spread, rate)


@dataclass(frozen=True, slots=True)
class _Fit:
    """Propensities and the variances of their estimates: float64 arrays (units, cells)."""

    asked: FloatArray
    propensity: FloatArray
    variance: FloatArray


def _fit(asked: IntArray, sent: IntArray) -> _Fit:
    """Fit the logistic model by Newton's method; the units' block of the information is diagonal and eliminated."""
    m, y = asked.astype(np.float64), sent.astype(np.float64)
    of_unit, of_cell = np.zeros((len(m), 1)), np.zeros((1, m.shape[1]))
    for _step in range(STEPS):
        p, weight, inverse, small = _information(m, of_unit, of_cell)
        score = y - m * p
        by_unit, by_cell = score.sum(axis=1, keepdims=True), score.sum(axis=0, keepdims=True)
        step = (by_cell - (inverse * by_unit).T @ weight) @ small
        move = inverse * (by_unit - weight @ step.T)
        of_cell = np.clip(of_cell + step, -STEEPEST, STEEPEST)
        of_unit = np.clip(of_unit + move, -STEEPEST, STEEPEST)
        if max(np.abs(step).max(), np.abs(move).max()) < CLOSE:
            break
    p, weight, inverse, small = _information(m, of_unit, of_cell)
    # x'J⁻¹x of a unit and cell: 1/D + (e - b/D)' S⁻¹ (e - b/D), b the unit's row of the information.
    contrast = np.eye(m.shape[1])[None, :, :] - (inverse * weight)[:, None, :]
    spread = inverse + np.einsum("uci,ij,ucj->uc", contrast, small, contrast)
    return _Fit(m, p, (p * (1 - p)) ** 2 * spread)


def _information(
    m: FloatArray, of_unit: FloatArray, of_cell: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return propensities, weights (units, cells), 1/D of the units and the inverse of the cells' block."""
    p = 1 / (1 + np.exp(-np.clip(of_unit + of_cell, -STEEPEST, STEEPEST)))
    weight = m * p * (1 - p)
    total = weight.sum(axis=1, keepdims=True)
    inverse = np.where(total > 0, 1 / np.where(total > 0, total, 1), 0.0)
    block = np.diag(weight.sum(axis=0)) - weight.T @ (inverse * weight)
    small = np.asarray(np.linalg.pinv(block, rcond=1e-10, hermitian=True), dtype=np.float64)
    return p, weight, np.asarray(inverse, dtype=np.float64), small


@dataclass(frozen=True, slots=True)
class WeightSummary:
    """What weights are like.

    Attributes
    ----------
    respondents : int
    deff : float
        Kish's design effect of unequal weights, 1 + cv² (Kish 1992): so many times larger a variance at the most.
    low, high : float
        Least and greatest weight through the mean weight.
    lowest_factor, highest_factor : float
        Least and greatest calibrated weight through N/r.
    held : float
        Share of the respondents whose weight is held at a bound.
    """

    respondents: int
    deff: float
    low: float
    high: float
    lowest_factor: float
    highest_factor: float
    held: float


def weight_summary(
    weights: npt.ArrayLike, factors: npt.ArrayLike, n: npt.ArrayLike, bounds: tuple[float, float]
) -> WeightSummary:
    """Summarise weights that ``n`` respondents each have.

    Parameters
    ----------
    weights, factors : array_like (classes,)
        Weights, and weights through N/r.
    n : array_like (classes,)
        Respondents with that weight.
    bounds : (float, float)
        Between which the factors were held.
    """
    w, g, number = (np.asarray(value, dtype=np.float64) for value in (weights, factors, n))
    people = number.sum()
    if not people:
        return WeightSummary(0, math.nan, math.nan, math.nan, math.nan, math.nan, math.nan)
    mean = (number * w).sum() / people
    used = number > 0
    held = np.isclose(g, bounds[0]) | np.isclose(g, bounds[1])
    return WeightSummary(
        respondents=int(people),
        deff=float(people * (number * w**2).sum() / (number * w).sum() ** 2),
        low=float(w[used].min() / mean),
        high=float(w[used].max() / mean),
        lowest_factor=float(g[used].min()),
        highest_factor=float(g[used].max()),
        held=float((number * held).sum() / people),
    )
