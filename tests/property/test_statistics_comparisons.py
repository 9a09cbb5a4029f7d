"""What must hold for intervals by name and for comparisons whatever the numbers are."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from enkat.statistics.comparisons.families import Correction, corrected
from enkat.statistics.comparisons.tables import counts_against_counts, units_against_rest
from enkat.statistics.design import Design
from enkat.statistics.funnel import funnel
from enkat.statistics.intervals import IntervalName, Need, Observed, hypergeometric, interval, mid_p
from enkat.statistics.pooled import pooled
from enkat.statistics.tails import fisher_two_sided
from enkat.statistics.tallies import QuestionSums

BY_COUNTS = [name for name in IntervalName if Need.VARIANCE not in name.needs]


@st.composite
def draws(draw: st.DrawFn, largest: int = 500) -> tuple[int, int, int]:
    population = draw(st.integers(1, largest))
    n = draw(st.integers(0, population))
    return draw(st.integers(0, n)), n, population


@st.composite
def tables(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Units by questions: positive answers and answers."""
    units, questions = draw(st.integers(2, 12)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    n = rng.integers(0, draw(st.integers(1, 200)) + 1, (units, questions))
    return rng.binomial(n, rng.random((units, questions))), n


@pytest.mark.parametrize("name", BY_COUNTS)
@given(draws(), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_mirrored_question_has_the_mirrored_interval(
    name: IntervalName, triple: tuple[int, int, int], level: float
):
    k, n, population = triple
    one = interval(name, Observed(k, n, population), level=level)
    other = interval(name, Observed(n - k, n, population), level=level)
    assert (float(one.lo), float(one.hi)) == pytest.approx((1 - float(other.hi), 1 - float(other.lo)), abs=1e-9)


@pytest.mark.parametrize("name", BY_COUNTS)
@given(draws())
def test_the_interval_holds_the_share_and_rises_with_it(name: IntervalName, triple: tuple[int, int, int]):
    k, n, population = triple
    assume(n > 0)
    found = interval(name, Observed(np.arange(n + 1), n, population))
    assert (found.lo >= 0).all()
    assert (found.hi <= 1).all()
    assert found.lo[k] - 1e-9 <= k / n <= found.hi[k] + 1e-9 or name in {
        IntervalName.HYPERGEOMETRIC,
        IntervalName.MID_P,
    }
    assert (np.diff(found.lo) >= -1e-12).all()
    assert (np.diff(found.hi) >= -1e-12).all()


@given(draws(), st.integers(0, 1))
def test_mid_p_lies_within_the_exact_interval(triple: tuple[int, int, int], shift: int):
    exact, narrow = hypergeometric(*triple, shift=shift), mid_p(*triple, shift=shift)
    assert exact.lo <= narrow.lo <= narrow.hi <= exact.hi


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_large_population_gives_clopper_and_pearson(pair: tuple[int, int]):
    population = 10**6
    found = interval(IntervalName.HYPERGEOMETRIC, Observed(*pair, population))
    binomial = interval(IntervalName.CLOPPER_PEARSON, Observed(*pair))
    assert float(found.lo) == pytest.approx(float(binomial.lo), abs=2e-4)
    assert float(found.hi) == pytest.approx(float(binomial.hi), abs=2e-4)


@given(draws(), st.integers(2, 4))
def test_units_of_equal_response_rate_may_be_merged(triple: tuple[int, int, int], parts: int):
    """Weighted N/r or counted as one unit: the same share, and nobody is counted twice."""
    k, n, population = triple
    assume(n > 1)
    column = [[value] * parts for value in (k, n, population)]
    positive, answers, clients = (np.array(values)[:, None] for values in column)
    none = np.zeros_like(answers)
    apart = Design.of(QuestionSums(answers, answers, positive, none, none, none), clients, [False])
    merged = apart.over([0] * parts, 1)
    assert merged.share[0, 0] == pytest.approx(k / n)
    assert merged.answered[0, 0] == parts * n
    assert merged.population[0, 0] == parts * population
    assert merged.se[0, 0] == pytest.approx(float(apart.units().se[0, 0]) / parts**0.5)


@given(draws())
def test_without_finite_correction_an_error_is_that_of_an_infinite_population(triple: tuple[int, int, int]):
    k, n, population = triple
    assume(n > 1)
    positive, answers, clients = (np.array([[value], [value]]) for value in (k, n, population))
    none = np.zeros_like(answers)
    design = Design.of(QuestionSums(answers, answers, positive, none, none, none), clients, [False])
    finite, ways_of_working = design.over([0, 0], 1), design.over([0, 0], 1, finite=False)
    assert finite.se[0, 0] == pytest.approx(ways_of_working.se[0, 0] * (1 - n / population) ** 0.5, abs=1e-12)
    assert ways_of_working.hi[0, 0] - ways_of_working.lo[0, 0] >= finite.hi[0, 0] - finite.lo[0, 0] - 1e-12


@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_units_does_not_matter(table: tuple[np.ndarray, np.ndarray], random: object):
    k, n = table
    order = list(range(len(n)))
    random.shuffle(order)  # type: ignore[attr-defined]
    one, other = units_against_rest(k, n), units_against_rest(k[order], n[order])
    np.testing.assert_allclose(one.p_adjusted[order], other.p_adjusted, rtol=1e-9)
    np.testing.assert_array_equal(one.word[order], other.word)
    np.testing.assert_allclose(funnel(k, n).z[order], funnel(k[order], n[order]).z, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(pooled(k, n).share[order], pooled(k[order], n[order]).share, rtol=1e-6)


@given(tables())
def test_the_mirrored_question_has_the_mirrored_differences(table: tuple[np.ndarray, np.ndarray]):
    k, n = table
    one, other = units_against_rest(k, n), units_against_rest(n - k, n)
    np.testing.assert_allclose(one.difference.lo, -other.difference.hi, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(one.p, other.p, rtol=1e-7)


@given(draws(60), draws(60))
def test_swapping_the_sides_turns_the_difference(one: tuple[int, int, int], other: tuple[int, int, int]):
    there = counts_against_counts(one[0], one[1], other[0], other[1])
    back = counts_against_counts(other[0], other[1], one[0], one[1])
    np.testing.assert_allclose(there.difference.lo, -back.difference.hi, atol=1e-12)
    np.testing.assert_allclose(there.p, back.p, rtol=1e-7)


@given(draws(60), draws(60))
def test_fishers_p_value_is_a_probability(one: tuple[int, int, int], other: tuple[int, int, int]):
    p = float(fisher_two_sided(one[0], one[1], other[0], other[1]))
    assert np.isnan(p) == (one[1] == 0 or other[1] == 0)
    assert np.isnan(p) or 0 < p <= 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.integers(0, 50))
def test_correction_never_lowers_a_p_value_and_keeps_the_order(p: list[float], more: int):
    for correction in Correction:
        found = corrected(p, correction, size=len(p) + more)
        assert (found >= np.array(p) - 1e-15).all()
        assert (np.diff(found[np.argsort(p, kind="stable")]) >= 0).all()
