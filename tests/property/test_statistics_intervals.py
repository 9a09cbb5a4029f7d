"""What must hold for intervals whatever the numbers are."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from enkat.statistics.design import Design
from enkat.statistics.intervals import hypergeometric, wilson_effective
from enkat.statistics.tallies import QuestionSums


@st.composite
def draws(draw: st.DrawFn) -> tuple[int, int, int]:
    population = draw(st.integers(1, 2_000))
    n = draw(st.integers(0, population))
    return draw(st.integers(0, n)), n, population


@given(draws(), st.integers(0, 1))
def test_limits_hold_what_was_seen(triple: tuple[int, int, int], shift: int):
    k, n, population = triple
    found = hypergeometric(k, n, population, shift=shift)
    assert k <= found.lo <= found.hi <= population - (n - k)


@given(draws(), st.integers(0, 1))
def test_the_mirrored_question_has_the_mirrored_interval(triple: tuple[int, int, int], shift: int):
    k, n, population = triple
    one = hypergeometric(k, n, population, shift=shift)
    other = hypergeometric(n - k, n, population, shift=shift)
    assert (int(one.lo), int(one.hi)) == (population - int(other.hi), population - int(other.lo))


@given(draws())
def test_the_shift_only_widens_and_a_census_has_no_width(triple: tuple[int, int, int]):
    k, n, population = triple
    plain, moved = hypergeometric(k, n, population), hypergeometric(k, n, population, shift=1)
    assert moved.lo <= plain.lo
    assert moved.hi >= plain.hi
    full = hypergeometric(k, n, n, shift=1)
    assert int(full.lo) == int(full.hi) == k


@given(draws())
def test_one_more_positive_never_lowers_a_limit(triple: tuple[int, int, int]):
    k, n, population = triple
    if k < n:
        one, more = hypergeometric(k, n, population), hypergeometric(k + 1, n, population)
        assert one.lo <= more.lo
        assert one.hi <= more.hi


@given(st.lists(draws(), min_size=1, max_size=30))
def test_all_at_once_equals_one_by_one(triples: list[tuple[int, int, int]]):
    k, n, population = np.array(triples).T
    together = hypergeometric(k, n, population)
    for row, triple in enumerate(triples):
        alone = hypergeometric(*triple)
        assert (int(together.lo[row]), int(together.hi[row])) == (int(alone.lo), int(alone.hi))


@given(st.floats(0, 1), st.floats(0, 0.25), st.integers(1, 500), st.floats(0, 1), st.integers(0, 500))
def test_wilson_stays_within_0_and_1_around_the_share(share: float, variance: float, r: int, fraction: float, df: int):
    lo, hi = wilson_effective(share, variance, r, fraction, df)
    assert 0 <= lo <= share + 1e-9
    assert share - 1e-9 <= hi <= 1


@st.composite
def strata(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    return draw(st.lists(draws().filter(lambda triple: triple[1] > 1), min_size=2, max_size=6))


def design(units: list[tuple[int, int, int]]) -> Design:
    k, n, population = (np.array(column)[:, None] for column in zip(*units, strict=True))
    none = np.zeros_like(n)
    return Design.of(QuestionSums(n, n, k, none, none, none), population, [False])


@given(strata(), st.randoms(use_true_random=False))
def test_the_order_of_units_does_not_matter(units: list[tuple[int, int, int]], random: object):
    shuffled = list(units)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = design(units).over([0] * len(units), 1), design(shuffled).over([0] * len(units), 1)
    np.testing.assert_allclose(
        [one.share, one.se, one.lo, one.hi], [other.share, other.se, other.lo, other.hi], atol=1e-9
    )


@given(strata())
def test_a_share_lies_between_its_units(units: list[tuple[int, int, int]]):
    whole, parts = design(units).over([0] * len(units), 1), design(units).units()
    assert parts.share.min() - 1e-9 <= whole.share[0, 0] <= parts.share.max() + 1e-9


@given(strata())
def test_a_census_of_all_units_has_no_error(units: list[tuple[int, int, int]]):
    complete = [(k, n, n) for k, n, _ in units]
    whole = design(complete).over([0] * len(units), 1)
    assert whole.se[0, 0] == 0
    np.testing.assert_allclose(whole.lo, whole.hi, atol=1e-9)
