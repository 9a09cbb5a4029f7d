"""What a round can be expected to show, before anybody is asked.

Chances and widths are exact: sums over every outcome of drawing answers from a unit's clients without replacement, not
simulations or normal approximations. The number to invite and the smallest change follow the usual formulas, which is
what a city has when it decides; the exact interval that they lead to stands beside them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy  # loads `scipy.special` when it is first used

from enkat.statistics.intervals import LEVEL, FloatArray, IntArray, hypergeometric
from enkat.statistics.targets import Target

POWER: Final = 0.8
WIDEST: Final = 0.5
"""Share at which an interval is widest: the careful choice where nothing is known."""
NEGLIGIBLE: Final = 1e-12
"""Outcomes less likely than this are left out of a sum."""
TIE: Final = 1e-10
"""Relative slack with which a tail equals alpha/2, as in `intervals.hypergeometric`."""


class PlanError(ValueError):
    """An assumption that no round can have; the message is a Swedish sentence."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """What is assumed about a round.

    Attributes
    ----------
    rate : float
        Share of those invited who answer, above 0 and at most 1.
    share : float
        Share positive among all clients, 0..1.
    margin : float
        Wanted half-width of an interval, as a share: above 0, below 1.
    """

    rate: float
    share: float
    margin: float

    def __post_init__(self) -> None:
        if not 0 < self.rate <= 1:
            raise PlanError("Svarsfrekvensen är större än 0 och högst 100 procent.")
        if not 0 <= self.share <= 1:
            raise PlanError("Andelen positiva ligger mellan 0 och 100 procent.")
        if not 0 < self.margin < 1:
            raise PlanError("Felmarginalen är större än 0 och mindre än 100 procentenheter.")


@dataclass(frozen=True, slots=True)
class Chances:
    """Probability of each verdict on a target; they sum to 1."""

    met: float
    not_met: float

    @property
    def undetermined(self) -> float:
        """Probability that the answers cannot tell."""
        return max(0.0, 1 - self.met - self.not_met)


def answers_needed(population: int, margin: float, share: float = WIDEST, *, level: float = LEVEL) -> int:
    """Return how many answers a margin takes: n0 = z²p(1-p)/e², n = ⌈n0 / (1 + (n0-1)/N)⌉.

    Cochran (1977), 4.4: the normal approximation with finite population correction. Never above N.

    Parameters
    ----------
    population : int
        N, at least 1.
    margin, share : float
        e and p, as shares.
    level : float
        Nominal confidence.
    """
    z = float(scipy.special.ndtri(1 - (1 - level) / 2))
    first = z * z * share * (1 - share) / (margin * margin)
    needed = math.ceil(round(first / (1 + (first - 1) / population), 9))
    return min(max(needed, 1), population)


def to_invite(
    population: int, margin: float, rate: float, share: float = WIDEST, *, level: float = LEVEL
) -> int | None:
    """Return how many to invite for a margin at a response rate, or None where not even all of them are enough."""
    invited = math.ceil(round(answers_needed(population, margin, share, level=level) / rate, 9))
    return invited if invited <= population else None


def expected_answers(invited: int, rate: float) -> int:
    """Return the whole number of answers that a plan counts on: rounded down."""
    return math.floor(round(invited * rate, 9))


def positive_clients(population: int, share: float) -> int:
    """Return the whole number of positive clients nearest to a share, halves up."""
    return math.floor(round(population * share, 9) + 0.5)


def outcomes(
    population: npt.ArrayLike, positive: npt.ArrayLike, answers: npt.ArrayLike, k: npt.ArrayLike
) -> FloatArray:
    """Return the probability of ``k`` positive answers when ``answers`` of the clients are drawn (hypergeometric).

    Arrays are broadcast against each other; an impossible outcome has probability 0.
    """
    big, good, n, seen = (np.asarray(v, dtype=np.int64) for v in (population, positive, answers, k))
    possible = (seen >= 0) & (seen <= good) & (seen <= n) & (n - seen <= big - good) & (n <= big)
    few, rest = np.where(possible, seen, 0), np.where(possible, n - seen, 0)
    drawn = np.minimum(n, big)
    log = _log_choose(good, few) + _log_choose(big - good, rest) - _log_choose(big, drawn)
    return np.where(possible, np.exp(np.where(possible, log, 0.0)), 0.0)


def _log_choose(total: IntArray, chosen: IntArray) -> FloatArray:
    log = _log_factorials(int(np.max(total, initial=0)).bit_length())
    found = log[np.maximum(total, 0)] - log[chosen] - log[np.maximum(total - chosen, 0)]
    return np.asarray(found, dtype=np.float64)


@lru_cache(maxsize=32)
def _log_factorials(bits: int) -> FloatArray:
    """Return log k! of every k below 2^bits: a sum over every outcome asks for the same few numbers many times."""
    return np.asarray(scipy.special.gammaln(np.arange(2.0**bits) + 1), dtype=np.float64)


def expected_widths(
    population: Sequence[int], positive: Sequence[int], answers: Sequence[int], *, level: float = LEVEL
) -> FloatArray:
    """Return the expected width of each unit's exact interval, as a share, over every outcome of the draw.

    Parameters
    ----------
    population, positive, answers : sequence of int (units,)
        N, true positive clients and answers. Without answers the interval is everything: width 1.

    Returns
    -------
    float64 array (units,)
    """
    rows: list[tuple[IntArray, FloatArray]] = []
    for clients, good, n in zip(population, positive, answers, strict=True):
        k = np.arange(n + 1)
        chance = outcomes(clients, good, n, k)
        keep = chance > NEGLIGIBLE
        rows.append((k[keep], chance[keep]))
    sizes = [len(k) for k, _chance in rows]
    if not sizes:
        return np.zeros(0)
    clients_of, answers_of = np.repeat(population, sizes), np.repeat(answers, sizes)
    found = hypergeometric(np.concatenate([k for k, _chance in rows]), answers_of, clients_of, level=level)
    weighted = np.concatenate([chance for _k, chance in rows]) * (found.hi - found.lo) / np.maximum(clients_of, 1)
    return np.add.reduceat(weighted, np.cumsum([0, *sizes[:-1]]))


def verdict_chances(
    population: int, positive: int, answers: int | IntArray, target: Target, *, level: float = LEVEL
) -> tuple[FloatArray, FloatArray]:
    """Return the probability of "met" and of "not met" for numbers of answers, by exact enumeration.

    "Met" is seen where even one client fewer than the target makes so many positive answers too unlikely (upper tail
    at most alpha/2); "not met" where exactly the target makes so few too unlikely. That is the verdict of
    `targets.verdicts` on the exact interval, without computing its limits.

    Parameters
    ----------
    population, positive : int
        N and true positive clients.
    answers : int or int array (numbers,)
        Numbers of answers.
    target : Target

    Returns
    -------
    met, not_met : float64 arrays (numbers,)
    """
    n = np.atleast_1d(np.asarray(answers, dtype=np.int64))[:, None]
    k = np.arange(int(n.max(initial=0)) + 1)[None, :]
    fewest = target.clients(population)
    tail = (1 - level) / 2 * (1 - TIE)
    possible = (k <= n) & (n > 0)
    below = outcomes(population, fewest - 1, n, k)
    at_least = np.cumsum(below[:, ::-1], axis=1)[:, ::-1]
    at_most = np.cumsum(outcomes(population, fewest, n, k), axis=1)
    truth = outcomes(population, positive, n, k)
    # What was seen counts too: with k positive at least k clients are, whatever a tail's last digits say.
    met = possible & ((at_least <= tail) | (k >= fewest))
    missed = possible & ((at_most <= tail) | (n - k > population - fewest))
    return (truth * met).sum(axis=1), (truth * missed).sum(axis=1)


def planned_chances(
    population: int, positive: int, invited: int, rate: float, target: Target, *, level: float = LEVEL
) -> Chances:
    """Return the chance of each verdict when every invited client answers with the same probability (binomial)."""
    numbers = np.arange(invited + 1)
    chance = _binomial(invited, rate, numbers)
    keep = chance > NEGLIGIBLE
    met, missed = verdict_chances(population, positive, numbers[keep], target, level=level)
    return Chances(float(chance[keep] @ met), float(chance[keep] @ missed))


def _binomial(trials: int, rate: float, k: IntArray) -> FloatArray:
    log = _log_choose(np.full(k.shape, trials), k)
    log += scipy.special.xlogy(k, rate) + scipy.special.xlog1py(trials - k, -rate)
    return np.asarray(np.exp(log), dtype=np.float64)


def detectable_change(answers: int, share: float, *, power: float = POWER, level: float = LEVEL) -> float | None:
    """Return the smallest change between two rounds that is found with the given power, as a share.

    (z for the level + z for the power) · √(2p(1-p)/n): two independent rounds with as many answers each, without
    finite population correction (Fleiss, Levin and Paik 2003, 4.2, with both variances at p).

    Returns
    -------
    float or None
        None without answers, and where not even a change to 0 or to 100 % is large enough.
    """
    if answers == 0:
        return None
    z = float(scipy.special.ndtri(1 - (1 - level) / 2) + scipy.special.ndtri(power))
    change = z * math.sqrt(2 * share * (1 - share) / answers)
    return change if change <= max(share, 1 - share) else None


@dataclass(frozen=True, slots=True)
class ModeCost:
    """What an answer in one mode costs, and its part of all answers (0..1)."""

    part: float
    per_answer: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Costs:
    """Prices of a round, in one currency; the modes' parts sum to 1."""

    fixed: float
    per_invitation: float
    modes: Sequence[ModeCost]

    def __post_init__(self) -> None:
        prices = [self.fixed, self.per_invitation, *(mode.per_answer for mode in self.modes)]
        if any(price < 0 for price in prices):
            raise PlanError("Priser är inte negativa.")
        if self.modes and not math.isclose(sum(mode.part for mode in self.modes), 1, abs_tol=1e-6):
            raise PlanError("Andelarna för svarssätten ska bli 100 procent tillsammans.")

    def total(self, invited: int, rate: float) -> float:
        """Return what it costs to invite so many when that share of them answers."""
        return self.fixed + invited * self.per_invitation + sum(self.by_mode(invited, rate))

    def by_mode(self, invited: int, rate: float) -> list[float]:
        """Return what the answers in each mode cost, in the order of the modes."""
        return [invited * rate * mode.part * mode.per_answer for mode in self.modes]
