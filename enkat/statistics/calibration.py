"""Weights calibrated after the count, to units and to sex and age, though answers are kept in classes only.

Of an answer only its class is known, and of a class how many of each sex and age it holds. The class mean of the
sex × age indicator stands in for the person's own: summed over a class it is the class's true count, so weights that
are equal within a class meet the margins exactly. Distances are linear with bounds (Deville and Särndal 1992, case 7;
R's ``survey::calibrate(calfun="linear", bounds=…)``), and variances are those of the residuals.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from enkat.statistics.intervals import FloatArray, IntArray, ratio
from enkat.statistics.tallies import QuestionSums, sum_groups

BOUNDS: Final = (0.3, 3.0)
"""A calibrated weight lies between these multiples of N/r."""
FEWEST: Final = 20
"""Respondents of a sex and age cell; cells with fewer are merged."""
STEPS: Final = 100
CLOSE: Final = 1e-10
"""Greatest relative distance to a margin that counts as met."""


@dataclass(frozen=True, slots=True)
class Classes:
    """The respondents as the count keeps them.

    Attributes
    ----------
    stratum : int64 array (classes,)
        Index of the class's stratum; each stratum has as much weight per respondent before calibration.
    cells : int64 array (classes, sexes, ages)
        Respondents of the class by sex and age.
    """

    stratum: IntArray
    cells: IntArray

    @property
    def n(self) -> IntArray:
        """Respondents of each class: (classes,)."""
        return np.asarray(self.cells.sum(axis=(1, 2)), dtype=np.int64)


def merge_cells(respondents: IntArray, fewest: int) -> IntArray:
    """Merge cells with too few respondents: with the next age group, the last one with the group below it.

    A sex with too few respondents in all is merged with the other, age group by age group.

    Parameters
    ----------
    respondents : int64 array (sexes, ages)
    fewest : int
        The least number of respondents of a merged cell.

    Returns
    -------
    int64 array (sexes, ages)
        The merged cell that each cell belongs to, numbered from 0.
    """
    apart = bool((respondents.sum(axis=1) >= fewest).all())
    rows = respondents if apart else respondents.sum(axis=0, keepdims=True)
    labels = np.zeros(rows.shape, dtype=np.int64)
    first = 0
    for row, counts in enumerate(rows.tolist()):
        label, size = first, 0
        for age, count in enumerate(counts):
            labels[row, age] = label
            size += count
            if size >= fewest:
                label, size = label + 1, 0
        # What is left over joins the group below, if there is one.
        labels[row] = np.minimum(labels[row], max(label - 1, first))
        first = int(labels[row].max()) + 1
    return np.broadcast_to(labels, respondents.shape).copy()


@dataclass(frozen=True)
class Calibration:
    """Calibrated weights, and what a variance needs of them.

    Attributes
    ----------
    classes : Classes
    clients, respondents : int64 arrays (strata,)
        N and r.
    cells : int64 array (sexes, ages)
        Which merged cell each sex and age belongs to.
    means : float64 array (classes, merged cells)
        The auxiliary vector: the class's mean of the indicator.
    factor : float64 array (classes,)
        Calibrated weight through N/r; 1 where nothing was calibrated.
    fewest : int
        Respondents below which cells were merged: `FEWEST`, or more where the bounds did not allow finer cells.
    """

    classes: Classes
    clients: IntArray
    respondents: IntArray
    cells: IntArray
    means: FloatArray
    factor: FloatArray
    fewest: int

    @property
    def base(self) -> FloatArray:
        """N/r of each class: (classes,)."""
        return np.nan_to_num(ratio(self.clients, self.respondents))[self.classes.stratum]

    @property
    def weights(self) -> FloatArray:
        """Calibrated weight of each respondent, by class: (classes,)."""
        return self.base * self.factor

    @cached_property
    def residuals(self) -> "Residuals":
        """The regression that variances are taken from."""
        return Residuals(self)

    @property
    def is_neutral(self) -> bool:
        """Whether the weights are N/r: one cell for everybody."""
        return int(self.means.shape[1]) == 1


def calibrate(
    classes: Classes,
    clients: IntArray,
    population: IntArray | FloatArray,
    *,
    fewest: int = FEWEST,
    bounds: tuple[float, float] = BOUNDS,
) -> Calibration:
    """Calibrate weights N/r to the strata and to the margin of sex × age.

    Where the bounds cannot be kept, the least number of respondents per cell is doubled and the cells merged again; in
    the end one cell is left, and the weights are N/r.

    Parameters
    ----------
    classes : Classes
        At least one respondent in each stratum that has clients.
    clients : int64 array (strata,)
        N; strata without respondents must have 0: nobody speaks for them.
    population : array (sexes, ages)
        Clients of those strata by sex and age.

    Raises
    ------
    ValueError
        If the margins do not sum to the clients, or a stratum with clients has no respondents.
    """
    respondents = np.bincount(classes.stratum, weights=classes.n, minlength=len(clients)).astype(np.int64)
    if np.any((clients > 0) & (respondents == 0)):
        raise ValueError("a stratum with clients has no respondents")
    if not np.isclose(population.sum(), clients.sum()):
        raise ValueError("the margin of sex and age does not sum to the clients")
    by_cell = np.asarray(classes.cells.sum(axis=0), dtype=np.int64)
    while True:
        labels = merge_cells(by_cell, fewest)
        size = int(labels.max(initial=0)) + 1
        means = np.nan_to_num(ratio(_merged(classes.cells, labels, size), classes.n[:, None]))
        start = Calibration(classes, clients, respondents, labels, means, np.ones(len(classes.n)), fewest)
        if size == 1:
            return start
        factor = _factors(start, _merged(population[None], labels, size)[0], bounds)
        if factor is not None:
            return Calibration(classes, clients, respondents, labels, means, factor, fewest)
        fewest *= 2


def _merged(cells: IntArray | FloatArray, labels: IntArray, size: int) -> FloatArray:
    """Sum (rows, sexes, ages) into merged cells: (rows, merged cells)."""
    flat = cells.reshape(len(cells), -1).astype(np.float64)
    return sum_groups(np.ascontiguousarray(flat.T), labels.ravel(), size).T


def _factors(start: Calibration, population: FloatArray, bounds: tuple[float, float]) -> FloatArray | None:
    """Solve the bounded calibration by Newton's method; None where it does not come close.

    The unknowns are one number per stratum and per cell. The strata's block of the normal equations is diagonal, so
    it is eliminated, and what is solved is as small as the number of cells.
    """
    stratum, means = start.classes.stratum, start.means
    size = len(start.clients)
    weight = start.base * start.classes.n
    of_stratum, of_cell = np.zeros(size), np.zeros(means.shape[1])
    for _step in range(STEPS):
        linear = 1 + of_stratum[stratum] + means @ of_cell
        factor = np.clip(linear, *bounds)
        missing = start.clients - np.bincount(stratum, weights=weight * factor, minlength=size)
        lacking = population - means.T @ (weight * factor)
        far = max(
            float(np.max(np.abs(missing) / np.maximum(start.clients, 1), initial=0)),
            float(np.max(np.abs(lacking) / np.maximum(population, 1))),
        )
        if far < CLOSE:
            return factor
        free = np.where(factor == linear, weight, 0.0)
        held = np.bincount(stratum, weights=free, minlength=size)
        inverse = np.where(held > 0, 1 / np.where(held > 0, held, 1), 0.0)
        cross = sum_groups(free[:, None] * means, stratum, size)
        block = means.T @ (free[:, None] * means) - cross.T @ (inverse[:, None] * cross)
        step = np.linalg.pinv(block, rcond=1e-10, hermitian=True) @ (lacking - cross.T @ (inverse * missing))
        of_cell += step
        of_stratum += inverse * (missing - cross @ step)
    return None


@dataclass(frozen=True, slots=True)
class CalibratedShares:
    """Calibrated shares positive and their variances: float64 arrays (groups, questions)."""

    share: FloatArray
    variance: FloatArray


def calibrated_shares(
    calibration: Calibration, sums: QuestionSums, labels: IntArray, size: int, *, finite: bool = True
) -> CalibratedShares:
    """Estimate groups of strata by the ratio of calibrated sums.

    The linearised values of the ratio (Särndal, Swensson and Wretman 1992, 5.6) are regressed on the auxiliary vector
    with the weights N/r, over all strata; the residuals times the calibrated weights have the variance of a stratified
    draw (ibid., 6.6; R's ``svyrecvar``). All of it follows from the classes' counts.

    Parameters
    ----------
    calibration : Calibration
    sums : QuestionSums (classes, questions)
        Answers of each class; of a domain, zeros outside it.
    labels : int64 array (strata,)
        Group of each stratum, -1 for none.
    size : int
        Number of groups.
    finite : bool
        Whether variances have finite population correction: not where groups or rounds are compared.
    """
    of_class = labels[calibration.classes.stratum]
    weight = calibration.weights[:, None]
    total = sum_groups(weight * sums.answered, of_class, size)
    share = ratio(sum_groups(weight * sums.positive, of_class, size), total)
    group = np.maximum(of_class, 0)
    scale = np.where((of_class >= 0)[:, None], np.nan_to_num(ratio(1, total))[group], 0.0)
    p, k, n = np.nan_to_num(share)[group], sums.positive, sums.answered
    linear = scale * (k - n * p)
    squares = scale**2 * (k * (1 - p) ** 2 + (n - k) * p**2)
    residuals = calibration.residuals if finite else Residuals(calibration, finite=False)
    variance = residuals.variance(linear, squares, labels, size)
    return CalibratedShares(share, np.where(total > 0, variance, np.nan))


class Residuals:
    """The regression on the auxiliary vector, made once for all groups and questions."""

    def __init__(self, calibration: Calibration, *, finite: bool = True) -> None:
        self.stratum = calibration.classes.stratum
        self.size = len(calibration.clients)
        self.n = calibration.classes.n.astype(np.float64)[:, None]
        self.weight, self.base = calibration.weights[:, None], calibration.base[:, None]
        self.respondents = np.maximum(calibration.respondents, 1).astype(np.float64)[:, None]
        mean = sum_groups(self.n * calibration.means, self.stratum, self.size) / self.respondents
        self.deviation = calibration.means - mean[self.stratum]
        block = self.deviation.T @ (self.base * self.n * self.deviation)
        self.inverse = np.linalg.pinv(block, rcond=1e-10, hermitian=True)
        several = self.respondents > 1
        fraction = np.nan_to_num(ratio(calibration.respondents, calibration.clients))[:, None]
        more = np.where(several, self.respondents / np.maximum(self.respondents - 1, 1), 1.0)
        self.factor = (1 - fraction) * more if finite else more
        self.centred = np.where(several, 1 / self.respondents, 0.0)
        self.slopes = self._slopes()

    def _slopes(self) -> FloatArray:
        """Return what a slope alone adds to the variance of each stratum, as a quadratic form: (strata, cells, cells).

        Outside a group the linearised values are 0, and a residual is the fitted value with its sign turned.
        """
        squared = self.weight**2 * self.n * self.deviation
        crossed = sum_groups(squared[:, :, None] * self.deviation[:, None, :], self.stratum, self.size)
        summed = sum_groups(self.weight * self.n * self.deviation, self.stratum, self.size)
        outer = self.centred[:, :, None] * summed[:, :, None] * summed[:, None, :]
        return np.asarray(self.factor[:, :, None] * (crossed - outer), dtype=np.float64)

    def variance(self, linear: FloatArray, squares: FloatArray, labels: IntArray, size: int) -> FloatArray:
        """Return the variance of each group's share: (groups, questions).

        Parameters
        ----------
        linear, squares : float64 arrays (classes, questions)
            Each class's sum of linearised values for its own group, and of their squares; 0 outside all groups.
        labels : int64 array (strata,)
            Group of each stratum, -1 for none.
        size : int
            Number of groups.
        """
        of_class = labels[self.stratum]
        moments = sum_groups(self.deviation[:, :, None] * (self.base * linear)[:, None, :], of_class, size)
        slope = np.einsum("ij,gjq->giq", self.inverse, moments)
        mean = sum_groups(linear, self.stratum, self.size) / self.respondents
        fitted = mean[self.stratum] + np.einsum("ci,ciq->cq", self.deviation, slope[np.maximum(of_class, 0)])
        squared = self.weight**2 * (squares - 2 * fitted * linear + self.n * fitted**2)
        summed = sum_groups(self.weight * (linear - self.n * fitted), self.stratum, self.size)
        per_stratum = self.factor * (sum_groups(squared, self.stratum, self.size) - self.centred * summed**2)
        inside = sum_groups(np.maximum(per_stratum, 0), labels, size)
        beyond = self.slopes.sum(axis=0) - sum_groups(self.slopes, labels, size)
        outside = np.einsum("giq,gij,gjq->gq", slope, beyond, slope)
        return np.asarray(inside + np.maximum(outside, 0), dtype=np.float64)
