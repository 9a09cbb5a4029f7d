"""Variances of a variable, and design effects (R's ``svyvar`` and ``svymean(deff=)``; Kish 1965)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from enkat.statistics.intervals import LEVEL, FloatArray, ratio
from enkat.statistics.microdata.design import SurveyDesign
from enkat.statistics.microdata.domains import By
from enkat.statistics.microdata.means import Answers, mean_scores, weighted_means
from enkat.statistics.microdata.results import REASONS, DegreesOfFreedom, Estimates, Reason
from enkat.statistics.microdata.variance import variances


def _squared(answers: Answers) -> Answers:
    """Squared distances from the domain's mean, in place of the answers."""
    centre = np.nan_to_num(weighted_means(answers))
    return replace(answers, values=(answers.values - centre[answers.own]) ** 2)


def variance(
    design: SurveyDesign,
    y: npt.ArrayLike,
    *,
    by: By = None,
    names: Sequence[str] | None = None,
    level: float = LEVEL,
    df: DegreesOfFreedom = "design",
) -> Estimates:
    """Variance of each column in the population (R's ``svyvar`` with ``na.rm=TRUE``).

    n/(n-1) times the weighted mean of squared distances from the weighted mean, where n counts the rows of the
    domain, those without an answer included: that is what R does. Parameters as for `mean`.

    Returns
    -------
    Estimates
        A domain of one row has none.
    """
    answers = _squared(Answers.of(design, y, by, names))
    rows = answers.domains.groups.counts().astype(np.float64)
    answers = replace(answers, values=answers.values * np.nan_to_num(ratio(rows, rows - 1))[answers.own][:, None])
    estimate = np.where((rows > 1)[:, None], weighted_means(answers), np.nan)
    return answers.finish(estimate, mean_scores(answers, estimate), "variance", level=level, df=df)


def design_effect(
    design: SurveyDesign,
    y: npt.ArrayLike,
    *,
    by: By = None,
    names: Sequence[str] | None = None,
    of: Literal["mean", "total"] = "mean",
    replacement: bool = False,
) -> Estimates:
    """Design effect: the variance of a mean or total ÷ that of a simple random draw of as many.

    Parameters
    ----------
    of : "mean" or "total"
    replacement : bool
        Whether the simple draw is one with replacement (R's ``deff="replace"``) or without (``deff=TRUE``).
    design, y, by, names
        As for `mean`.

    Returns
    -------
    Estimates
        ``estimate`` only: a design effect has no standard error here. Undefined where the weights sum to less than
        the answers (R: NA), where everybody was drawn, and where all answers are equal.
    """
    answers = Answers.of(design, y, by, names)
    groups, n = answers.domains.groups, answers.n.astype(np.float64)
    size = answers.total
    centre = weighted_means(answers)
    scores = mean_scores(answers, centre) if of == "mean" else answers.weighted(answers.values)
    found = variances(design, groups, scores, answers.answered)
    simple = weighted_means(_squared(answers)) * ratio(n, n - 1) / np.maximum(n, 1)
    if not replacement:
        simple = np.where(size < n, np.nan, simple * (1 - ratio(n, size)))
    if of == "total":
        simple *= size**2
    effect = ratio(found, np.nan_to_num(simple))
    return _bare(answers, effect, n)


def _bare(answers: Answers, effect: FloatArray, n: FloatArray) -> Estimates:
    """Lay out figures that have no standard error."""
    nothing = np.full(effect.shape, np.nan)
    why = np.where(np.isfinite(effect), REASONS.index(Reason.NO_ERROR), REASONS.index(Reason.ZERO_DENOMINATOR))
    reason = np.where(n == 0, REASONS.index(Reason.EMPTY), why).astype(np.int8)
    return Estimates(
        answers.domains, answers.names, effect, nothing, nothing, nothing, answers.n, answers.total,
        answers.design_df(), reason, "design effect", None,
    )  # fmt: skip
