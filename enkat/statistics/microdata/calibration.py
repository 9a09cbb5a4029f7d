"""Weights that meet known totals of auxiliary variables, within bounds (Deville and Särndal 1992; R's calibrate)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from enkat.statistics.intervals import FloatArray
from enkat.statistics.microdata.design import SurveyDesign
from enkat.statistics.microdata.faults import FaultKind, MicrodataError
from enkat.statistics.microdata.poststrata import Margin

RANK: Final = 1e-9
"""Singular values below this share of the largest are none: the auxiliary variables say the same thing twice."""
MET: Final = 1e-7
"""Relative distance from a total at which it is met: R's ``epsilon``."""
Bounds = tuple[float, float]


class Distance(StrEnum):
    """How a weight's change is measured: LINEAR is the regression estimator, RAKING keeps weights above 0."""

    LINEAR = "linear"
    RAKING = "raking"


@dataclass(frozen=True, slots=True)
class Regression:
    """Calibration, as the variance knows it: residuals of a weighted regression on the auxiliary variables.

    Attributes
    ----------
    basis : float64 array (rows, rank)
        Orthonormal basis of the auxiliary variables times the root of the weights before.
    scale : float64 array (rows,)
        Weight after ÷ root of the weight before; 0 for rows out of sight.
    """

    basis: FloatArray
    scale: FloatArray

    def residuals(self, scores: FloatArray) -> FloatArray:
        """Take from weighted scores (rows, columns) what the auxiliary variables explain."""
        # A row of weight 0 has score 0.
        inner = np.divide(scores, self.scale[:, None], out=np.zeros_like(scores), where=self.scale[:, None] != 0)
        inner -= self.basis @ (self.basis.T @ inner)
        inner *= self.scale[:, None]
        return inner


@dataclass(frozen=True, slots=True)
class _Auxiliaries:
    """Auxiliary variables of the rows in the domain, with their totals in the frame."""

    names: tuple[tuple[str, object], ...]
    values: FloatArray
    totals: FloatArray

    def fault(self, kind: FaultKind, index: int, why: str) -> MicrodataError:
        column, level = self.names[index]
        where = column if level is None else f"{column}, cell {level}"
        message = f"calibration to {where} ({self.totals[index]:g}): {why}"
        return MicrodataError(kind, message, column=column, level=level, value=float(self.totals[index]))


def calibrate(
    design: SurveyDesign,
    *,
    margins: Sequence[Margin] = (),
    values: Mapping[str, npt.ArrayLike] | None = None,
    totals: Mapping[str, float] | None = None,
    distance: Distance = Distance.LINEAR,
    bounds: Bounds | None = None,
    most: int = 50,
) -> SurveyDesign:
    """Change weights as little as possible so that they meet counts and totals (R's ``calibrate``).

    Parameters
    ----------
    margins : sequence of Margin
        Counts of cells; several margins need not be linearly independent, but must agree.
    values, totals : mappings with the same keys, optional
        Numeric auxiliary variables (rows,) and their totals in the frame. A constant 1 with the number of people, or
        a margin, makes the estimator use the size of the population.
    distance : Distance
        LINEAR (R's ``calfun="linear"``; weights may fall below 0 without bounds) or RAKING (``"raking"``).
    bounds : (lowest, highest), optional
        Limits of weight after ÷ weight before, lowest below 1 and highest above 1.
    most : int
        Iterations at most, where there are any.

    Returns
    -------
    SurveyDesign
        Its variances are those of residuals. Holds rows × (cells + values) numbers in memory: for thousands of cells
        post-stratify or rake.

    Raises
    ------
    MicrodataError
        MISSING (a value, naming column and row), MARGIN (totals that disagree, or a total that no answer can meet),
        BOUND (no weights within the bounds meet the totals), NOT_CONVERGED, ARGUMENT.
    """
    known = _auxiliaries(design, margins, values or {}, totals or {})
    before = np.where(design.inside, design.weights, 0.0)
    whole = _Decomposed.of(known.values * np.sqrt(before)[:, None])
    if bounds is None and distance is Distance.LINEAR:
        factor = _linear(known, before, whole)
    else:
        factor = _iterated(known, before, distance, bounds or (-np.inf, np.inf), most)
    scale = np.where(design.inside, factor * np.sqrt(before), 0.0)
    after = np.where(design.inside, factor * design.weights, design.weights)
    return design.reweighted(after, Regression(whole.basis, scale))


