"""What a weighted share gives away: a whole weighs its parts by their clients, so its share is one more equation.

The attacker of a whole with hidden parts knows every shown part's clients, respondents and positive answers, how many
respondents the hidden parts have together, and the share of the whole, weighted N/r, rounded to a step. A small hidden
part is protected when other whole numbers of respondents and positive answers, moved between it and one other hidden
part, give the same total and the same rounded share: fewer respondents, as many as the threshold, fewer positive
answers, and at least two. What is found in this way is possible, so the answer errs on the safe side.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from enkat.statistics.tallies import BoolArray, IntArray

STEPS: Final = (1, 2, 5, 10, 20)
"""Percentage points that a share may be rounded to, the finest first."""
SOME_POSITIVE: Final = 2
EPSILON: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Whole:
    """The parts of a whole; arrays are int64 (parts,).

    Attributes
    ----------
    clients, respondents, positive : int64
        N, r and positive answers of each part; a part without respondents does not weigh.
    hidden : bool
    """

    clients: IntArray
    respondents: IntArray
    positive: IntArray
    hidden: BoolArray


def safe_step(whole: Whole, threshold: int) -> int | None:
    """Return the finest step that the share of a whole may be rounded to; None where no step is coarse enough.

    Parameters
    ----------
    whole : Whole
        Somebody answered in it.
    threshold : int
        Hidden parts of 1 to ``threshold`` - 1 respondents must be protected.
    """
    small = np.flatnonzero(whole.hidden & (whole.respondents > 0) & (whole.respondents < threshold)).tolist()
    return next((step for step in STEPS if all(_protected(whole, part, step, threshold) for part in small)), None)


def _protected(whole: Whole, part: int, step: int, threshold: int) -> bool:
    """Say whether one small hidden part is protected when the share is rounded to a step."""
    answered, positive = int(whole.respondents[part]), int(whole.positive[part])
    limit = int(max(whole.clients[part], answered))
    least_positive = min(SOME_POSITIVE, limit)
    needs = {"fewer", "enough", "fewer positive", "some positive"}
    for partner in np.flatnonzero(whole.hidden).tolist():
        if partner == part:
            continue
        together = answered + int(whole.respondents[partner])
        most = int(max(whole.clients[partner], whole.respondents[partner]))
        for own in _order(answered, range(max(together - most, 0), min(limit, together) + 1), threshold):
            own_positive = _positives(whole, (part, partner), (own, together - own), step)
            if not own_positive.size:
                continue
            if own <= max(answered - 1, 0):
                needs.discard("fewer")
            if own >= min(threshold, limit):
                needs.discard("enough")
            if own_positive.min() <= max(positive - 1, 0):
                needs.discard("fewer positive")
            if own_positive.max() >= least_positive:
                needs.discard("some positive")
            if not needs:
                return True
    return False


def _order(answered: int, possible: Sequence[int], threshold: int) -> list[int]:
    """Try the likeliest numbers first: one fewer, the threshold, then from there outward."""
    wanted = (answered - 1, threshold)
    return sorted(possible, key=lambda number: min(abs(number - one) for one in wanted))


def _positives(whole: Whole, parts: tuple[int, int], respondents: tuple[int, int], step: int) -> IntArray:
    """Return the positive answers that the first part may have had if two parts had so many respondents."""
    fixed = np.ones(len(whole.clients), dtype=np.bool_)
    fixed[list(parts)] = False
    fixed &= whole.respondents > 0
    base = float((whole.clients[fixed] * whole.positive[fixed] / whole.respondents[fixed]).sum())
    weight = int(whole.clients[fixed].sum())
    own, other = (np.arange(count + 1) for count in respondents)
    total = base + np.add.outer(
        whole.clients[parts[0]] * own / max(respondents[0], 1), whole.clients[parts[1]] * other / max(respondents[1], 1)
    )
    weight += sum(int(whole.clients[part]) for part, count in zip(parts, respondents, strict=True) if count)
    if not weight:
        return np.empty(0, dtype=np.int64)
    same = np.floor(100 * total / weight / step + 0.5 + EPSILON) == rounded_share(whole, step)
    return np.asarray(own[same.any(axis=1)], dtype=np.int64)


def rounded_share(whole: Whole, step: int) -> int:
    """Return the weighted share of a whole in steps, rounded half up."""
    heard = whole.respondents > 0
    share = (whole.clients[heard] * whole.positive[heard] / whole.respondents[heard]).sum() / whole.clients[heard].sum()
    return int(np.floor(100 * share / step + 0.5 + EPSILON))
