"""Variances from scores: R's ``svyrecvar`` for one stage, for all domains and questions in one pass.

An estimate is, to first order, a sum of one score per row; its variance is that of the sum of the primary units'
scores in a stratified draw (Särndal, Swensson and Wretman 1992, 3.7 and 5.5; Binder 1983):

    V = Σ_h (1 - n_h/N_h) n_h/(n_h - 1) Σ_p (z_hp - z̄_h)²

where a primary unit without a row in the domain has z = 0 and counts in n_h. Scores of adjusted weights are replaced
by their residuals first (Deville and Särndal 1992).
"""

from dataclasses import dataclass

import numpy as np

from enkat.statistics.intervals import FloatArray, IntArray, ratio
from enkat.statistics.microdata.design import Lonely, SurveyDesign
from enkat.statistics.microdata.domains import BoolArray, Groups, crossed
from enkat.statistics.microdata.faults import FaultKind, MicrodataError

BLOCK = 1_000_000
"""Numbers in a block of dense scores: what an adjusted design's variance holds in memory at a time."""


@dataclass(frozen=True, slots=True)
class _Cells:
    """Primary units that a variance sees, and the cells domain × stratum they lie in.

    Attributes
    ----------
    units : Groups or None
        Rows by (domain, primary unit); None where each row is a unit.
    cells : Groups
        Units by (domain, stratum).
    domain, stratum : int64 arrays (cells,)
    seen : float64 array (cells,)
        Units in each cell.
    """

    units: Groups | None
    cells: Groups
    domain: IntArray
    stratum: IntArray
    seen: FloatArray

    def unit_sums(self, scores: FloatArray) -> FloatArray:
        return scores if self.units is None else self.units.sums(scores)


def _cells(design: SurveyDesign, codes: IntArray) -> _Cells:
    """Lay out the cells of rows labelled by domain; -1 for rows out of sight."""
    draw = design.strata
    if draw.psu is None:
        cells, domain, stratum = crossed(codes, draw.stratum.codes, len(draw.levels))
        return _Cells(None, cells, domain, stratum, cells.counts().astype(np.float64))
    units, unit_domain, unit = crossed(codes, draw.psu.codes, draw.psu.size)
    cells, domain, stratum = crossed(unit_domain, draw.psu_stratum[unit], len(draw.levels))
    return _Cells(units, cells, domain, stratum, cells.counts().astype(np.float64))


def _cell_variances(design: SurveyDesign, laid: _Cells, scores: FloatArray) -> FloatArray:
    """Contribution of each cell (domain, stratum): array (cells, columns).

    Centred first, so that a stratum with equal scores adds exactly nothing.
    """
    units = laid.unit_sums(scores)
    if not laid.cells.size:
        return np.zeros((0, scores.shape[1]))
    mean = laid.cells.sums(units) / laid.seen[:, None]
    drawn = design.strata.drawn[laid.stratum].astype(np.float64)
    lone = drawn == 1
    absent = (laid.seen * (1 - laid.seen / drawn))[:, None] * mean**2
    inner = laid.cells.sums_of(lambda rows: np.square(units[rows] - mean[laid.cells.codes[rows]])) + absent
    if design.lonely is Lonely.ADJUST:
        inner[lone] = mean[lone] ** 2
    factor = design.strata.correction[laid.stratum] * np.where(lone, 1.0, drawn / np.maximum(drawn - 1, 1))
    return np.asarray(factor[:, None] * inner, dtype=np.float64)


def _lonely(design: SurveyDesign, stratum: IntArray) -> BoolArray:
    """Whether each cell's stratum holds one primary unit of several; refuses where the design does."""
    lone = (design.strata.drawn[stratum] == 1) & (design.strata.correction[stratum] > 0)
    if design.lonely is Lonely.FAIL and lone.any():
        number = int(stratum[np.argmax(lone)])
        level = design.strata.levels[number]
        row = int(np.argmax(design.strata.stratum.codes == number))
        message = f"stratum {level!r} has only one primary unit; choose how such strata count, or merge it"
        raise MicrodataError(FaultKind.LONELY, message, column="strata", row=row, level=level)
    return np.asarray(lone, dtype=np.bool_)


