"""The share of a whole, rounded to its step, reveals no hidden part: every possible pair of parts is tried."""

from itertools import product

import numpy as np
import pytest

from enkat.statistics.disclosure.share_attack import STEPS, Whole, rounded_share, safe_step


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


def pair_step(of: Whole, threshold: int) -> int | None:
    """Return the finest step where every small hidden part is protected by moves with one other hidden part alone."""
    small = [at for at in np.flatnonzero(of.hidden) if 0 < of.respondents[at] < threshold]
    for step in STEPS:
        protected = []
        for at in small:
            found = []
            for other in np.flatnonzero(of.hidden):
                if other != at:
                    pair = np.isin(np.arange(len(of.clients)), [at, other])
                    worlds = alternatives(Whole(of.clients, of.respondents, of.positive, pair), step)
                    place = int(other < at)
                    found += [(answered[place], positive[place]) for answered, positive in worlds]
            protected.append(meets(of, at, threshold, found))
        if all(protected):
            return step
    return None


def meets(of: Whole, part: int, threshold: int, found: list[tuple[int, int]]) -> bool:
    answered, positive, limit = int(of.respondents[part]), int(of.positive[part]), int(of.clients[part])
    return bool(found) and (
        min(one[0] for one in found) <= max(answered - 1, 0)
        and max(one[0] for one in found) >= min(threshold, limit)
        and min(one[1] for one in found) <= max(positive - 1, 0)
        and max(one[1] for one in found) >= min(2, limit)
    )


def three_small(seed: int) -> Whole:
    rng = np.random.default_rng(seed)
    clients = np.concatenate([rng.integers(4, 8, size=3), rng.integers(10, 30, size=2)])
    respondents = np.round(clients * rng.uniform(0.3, 0.8, size=5)).astype(int)
    return whole(clients.tolist(), respondents.tolist(), rng.binomial(respondents, 0.8).tolist(), [0, 1, 2])


@pytest.mark.parametrize("seed", range(5))
def test_all_hidden_parts_move_and_none_is_revealed(seed: int):
    of = three_small(seed)
    step = safe_step(of, 5)
    if step is None:
        return
    worlds = alternatives(of, step)
    for part in range(3):
        if 0 < of.respondents[part] < 5:
            assert meets(of, part, 5, [(answered[part], positive[part]) for answered, positive in worlds])


def test_three_parts_may_be_told_finer_than_two_at_a_time():
    steps = [(safe_step(three_small(seed), 5) or 100, pair_step(three_small(seed), 5) or 100) for seed in range(40)]
    assert all(every <= pair for every, pair in steps)
    assert any(every < pair for every, pair in steps)


@pytest.mark.parametrize("seed", range(5))
def test_whoever_sees_two_roundings_learns_no_more_than_either_may_tell(seed: int):
    of = three_small(seed)
    inner = safe_step(of, 5)
    if inner is None:
        return
    outer = safe_step(of, 5, beside=[inner])
    if outer is None:
        return
    both = set(alternatives(of, inner)) & set(alternatives(of, outer))
    for part in range(3):
        if 0 < of.respondents[part] < 5:
            assert meets(of, part, 5, [(answered[part], positive[part]) for answered, positive in both])


def test_two_steps_apart_may_tell_together_what_neither_tells():
    """79.4 percent is 79 in whole percents and 80 in steps of two: together between 79 and 79.5."""
    told = [
        seed
        for seed in range(200)
        if (of := three_small(seed)) and (step := safe_step(of, 5)) and safe_step(of, 5, beside=[1, step]) != step
    ]
    assert told


def test_parts_whose_respondents_are_known_do_not_move():
    of = whole([9, 34, 13, 24], [3, 25, 7, 16], [2, 22, 6, 11], [0, 2])
    fixed = Whole(of.clients, of.respondents, of.positive, of.hidden, np.array([True, False, False, False]))
    assert safe_step(of, 7) is not None
    assert safe_step(fixed, 7) is None


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
