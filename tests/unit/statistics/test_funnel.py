"""Funnel, pooled view and case mix: what they must do whatever the figures are."""

import numpy as np
import pytest
import scipy.stats

from enkat.statistics.case_mix import Classes, join_thin, joined, standardise
from enkat.statistics.comparisons.tables import weighted_against_weighted
from enkat.statistics.comparisons.words import WORDS, Word
from enkat.statistics.funnel import ALARM, WARNING, control_limits, funnel, over_dispersion
from enkat.statistics.intervals import ratio
from enkat.statistics.pooled import pooled


def test_control_limits_enclose_the_chance_they_name():
    answers = np.array([5.0, 20.0, 100.0, 1000.0])
    for level in (WARNING, ALARM):
        low, high = control_limits(0.8, answers, level=level)
        for n, lo, hi in zip(answers, low, high, strict=True):
            law = scipy.stats.binom(n, 0.8)
            tail = (1 - level) / 2
            # Interpolated: the whole answer below the limit is likelier than the tail, the one above is not.
            assert law.cdf(np.floor(n * lo)) <= tail + 1e-9 or lo == 0
            assert law.cdf(np.ceil(n * lo)) >= tail - 1e-9
            assert law.cdf(np.ceil(n * hi)) >= 1 - tail - 1e-9


def test_limits_narrow_with_answers_and_stretch_with_dispersion():
    answers = np.array([50.0, 200.0, 800.0])
    low, high = control_limits(0.8, answers, level=WARNING)
    wide_low, wide_high = control_limits(0.8, answers, level=WARNING, phi=4.0)
    assert (np.diff(high - low) < 0).all()
    np.testing.assert_allclose(0.8 - wide_low, 2 * (0.8 - low))
    assert wide_high[0] < 1 == control_limits(0.8, 50.0, level=WARNING, phi=9.0)[1]
    assert np.isnan(control_limits(0.8, 0.0, level=WARNING)).all()


def test_a_curve_may_ask_between_whole_answers():
    fractional, whole = (control_limits(0.8, answers, level=WARNING) for answers in ([2.4, 19.6], [2, 20]))
    assert np.array_equal(fractional, whole)


def test_winsorising_takes_outliers_out_of_the_dispersion():
    z = np.concatenate([np.linspace(-1, 1, 18), [30.0, -30.0]])[:, None]
    assert over_dispersion(z)[0] == 1
    assert over_dispersion(3 * z)[0] == pytest.approx(
        9 * np.mean(np.clip(z, -np.sort(z.T)[0][17], np.sort(z.T)[0][17]) ** 2)
    )


def test_units_in_the_funnel():
    k, n = np.full((40, 1), 80), np.full((40, 1), 100)
    k[0], k[1], k[2], n[2], k[3] = 60, 70, 0, 0, 96
    found = funnel(k, n)
    assert found.zone[:4, 0].tolist() == [2, 1, -1, 2]
    assert found.phi[0] == 1
    assert np.isnan(found.share[2, 0])


def test_a_city_where_everybody_agrees_has_no_funnel_and_no_pooling():
    k = n = np.array([[4], [9], [30]])
    found, view = funnel(k, n), pooled(k, n)
    assert found.zone.ravel().tolist() == [0, 0, 0]
    assert view.share.ravel().tolist() == [1, 1, 1]
    assert np.isnan(view.lo).all()


def test_pooling_draws_small_units_most():
    rng = np.random.default_rng(5)
    n = np.array([3] * 20 + [300] * 20)[:, None]
    k = rng.binomial(n, rng.beta(16, 4, n.shape))
    found = pooled(k, n)
    raw = ratio(k, n)
    drawn = np.abs(found.share - raw) / np.maximum(np.abs(raw - found.centre), 1e-9)
    assert drawn[:20].mean() > 5 * drawn[20:].mean()
    assert ((found.lo < found.share) & (found.share < found.hi)).all()
    assert 10 < found.strength[0] < 60


def test_standardising_takes_away_what_the_mix_of_clients_makes():
    """Both groups are alike in every cell; one has twice as many of the dissatisfied."""
    cells = np.array([0.9, 0.6])
    one, other = np.array([200, 100]), np.array([100, 200])
    found = [standardise(Classes((cells * n).astype(int), n, np.diag(n)), [1, 1]) for n in (one, other)]
    assert found[0].raw - found[1].raw == pytest.approx(0.1)
    assert found[0].share == pytest.approx(0.75)
    compared = weighted_against_weighted(found[0].side, found[1].side)
    assert WORDS[int(compared.word[0])] is Word.NOT_CERTAIN


def test_joined_classes_give_the_cells_by_their_mixtures():
    """No class lies within one cell, yet their mixtures tell the cells apart."""
    members = np.array([[30, 10], [10, 30], [25, 15]])
    answered = members.sum(axis=1)
    positive = np.array([30 * 0.9 + 10 * 0.5, 10 * 0.9 + 30 * 0.5, 25 * 0.9 + 15 * 0.5])
    found = standardise(Classes(positive, answered, members), [1, 3])
    assert found.share == pytest.approx(0.25 * 0.9 + 0.75 * 0.5)
    with pytest.raises(ValueError, match="join cells"):
        standardise(Classes(np.array([5]), np.array([8]), np.array([[4, 4]])), [1, 1])


def test_a_group_without_answers_has_no_share():
    empty = standardise(Classes(np.array([0]), np.array([0]), np.array([[0, 0]])), [1, 1])
    assert np.isnan([empty.share, empty.variance]).all()
    full = standardise(Classes(np.array([8, 9]), np.array([10, 10]), np.array([[10, 0], [0, 10]])), [1, 1])
    assert WORDS[int(weighted_against_weighted(full.side, empty.side).word[0])] is Word.NONE


def test_thin_cells_join_their_neighbours():
    members = np.array([[[40, 30, 3, 25], [50, 60, 70, 2]], [[45, 25, 30, 22], [40, 50, 60, 30]]])
    cells = join_thin(members)
    assert cells.tolist() == [[0, 1, 2, 2], [3, 4, 5, 5]]
    assert joined(members, cells)[0].tolist() == [40, 30, 28, 50, 60, 72]
    assert join_thin(np.ones((2, 2, 4), dtype=int)).tolist() == [[0] * 4, [0] * 4]
    assert len(np.unique(join_thin(np.full((1, 2, 4), 20)))) == 8
