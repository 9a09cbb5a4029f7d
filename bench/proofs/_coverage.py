"""Exact coverage of intervals: every number of positive clients, every unit size, nothing drawn at random."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from enkat.statistics.intervals import IntervalName, Observed, hypergeometric, interval, ratio

RATES = (0.5, 0.6, 0.7)
SMALLEST = 8
REGION = (0.60, 0.95)
"""Shares that surveys of care meet; the table of methods is about them, the proof about all."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def answers_of(population: int, rate: float) -> int:
    """Give how many answer at a rate; at least one."""
    return max(1, round(rate * population))


class Logarithms:
    """Logarithms of factorials up to a number."""

    def __init__(self, largest: int) -> None:
        self.factorial = scipy.special.gammaln(np.arange(largest + 2) + 1.0)

    def choose(self, total: npt.ArrayLike, chosen: npt.ArrayLike) -> Floats:
        """Logarithm of the binomial coefficient; -inf outside its range."""
        t, c = np.broadcast_arrays(np.asarray(total), np.asarray(chosen))
        inside = (c >= 0) & (c <= t)
        c = np.where(inside, c, 0)
        return np.where(inside, self.factorial[t] - self.factorial[c] - self.factorial[t - c], -np.inf)

    def chances(self, population: int, n: int) -> Floats:
        """P(X = k | M) for k = 0..n (columns) and every M = 0..population (rows)."""
        positive, k = np.arange(population + 1)[:, None], np.arange(n + 1)
        return np.exp(self.choose(positive, k) + self.choose(population - positive, n - k) - self.choose(population, n))


@dataclass(frozen=True)
class Covered:
    """Coverage of an interval for each true number of positive clients, and its mean width where there is one."""

    population: int
    rate: float
    coverage: Floats
    width: Floats


def exact_coverage(name: IntervalName, largest: int, smallest: int = 1) -> Iterator[Covered]:
    """Work out an interval's coverage for every M at every N up to ``largest``, for each response rate."""
    logarithms = Logarithms(largest)
    for population in range(smallest, largest + 1):
        truth = np.arange(population + 1)[:, None] / population
        for rate in RATES:
            n = answers_of(population, rate)
            found = interval(name, observed(np.arange(n + 1), n, population))
            chance = logarithms.chances(population, n)
            holds = (found.lo <= truth + 1e-12) & (truth <= found.hi + 1e-12)
            width = chance @ np.nan_to_num(found.hi - found.lo)
            there = chance @ ~np.isnan(found.lo)
            yield Covered(population, rate, (chance * holds).sum(axis=1), ratio(width, there))


def observed(k: Ints, n: int, population: int) -> Observed:
    """Tell an interval everything that k of n answers from so many clients say."""
    share = k / n
    variance = share * (1 - share) / max(n - 1, 1) * (1 - n / population)
    return Observed(k, n, population, share, variance, np.full(k.shape, max(n - 1, 1)))


@dataclass(frozen=True)
class Row:
    """A method in the table: coverage and width within the region, all units and the small ones."""

    name: IntervalName
    mean: float
    least: float
    width: float
    small_least: float
    small_width: float


def method_table(largest: int, small: int = 30) -> list[Row]:
    """Compare all methods over the shares that surveys of care meet; no interval counts as not covering."""
    return [_row(name, largest, small) for name in IntervalName]


def _row(name: IntervalName, largest: int, small: int) -> Row:
    means, least, widths, small_least, small_widths = [], 1.0, [], 1.0, []
    for one in exact_coverage(name, largest, SMALLEST):
        share = np.arange(one.population + 1) / one.population
        inside = (share >= REGION[0]) & (share <= REGION[1])
        means.append(one.coverage[inside].mean())
        widths.append(np.nanmean(one.width[inside]))
        least = min(least, one.coverage[inside].min())
        if one.population <= small:
            small_least = min(small_least, one.coverage[inside].min())
            small_widths.append(widths[-1])
    return Row(name, float(np.mean(means)), least, float(np.mean(widths)), small_least, float(np.mean(small_widths)))


