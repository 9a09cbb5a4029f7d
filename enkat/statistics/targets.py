"""Targets on a share: met, not met or not to be told, and what those who did not answer would have to think.

A target is an exact fraction, and limits are whole clients: nothing here compares floating-point numbers that have been
rounded. A target on the response rate is compared with a known count and has no interval.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import Final, Self

import numpy as np
import numpy.typing as npt

HUNDRED: Final = 100
DECIMALS: Final = 2
ENOUGH: Final = Fraction(1, 2)
"""A target met with a lower response rate is said to be met among those who answered."""


class TargetError(ValueError):
    """A target that cannot be one; the message is a Swedish sentence."""


class Verdict(StrEnum):
    """What the answers say about a target."""

    MET = "met"
    NOT_MET = "not_met"
    UNDETERMINED = "undetermined"

    @property
    def label(self) -> str:
        """The Swedish words."""
        return {"met": "uppnått", "not_met": "inte uppnått", "undetermined": "går inte att avgöra"}[self.value]


VERDICTS: Final = tuple(Verdict)
"""Order of the codes that `verdicts` gives."""


@dataclass(frozen=True, slots=True)
class Target:
    """A target: at least this share. Between 0 (not itself) and 1."""

    share: Fraction

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise TargetError("Ett mål är större än 0 och högst 100 procent.")

    @classmethod
    def percent(cls, value: int | str | Decimal | Fraction) -> Self:
        """Read a target in percent: ``85``, ``"85"``, ``"82,5 %"``.

        Raises
        ------
        TargetError
            If it is no number, has more than two decimals, or is not above 0 and at most 100.
        """
        if isinstance(value, str):
            text = value.replace("%", "").replace("\N{NO-BREAK SPACE}", "").replace(",", ".").strip()
            try:
                value = Decimal(text)
            except InvalidOperation:
                raise TargetError(f"Målet ”{text}” är inget tal. Skriv procent, till exempel 85.") from None
        if isinstance(value, Decimal) and not value.is_finite():
            raise TargetError("Målet är inget tal. Skriv procent, till exempel 85.")
        exact = Fraction(value)
        if not 0 < exact <= HUNDRED:
            raise TargetError(f"Målet {_words(exact)} % går inte. Ett mål är större än 0 och högst 100 procent.")
        if (exact * 10**DECIMALS).denominator != 1:
            raise TargetError("Skriv målet med högst två decimaler.")
        return cls(exact / HUNDRED)

    @property
    def text(self) -> str:
        """The target in percent: "85 %", "82,5 %"."""
        return f"{_words(self.share * HUNDRED)} %"

    def clients(self, population: int) -> int:
        """Return the fewest positive clients of a population that meet the target."""
        return -(-population * self.share.numerator // self.share.denominator)

    def is_met_by(self, part: int, whole: int) -> bool:
        """Whether a known count meets the target exactly."""
        return part * self.share.denominator >= whole * self.share.numerator


@dataclass(frozen=True, slots=True)
class Tipping:
    """What those who did not answer would have to think for the target to be met.

    Attributes
    ----------
    needed : int
        Positive clients needed among the silent ones; 0 or below where the target is met whatever they think.
    silent : int
        Clients whose view is not known: those who did not answer, and those who left the question blank.
    """

    needed: int
    silent: int

    @property
    def share(self) -> Fraction | None:
        """Share of the silent ones that must be positive; None where no share is enough or none is needed."""
        return Fraction(self.needed, self.silent) if 0 < self.needed <= self.silent else None

    @property
    def percent(self) -> int | None:
        """The same in whole percent, rounded up: a share that is said to be enough is enough."""
        share = self.share
        return None if share is None else -(-HUNDRED * share.numerator // share.denominator)

    @property
    def sentence(self) -> str:
        """The tipping point in Swedish."""
        if self.silent == 0:
            return "Alla har svarat."
        if self.needed <= 0:
            return "Målet är nått vad de som inte svarade än tycker."
        if self.needed > self.silent:
            return "Målet nås inte ens om alla som inte svarade är positiva."
        return f"Målet är nått om minst {self.percent} % av dem som inte svarade är positiva."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the answers say about a target, and how firmly.

    Attributes
    ----------
    verdict : Verdict
    tipping : Tipping or None
        None for a response rate, which is known.
    among_respondents : bool
        Met, but by less than half of those asked, or only if the silent ones are more positive than those who answered.
    """

    target: Target
    verdict: Verdict
    tipping: Tipping | None = None
    among_respondents: bool = False

    @property
    def label(self) -> str:
        """The verdict in Swedish."""
        return "uppnått bland dem som svarade" if self.among_respondents else self.verdict.label

    @property
    def sentence(self) -> str:
        """The verdict with its tipping point, in Swedish."""
        said = f"Målet minst {self.target.text}: {self.label}."
        if self.tipping is None:
            return said
        if self.verdict is Verdict.MET and self.tipping.share is not None:
            return f"{said} Det gäller om minst {self.tipping.percent} % av dem som inte svarade är positiva."
        return f"{said} {self.tipping.sentence}"


