"""Calibration after the count against full data: bias and coverage where response and satisfaction follow sex and age.

A city of 110 units is drawn once; its clients' satisfaction is then known to the last one. Each repetition draws who
answers, lets the count's own rule join the answers into kept classes, and estimates the city from what is kept.
"""

import sys
from collections import Counter
from dataclasses import dataclass
from itertools import product

import numpy as np

from bench.figures import Figure, write
from enkat.ballots.kept_classes import RegisterCell, assign
from enkat.ballots.vocabulary import REGISTER_AGES, REGISTER_SEXES, KeptWho
from enkat.instruments.vocabulary import ServiceType
from enkat.statistics.calibration import Calibration, Classes, calibrate, calibrated_shares
from enkat.statistics.intervals import FloatArray, IntArray, wilson_effective
from enkat.statistics.tallies import QuestionSums, sum_groups

UNITS, PEOPLE, DISTRICTS, REPEATS = 110, 20_000, 14, 400
SEED = 6
ALLOWED_BIAS = 0.05
LEFT = 0.7
"""Points that N/r must leave for the comparison to mean anything."""
PROXIES = 0.15
MIX = np.array([[0.05, 0.16, 0.30, 0.19], [0.04, 0.10, 0.11, 0.05]])
"""Clients by sex (women, men) and age."""
RESPONSE = np.array([[0.45, 0.66, 0.66, 0.51], [0.37, 0.66, 0.69, 0.55]])
SATISFIED = np.array([[0.70, 0.84, 0.87, 0.80], [0.62, 0.84, 0.90, 0.82]])
SEXES, AGES = REGISTER_SEXES, REGISTER_AGES


@dataclass(frozen=True)
class City:
    """A city's clients and positive clients by unit, sex and age."""

    clients: IntArray
    positive: IntArray

    @property
    def share(self) -> float:
        """The truth."""
        return float(self.positive.sum() / self.clients.sum())


def make_city(rng: np.random.Generator) -> City:
    """Draw units of uneven size and mix."""
    sizes = rng.lognormal(0, 0.8, UNITS)
    sizes = np.maximum((sizes / sizes.sum() * PEOPLE).round().astype(np.int64), 8)
    clients = np.array([rng.multinomial(size, rng.dirichlet(25 * MIX.ravel())) for size in sizes]).reshape(UNITS, 2, 4)
    return City(clients, rng.binomial(clients, SATISFIED))


@dataclass(frozen=True)
class Kept:
    """What the count leaves: strata of units and of joined small units, classes, and the classes' answers."""

    classes: Classes
    owner: IntArray
    sums: QuestionSums


def answer(city: City, rng: np.random.Generator) -> Kept:
    """Draw who answers, and keep the answers as the count does."""
    good = rng.binomial(city.positive, RESPONSE)
    bad = rng.binomial(city.clients - city.positive, RESPONSE)
    ballots: Counter[RegisterCell] = Counter()
    positive: Counter[RegisterCell] = Counter()
    for unit, sex, age in product(range(UNITS), range(2), range(4)):
        for who, part in ((KeptWho.PROXY, PROXIES), (KeptWho.SELF, 1.0)):
            cell = RegisterCell(str(unit), str(unit % DISTRICTS), ServiceType.HOME_CARE, SEXES[sex], AGES[age], who)
            place = (unit, sex, age)
            yes, no = int(rng.binomial(good[place], part)), int(rng.binomial(bad[place], part))
            good[place] -= yes
            bad[place] -= no
            ballots[cell], positive[cell] = yes + no, yes
    return _kept(ballots, positive)


def _kept(ballots: Counter[RegisterCell], positive: Counter[RegisterCell]) -> Kept:
    plan = assign(ballots)
    keys = sorted({key for key in plan.class_of.values() if key is not None}, key=repr)
    at = {key: place for place, key in enumerate(keys)}
    stratum = [
        UNITS + DISTRICTS if k.level == "city" else int(k.place_id) + UNITS * (k.level == "district") for k in keys
    ]
    cells, yes = np.zeros((len(keys), 2, 4), dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
    for cell, key in plan.class_of.items():
        if key is not None:
            cells[at[key], SEXES.index(cell.sex), AGES.index(cell.age_group)] += ballots[cell]
            yes[at[key]] += positive[cell]
    heard = set(stratum)
    owner = [next((p for p in (u, UNITS + u % DISTRICTS, UNITS + DISTRICTS) if p in heard), -1) for u in range(UNITS)]
    n, none = cells.sum(axis=(1, 2))[:, None], np.zeros((len(keys), 1), dtype=np.int64)
    sums = QuestionSums(n, n, yes[:, None], none, none, none)
    return Kept(Classes(np.array(stratum), cells), np.array(owner), sums)


def calibration_of(city: City, kept: Kept, fewest: int = 20) -> Calibration:
    """Calibrate what was kept to the city's units and to its sex and age."""
    strata = UNITS + DISTRICTS + 1
    clients = sum_groups(city.clients.sum(axis=(1, 2)), kept.owner, strata)
    heard = kept.owner >= 0
    return calibrate(kept.classes, clients, city.clients[heard].sum(axis=0), fewest=fewest)


def simulate(repeats: int, seed: int = SEED) -> list[Figure]:
    """Return bias, error and coverage of N/r and of calibrated weights, in percentage points."""
    rng = np.random.default_rng(seed)
    city = make_city(rng)
    found: dict[str, list[FloatArray]] = {"N/r": [], "calibrated": []}
    for _repeat in range(repeats):
        kept = answer(city, rng)
        for name, fewest in (("N/r", PEOPLE), ("calibrated", 20)):
            found[name].append(_estimate(city, kept, fewest))
    figures = []
    for name, rows in found.items():
        share, covered, factor = np.array(rows).T
        error = 100 * (share - city.share)
        group = f"{name}, {repeats} rounds of {PEOPLE} people in {UNITS} units"
        exact = name == "calibrated"
        bias = abs(float(error.mean()))
        figures += [
            Figure(group, "bias, points", bias, "points", ALLOWED_BIAS if exact else None),
            Figure(group, "simulation error of the bias, points", float(error.std() / np.sqrt(repeats)), "points"),
            Figure(group, "root mean square error, points", float(np.sqrt((error**2).mean())), "points"),
            Figure(
                group,
                "city intervals that miss the truth",
                100 * (1 - float(covered.mean())),
                "%",
                7.5 if exact else None,
            ),
            Figure(group, "greatest weight through N/r", float(factor.max()), "×", 3.0),
        ]
    return figures


def _estimate(city: City, kept: Kept, fewest: int) -> FloatArray:
    made = calibration_of(city, kept, fewest)
    whole = calibrated_shares(made, kept.sums, np.zeros(len(made.clients), dtype=np.int64), 1)
    share, variance = float(whole.share[0, 0]), float(whole.variance[0, 0])
    n = int(kept.sums.answered.sum())
    lo, hi = wilson_effective(share, variance, n, n / PEOPLE, n - len(set(kept.classes.stratum.tolist())))
    return np.array([share, float(lo <= city.share <= hi), float(made.factor.max())])


def main() -> int:
    """Simulate at length and write the result."""
    figures = simulate(REPEATS)
    write("calibration", figures, f"Seed {SEED}. The truth is the drawn city itself; classes as the count joins them.")
    left = next(figure.value for figure in figures if figure.group.startswith("N/r"))
    return int(not all(figure.held for figure in figures) or left < LEFT)


if __name__ == "__main__":
    sys.exit(main())
