"""Every interval by name: what it is called in Swedish, what it needs to be told, and how it is worked out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from enkat.statistics.intervals.basis import LEVEL, FloatArray, ratio
from enkat.statistics.intervals.binomial import agresti_coull, clopper_pearson, jeffreys
from enkat.statistics.intervals.design_based import beta, logit, mean
from enkat.statistics.intervals.exact import Interval, hypergeometric, mid_p
from enkat.statistics.intervals.wilson import (
    effective_at_edge,
    wilson_counts,
    wilson_effective,
    wilson_finite,
    wilson_survey,
)


class Need(StrEnum):
    """What an interval must be told; the value is the field of `Observed`."""

    POSITIVE = "k"
    ANSWERS = "n"
    POPULATION = "population"
    SHARE = "share"
    VARIANCE = "variance"
    DF = "df"

    @property
    def label(self) -> str:
        """The Swedish words."""
        return _NEED_LABELS[self]


_NEED_LABELS: Final[Mapping[Need, str]] = {
    Need.POSITIVE: "antal positiva svar (k)",
    Need.ANSWERS: "antal svar (n)",
    Need.POPULATION: "antal brukare (N)",
    Need.SHARE: "andelen",
    Need.VARIANCE: "andelens varians",
    Need.DF: "antal frihetsgrader (df)",
}


class IntervalName(StrEnum):
    """Names of intervals, as a specification and a command write them."""

    HYPERGEOMETRIC = "hypergeometric"
    MID_P = "mid_p"
    WILSON = "wilson"
    WILSON_FINITE = "wilson_finite"
    WILSON_EFFECTIVE = "wilson_effective"
    WILSON_SURVEY = "wilson_survey"
    CLOPPER_PEARSON = "clopper_pearson"
    JEFFREYS = "jeffreys"
    AGRESTI_COULL = "agresti_coull"
    BETA = "beta"
    LOGIT = "logit"
    MEAN = "mean"

    @property
    def label(self) -> str:
        """The Swedish words."""
        return _KINDS[self].label

    @property
    def needs(self) -> tuple[Need, ...]:
        """What it must be told."""
        return _KINDS[self].needs

    @property
    def finite(self) -> bool:
        """Whether it is about the clients of a finite population: for levels and targets, never for comparisons."""
        return Need.POPULATION in self.needs


@dataclass(frozen=True, slots=True)
class Observed:
    """What is known; arrays are broadcast against each other, None = not known.

    Attributes
    ----------
    k, n, population : array_like of int, optional
        Positive answers, answers, clients.
    share, variance : array_like, optional
        Estimate and its variance.
    df : array_like, optional
        Degrees of freedom.
    shift : array_like of int
        Clients by which the two intervals in whole clients move outward.
    """

    k: npt.ArrayLike | None = None
    n: npt.ArrayLike | None = None
    population: npt.ArrayLike | None = None
    share: npt.ArrayLike | None = None
    variance: npt.ArrayLike | None = None
    df: npt.ArrayLike | None = None
    shift: npt.ArrayLike = 0

    def array(self, need: Need) -> npt.ArrayLike:
        """Return one of the fields that an interval says it needs."""
        value: npt.ArrayLike | None = getattr(self, need.value)
        if value is None:
            raise ValueError(f"Intervallet behöver {need.label}.")
        return value


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits as shares, NaN where there is no interval; in whole clients too where the interval is one of clients."""

    lo: FloatArray
    hi: FloatArray
    clients: Interval | None = None


def missing(name: IntervalName, observed: Observed) -> tuple[Need, ...]:
    """Return what the interval needs and has not been told."""
    return tuple(need for need in name.needs if getattr(observed, need.value) is None)


def interval(name: IntervalName, observed: Observed, *, level: float = LEVEL) -> Limits:
    """Work out an interval by its name.

    Parameters
    ----------
    name : IntervalName
    observed : Observed
        At least what ``name.needs`` lists.
    level : float
        Nominal confidence, 0 < level < 1.

    Raises
    ------
    ValueError
        If something is missing (a Swedish sentence), or counts are out of order.
    """
    lacking = missing(name, observed)
    if lacking:
        words = " och ".join(need.label for need in lacking)
        raise ValueError(f"Intervallet {name.value} ({name.label}) behöver också {words}.")
    return _KINDS[name].make(observed, level)


