"""Rounds in which every unit is alike: how many of them would any unit be marked in?

The people are those of the demo cities, with one satisfaction behind all their answers (enkat/demo/satisfaction.py) and
no effect of the unit. Who answers is drawn anew in each round, at a rate of the unit's own.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import scipy

from bench.figures import Figure, write
from enkat import paths
from enkat.demo.cities import CITIES, LATER, CityPlan
from enkat.demo.population import populations
from enkat.demo.satisfaction import opinions
from enkat.instruments.loading import load_catalogue
from enkat.instruments.question import Question
from enkat.statistics.comparisons.families import Correction, corrected
from enkat.statistics.comparisons.tables import Comparisons, Rules, units_against_rest
from enkat.statistics.intervals import ratio
from enkat.statistics.tallies import IntArray, sum_groups

ROUNDS = 400
QUESTIONS = 12
RATES = (0.45, 0.75)
THRESHOLD = 7
LIMIT = 5.0
SIGNIFICANT = 0.05


@dataclass(frozen=True)
class NullRound:
    """Answers of a round of units alike: positive, with an opinion, clients; (units, questions)."""

    positive: IntArray
    answered: IntArray
    clients: IntArray


def questions() -> list[Question]:
    """Return the core questions and as many others as make twelve."""
    catalogue = load_catalogue(paths.surveys())
    own = [asked for questions in catalogue.supplements.values() for asked in questions]
    found = {asked.id: asked for asked in [*catalogue.core.values(), *own] if asked.scale is not None}
    return list(found.values())[:QUESTIONS]


def null_rounds(city: CityPlan, rounds: int) -> Iterator[NullRound]:
    """Simulate rounds of a city whose units are all alike."""
    people = populations(city)[LATER]
    asked = questions()
    units = len(city.units)
    clients = np.bincount(people.unit, minlength=units)
    sampled = np.array([city.sample_sizes.get(unit.code, size) for unit, size in zip(city.units, clients, strict=True)])
    share_asked = ratio(sampled, clients)[people.unit]
    for number in range(rounds):
        rng = np.random.default_rng([city.seed, 7, number])
        rate = rng.uniform(*RATES, units)[people.unit] * share_asked
        here = rng.random(people.size) < rate
        thought = opinions(replace(city, seed=1_000 + number), people, asked, np.zeros(units))
        positive = np.stack([one.positive & one.knows & here for one in thought.values()], axis=1)
        answered = np.stack([one.knows & here for one in thought.values()], axis=1)
        totals = [sum_groups(values.astype(np.int64), people.unit, units) for values in (positive, answered)]
        yield NullRound(totals[0], totals[1], np.broadcast_to(clients[:, None], totals[0].shape))


def shown(one: NullRound) -> np.ndarray:
    """Tell which cells are shown: those with answers enough."""
    return np.asarray(one.answered >= THRESHOLD)


def flagged(found: Comparisons) -> np.ndarray:
    """Tell which cells are marked, however small the difference."""
    return np.asarray(found.difference.sure & (found.p_adjusted < SIGNIFICANT))


def naive(one: NullRound) -> np.ndarray:
    """Mark as the usual program does: z-test from the unit's own variance with finite population correction, BH."""
    n, k = one.answered, one.positive
    share = ratio(k, n)
    rest = ratio(k.sum(axis=0) - k, n.sum(axis=0) - n)
    variance = share * (1 - share) / np.maximum(n - 1, 1) * (1 - n / np.maximum(np.maximum(one.clients, n), 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.abs(share - rest) / np.sqrt(variance)
    p = np.where(shown(one), 2 * scipy.special.ndtr(-z), np.nan)
    return corrected(p) < SIGNIFICANT


def count_flagged(city: CityPlan, rounds: int) -> dict[str, int]:
    """Count the rounds in which any cell is marked, by our rule, with Holm, with a word, and by the naive one."""
    counts = dict.fromkeys(("rule", "holm", "word", "naive"), 0)
    for one in null_rounds(city, rounds):
        cells = shown(one)
        found = units_against_rest(one.positive, one.answered, shown=cells)
        strict = units_against_rest(one.positive, one.answered, shown=cells, rules=Rules(correction=Correction.HOLM))
        counts["rule"] += bool(flagged(found).any())
        counts["holm"] += bool(flagged(strict).any())
        counts["word"] += bool(found.marked.any())
        counts["naive"] += bool(naive(one).any())
    return counts


def main() -> None:
    """Simulate both cities, write the result."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = arguments.parse_args().rounds
    figures: list[Figure] = []
    for name, make in CITIES.items():
        counts = count_flagged(make(), rounds)
        group = f"{name}, {rounds} rounds × {QUESTIONS} questions"
        percent = {key: 100 * value / rounds for key, value in counts.items()}
        figures += [
            Figure(group, "rounds with any mark: MOVER and Benjamini–Hochberg", percent["rule"], "%", LIMIT),
            Figure(group, "rounds with any mark: MOVER and Holm", percent["holm"], "%", LIMIT),
            Figure(group, "rounds with any word (difference of 5 points or more)", percent["word"], "%", LIMIT),
            Figure(group, "the same rounds, z-test from the unit's own variance, corrected", percent["naive"], "%"),
        ]
    for figure in figures:
        print(figure.line())
    if rounds >= ROUNDS:
        write("null_rounds", figures, "Every unit alike; one satisfaction behind each person's answers.")
    if not all(figure.held for figure in figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
