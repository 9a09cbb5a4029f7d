"""False verdicts on targets, by exact enumeration: every number of positive clients in every unit up to 300.

A unit that does not meet a target must be told that it does in at most 2.5 % of the rounds. The worst target for a
truth is the least one that the truth misses, so every truth is tried against that one; where a question offers "vet
inte" the truth is a share of those who would have an opinion, whom nobody can count.
"""

import sys

import numpy as np
import scipy

from bench.figures import Figure, write
from enkat.statistics.intervals import FloatArray, IntArray, hypergeometric

LARGEST = 300
RATES = (0.5, 0.6, 0.7)
UNSURE = (0.02, 0.05, 0.1, 0.15, 0.3)
"""Shares of the clients who would answer "vet inte"."""
ALLOWED = 0.025
NEGLIGIBLE = 1e-12


def masses(population: int, answers: int) -> FloatArray:
    """Return P(k positive answers | M positive clients): (M = 0..population, k = 0..answers)."""
    clients = np.arange(population + 1, dtype=np.float64)[:, None]
    k = np.arange(answers + 1, dtype=np.float64)[None, :]
    possible = (k <= clients) & (answers - k <= population - clients)

    def choose(total: FloatArray, part: FloatArray) -> FloatArray:
        log = scipy.special.gammaln
        return np.asarray(log(total + 1) - log(part + 1) - log(np.maximum(total - part, 0) + 1))

    few = np.where(possible, k, 0)
    rest = np.where(possible, answers - k, 0)
    whole = choose(np.float64(population), np.float64(answers))  # type: ignore[arg-type]
    return np.where(possible, np.exp(choose(clients, few) + choose(population - clients, rest) - whole), 0.0)


def lower(answers: int, population: int, shift: int = 0) -> IntArray:
    """Return the lower limit for every number of positive answers."""
    return hypergeometric(np.arange(answers + 1), answers, population, shift=shift).lo


def false_met(population: int, answers: int) -> float:
    """Return the greatest probability, over all truths, that a missed target is called met."""
    truth = np.arange(population + 1)[:, None]
    return float((masses(population, answers) * (lower(answers, population) > truth)).sum(axis=1).max())


def false_met_unsure(population: int, answers: int, unsure: int) -> float:
    """Return the same where so many clients would answer "vet inte" and leave the question's denominator."""
    opinions = population - unsure
    truth = np.arange(opinions + 1)[:, None]
    chance = masses(population, answers)[unsure]
    total = np.zeros(opinions + 1)
    for seen in np.flatnonzero(chance > NEGLIGIBLE).tolist():
        answered, counted = answers - seen, population - seen
        if answered:
            met = lower(answered, counted, shift=1) * opinions > truth * counted
            total += chance[seen] * (masses(opinions, answered) * met).sum(axis=1)
    return float(total.max())


def enumerate_all(largest: int, step: int = 1) -> list[Figure]:
    """Return the worst figures over all unit sizes up to the largest."""
    sizes = range(2, largest + 1, step)
    pairs = [(size, max(1, round(size * rate))) for size in sizes for rate in RATES]
    plain = max(false_met(size, answers) for size, answers in pairs)
    unsure = max(
        false_met_unsure(size, answers, people)
        for size, answers in pairs
        for people in sorted({round(size * share) for share in UNSURE})
        if people < size
    )
    group = f"units of 2–{largest}, response 50, 60 and 70 %"
    return [
        Figure(group, "false “met”, worst truth", 100 * plain, "%", 100 * ALLOWED),
        Figure(group, "false “met” with “vet inte” 2–30 %, worst truth", 100 * unsure, "%", 100 * ALLOWED),
    ]


def main() -> int:
    """Enumerate everything and write the result."""
    figures = enumerate_all(LARGEST)
    write("targets", figures, "Exact enumeration: no simulation, no seed.")
    return int(not all(figure.held for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
