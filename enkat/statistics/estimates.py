"""Shares with standard errors and intervals, for all groups and questions in one pass."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from enkat.statistics.intervals import LEVEL, FloatArray, IntervalName, hypergeometric, ratio, wilson_effective
from enkat.statistics.tallies import BoolArray, IntArray, QuestionSums, sum_groups


class Method(StrEnum):
    """How an interval was made."""

    NONE = "none"
    HYPERGEOMETRIC = IntervalName.HYPERGEOMETRIC.value
    WILSON_EFFECTIVE = IntervalName.WILSON_EFFECTIVE.value
    CALIBRATED = "calibrated"
    """Wilson's interval around a share with calibrated weights."""


METHODS = tuple(Method)
"""Order of the codes in `Estimates.method`."""


@dataclass(frozen=True, slots=True)
class Estimates:
    """Estimated shares positive; all arrays are (groups, questions), shares 0..1, NaN where there is no answer.

    Attributes
    ----------
    share, se, lo, hi : float64
        Estimate, standard error (with finite population correction) and interval limits.
    lo_clients, hi_clients : int64
        The exact interval in whole clients; -1 where the interval is not one of clients.
    answered : int64
        n: answers with an opinion in the group.
    positive : int64
        Positive ones among them, unweighted.
    population : int64
        N of the interval: eligible clients minus respondents known to stand outside the question.
    represented : int64
        Eligible clients of the strata that the estimate speaks for (those where anybody answered).
    df : float64
        Degrees of freedom: answers minus strata that hold any.
    method : int8
        Index into `METHODS`.
    """

    share: FloatArray
    se: FloatArray
    lo: FloatArray
    hi: FloatArray
    lo_clients: IntArray
    hi_clients: IntArray
    answered: IntArray
    positive: IntArray
    population: IntArray
    represented: IntArray
    df: FloatArray
    method: npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Strata:
    """What was asked of whom, and what came back.

    Attributes
    ----------
    eligible : int64 array (strata, questions)
        Clients of the stratum, known ineligible ones left out, whom the question concerns. 0 where the question was
        not asked there.
    respondents : int64 array (strata, questions)
        Everybody in the stratum who answered the questionnaire that holds the question.
    sums : QuestionSums (strata, questions)
        Answers of the domain that is estimated.
    uncertain : bool array (questions,) or (strata, questions)
        Whether clients who did not answer may stand outside the question (it offers "vet inte", or its domain is
        not known in the frame): the exact interval then moves one client outward.
    """

    eligible: IntArray
    respondents: IntArray
    sums: QuestionSums
    uncertain: BoolArray

    def __post_init__(self) -> None:
        if np.any(self.respondents > self.eligible):
            raise ValueError("more respondents than eligible clients in a stratum")
        if np.any(self.sums.respondents > self.respondents):
            raise ValueError("a domain has more respondents than its stratum")

    @property
    def population(self) -> IntArray:
        """N of an interval: eligible clients minus respondents known to stand outside; blanks stay."""
        known_outside = self.respondents - self.sums.answered - self.sums.blank
        return np.asarray(self.eligible - known_outside, dtype=np.int64)


def unit_estimates(strata: Strata, *, level: float = LEVEL) -> Estimates:
    """Estimate each stratum by itself, with the exact hypergeometric interval.

    The standard error is that of the weighted estimate of one stratum.

    Parameters
    ----------
    strata : Strata
    level : float
        Nominal confidence.
    """
    n, k = strata.sums.answered, strata.sums.positive
    some = n > 0
    population = np.where(some, strata.population, 0)
    interval = hypergeometric(k, n, population, level=level, shift=strata.uncertain.astype(np.int64))
    share = ratio(k, n)
    se = np.sqrt(_stratum_variance(strata, share, 1 / np.maximum(n, 1)))
    return Estimates(
        share=share,
        se=np.where(some, se, np.nan),
        lo=interval.lo_share,
        hi=interval.hi_share,
        lo_clients=np.where(some, interval.lo, -1),
        hi_clients=np.where(some, interval.hi, -1),
        answered=n,
        positive=k,
        population=population,
        represented=np.where(some, strata.eligible, 0),
        df=np.where(some, n - 1, 0).astype(np.float64),
        method=np.where(some, METHODS.index(Method.HYPERGEOMETRIC), 0).astype(np.int8),
    )


