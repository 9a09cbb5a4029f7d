"""The share of a whole, rounded to its step, reveals no hidden part: every possible pair of parts is tried."""

from itertools import product

import numpy as np
import pytest

from enkat.statistics.disclosure.share_attack import Whole, rounded_share, safe_step


def whole(clients: list[int], respondents: list[int], positive: list[int], hidden: list[int]) -> Whole:
    flags = np.isin(np.arange(len(clients)), hidden)
    return Whole(np.array(clients), np.array(respondents), np.array(positive), flags)


def alternatives(of: Whole, step: int) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Give every (respondents, positive) of the hidden parts with the same total and rounded share."""
    places = np.flatnonzero(of.hidden)
    total = int(of.respondents[places].sum())
    found = []
    for answered in product(*(range(min(int(of.clients[place]), total) + 1) for place in places)):
        if sum(answered) != total:
            continue
        for positive in product(*(range(count + 1) for count in answered)):
            respondents, positives = of.respondents.copy(), of.positive.copy()
            respondents[places], positives[places] = answered, positive
            other = Whole(of.clients, respondents, positives, of.hidden)
            if respondents.any() and rounded_share(other, step) == rounded_share(of, step):
                found.append((answered, positive))
    return found


@pytest.mark.parametrize("threshold", [5, 7])
@pytest.mark.parametrize("seed", range(25))
def test_a_rounded_share_reveals_no_hidden_part(seed: int, threshold: int):
    rng = np.random.default_rng(seed)
    clients = rng.integers(4, 30, size=5)
    respondents = np.round(clients * rng.uniform(0.3, 0.8, size=5)).astype(int)
    clients[:2] = rng.integers(5, 12, size=2)
    respondents[:2] = rng.integers(1, threshold, size=2)
    respondents[1] = min(max(respondents[1], threshold - respondents[0]), clients[1])
    positive = rng.binomial(respondents, 0.8)
    of = whole(clients.tolist(), respondents.tolist(), positive.tolist(), [0, 1])
    step = safe_step(of, threshold)
    if step is None:
        return
    found = alternatives(of, step)
    for number in (0, 1):
        answered, limit = int(respondents[number]), int(clients[number])
        if answered < threshold:
            assert min(one[0][number] for one in found) <= max(answered - 1, 0)
            assert max(one[0][number] for one in found) >= min(threshold, limit)
            assert min(one[1][number] for one in found) <= max(int(positive[number]) - 1, 0)
            assert max(one[1][number] for one in found) >= min(2, limit)


def test_one_decimal_or_a_whole_percent_would_give_parts_away_where_the_step_is_coarser():
    of = whole([9, 34, 13, 24], [3, 25, 7, 16], [2, 22, 6, 11], [0, 2])
    step = safe_step(of, 7)
    assert step is not None
    assert step > 1
    assert min(one[1][0] for one in alternatives(of, 1)) == 2
    assert min(one[1][0] for one in alternatives(of, step)) <= 1


def test_where_no_step_is_coarse_enough_there_is_none():
    # Everybody of the small part has answered, which the total of respondents and the clients tell.
    assert safe_step(whole([3, 40, 30], [3, 20, 30], [3, 18, 25], [0, 2]), 5) is None


def test_nothing_hidden_and_nothing_small_needs_no_step():
    assert safe_step(whole([30, 40], [20, 30], [18, 25], []), 5) == 1
    assert safe_step(whole([30, 40, 50], [20, 30, 25], [18, 25, 20], [1, 2]), 5) == 1
