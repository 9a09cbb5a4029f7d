"""Rao and Scott's test of independence in a two-way table (R's ``svychisq``; Rao and Scott 1981, 1984)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy  # loads `scipy.special` when it is first used

from enkat.statistics.intervals import FloatArray
from enkat.statistics.microdata.design import SurveyDesign
from enkat.statistics.microdata.domains import Labels, coded
from enkat.statistics.microdata.faults import FaultKind, MicrodataError
from enkat.statistics.microdata.means import Answers, mean_scores, weighted_means
from enkat.statistics.microdata.results import Reason
from enkat.statistics.microdata.variance import covariances


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome of a test.

    Attributes
    ----------
    statistic, p : float or None
        None where undefined.
    df, df2 : float
        Degrees of freedom; ``df2`` is infinite for a chi-squared test.
    n : int
        Rows with both answers.
    N : float
        Sum of their weights.
    method : str
    reason : Reason
        Why statistic and p are None.
    """

    statistic: float | None
    p: float | None
    df: float
    df2: float
    n: int
    N: float
    method: str
    reason: Reason


def rao_scott(
    design: SurveyDesign, rows: Labels, columns: Labels, *, statistic: Literal["F", "Chisq"] = "F"
) -> Outcome:
    """Test whether two variables are independent.

    Pearson's statistic of the weighted table, corrected by the mean design effect of the interactions ("Chisq"), or
    also by their spread, against F ("F": the second-order correction with Satterthwaite's degrees of freedom, R's
    default). The design's degrees of freedom count all rows of the domain, those with a missing answer included.

    Parameters
    ----------
    design : SurveyDesign
    rows, columns : labels (rows,)
        None, NaN and "" are missing.
    statistic : "F" or "Chisq"

    Returns
    -------
    Outcome
        Undefined, with reason CONSTANT, where either variable has a single level, and with NO_DEGREES where the
        answers do not tell how uncertain the table is.

    Raises
    ------
    MicrodataError
        LENGTH for another number of rows, EMPTY_DOMAIN where nobody answered both.
    """
    first, second = coded(rows)[1], coded(columns)[1]
    if len(first) != design.rows or len(second) != design.rows:
        raise MicrodataError(FaultKind.LENGTH, f"a variable has another number of rows than the design, {design.rows}")
    both = design.inside & (first >= 0) & (second >= 0)
    if not both.any():
        raise MicrodataError(FaultKind.EMPTY_DOMAIN, "nobody answered both questions")
    levels, first[both] = np.unique(first[both], return_inverse=True)
    others, second[both] = np.unique(second[both], return_inverse=True)
    shape = len(levels), len(others)
    cell = np.where(both, first * shape[1] + second, -1)
    indicator = np.where(both[:, None], cell[:, None] == np.arange(shape[0] * shape[1]), np.nan)
    answers = Answers.of(design, indicator, None, None)
    n, size = int(both.sum()), float(design.weights[both].sum())
    method = "Rao–Scott, second order, F" if statistic == "F" else "Rao–Scott, first order, chi-squared"
    if min(shape) < 2:  # noqa: PLR2004  a table of one row or column
        return Outcome(None, None, 0, 0, n, size, method, Reason.CONSTANT)
    share = weighted_means(answers)
    spread = covariances(design, mean_scores(answers, share))
    effects = _effects(share[0], spread, shape)
    count = int(design.present.sum())
    pearson = count * _distance(share[0].reshape(shape))
    trace, design_degrees = float(np.trace(effects)), _design_degrees(design)
    if not trace > 0 or design_degrees <= 0:  # NaN as well
        return Outcome(None, None, 0, 0, n, size, method, Reason.NO_DEGREES)
    if statistic == "Chisq":
        degrees = float(len(effects))
        p = float(scipy.special.chdtrc(degrees, pearson * degrees / (count * trace)))
        return Outcome(pearson, p, degrees, np.inf, n, size, method, Reason.NONE)
    degrees = trace**2 / float(np.trace(effects @ effects))
    second_degrees = degrees * design_degrees
    found = pearson / (count * trace)
    p = float(scipy.special.fdtrc(degrees, second_degrees, found))
    return Outcome(found, p, degrees, second_degrees, n, size, method, Reason.NONE)


def _design_degrees(design: SurveyDesign) -> int:
    """Primary units minus strata over the rows the variance knows of."""
    draw, here = design.strata, design.present
    units = int(here.sum()) if draw.psu is None else len(np.unique(draw.psu.codes[here]))
    return units - len(np.unique(draw.stratum.codes[here]))


def _distance(share: FloatArray) -> float:
    """Pearson's statistic per row of a table of shares."""
    expected = np.outer(share.sum(axis=1), share.sum(axis=0))
    return float(((share - expected) ** 2 / expected).sum())


def _effects(share: FloatArray, spread: FloatArray, shape: tuple[int, int]) -> FloatArray:
    """Generalised design effects of the interactions, per row: D = (CᵀP⁻¹C)⁻¹ CᵀP⁻¹VP⁻¹C; NaN where there is none."""
    rows, columns = np.indices(shape)
    row_part = rows.ravel()[:, None] == np.arange(shape[0])
    column_part = columns.ravel()[:, None] == np.arange(1, shape[1])
    main = np.hstack([row_part, column_part]).astype(np.float64)
    inner = (rows.ravel()[:, None] == np.arange(1, shape[0]))[:, :, None] & column_part[:, None, :]
    interactions = inner.reshape(len(main), -1).astype(np.float64)
    basis, _ = np.linalg.qr(main)
    free = interactions - basis @ (basis.T @ interactions)
    inverse = np.where(share > 0, 1 / np.where(share > 0, share, 1), 0)
    turned = free * inverse[:, None]
    try:
        found = np.linalg.solve(free.T @ turned, turned.T @ spread @ turned)
    except np.linalg.LinAlgError:  # cells that nobody is in leave an interaction without answers
        found = np.full((1, 1), np.nan)
    return np.asarray(found, dtype=np.float64)