def _averaged(laid: _Cells, lone: BoolArray, seen: FloatArray, size: int) -> FloatArray:
    """Factor for AVERAGE: strata seen in a domain ÷ those that are not lonely; NaN where all are."""
    domain = Groups(laid.domain, size)
    return ratio(domain.sums(seen), domain.sums(np.where(lone[:, None], 0.0, seen)))


def variances(design: SurveyDesign, groups: Groups, scores: FloatArray, answered: BoolArray) -> FloatArray:
    """Variance of each estimate.

    Parameters
    ----------
    design : SurveyDesign
    groups : Groups
        Domain of each row.
    scores : float64 array (rows, columns)
        What each row adds to its domain's estimate; 0 where it has no part in it.
    answered : bool array (rows, columns)
        Which rows have a part.

    Returns
    -------
    float64 array (domains, columns)
        NaN where AVERAGE has nothing to average over.

    Raises
    ------
    MicrodataError
        LONELY where a stratum has one primary unit and the design refuses that.
    """
    if design.adjustments:
        return _adjusted_variances(design, groups, scores)
    codes = np.where(answered.any(axis=1), groups.codes, -1)
    laid = _cells(design, codes)
    lone = _lonely(design, laid.stratum)
    domain = Groups(laid.domain, groups.size)
    found = _cell_variances(design, laid, scores)
    if not (design.lonely is Lonely.AVERAGE and lone.any()):
        return domain.sums(found)
    seen = laid.cells.sums(laid.unit_sums(answered.astype(np.float64))) > 0
    # A lonely cell is centred at itself: it has added nothing.
    return domain.sums(found) * _averaged(laid, lone, seen.astype(np.float64), groups.size)


def _adjusted_variances(design: SurveyDesign, groups: Groups, scores: FloatArray) -> FloatArray:
    """Variances after adjustment: every row has a residual in every domain, so domains become columns, by blocks."""
    rows, columns = scores.shape
    result = np.empty((groups.size, columns))
    step = max(1, BLOCK // (rows * columns))
    for begin in range(0, groups.size, step):
        chosen = np.arange(begin, min(begin + step, groups.size))
        dense = np.where((groups.codes[:, None] == chosen)[:, :, None], scores[:, None, :], 0.0)
        found = total_variances(design, dense.reshape(rows, -1))
        result[chosen] = found.reshape(len(chosen), columns)
    return result


def _visible(design: SurveyDesign, scores: FloatArray) -> tuple[FloatArray, _Cells, BoolArray]:
    """Residual scores of the rows the variance knows of, in strata."""
    for adjustment in design.adjustments:
        scores = adjustment.residuals(scores)
    laid = _cells(design, np.where(design.present, 0, -1))
    return scores, laid, _lonely(design, laid.stratum)


def _average(design: SurveyDesign, lone: BoolArray) -> float:
    """Factor for AVERAGE over the whole: strata ÷ those that are not lonely, which alone add anything."""
    return float(ratio(len(lone), (~lone).sum())) if design.lonely is Lonely.AVERAGE else 1.0


def total_variances(design: SurveyDesign, scores: FloatArray) -> FloatArray:
    """Variance of each column's sum of scores (rows, columns) over all rows."""
    residuals, laid, lone = _visible(design, scores)
    found = _cell_variances(design, laid, residuals)
    return np.asarray(found.sum(axis=0) * _average(design, lone), dtype=np.float64)


def covariances(design: SurveyDesign, scores: FloatArray) -> FloatArray:
    """Covariance matrix of the columns' sums of scores (rows, columns) over all rows."""
    residuals, laid, lone = _visible(design, scores)
    units = laid.unit_sums(residuals)
    inside = laid.cells.codes >= 0
    cell = laid.cells.codes[inside]
    mean = laid.cells.sums(units) / laid.seen[:, None]
    drawn = design.strata.drawn[laid.stratum].astype(np.float64)
    single = drawn == 1
    if design.lonely is Lonely.ADJUST:
        mean = np.where(single[:, None], 0.0, mean)
    factor = design.strata.correction[laid.stratum] * np.where(single, 1.0, drawn / np.maximum(drawn - 1, 1))
    centred = (units[inside] - mean[cell]) * np.sqrt(factor)[cell, None]
    absent = mean * np.sqrt(factor * laid.seen * np.maximum(1 - laid.seen / drawn, 0))[:, None]
    return np.asarray((centred.T @ centred + absent.T @ absent) * _average(design, lone), dtype=np.float64)
