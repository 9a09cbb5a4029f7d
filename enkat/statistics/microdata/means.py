"""Means, shares, distributions, totals and ratios, by domain (R's svymean, svytotal, svyratio under svyby).

A column's missing answers (NaN) leave by the rule of ``na.rm=TRUE``: the answerers are a domain; strata, numbers
drawn and weights stay. Each column has its own answerers, as in one call per variable in R.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from enkat.statistics.intervals import BOUNDARY, LEVEL, FloatArray, IntArray, ratio
from enkat.statistics.intervals.design_based import mean as symmetric
from enkat.statistics.microdata.design import SurveyDesign
from enkat.statistics.microdata.domains import EVERY, BoolArray, By, Domains, Groups, blocks, coded, crossed
from enkat.statistics.microdata.faults import FaultKind, MicrodataError
from enkat.statistics.microdata.results import (
    REASONS,
    DegreesOfFreedom,
    Estimates,
    Linear,
    Reason,
    chosen_df,
)
from enkat.statistics.microdata.variance import variances


@dataclass(frozen=True, slots=True)
class Answers:
    """Columns of one request, with the domains they are estimated for.

    Attributes
    ----------
    design : SurveyDesign
    domains : Domains
    values : float64 array (rows, columns)
        NaN where missing.
    answered : bool array (rows, columns)
        Who has a part: rows of the domain with an answer.
    names : tuple of str
    n : int64 array (domains, columns)
        Answers.
    total : float64 array (domains, columns)
        Their weights.
    """

    design: SurveyDesign
    domains: Domains
    values: FloatArray
    answered: BoolArray
    names: tuple[str, ...]
    n: IntArray
    total: FloatArray

    @classmethod
    def of(cls, design: SurveyDesign, y: npt.ArrayLike, by: By, names: Sequence[str] | None) -> "Answers":
        """Read columns; NaN is missing.

        Raises
        ------
        MicrodataError
            LENGTH where the columns have another number of rows, or other names than columns.
        """
        given = np.asarray(y, dtype=np.float64)
        columns = given[:, None] if given.ndim == 1 else given
        if len(columns) != design.rows:
            raise MicrodataError(FaultKind.LENGTH, f"the answers have {len(columns)} rows, the design {design.rows}")
        labels = tuple(names) if names is not None else tuple(f"y{number + 1}" for number in range(columns.shape[1]))
        if len(labels) != columns.shape[1]:
            raise MicrodataError(FaultKind.LENGTH, f"{len(labels)} names for {columns.shape[1]} columns")
        domains = design.domains(by)
        answered = ~np.isnan(columns)
        answered &= (domains.groups.codes >= 0)[:, None]
        groups, weights = domains.groups, design.weights[:, None]
        n = groups.sums(answered).astype(np.int64)
        total = groups.sums_of(lambda rows: weights[rows] * answered[rows])
        return cls(design, domains, columns, answered, labels, n, total)

    @property
    def own(self) -> IntArray:
        """Each row's domain, 0 for rows in none (whose scores are 0 anyway)."""
        return np.maximum(self.domains.groups.codes, 0)

    def weighted(self, values: FloatArray, rows: slice = EVERY) -> FloatArray:
        """Weight × value for some rows; 0 where nobody answered."""
        product = self.design.weights[rows, None] * values
        np.copyto(product, 0.0, where=~self.answered[rows])
        return product

    def design_df(self) -> FloatArray:
        """Primary units minus strata that hold an answer, by domain and column."""
        draw, groups = self.design.strata, self.domains.groups
        present = self.answered
        units = self.n if draw.psu is None else _holding(groups, draw.psu, present)
        return (units - _holding(groups, draw.stratum, present)).astype(np.float64)

    def finish(
        self, estimate: FloatArray, scores: FloatArray, method: str, *, level: float, df: DegreesOfFreedom
    ) -> Estimates:
        """Add standard errors, intervals and reasons to estimates (domains, columns) with scores (rows, columns)."""
        n = self.n
        some = np.isfinite(estimate)
        variance = np.where(some, variances(self.design, self.domains.groups, scores, self.answered), np.nan)
        se, degrees = np.sqrt(variance), chosen_df(df, self.design_df(), n)
        lo, hi = symmetric(estimate, variance, degrees, level=level)
        reason = np.zeros(estimate.shape, dtype=np.int8)
        for why, where in (
            (Reason.NO_DEGREES, ~(degrees > 0)),
            (Reason.LONELY, some & np.isnan(se)),
            (Reason.ZERO_DENOMINATOR, ~some),
            (Reason.EMPTY, n == 0),
        ):
            reason[where] = REASONS.index(why)
        linear = Linear(self.design, scores, self.answered)
        return Estimates(self.domains, self.names, estimate, se, lo, hi, n, self.total, degrees, reason, method, linear)