def weighted_estimates(
    strata: Strata,
    labels: npt.ArrayLike,
    size: int,
    *,
    level: float = LEVEL,
    units: Estimates | None = None,
    finite: bool = True,
) -> Estimates:
    """Estimate groups of strata by the ratio of weighted sums, with Wilson's interval.

    The variance is that of the linearised ratio in a stratified design (Särndal, Swensson and Wretman 1992, 5.6):
    every respondent of the stratum has a value, 0 outside the domain. A stratum with one respondent is centred at
    zero, the mean of the linearised values. Groups with one stratum show the stratum's exact interval.

    Parameters
    ----------
    strata : Strata
    labels : array_like (strata,)
        Group of each stratum, -1 for none.
    size : int
        Number of groups.
    level : float
        Nominal confidence.
    units : Estimates, optional
        The strata's own estimates at that level, where they are at hand.
    finite : bool
        With finite population correction, for levels and targets. Without it, for comparisons, no group shows a
        stratum's exact interval.
    """
    label = np.asarray(labels, dtype=np.int64)
    n, k = strata.sums.answered, strata.sums.positive
    share, variance = _weighted_share(strata, label, size, finite=finite)
    answered = sum_groups(n, label, size)
    population, represented = (_heard(strata, clients, label, size) for clients in (strata.population, strata.eligible))
    df = (answered - sum_groups((n > 0).astype(np.int64), label, size)).astype(np.float64)
    fraction = ratio(answered, population) if finite else 0.0
    lo, hi = wilson_effective(share, variance, answered, fraction, df, level=level)
    some = answered > 0
    result = Estimates(
        share=share,
        se=np.where(some, np.sqrt(variance), np.nan),
        lo=lo,
        hi=hi,
        lo_clients=np.full(share.shape, -1),
        hi_clients=np.full(share.shape, -1),
        answered=answered,
        positive=sum_groups(k, label, size),
        population=np.where(some, population, 0),
        represented=np.where(some, represented, 0),
        df=np.where(some, df, 0),
        method=np.where(some, METHODS.index(Method.WILSON_EFFECTIVE), 0).astype(np.int8),
    )
    if finite:
        alone = _only_stratum(strata.eligible > 0, label, size)
        if (alone >= 0).any():
            _copy_alone(result, units or unit_estimates(strata, level=level), alone)
    return result


def _weighted_share(strata: Strata, label: IntArray, size: int, *, finite: bool) -> tuple[FloatArray, FloatArray]:
    """Give the share of each group of strata and its variance."""
    weight = np.nan_to_num(ratio(strata.eligible, strata.respondents))
    total = sum_groups(weight * strata.sums.answered, label, size)
    share = ratio(sum_groups(weight * strata.sums.positive, label, size), total)
    group = np.maximum(label, 0)
    scale = np.nan_to_num(ratio(weight, total[group]))
    return share, sum_groups(_stratum_variance(strata, share[group], scale, finite=finite), label, size)


def _heard(strata: Strata, clients: IntArray, label: IntArray, size: int) -> IntArray:
    """Sum clients over the strata of each group in which anybody answered."""
    return sum_groups(np.where(strata.respondents > 0, clients, 0), label, size)


def _stratum_variance(strata: Strata, share: FloatArray, scale: FloatArray, *, finite: bool = True) -> FloatArray:
    """Contribution of each stratum to the variance of a share, from counts alone.

    The linearised value of a respondent is scale*(y-p) in the domain and 0 outside, with scale = weight / sum of
    weights, so the sums of the values and of their squares follow from n, k and p.
    """
    n, k, p = strata.sums.answered, strata.sums.positive, np.nan_to_num(share)
    r = np.maximum(strata.respondents, 1).astype(np.float64)
    several = strata.respondents > 1
    squares = scale**2 * (k * (1 - p) ** 2 + (n - k) * p**2)
    centred = np.where(several, (scale * (k - n * p)) ** 2 / r, 0)
    correction = 1 - np.nan_to_num(ratio(strata.respondents, strata.eligible)) if finite else 1.0
    factor = np.where(several, r / np.maximum(r - 1, 1), 1.0)
    return np.asarray(np.maximum(correction * factor * (squares - centred), 0), dtype=np.float64)


def _only_stratum(asked: BoolArray, label: IntArray, size: int) -> IntArray:
    """Index of the group's stratum where it has exactly one that was asked, else -1: array (groups, questions)."""
    count = sum_groups(asked.astype(np.int64), label, size)
    index = sum_groups(np.where(asked, np.arange(len(label))[:, None], 0), label, size)
    return np.where(count == 1, index, -1)


def _copy_alone(result: Estimates, units: Estimates, alone: IntArray) -> None:
    """Write the units' own intervals where a group is one unit."""
    group, question = np.nonzero(alone >= 0)
    source = alone[group, question]
    for name in ("share", "se", "lo", "hi", "lo_clients", "hi_clients", "population", "represented", "df", "method"):
        getattr(result, name)[group, question] = getattr(units, name)[source, question]


def response_rate(sent: npt.ArrayLike, asked: npt.ArrayLike, ineligible: npt.ArrayLike) -> FloatArray:
    """Response rate = sent / (asked - ineligible); NaN where nobody eligible was asked."""
    return ratio(sent, np.asarray(asked, dtype=np.int64) - np.asarray(ineligible, dtype=np.int64))


def does_not_know_share(sums: QuestionSums) -> FloatArray:
    """Share "vet inte" among those who answered the question with an opinion or with "vet inte"."""
    return ratio(sums.does_not_know, sums.answered + sums.does_not_know)


def item_nonresponse(sums: QuestionSums) -> FloatArray:
    """Share of blanks among the respondents who were shown the question."""
    return ratio(sums.blank, sums.respondents - sums.outside)
