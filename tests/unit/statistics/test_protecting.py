"""Patterns protect, and the cheapest one is the cheapest."""

import numpy as np
import pytest

from enkat.statistics.disclosure.attacker import Attacker
from enkat.statistics.disclosure.cheapest import UnprotectableError
from enkat.statistics.disclosure.linked_tables import LinkedTable
from enkat.statistics.disclosure.protecting import close, optimise
from enkat.statistics.disclosure.suppression import Family
from tests.factories.linked import city, crossed, slow_optimum, universe


@pytest.mark.parametrize("seed", range(8))
def test_the_optimum_is_that_of_brute_force(seed: int):
    rng = np.random.default_rng(seed)
    counts, sums = crossed(rng.integers(0, 4, size=(2, 2)))
    table = LinkedTable.of(counts, sums, 3)
    found = optimise(table, 3)
    assert found.cost == found.bound == slow_optimum(table, universe((2, 2), 14))
    assert close(table, 3).cost >= found.cost


@pytest.mark.parametrize("seed", range(3))
def test_both_ways_protect_every_secret_of_a_city(seed: int):
    counts, sums = city(np.random.default_rng(seed), units=30, districts=5)
    table = LinkedTable.of(counts, sums, 5)
    quick, best = close(table, 5), optimise(table, 5)
    assert best.bound is not None
    assert best.bound <= best.cost <= quick.cost
    for pattern in (quick, best):
        assert not Attacker(table, pattern.hidden).ranges().given_away(table).any()
        assert pattern.hidden[table.secret].all()


def test_a_search_cut_short_still_protects_and_says_its_bound():
    counts, sums = city(np.random.default_rng(5), units=40, districts=5)
    table = LinkedTable.of(counts, sums, 5)
    found = optimise(table, 5, seconds=0.0)
    assert found.bound is not None
    assert found.bound < found.cost
    assert not Attacker(table, found.hidden).ranges().given_away(table).any()


def test_wider_protection_hides_more():
    counts, sums = crossed(np.array([[12, 3], [20, 9]]))
    table = LinkedTable.of(counts, sums, 5)
    wide = table.demanding(table.at_most, np.where(table.secret, 30, table.at_least))
    assert not Attacker(wide, close(table, 5).hidden).ranges().hi[1] >= 30
    assert Attacker(wide, close(wide, 5).hidden).ranges().hi[1] >= 30
    assert optimise(wide, 5).cost > optimise(table, 5).cost


def test_what_cannot_be_protected_is_refused():
    known = LinkedTable.of([4, 2, 2], [Family(0, [1, 2])], 5, most=np.array([4, 2, 2]))
    strict = known.demanding(np.minimum(known.at_most, 0), np.full(3, 1))
    closed = Attacker(strict, np.ones(3, dtype=bool))
    assert not closed.ranges().given_away(strict).any()
    impossible = LinkedTable(
        known.counts, known.sums, known.secret, known.at_most, np.full(3, 9), known.least, known.most
    )
    with pytest.raises(UnprotectableError):
        close(impossible, 5)
    with pytest.raises(UnprotectableError):
        optimise(impossible, 5)