def _holding(groups: Groups, parts: Groups, present: BoolArray) -> IntArray:
    """Count the parts (strata, primary units) that hold a present row, by group and column."""
    cells, domain, _ = crossed(groups.codes, parts.codes, parts.size)
    held = (cells.sums(present) > 0).astype(np.float64)
    return Groups(domain, groups.size).sums(held).astype(np.int64)


def mean_scores(answers: Answers, estimate: FloatArray) -> FloatArray:
    """Scores of means: w (y - ȳ) / Σw among the answerers, 0 elsewhere."""
    centre, per_person = np.nan_to_num(estimate), np.nan_to_num(ratio(1, answers.total))
    own, scores = answers.own, np.empty_like(answers.values)
    for rows in blocks(len(scores)):
        centred = answers.values[rows] - centre[own[rows]]
        np.multiply(answers.weighted(centred, rows), per_person[own[rows]], out=scores[rows])
    return scores


def weighted_means(answers: Answers) -> FloatArray:
    """Σwy / Σw by domain and column; NaN where nobody answered."""
    groups = answers.domains.groups
    return ratio(groups.sums_of(lambda rows: answers.weighted(answers.values[rows], rows)), answers.total)


def mean(
    design: SurveyDesign,
    y: npt.ArrayLike,
    *,
    by: By = None,
    names: Sequence[str] | None = None,
    level: float = LEVEL,
    df: DegreesOfFreedom = "design",
) -> Estimates:
    """Weighted means (R's ``svymean`` with ``na.rm=TRUE``, one variable a call, under ``svyby``).

    Parameters
    ----------
    design : SurveyDesign
    y : array_like (rows,) or (rows, columns)
        NaN is missing.
    by : mapping of columns, optional
        Domains are the cells that occur; rows with a missing label are in none.
    names : sequence of str, optional
        Names of the columns.
    level : float
        Nominal confidence of estimate ± quantile × SE.
    df : "design", "normal", "n-1" or float
        Degrees of freedom of the quantile: primary units minus strata that hold an answer of the domain (R's
        ``degf`` of the domain of answerers), infinite (R's ``confint`` by default), answers minus one, or a number.

    Returns
    -------
    Estimates
        A domain where nobody answered has no estimate, and says so; one answer in a stratum drawn whole has SE 0.
    """
    answers = Answers.of(design, y, by, names)
    estimate = weighted_means(answers)
    return answers.finish(estimate, mean_scores(answers, estimate), "mean", level=level, df=df)


def share(
    design: SurveyDesign,
    y: npt.ArrayLike,
    positive: Collection[float],
    *,
    by: By = None,
    names: Sequence[str] | None = None,
    level: float = LEVEL,
    df: DegreesOfFreedom = "design",
) -> Estimates:
    """Shares of answers that are positive: `mean` of the indicator.

    A share within 1e-9 of 0 or 1 is 0 or 1, with standard error 0: sums of unequal weights leave a last-digit error.
    The interval is the symmetric one; intervals by name are made from estimate, se, n and df.

    Parameters
    ----------
    y : array_like (rows,) or (rows, columns)
        Codes; NaN is missing.
    positive : collection of float
        Codes that count as positive.
    design, by, names, level, df
        As for `mean`.
    """
    codes = np.asarray(y, dtype=np.float64)
    indicator = np.where(np.isnan(codes), np.nan, np.isin(codes, list(positive)).astype(np.float64))
    return _shares(Answers.of(design, indicator, by, names), "share", level=level, df=df)


