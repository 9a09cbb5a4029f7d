"""What the verbs return: small named objects, each saying how it was made and why a value is missing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
import numpy.typing as npt
import scipy  # loads `scipy.special` when it is first used

from enkat.statistics.intervals import LEVEL, FloatArray, IntArray
from enkat.statistics.microdata.design import SurveyDesign
from enkat.statistics.microdata.domains import Domains

DegreesOfFreedom = Literal["normal", "design", "n-1"] | float


class Reason(StrEnum):
    """Why a value is undefined."""

    NONE = ""
    EMPTY = "nobody answered"
    ZERO_DENOMINATOR = "the denominator is 0"
    NO_DEGREES = "no degrees of freedom"
    LONELY = "every stratum has one primary unit"
    OUTSIDE = "the limit lies outside the answers"
    CONSTANT = "all answers are equal"


REASONS = tuple(Reason)
"""Order of the codes in `Estimates.reason`."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One estimate.

    Attributes
    ----------
    name : str
        What is estimated.
    domain : tuple
        Values of the domain's columns; empty for the whole.
    estimate, se, lo, hi : float or None
        Estimate, standard error, interval limits; None where undefined.
    n : int
        Rows that the estimate rests on.
    N : float
        Sum of their weights: the people they stand for.
    df : float
        Degrees of freedom of the interval; infinite for the normal distribution.
    method : str
        Estimator and interval.
    reason : Reason
        Why a value is None.
    """

    name: str
    domain: tuple[object, ...]
    estimate: float | None
    se: float | None
    lo: float | None
    hi: float | None
    n: int
    N: float
    df: float
    method: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Estimates:
    """Estimates of every domain and column; arrays are (domains, columns), NaN where `reason` says why.

    Attributes
    ----------
    domains : Domains
        Whom each row of the arrays is about.
    names : tuple of str
        What each column is about.
    estimate, se, lo, hi : float64
        Estimate, standard error and interval limits.
    n : int64
        Rows that each estimate rests on.
    N : float64
        Sum of their weights.
    df : float64
        Degrees of freedom of the interval.
    reason : int8
        Index into `REASONS`.
    method : str
        Estimator and interval.
    design : SurveyDesign
        The design it was estimated from.
    scores : callable
        Gives the float64 array (rows, columns) of what each row adds to its own domain's estimate; contrasts take
        covariances from it.
    """

    domains: Domains
    names: tuple[str, ...]
    estimate: FloatArray
    se: FloatArray
    lo: FloatArray
    hi: FloatArray
    n: IntArray
    N: FloatArray
    df: FloatArray
    reason: npt.NDArray[np.int8]
    method: str
    design: SurveyDesign = field(repr=False)
    scores: Callable[[], FloatArray] = field(repr=False)

    def at(self, domain: int = 0, column: int = 0) -> Estimate:
        """Take out one estimate."""
        place = domain, column

        def known(values: FloatArray) -> float | None:
            value = float(values[place])
            return value if np.isfinite(value) else None

        return Estimate(
            name=self.names[column],
            domain=self.domains.levels[domain],
            estimate=known(self.estimate),
            se=known(self.se),
            lo=known(self.lo),
            hi=known(self.hi),
            n=int(self.n[place]),
            N=float(self.N[place]),
            df=float(self.df[place]),
            method=self.method,
            reason=REASONS[self.reason[place]],
        )

    def __iter__(self) -> Iterator[Estimate]:
        """Give every estimate, domain by domain."""
        return (self.at(d, c) for d in range(len(self.domains.levels)) for c in range(len(self.names)))


def critical(df: FloatArray, level: float) -> FloatArray:
    """Quantile of the t distribution for a two-sided interval; the normal one where ``df`` is infinite.

    NaN where ``df`` is not above 0.
    """
    upper = 0.5 + level / 2
    finite = np.where(np.isfinite(df) & (df > 0), df, 1.0)
    found = np.where(np.isinf(df), scipy.special.ndtri(upper), scipy.special.stdtrit(finite, upper))
    return np.asarray(np.where(df > 0, found, np.nan), dtype=np.float64)


def chosen_df(df: DegreesOfFreedom, design: FloatArray, n: IntArray) -> FloatArray:
    """Degrees of freedom of an interval by the caller's choice."""
    if df == "design":
        return design
    if df == "n-1":
        return (n - 1).astype(np.float64)
    value = np.inf if df == "normal" else float(df)
    return np.full(design.shape, value)


def symmetric(
    estimate: FloatArray, se: FloatArray, df: FloatArray, level: float = LEVEL
) -> tuple[FloatArray, FloatArray]:
    """Estimate ± quantile × standard error (R's ``confint``)."""
    half = critical(df, level) * se
    return estimate - half, estimate + half
