"""Quantiles by R's "math" rule, with Woodruff's interval (R's ``svyquantile`` as of survey 4.1; Woodruff 1952)."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from enkat.statistics.intervals import LEVEL, FloatArray
from enkat.statistics.intervals.basis import t_quantile
from enkat.statistics.microdata.design import SurveyDesign
from enkat.statistics.microdata.domains import By, Groups
from enkat.statistics.microdata.faults import FaultKind, MicrodataError
from enkat.statistics.microdata.means import Answers, mean_scores, weighted_means
from enkat.statistics.microdata.results import REASONS, DegreesOfFreedom, Estimates, Reason, chosen_df
from enkat.statistics.microdata.variance import variances


def quantile(
    design: SurveyDesign,
    y: npt.ArrayLike,
    p: float = 0.5,
    *,
    by: By = None,
    names: Sequence[str] | None = None,
    level: float = LEVEL,
    df: DegreesOfFreedom = "design",
) -> Estimates:
    """Quantiles of each column (R's ``svyquantile`` with its defaults: qrule "math", interval.type "mean").

    The smallest answer at which the weighted distribution reaches ``p``. The limits are the quantiles at the limits
    of the symmetric interval for the share at or below the estimate; the standard error is their distance ÷ twice
    the t quantile.

    Parameters
    ----------
    p : float
        0 to 1; 0.5 is the median.
    design, y, by, names, level, df
        As for `mean`.

    Returns
    -------
    Estimates
        A limit whose share falls below 0 or above 1 is undefined, and the standard error with it, as in R; the
        reason is OUTSIDE. Where ``p`` lies below the share of the smallest answer, R 4.1 takes the second
        smallest, and so does this.

    Raises
    ------
    MicrodataError
        ARGUMENT where ``p`` is not between 0 and 1.
    """
    if not 0 <= p <= 1:
        raise MicrodataError(FaultKind.ARGUMENT, f"a quantile lies between 0 and 1, not {p:g}", column="p", value=p)
    answers = Answers.of(design, y, by, names)
    steps = _Steps(answers)
    estimate = steps.quantiles(np.full(steps.shape, p))
    n = answers.n
    below = _below(answers, estimate)
    at = weighted_means(below)
    se_below = np.sqrt(variances(design, answers.domains.groups, mean_scores(below, at), answers.answered))
    degrees = chosen_df(df, answers.design_df(), n)
    quantum = t_quantile(degrees, level)
    lo, hi = steps.quantiles(at - quantum * se_below), steps.quantiles(at + quantum * se_below)
    se = (hi - lo) / (2 * quantum)
    reason = np.where(np.isnan(se), REASONS.index(Reason.OUTSIDE), 0).astype(np.int8)
    reason[~(degrees > 0)] = REASONS.index(Reason.NO_DEGREES)
    reason[n == 0] = REASONS.index(Reason.EMPTY)
    return Estimates(
        answers.domains,
        answers.names,
        estimate,
        se,
        lo,
        hi,
        n,
        answers.total,
        degrees,
        reason,
        "quantile, Woodruff",
        None,
    )


def _below(answers: Answers, limit: FloatArray) -> Answers:
    """Answer 1 for those at or below their domain's limit, 0 for the others."""
    at = answers.values <= np.nan_to_num(limit)[answers.own]
    return replace(answers, values=at.astype(np.float64))


class _Steps:
    """The weighted distribution of each domain and column."""

    def __init__(self, answers: Answers) -> None:
        self.shape = (len(answers.domains.levels), len(answers.names))
        self._steps = [
            (*place, *_distribution(values, weights))
            for column in range(self.shape[1])
            for place, values, weights in _parts(answers, column)
        ]

    def quantiles(self, p: FloatArray) -> FloatArray:
        """Quantile of every domain and column at its own ``p``; NaN where it is not between 0 and 1."""
        found = np.full(self.shape, np.nan)
        for domain, column, values, below, total in self._steps:
            share = p[domain, column]
            if 0 <= share <= 1:
                found[domain, column] = _at(values, below, total, float(share))
        return found


def _parts(answers: Answers, column: int) -> list[tuple[tuple[int, int], FloatArray, FloatArray]]:
    """Split one column by domain: place, values and weights of each domain with answers, in the file's order."""
    groups = answers.domains.groups
    answering = Groups(np.where(answers.answered[:, column], groups.codes, -1), groups.size)
    return [
        ((domain, column), answers.values[rows, column], answers.design.weights[rows])
        for domain, rows in answering.parts()
    ]


def _distribution(values: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray, float]:
    """Sorted answers, weight at or below each, and all weight.

    Summed in extended precision and rounded, as R does: whether a step is met exactly decides which answer is taken.
    """
    order = np.argsort(values, kind="stable")
    total = float(weights.sum(dtype=np.longdouble))
    below = np.cumsum(weights[order], dtype=np.longdouble).astype(np.float64)
    return values[order], below, total


def _at(values: FloatArray, below: FloatArray, total: float, p: float) -> float:
    """R's ``qrule_math``."""
    place = max(int(np.searchsorted(below, p * total, side="right")) - 1, 0)
    if p - below[place] / total == 0:
        return float(values[place])
    return float(values[min(place + 1, len(values) - 1)])