def _shares(answers: Answers, method: str, *, level: float, df: DegreesOfFreedom) -> Estimates:
    estimate = weighted_means(answers)
    estimate = np.where(estimate <= BOUNDARY, 0.0, np.where(estimate >= 1 - BOUNDARY, 1.0, estimate))
    return answers.finish(estimate, mean_scores(answers, estimate), method, level=level, df=df)


def distribution(
    design: SurveyDesign,
    y: npt.ArrayLike | Sequence[object],
    *,
    levels: Sequence[object] | None = None,
    by: By = None,
    level: float = LEVEL,
    df: DegreesOfFreedom = "design",
) -> Estimates:
    """Share of every level of one variable (R's ``svymean`` of a factor): one column per level.

    Parameters
    ----------
    y : labels (rows,)
        None, NaN and "" are missing.
    levels : sequence, optional
        Levels in the order wanted, those that nobody chose included; the sorted ones that occur by default.
    design, by, level, df
        As for `mean`.

    Raises
    ------
    MicrodataError
        UNKNOWN_LEVEL where a row has a level that is not among ``levels``.
    """
    found, codes = coded(y)
    order = tuple(found if levels is None else levels)
    unknown = next((one for one in found if one not in order), None)
    if unknown is not None:
        row = int(np.argmax(codes == found.index(unknown)))
        message = f"level {unknown!r} in row {row} is not among the levels"
        raise MicrodataError(FaultKind.UNKNOWN_LEVEL, message, row=row, level=unknown)
    place = np.array([order.index(one) for one in found] or [0], dtype=np.int64)
    indicator = (place[codes][:, None] == np.arange(len(order))).astype(np.float64)
    indicator[codes < 0] = np.nan
    answers = Answers.of(design, indicator, by, [str(one) for one in order])
    return _shares(answers, "share", level=level, df=df)


def total(
    design: SurveyDesign,
    y: npt.ArrayLike,
    *,
    by: By = None,
    names: Sequence[str] | None = None,
    level: float = LEVEL,
    df: DegreesOfFreedom = "design",
) -> Estimates:
    """Weighted totals (R's ``svytotal`` with ``na.rm=TRUE``); parameters as for `mean`.

    Missing answers add nothing: the total is that of those who would have answered.
    """
    answers = Answers.of(design, y, by, names)
    scores = answers.weighted(answers.values)
    estimate = answers.domains.groups.sums(scores)
    estimate[answers.n == 0] = np.nan
    return answers.finish(estimate, scores, "total", level=level, df=df)


def ratio_of(
    design: SurveyDesign,
    above: npt.ArrayLike,
    below: npt.ArrayLike,
    *,
    by: By = None,
    names: Sequence[str] | None = None,
    level: float = LEVEL,
    df: DegreesOfFreedom = "design",
) -> Estimates:
    """Ratios of two totals over the rows that have both (R's ``svyratio`` with ``na.rm=TRUE``).

    Parameters
    ----------
    above, below : array_like (rows,) or (rows, columns)
        Numerators and denominators, column by column.
    design, by, names, level, df
        As for `mean`.
    """
    upper, lower = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    if upper.shape != lower.shape:
        raise MicrodataError(FaultKind.LENGTH, f"{upper.shape} numerators for {lower.shape} denominators")
    answers = Answers.of(design, np.where(np.isnan(lower), np.nan, upper), by, names)
    divisor = lower.reshape(answers.values.shape)
    groups = answers.domains.groups
    below_total = groups.sums(answers.weighted(divisor))
    estimate = ratio(groups.sums(answers.weighted(answers.values)), below_total)
    scores = answers.weighted(answers.values - np.nan_to_num(estimate)[answers.own] * divisor)
    scores *= np.nan_to_num(ratio(1, below_total))[answers.own]
    return answers.finish(estimate, scores, "ratio", level=level, df=df)