def _auxiliaries(
    design: SurveyDesign,
    margins: Sequence[Margin],
    values: Mapping[str, npt.ArrayLike],
    totals: Mapping[str, float],
) -> _Auxiliaries:
    if set(values) != set(totals) or not (margins or values):
        raise MicrodataError(FaultKind.ARGUMENT, "give auxiliary variables, each with a total", column="totals")
    names: list[tuple[str, object]] = []
    columns: list[FloatArray] = []
    goals: list[float] = []
    for margin in margins:
        domains, counts = margin.cells(design)
        for number, level in enumerate(domains.levels):
            names.append((margin.name, level[0] if len(level) == 1 else level))
            columns.append((domains.groups.codes == number).astype(np.float64))
        goals.extend(counts.tolist())
    for name, given in values.items():
        column = np.asarray(given, dtype=np.float64)
        gaps = design.inside & ~np.isfinite(column)
        if gaps.any():
            row = int(np.argmax(gaps))
            raise MicrodataError(FaultKind.MISSING, f"{name} is missing in row {row}", column=name, row=row)
        names.append((name, None))
        columns.append(np.where(design.inside, column, 0.0))
        goals.append(float(totals[name]))
    return _Auxiliaries(tuple(names), np.column_stack(columns), np.array(goals))


@dataclass(frozen=True, slots=True)
class _Decomposed:
    """Columns, each divided by its length, as basis × size × right: what repeats is left out, whatever the units."""

    length: FloatArray
    basis: FloatArray
    size: FloatArray
    right: FloatArray

    @classmethod
    def of(cls, columns: FloatArray) -> Self:
        length = np.linalg.norm(columns, axis=0)
        length = np.where(length > 0, length, 1.0)
        orthogonal, triangle = np.linalg.qr(columns / length)
        left, size, right = np.linalg.svd(triangle, full_matrices=False)
        kept = size > RANK * size[0]
        return cls(length, orthogonal @ left[:, kept], size[kept], right[kept])

    def solve(self, missing: FloatArray) -> FloatArray:
        """Solve (columnsᵀ columns) λ = missing by least squares."""
        turned = self.right @ (missing / self.length) / self.size**2
        return np.asarray(self.right.T @ turned / self.length, dtype=np.float64)


def _off(known: _Auxiliaries, weights: FloatArray) -> FloatArray:
    return np.asarray(np.abs(known.totals - known.values.T @ weights) / (1 + np.abs(known.totals)), dtype=np.float64)


def _linear(known: _Auxiliaries, before: FloatArray, whole: _Decomposed) -> FloatArray:
    missing = known.totals - known.values.T @ before
    factor = 1 + known.values @ whole.solve(missing)
    off = _off(known, before * factor)
    if off.max() > MET:
        raise known.fault(FaultKind.MARGIN, int(off.argmax()), "the totals contradict each other or the answers")
    return np.asarray(factor, dtype=np.float64)


def _iterated(known: _Auxiliaries, before: FloatArray, distance: Distance, bounds: Bounds, most: int) -> FloatArray:
    """Newton's method with halved steps, as in R's ``grake``, carried on until it stands still."""
    lowest, highest = bounds
    if not lowest < 1 < highest:
        raise MicrodataError(
            FaultKind.ARGUMENT, f"bounds must lie around 1, not {lowest:g} to {highest:g}", column="bounds"
        )

    def changed(multiplier: FloatArray) -> tuple[FloatArray, FloatArray]:
        turned = known.values @ multiplier
        with np.errstate(over="ignore"):
            raw = turned + 1 if distance is Distance.LINEAR else np.exp(turned)
        slope = np.ones_like(raw) if distance is Distance.LINEAR else raw
        return np.clip(raw, lowest, highest), np.where((raw > lowest) & (raw < highest), slope, 0.0)

    multiplier = np.zeros(len(known.totals))
    factor, slope = changed(multiplier)
    off = float(_off(known, before * factor).max())
    for _ in range(most):
        missing = known.totals - known.values.T @ (before * factor)
        step = _Decomposed.of(known.values * np.sqrt(before * slope)[:, None]).solve(missing)
        proposal = changed(multiplier + step)
        while not (np.isfinite(proposal[0]).all() and np.isfinite(proposal[1]).all()):
            step = step / 2
            proposal = changed(multiplier + step)
        found = float(_off(known, before * proposal[0]).max())
        if off <= MET and found >= off:
            return factor
        multiplier, (factor, slope), off = multiplier + step, proposal, found
    if off <= MET:
        return factor
    worst = int(_off(known, before * factor).argmax())
    if np.isfinite(bounds).any():
        raise known.fault(FaultKind.BOUND, worst, f"no weights within {lowest:g} to {highest:g} times were found")
    raise known.fault(FaultKind.NOT_CONVERGED, worst, f"not met in {most} iterations")
