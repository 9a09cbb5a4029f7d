"""Exact coverage of the interval of a district of two units: every number of positive clients in each of them."""

import sys
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from bench.figures import Figure, write
from bench.proofs._coverage import RATES, REGION, Floats, Logarithms, answers_of
from enkat.statistics.intervals import wilson_effective

PAIRS = ((8, 8), (8, 20), (12, 12), (12, 40), (20, 20), (20, 60), (30, 30), (40, 80), (60, 60), (8, 100))
ALIKE = 0.2
"""Greatest difference between the shares of units that are called alike."""


@dataclass(frozen=True)
class District:
    """Coverage for each true number of positive clients in the two units, and which of them belong to the table."""

    coverage: Floats
    inside: npt.NDArray[np.bool_]
    gap: Floats


def district(sizes: tuple[int, int], rate: float) -> District:
    """Enumerate everything that two units may answer, for everything that their clients may think."""
    clients = np.array(sizes)
    answers = np.array([answers_of(size, rate) for size in sizes])
    part = [k / n for k, n in zip(np.indices([int(n) + 1 for n in answers]), answers, strict=True)]
    weight = clients / clients.sum()
    share = weight[0] * part[0] + weight[1] * part[1]
    spread = weight**2 * (1 - answers / clients) / np.maximum(answers - 1, 1)
    variance = sum(factor * p * (1 - p) for factor, p in zip(spread, part, strict=True))
    count = int(answers.sum())
    lo, hi = wilson_effective(share, variance, count, count / clients.sum(), max(count - 2, 1))
    logarithms = Logarithms(max(sizes))
    chances = [logarithms.chances(int(size), int(n)) for size, n in zip(clients, answers, strict=True)]
    true = [np.arange(size + 1) / size for size in sizes]
    truth = np.add.outer(weight[0] * true[0], weight[1] * true[1])
    coverage = np.zeros(truth.shape)
    for value in np.unique(truth):
        holds = ((lo <= value + 1e-12) & (value <= hi + 1e-12)).astype(np.float64)
        coverage[truth == value] = (chances[0] @ holds @ chances[1].T)[truth == value]
    inside = (truth >= REGION[0]) & (truth <= REGION[1])
    return District(coverage, inside, np.abs(np.subtract.outer(*true)))


def enumerate_all(pairs: tuple[tuple[int, int], ...] = PAIRS) -> list[Figure]:
    """Return mean and least coverage, over all and over units that are alike."""
    found = [district(sizes, rate) for sizes, rate in product(pairs, RATES)]
    figures = []
    for group, most in (("any two units", 1.0), ("shares within 20 points of each other", ALIKE)):
        covered = [one.coverage[one.inside & (one.gap <= most)] for one in found]
        figures += [
            Figure(group, "mean coverage", float(np.mean([part.mean() for part in covered])), ""),
            Figure(group, "least coverage", float(min(part.min() for part in covered)), ""),
        ]
    return figures


def main() -> int:
    """Enumerate everything and write the result."""
    notes = "Exact, nothing drawn at random; two units, 50, 60 and 70 % answer, shares of the district .60–.95."
    write("districts", enumerate_all(), notes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
