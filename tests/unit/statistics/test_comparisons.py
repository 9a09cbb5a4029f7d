"""Comparisons: the words, the family, and the traps that a naive comparison falls into."""

import numpy as np
import pytest

from enkat.statistics.comparisons.differences import Difference, Side, difference_of, mover_p
from enkat.statistics.comparisons.families import Correction, corrected
from enkat.statistics.comparisons.tables import (
    Rules,
    counts_against_counts,
    units_against_rest,
    weighted_against_weighted,
    weighted_side,
)
from enkat.statistics.comparisons.words import WORDS, Against, Word, phrase, words
from enkat.statistics.tails import binomial_two_sided, fisher_two_sided

UNITS = 30


def even_city(answers: int = 60, positive: int = 48) -> tuple[np.ndarray, np.ndarray]:
    """Thirty units alike, one question."""
    return np.full((UNITS, 1), positive), np.full((UNITS, 1), answers)


def said(word: np.ndarray) -> list[Word]:
    return [WORDS[int(code)] for code in word.ravel()]


def test_units_alike_get_no_word():
    found = units_against_rest(*even_city())
    assert set(said(found.word)) == {Word.NOT_CERTAIN}
    assert found.p == pytest.approx(1, abs=0.2)


def test_a_unit_far_below_and_one_far_above_are_told():
    k, n = even_city()
    k[3], k[7] = 30, 60
    found = units_against_rest(k, n)
    assert [at for at, word in enumerate(said(found.word)) if word is Word.LOWER] == [3]
    assert [at for at, word in enumerate(said(found.word)) if word is Word.HIGHER] == [7]
    rest = (k.sum() - 30) / (n.sum() - 60)
    assert found.other[3, 0] == pytest.approx(rest, rel=1e-12)
    assert found.difference.difference[3, 0] == pytest.approx(0.5 - rest, rel=1e-12)


def test_one_satisfied_respondent_proves_nothing():
    """A test that rests on the unit's own variance calls it certain: the variance is 0."""
    k, n = even_city()
    k[0], n[0] = 1, 1
    found = units_against_rest(k, n)
    assert said(found.word)[0] is Word.NOT_CERTAIN
    assert found.p[0, 0] > 0.9


def test_a_certain_but_small_difference_is_called_small():
    k, n = even_city()
    k[0], n[0] = 1684, 2000  # 84 against 80 %: certain by any test
    found = units_against_rest(k, n)
    assert found.p_adjusted[0, 0] < 0.05
    assert said(found.word)[0] is Word.SMALL
    assert said(units_against_rest(k, n, rules=Rules(relevant=0.04)).word)[0] is Word.HIGHER


def test_interval_and_p_value_must_agree():
    gap = Difference(np.array([0.2, 0.2]), np.array([0.01, -0.01]), np.array([0.4, 0.4]))
    assert said(words(gap, np.array([0.01, 0.01]))) == [Word.HIGHER, Word.NOT_CERTAIN]
    assert said(words(gap, np.array([0.06, 0.01]))) == [Word.NOT_CERTAIN, Word.NOT_CERTAIN]
    assert said(words(gap, np.array([np.nan, np.nan]))) == [Word.NONE, Word.NONE]


def test_a_large_unit_and_a_rest_without_spread_are_tested_by_fisher():
    k, n = np.array([[40], [45], [19]]), np.array([[50], [50], [20]])
    found = units_against_rest(k, n)
    assert found.p[0, 0] == pytest.approx(float(fisher_two_sided(40, 50, 64, 70)))
    # 20 of 1020 answers, but the rest is positive to the last answer: a binomial of share 1 would give p = 0.
    k, n = np.array([[19], [500], [500]]), np.array([[20], [500], [500]])
    assert units_against_rest(k, n).p[0, 0] == pytest.approx(2 * 20 / 1020)


def test_the_family_is_fixed_and_hidden_units_stand_in_the_rest():
    k, n = even_city()
    k[3] = 38
    shown = np.ones_like(n, dtype=np.bool_)
    shown[10:] = False
    found = units_against_rest(k, n, shown=shown)
    assert np.isnan(found.p_adjusted[10:]).all()
    assert set(said(found.word)[10:]) == {Word.NONE}
    assert found.other[3, 0] == pytest.approx((k.sum() - 38) / (n.sum() - 60))
    assert found.p_adjusted[3, 0] == pytest.approx(10 * found.p[3, 0])
    fixed = units_against_rest(k, n, shown=shown, rules=Rules(family=120))
    assert fixed.p_adjusted[3, 0] == pytest.approx(120 * found.p[3, 0])