@dataclass(frozen=True)
class Worst:
    """Where an interval covers least: clients, response rate, how many do not know, how many are positive."""

    coverage: float
    population: int
    rate: float
    unknown: int
    positive: int


def least_coverage(largest: int) -> Worst:
    """Find the least coverage of the unit's interval where everybody has an opinion."""
    worst = Worst(1.0, 0, 0.0, 0, 0)
    for one in exact_coverage(IntervalName.HYPERGEOMETRIC, largest):
        at = int(one.coverage.argmin())
        worst = min(worst, Worst(float(one.coverage[at]), one.population, one.rate, 0, at), key=_coverage)
    return worst


def _coverage(worst: Worst) -> float:
    return worst.coverage


def least_coverage_with_unknown(largest: int, shift: int = 1) -> Worst:
    """Find the least coverage where the question offers "vet inte", over every number of clients who do not know.

    A unit of N clients, U of whom do not know; r answer, V of them without an opinion. The interval is that of k among
    n = r - V answers from N - V clients, both limits moved ``shift`` clients outward, and is to hold the share among
    the N - U with an opinion. The chance of k given n depends on N - U and n alone, so it is worked out once for all N
    and rates.
    """
    bounds = Bounds(largest, shift)
    worst = Worst(1.0, 0, 0.0, 0, 0)
    for opinions in range(1, largest + 1):
        sizes = np.repeat(np.arange(opinions, largest + 1), len(RATES))
        answers = np.array([answers_of(size, rate) for size in range(opinions, largest + 1) for rate in RATES])
        covered = np.zeros((len(sizes), opinions + 1))
        for n in range(min(opinions, answers.max()) + 1):
            rows = np.flatnonzero((answers >= n) & (answers - n <= sizes - opinions))
            covered[rows] += bounds.coverage(opinions, n, sizes[rows], answers[rows])
        row, positive = np.unravel_index(int(covered.argmin()), covered.shape)
        size, rate = int(sizes[row]), RATES[int(row) % len(RATES)]
        found = Worst(float(covered[row, positive]), size, rate, size - opinions, int(positive))
        worst = min(worst, found, key=_coverage)
    return worst


class Bounds:
    """What is the same for all units up to a size: which k of n have an interval that holds c of so many clients.

    From ``first`` to before ``after``, by [n, N, c].
    """

    def __init__(self, largest: int, shift: int) -> None:
        self.logarithms = Logarithms(largest)
        most = answers_of(largest, max(RATES))
        self.first = np.zeros((most + 1, largest + 1, largest + 1), dtype=np.int16)
        self.after = np.zeros_like(self.first)
        for n in range(most + 1):
            for population in range(max(n, 1), largest + 1):
                found = hypergeometric(np.arange(n + 1), n, population, shift=shift)
                clients = np.arange(population + 1)
                self.first[n, population, : population + 1] = np.searchsorted(found.hi, clients, side="left")
                self.after[n, population, : population + 1] = np.searchsorted(found.lo, clients, side="right")

    def coverage(self, opinions: int, n: int, sizes: Ints, answers: Ints) -> Floats:
        """Give what n answers with an opinion add to the coverage: (units, true number of positive)."""
        at_most = np.zeros((opinions + 1, n + 2))  # P(X < k | M)
        np.cumsum(self.logarithms.chances(opinions, n), axis=1, out=at_most[:, 1:])
        unknown = answers - n
        population = (sizes - unknown)[:, None]
        positive = np.arange(opinions + 1)
        clients = positive * population
        low = self.first[n, population, -(-clients // opinions)]
        high = self.after[n, population, clients // opinions]
        inner = at_most[positive, high] - at_most[positive, np.minimum(low, high)]
        choose = self.logarithms.choose
        chance = choose(sizes - opinions, unknown) + choose(opinions, n) - choose(sizes, answers)
        return np.asarray(np.exp(chance)[:, None] * inner, dtype=np.float64)
