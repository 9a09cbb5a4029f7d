"""What the verbs return: small named objects, each saying how it was made and why a value is missing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
import numpy.typing as npt

from enkat.statistics.intervals import FloatArray, IntArray
from enkat.statistics.microdata.design import SurveyDesign
from enkat.statistics.microdata.domains import BoolArray, Domains
from enkat.statistics.microdata.faults import FaultKind, MicrodataError

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
    NO_ERROR = "no standard error is defined"


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
class Linear:
    """Estimates as sums of scores.

    Attributes
    ----------
    design : SurveyDesign
        The design they were estimated from.
    scores : float64 array (rows, columns)
        What each row adds to the estimate of its own domain.
    answered : bool array (rows, columns)
        Which rows have a part in it.
    """

    design: SurveyDesign
    scores: FloatArray
    answered: BoolArray


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
    linear : Linear or None
        What contrasts take covariances from; None for estimates that are no sums of scores (quantiles).
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
    linear: Linear | None = field(repr=False)

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

    def scored(self) -> Linear:
        """Give the estimates as sums of scores.

        Raises
        ------
        MicrodataError
            ARGUMENT for estimates that are none: quantiles and design effects.
        """
        if self.linear is None:
            message = f"{self.method} has no scores, so no contrast can be made of it"
            raise MicrodataError(FaultKind.ARGUMENT, message, column=self.method)
        return self.linear

    def __iter__(self) -> Iterator[Estimate]:
        """Give every estimate, domain by domain."""
        return (self.at(d, c) for d in range(len(self.domains.levels)) for c in range(len(self.names)))


def chosen_df(df: DegreesOfFreedom, design: FloatArray, n: IntArray) -> FloatArray:
    """Degrees of freedom of an interval by the caller's choice."""
    if df == "design":
        return design
    if df == "n-1":
        return (n - 1).astype(np.float64)
    value = np.inf if df == "normal" else float(df)
    return np.full(design.shape, value)
