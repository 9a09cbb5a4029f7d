"""The attacker's ranges are those of every table that agrees with what is shown."""

import numpy as np
import pytest

from enkat.statistics.disclosure.attacker import Attacker
from enkat.statistics.disclosure.linked_tables import InconsistentTableError, LinkedTable
from enkat.statistics.disclosure.protecting import close
from enkat.statistics.disclosure.suppression import Family
from tests.factories.linked import crossed, slow_ranges, universe


@pytest.mark.parametrize("seed", range(12))
def test_ranges_are_those_of_brute_force(seed: int):
    rng = np.random.default_rng(seed)
    counts, sums = crossed(rng.integers(0, 3, size=(2, 3)))
    table = LinkedTable.of(counts, sums, 5)
    hidden = np.zeros(len(counts), dtype=bool)
    hidden[rng.choice(len(counts), size=rng.integers(4, 9), replace=False)] = True
    found = Attacker(table, hidden).ranges()
    lo, hi = slow_ranges(table, hidden, universe((2, 3), 7))
    limited = found.hi <= 7
    assert limited.sum() > (~hidden).sum()
    assert (found.lo == lo).all()
    assert (found.hi[limited] == hi[limited]).all()
    assert (found.lo[~hidden] == counts[~hidden]).all()


def test_what_nothing_limits_is_unlimited():
    table = LinkedTable.of([3, 9, 12], [Family(2, [0, 1])], 5)
    hidden = np.array([True, False, True])
    assert Attacker(table, hidden).ranges().hi[0] > table.counts.sum()


def test_known_maxima_narrow_the_ranges():
    counts, sums = [8, 4, 4], [Family(0, [1, 2])]
    open_table = LinkedTable.of(counts, sums, 5)
    known = LinkedTable.of(counts, sums, 5, most=np.array([99, 4, 4]))
    hidden = np.array([False, True, True])
    assert Attacker(open_table, hidden).ranges().hi.tolist() == [8, 8, 8]
    ranges = Attacker(known, hidden).ranges()
    assert (ranges.lo.tolist(), ranges.hi.tolist()) == ([8, 4, 4], [8, 4, 4])
    assert ranges.given_away(known).tolist() == [False, True, True]


def test_whole_numbers_narrow_what_halves_would_leave_open():
    # Twice a + b + e = b + c + f = a + c + g = 1, and T = all a, b, c. With halves T may be 3, in whole numbers 2.
    triangle = [(6, [0, 1, 3]), (7, [1, 2, 4]), (8, [0, 2, 5])]
    sums = [Family(at + parent, [at + part for part in parts]) for at in (0, 9) for parent, parts in triangle]
    one = [1, 0, 0, 0, 1, 0, 1, 1, 1]
    hidden = np.array([*([True] * 6 + [False] * 3) * 2, True])
    secret = np.arange(19) == 18
    table = LinkedTable.of([*one, *one, 2], [*sums, Family(18, [0, 1, 2, 9, 10, 11])], 3, secret=secret)
    attacker = Attacker(table, hidden)
    assert attacker.ranges(secret).hi[18] == 2
    (cut,) = attacker.cuts()
    assert cut.weights[hidden].sum() == 0
    assert cut.weights[~hidden].sum() == cut.demand * 6
    assert not Attacker(table, close(table, 3, hidden=hidden).hidden).cuts()


def test_a_secret_that_is_shown_is_given_away():
    table = LinkedTable.of([12, 3, 9], [Family(0, [1, 2])], 5)
    shown = Attacker(table, np.zeros(3, dtype=bool))
    assert shown.ranges().given_away(table).tolist() == [False, True, False]


def test_a_wrong_sum_and_a_count_beyond_its_limit_are_refused():
    with pytest.raises(InconsistentTableError) as raised:
        LinkedTable.of([12, 3, 8], [Family(0, [1, 2])], 5)
    assert raised.value.faults == [(0, 11)]
    with pytest.raises(ValueError, match="limits"):
        LinkedTable.of([3], [], 5, most=np.array([2]))