def test_a_unit_without_answers_keeps_its_place_in_the_family():
    k, n = even_city()
    k[3] = 36
    with_all = units_against_rest(k, n)
    k[29], n[29] = 0, 0
    found = units_against_rest(k, n)
    assert said(found.word)[29] is Word.NONE
    assert np.isnan(found.difference.lo[29, 0])
    assert found.p_adjusted[3, 0] / found.p[3, 0] == pytest.approx(with_all.p_adjusted[3, 0] / with_all.p[3, 0])


def test_the_rest_may_hold_more_than_the_table():
    k, n = even_city()
    found = units_against_rest(k[:5], n[:5], everybody=(k.sum(axis=0), n.sum(axis=0)))
    np.testing.assert_allclose(found.p, units_against_rest(k, n).p[:5])


def test_the_only_unit_has_nothing_to_be_compared_with():
    found = units_against_rest([[8]], [[10]])
    assert said(found.word) == [Word.NONE]


def test_holm_marks_no_more_than_benjamini_and_hochberg():
    p = np.array([[0.001, 0.02], [0.03, 0.8]])
    holm, usual = corrected(p, Correction.HOLM), corrected(p)
    assert (holm >= usual).all()
    assert holm.shape == (2, 2)
    assert (usual >= p).all()


def test_a_family_smaller_than_its_members_is_refused():
    with pytest.raises(ValueError, match="family"):
        corrected([0.1, 0.2], size=1)


def test_two_rounds():
    found = counts_against_counts([[45], [0]], [[50], [0]], [[25], [8]], [[50], [10]])
    assert said(found.word) == [Word.HIGHER, Word.NONE]
    assert np.isnan(found.p[1, 0])


def test_weighted_groups_agree_with_counts_where_nothing_is_weighted():
    n, k = np.array([400.0, 500.0]), np.array([300.0, 400.0])
    p = k / n
    one = weighted_side(p, p * (1 - p) / n, n, np.inf)
    other = weighted_side(p[::-1], (p * (1 - p) / n)[::-1], n[::-1], np.inf)
    found = weighted_against_weighted(one, other)
    counted = counts_against_counts(k.astype(int), n.astype(int), k[::-1].astype(int), n[::-1].astype(int))
    np.testing.assert_allclose(found.difference.lo, counted.difference.lo, rtol=1e-9)
    # Found from the interval, not from the hypergeometric distribution: near, not equal.
    np.testing.assert_allclose(np.log(found.p), np.log(counted.p), atol=0.2)


def test_the_p_value_of_a_weighted_difference_is_where_its_interval_meets_0():
    one = Side(np.array([0.8, 0.9, 0.5]), np.array([40.0, 1.0, 30.0]), np.array([12.0, 3.0, np.inf]))
    other = Side(np.array([0.6, 0.5, 0.5]), np.array([90.0, 50.0, 30.0]), np.array([80.0, np.inf, np.inf]))
    p = mover_p(one, other)
    assert p[2] == pytest.approx(1)
    for at in (0, 1):
        alone = [
            Side(side.share[at : at + 1], side.answers[at : at + 1], side.df[at : at + 1]) for side in (one, other)
        ]
        assert difference_of(*alone, level=1 - float(p[at])).lo == pytest.approx(0, abs=1e-9)


def test_a_weighted_group_at_100_percent_has_width():
    edge = weighted_side([1.0, 1.0, np.nan], [0.0, 0.0, np.nan], [20, 1, 0], [19, 0, 0])
    lo = edge.bounded(0.025).lo
    assert 0.8 < lo[0] < 0.9
    assert lo[1] == 0
    assert np.isnan(lo[2])


def test_p_values_at_the_ends():
    assert binomial_two_sided(0, 10, 0.5) == pytest.approx(2 * 0.5**10)
    assert binomial_two_sided(5, 10, 0.5) == 1
    assert np.isnan(binomial_two_sided(0, 0, 0.5))
    assert fisher_two_sided(5, 5, 0, 5) == pytest.approx(2 / 252)
    assert np.isnan(fisher_two_sided(0, 0, 3, 5))


def test_the_words_are_plain_swedish():
    assert phrase(Word.HIGHER) == "högre än övriga enheter"
    assert phrase(Word.LOWER, Against.ROUND) == "lägre än förra omgången"
    assert phrase(Word.SMALL, relevant=0.025) == "skillnad mindre än 2,5 procentenheter"
    assert phrase(Word.NOT_CERTAIN, Against.GROUP) == "ingen säker skillnad"
    assert phrase(Word.NONE) == ""