def verdicts(lo: npt.ArrayLike, hi: npt.ArrayLike, population: npt.ArrayLike, target: Target) -> npt.NDArray[np.int8]:
    """Compare exact intervals with a target: met when the lower limit meets it, not met when the upper does not.

    At most 2.5 % of the rounds in which a unit does not meet the target say that it does, for each unit, when those who
    answered are like a random draw: the lower limit of the exact interval lies above the truth that seldom.

    Parameters
    ----------
    lo, hi, population : array_like of int
        Limits in whole clients and the clients they are among (`intervals.Interval`). A population of 0 cannot be told.
    target : Target

    Returns
    -------
    int8 array
        Indices into `VERDICTS`.
    """
    low, high, clients = (np.asarray(value, dtype=np.int64) for value in (lo, hi, population))
    above, below = target.share.numerator, target.share.denominator
    met = (low * below >= above * clients) & (clients > 0)
    missed = (high * below < above * clients) & (clients > 0)
    unknown = VERDICTS.index(Verdict.UNDETERMINED)
    codes = np.where(met, VERDICTS.index(Verdict.MET), np.where(missed, VERDICTS.index(Verdict.NOT_MET), unknown))
    return np.asarray(codes, dtype=np.int8)


@dataclass(frozen=True, slots=True)
class Observed:
    """What came back about one question in one group.

    Attributes
    ----------
    positive, answered : int
        Positive answers and answers with an opinion.
    population : int
        Clients that the interval is about, at least ``answered``.
    sent, asked : int
        Answers to the questionnaire and those asked, known ineligible ones left out: the response rate.
    """

    positive: int
    answered: int
    population: int
    sent: int
    asked: int


def judge(target: Target, observed: Observed, lo: int, hi: int) -> Outcome:
    """Judge a unit's share by its exact interval ``lo``..``hi`` in whole clients."""
    return _outcome(target, VERDICTS[int(verdicts(lo, hi, observed.population, target))], observed)


def judge_weighted(target: Target, observed: Observed, lo: float, hi: float) -> Outcome:
    """Judge a weighted share (a district, the city), whose limits are shares and not whole clients.

    A limit is compared as the exact fraction that it is in the computer; a NaN limit cannot be told.
    """
    verdict = Verdict.UNDETERMINED
    if lo >= target.share:
        verdict = Verdict.MET
    elif hi < target.share:
        verdict = Verdict.NOT_MET
    return _outcome(target, verdict, observed)


def judge_response(target: Target, *, sent: int, asked: int) -> Outcome:
    """Judge a response rate: a known count, without interval.

    Parameters
    ----------
    target : Target
    sent : int
        Answers received.
    asked : int
        Those asked, known ineligible ones left out.
    """
    if asked == 0:
        return Outcome(target, Verdict.UNDETERMINED)
    return Outcome(target, Verdict.MET if target.is_met_by(sent, asked) else Verdict.NOT_MET)


def _outcome(target: Target, verdict: Verdict, observed: Observed) -> Outcome:
    silent = observed.population - observed.answered
    tipping = Tipping(target.clients(observed.population) - observed.positive, silent)
    few = observed.sent < ENOUGH * observed.asked
    demanding = tipping.needed * observed.answered > observed.positive * silent
    weak = verdict is Verdict.MET and tipping.needed > 0 and (few or demanding)
    return Outcome(target, verdict, tipping, weak)


def _words(percent: Fraction) -> str:
    return f"{float(percent):.10g}".replace(".", ",")
