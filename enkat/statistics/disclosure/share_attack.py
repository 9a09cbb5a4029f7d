"""What a weighted share gives away: a whole weighs its parts by their clients, so its share is one more equation.

The attacker of a whole with hidden parts knows every shown part's clients, respondents and positive answers, how many
respondents the hidden parts have together, and the share of the whole, weighted N/r and rounded to a step; whoever
reads results of two levels knows it rounded to two. A small hidden part is protected when other whole numbers of
respondents and positive answers in the hidden parts give the same total and the same rounded shares: fewer
respondents, as many as the threshold, fewer positive answers, and at least two. All hidden parts' positive answers may
move, and the respondents of those that nothing else fixes. What is found in this way is possible, so the answer errs on
the safe side.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from enkat.statistics.intervals import FloatArray
from enkat.statistics.tallies import BoolArray, IntArray

STEPS: Final = (1, 2, 5, 10, 20)
"""Percentage points that a share may be rounded to, the finest first."""
SOME_POSITIVE: Final = 2
EPSILON: Final = 1e-9
REACHED: Final = 2000
"""So many different sums of answers are enough: further parts keep the answers they have."""


@dataclass(frozen=True, slots=True)
class Whole:
    """The parts of a whole; arrays are int64 (parts,).

    Attributes
    ----------
    clients, respondents, positive : int64
        N, r and positive answers of each part; a part without respondents does not weigh.
    hidden : bool
        Parts of which the reader knows nothing else.
    movable : bool, optional
        Hidden parts whose respondents follow from nothing else; all of them by default.
    """

    clients: IntArray
    respondents: IntArray
    positive: IntArray
    hidden: BoolArray
    movable: BoolArray | None = None


def safe_step(whole: Whole, threshold: int, *, beside: Sequence[int] = ()) -> int | None:
    """Return the finest step that the share of a whole may be rounded to; None where no step is coarse enough.

    Parameters
    ----------
    whole : Whole
        Somebody answered in it.
    threshold : int
        Hidden parts of 1 to ``threshold`` - 1 respondents must be protected.
    beside : sequence of int
        Steps that the reader sees the share rounded to as well.
    """
    return next((step for step in STEPS if is_safe(whole, threshold, (step, *beside))), None)


def is_safe(whole: Whole, threshold: int, steps: Sequence[int]) -> bool:
    """Say whether a reader who sees the share of a whole rounded to some steps narrows no small hidden part."""
    small = np.flatnonzero(whole.hidden & (whole.respondents > 0) & (whole.respondents < threshold)).tolist()
    return all(_protected(whole, part, steps, threshold) for part in small)


def _protected(whole: Whole, part: int, steps: Sequence[int], threshold: int) -> bool:
    """Say whether one small hidden part is protected when the share is rounded to steps."""
    answered, positive = int(whole.respondents[part]), int(whole.positive[part])
    limit = int(max(whole.clients[part], answered))
    least_positive = min(SOME_POSITIVE, limit)
    needs = {"fewer", "enough", "fewer positive", "some positive"}
    # Two parts nearly always do; only then all are moved.
    for everybody in (False, True):
        for respondents, moved in _moves(whole, part, threshold):
            own = int(respondents[part])
            moving = np.flatnonzero(whole.hidden) if everybody else moved
            found = _positives(whole, part, respondents, moving, steps)
            if not found.size:
                continue
            if own <= max(answered - 1, 0):
                needs.discard("fewer")
            if own >= min(threshold, limit):
                needs.discard("enough")
            if found.min() <= max(positive - 1, 0):
                needs.discard("fewer positive")
            if found.max() >= least_positive:
                needs.discard("some positive")
            if not needs:
                return True
    return False


def _moves(whole: Whole, part: int, threshold: int) -> Iterator[tuple[IntArray, IntArray]]:
    """Give respondents of the parts with the same total, the part's likeliest numbers first, and which others move.

    What the part gives or takes is borne by one other part, or where none has room by several. Where it gives nothing,
    one other part's positive answers move.
    """
    movable = whole.hidden if whole.movable is None else whole.movable
    others, beside = (np.setdiff1d(np.flatnonzero(which), part) for which in (movable, whole.hidden))
    answered = int(whole.respondents[part])
    most = np.maximum(whole.clients, whole.respondents)
    takes = most[others] - whole.respondents[others]
    gives = whole.respondents[others]
    possible = range(max(answered - int(takes.sum()), 0), min(int(most[part]), answered + int(gives.sum())) + 1)
    if not movable[part]:
        possible = range(answered, answered + 1)
    for own in _order(answered, possible, threshold):
        change = answered - own
        room = takes if change > 0 else gives
        able = others[room >= abs(change)] if change else beside
        for other in able.tolist():
            respondents = whole.respondents.copy()
            respondents[part] -= change
            respondents[other] += change
            yield respondents, np.array([other])
        if not able.size:
            respondents = whole.respondents.copy()
            respondents[part] -= change
            borne = np.diff(np.minimum(np.cumsum(room), abs(change)), prepend=0)
            respondents[others] += np.sign(change) * borne
            yield respondents, others[borne > 0]


def _order(answered: int, possible: Sequence[int], threshold: int) -> list[int]:
    """Try the likeliest numbers first: one fewer, the threshold, then from there outward."""
    wanted = (answered - 1, threshold)
    return sorted(possible, key=lambda number: min(abs(number - one) for one in wanted))


def _positives(whole: Whole, part: int, respondents: IntArray, moving: IntArray, steps: Sequence[int]) -> IntArray:
    """Return the positive answers that a part may have had if the parts had so many respondents and others move."""
    heard = respondents > 0
    weight = int(whole.clients[heard].sum())
    if not weight:
        return np.empty(0, dtype=np.int64)
    free = np.zeros_like(heard)
    free[moving] = True
    kept = heard & ~free
    free &= heard
    free[part] = kept[part] = False
    base = float((whole.clients[kept] * whole.positive[kept] / respondents[kept]).sum())
    others = base + _sums(whole, np.flatnonzero(free), respondents)
    own = np.arange(int(respondents[part]) + 1)
    totals = np.add.outer(whole.clients[part] * own / max(int(respondents[part]), 1), others)
    same = np.ones(totals.shape, dtype=np.bool_)
    for step in steps:
        same &= np.floor(100 * totals / weight / step + 0.5 + EPSILON) == rounded_share(whole, step)
    return np.asarray(own[same.any(axis=1)], dtype=np.int64)


def _sums(whole: Whole, parts: IntArray, respondents: IntArray) -> FloatArray:
    """Return what the weighted positive answers of some parts may come to together: some of the sums, all possible."""
    sums = np.zeros(1)
    # Those whose respondents are others must move; then the ones whose answers weigh least, for the finest sums.
    order = sorted(
        parts.tolist(),
        key=lambda one: (respondents[one] == whole.respondents[one], whole.clients[one] / respondents[one]),
    )
    for one in order:
        each = whole.clients[one] / respondents[one]
        if len(sums) > REACHED and respondents[one] == whole.respondents[one]:
            sums = sums + each * whole.positive[one]
        else:
            sums = np.unique(np.add.outer(sums, each * np.arange(respondents[one] + 1)).round(9))
    return sums


def rounded_share(whole: Whole, step: int) -> int:
    """Return the weighted share of a whole in steps, rounded half up."""
    heard = whole.respondents > 0
    share = (whole.clients[heard] * whole.positive[heard] / whole.respondents[heard]).sum() / whole.clients[heard].sum()
    return int(np.floor(100 * share / step + 0.5 + EPSILON))
