"""Ten releases at both levels, with breakdowns and without: their shares together narrow no hidden unit.

The reader knows every shown unit and each district's respondents, and its share rounded as every level has told it. All
worlds that agree are counted out; weights are N/r, as the steps are made for.
"""

import random
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pytest
from sqlalchemy.orm import Session

from enkat.records.releases import ReleaseLevel
from enkat.services.results.auditing import SUPPRESSED
from enkat.services.results.computing import Breakdown, RoundResults, compute
from enkat.services.results.exporting import export
from enkat.services.results.history import WIDER
from enkat.services.results.levels import Marks, threshold_of
from enkat.services.results.release_audits import DisclosureFault
from enkat.services.results.releases import released_marks
from enkat.statistics.disclosure.share_attack import Whole, rounded_share
from tests.clocks import FixedClock
from tests.factories.counted import UnitCase, add_counted_round

PLAN = ("sex", "operating_form", "without_proxies")
WORLDS = 400_000
Range = tuple[int, int]


@dataclass
class Worlds:
    """What is possible of each hidden part: least and greatest respondents and positive answers."""

    respondents: dict[int, Range] = field(default_factory=dict)
    positive: dict[int, Range] = field(default_factory=dict)

    def take(self, part: int, respondents: int, positive: np.ndarray) -> None:
        for found, low, high in (
            (self.respondents, respondents, respondents),
            (self.positive, int(positive.min()), int(positive.max())),
        ):
            before = found.get(part, (low, high))
            found[part] = (min(before[0], low), max(before[1], high))


def worlds(of: Whole, steps: list[int]) -> Worlds | None:
    """Count out every possible world; None where they are too many."""
    places = np.flatnonzero(of.hidden).tolist()
    total = int(of.respondents[places].sum())
    sizes = [range(min(int(of.clients[place]), total) + 1) for place in places]
    if np.prod([len(size) for size in sizes[:-1]]) * (total / max(len(places), 1) + 1) ** len(places) > WORLDS:
        return None
    found = Worlds()
    shown = ~of.hidden & (of.respondents > 0)
    base = (of.clients[shown] * of.positive[shown] / of.respondents[shown]).sum()
    for answered in product(*sizes[:-1]):
        respondents = [*answered, total - sum(answered)]
        if respondents[-1] not in sizes[-1]:
            continue
        weight = of.clients[shown].sum() + sum(of.clients[at] for at, r in zip(places, respondents, strict=True) if r)
        sums = np.array(base)
        for at, r in zip(places, respondents, strict=True):
            sums = np.add.outer(sums, of.clients[at] * np.arange(r + 1) / max(r, 1))
        same = np.ones(sums.shape, dtype=bool)
        for step in steps:
            same &= np.floor(100 * sums / weight / step + 0.5 + 1e-9) == rounded_share(of, step)
        for axis, (at, r) in enumerate(zip(places, respondents, strict=True)):
            if same.any():
                found.take(at, r, np.nonzero(same)[axis])
    return found


def random_city(rng: random.Random) -> list[UnitCase]:
    cases = []
    for number in range(8):
        clients = rng.randint(8, 14) if number < 4 else rng.randint(30, 60)
        answered = rng.randint(5, clients) if number < 4 else round(clients * rng.uniform(0.5, 0.8))
        cases.append(UnitCase(clients, answered, number % 2, positive=rng.uniform(0.5, 1.0), proxies=answered // 5))
    return cases


def whole_of(results: RoundResults, group: int, question: int, hidden: np.ndarray) -> Whole:
    first = results.grouping.units.start
    at = first + results.grouping.strata_of(group)
    layer = results.layers[Breakdown.ALL]
    counts = (layer.clients, layer.estimates.answered, layer.estimates.positive)
    clients, answered, positive = (array[at, question] for array in counts)
    return Whole(clients, answered, positive, hidden[at, question])


def narrowed(results: RoundResults, seen: dict[ReleaseLevel, Marks], threshold: int) -> tuple[int, int]:
    """Return how many small hidden parts were tried, and how many are narrowed beyond their protection."""
    tried = lost = 0
    codes = [marks.codes[Breakdown.ALL] for marks in seen.values()]
    hidden = np.all([found == SUPPRESSED for found in codes], axis=0)
    for group, question in product(range(results.grouping.units.start), range(len(results.counted.questions))):
        told = [
            int(marks.steps[Breakdown.ALL][group, question])
            for marks in seen.values()
            if marks.steps is not None and marks.codes[Breakdown.ALL][group, question] != SUPPRESSED
        ]
        of = whole_of(results, group, question, hidden)
        small = [at for at in np.flatnonzero(of.hidden) if 0 < of.respondents[at] < threshold]
        possible = worlds(of, [step for step in told if step > 0]) if told and small else None
        for at in small if possible is not None else []:
            answered, positive, limit = int(of.respondents[at]), int(of.positive[at]), int(of.clients[at])
            (fewest, most), (least, greatest) = possible.respondents[at], possible.positive[at]
            tried += 1
            lost += fewest > answered - 1 or most < min(threshold, limit)
            lost += least > max(positive - 1, 0) or greatest < min(2, limit)
    return tried, lost


@pytest.mark.parametrize("seed", range(5))
def test_shares_of_ten_releases_narrow_no_hidden_unit(session: Session, clock: FixedClock, seed: int):
    rng = random.Random(seed)  # noqa: S311 - a simulation
    made = add_counted_round(session, random_city(rng), seed=seed, threshold_internal=9, threshold_public=12)
    seen: dict[ReleaseLevel, dict[ReleaseLevel, Marks]] = {level: {} for level in WIDER}
    tried = 0
    for _ in range(10):
        level = rng.choice(list(WIDER))
        by = [name for name in PLAN if rng.random() < 0.7]
        try:
            export(session, clock, None, "ht26", level=level, file_format="csv", breakdowns=by)
        except DisclosureFault:
            continue
        results = compute(session, made.id)
        for audience, levels in WIDER.items():
            if level in levels:
                seen[audience][level] = released_marks(session, results, level)
    for audience, released in seen.items():
        if released:
            count, lost = narrowed(results, released, threshold_of(results, audience))
            tried += count
            assert lost == 0
    assert tried > 0