@dataclass(frozen=True, slots=True)
class _Kind:
    label: str
    needs: tuple[Need, ...]
    make: Callable[[Observed, float], Limits]


def _in_clients(function: Callable[..., Interval]) -> Callable[[Observed, float], Limits]:
    def make(observed: Observed, level: float) -> Limits:
        found = function(*map(observed.array, _FINITE), level=level, shift=observed.shift)
        return Limits(found.lo_share, found.hi_share, found)

    return make


def _as_shares(
    function: Callable[..., tuple[FloatArray, FloatArray]], *needs: Need
) -> Callable[[Observed, float], Limits]:
    def make(observed: Observed, level: float) -> Limits:
        return Limits(*function(*map(observed.array, needs), level=level))

    return make


def _fraction(observed: Observed) -> FloatArray:
    """Share of the clients that answered; 0 where the number of clients is not known."""
    answers = np.asarray(observed.array(Need.ANSWERS), dtype=np.float64)
    return np.zeros_like(answers) if observed.population is None else ratio(answers, observed.population)


def _wilson_effective(observed: Observed, level: float) -> Limits:
    share, variance, answers, df = map(observed.array, _BY_DESIGN)
    return Limits(*wilson_effective(share, variance, answers, _fraction(observed), df, level=level))


def _beta(observed: Observed, level: float) -> Limits:
    share, variance, answers, df = map(observed.array, _BY_DESIGN)
    edge = effective_at_edge(answers, _fraction(observed))
    return Limits(*beta(share, variance, answers, df, level=level, at_edge=edge))


_COUNTS: Final = (Need.POSITIVE, Need.ANSWERS)
_FINITE: Final = (*_COUNTS, Need.POPULATION)
_BY_VARIANCE: Final = (Need.SHARE, Need.VARIANCE, Need.DF)
_BY_DESIGN: Final = (Need.SHARE, Need.VARIANCE, Need.ANSWERS, Need.DF)

_KINDS: Final[Mapping[IntervalName, _Kind]] = {
    IntervalName.HYPERGEOMETRIC: _Kind("exakt, hypergeometriskt", _FINITE, _in_clients(hypergeometric)),
    IntervalName.MID_P: _Kind("hypergeometriskt med mid-p", _FINITE, _in_clients(mid_p)),
    IntervalName.WILSON: _Kind("Wilson", _COUNTS, _as_shares(wilson_counts, *_COUNTS)),
    IntervalName.WILSON_FINITE: _Kind("Wilson med ändlig population", _FINITE, _as_shares(wilson_finite, *_FINITE)),
    IntervalName.WILSON_EFFECTIVE: _Kind("Wilson, viktat", _BY_DESIGN, _wilson_effective),
    IntervalName.WILSON_SURVEY: _Kind(
        "Wilson som i R survey 4.5", _BY_VARIANCE, _as_shares(wilson_survey, *_BY_VARIANCE)
    ),
    IntervalName.CLOPPER_PEARSON: _Kind("exakt, Clopper–Pearson", _COUNTS, _as_shares(clopper_pearson, *_COUNTS)),
    IntervalName.JEFFREYS: _Kind("Jeffreys", _COUNTS, _as_shares(jeffreys, *_COUNTS)),
    IntervalName.AGRESTI_COULL: _Kind("Agresti–Coull", _COUNTS, _as_shares(agresti_coull, *_COUNTS)),
    IntervalName.BETA: _Kind("beta, Korn–Graubard", _BY_DESIGN, _beta),
    IntervalName.LOGIT: _Kind("logit", _BY_VARIANCE, _as_shares(logit, *_BY_VARIANCE)),
    IntervalName.MEAN: _Kind("Wald, medelfel gånger t", _BY_VARIANCE, _as_shares(mean, *_BY_VARIANCE)),
}
