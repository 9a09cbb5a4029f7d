"""The R-indicator against R's glm and against known propensities; weights summed up."""

import math

import numpy as np
import pytest

from enkat.statistics.nonresponse import representativity, weight_summary

# Made in R 4.2.2: glm(cbind(y, m - y) ~ factor(unit) + factor(cell), binomial), and from its fit and information
# matrix 1 - 2S, 1 - 2S adjusted, and the mean propensity.
ASKED = """
6 7 6 10 11 10  10 9 9 10 10 6  13 7 8 8 8 12  7 6 15 8 9 17  5 8 6 12 13 16  10 13 14 7 15 13
9 9 8 12 14 13  12 12 5 9 8 6  14 13 7 14 7 14  5 11 4 9 7 12  7 7 3 11 6 12  9 7 9 5 6 11
"""
SENT = """
1 4 5 8 6 5  3 3 8 6 4 2  4 2 3 3 3 5  3 4 8 8 4 9  2 5 5 11 8 12  5 8 12 4 8 8
4 6 5 8 8 11  6 10 4 7 5 4  8 8 6 9 2 7  3 10 3 7 6 8  2 4 2 6 3 7  4 5 7 1 2 8
"""


def table(text: str) -> np.ndarray:
    return np.array(text.split(), dtype=np.int64).reshape(12, 6)


def test_the_indicator_is_that_of_the_fit_in_r():
    found = representativity(table(ASKED), table(SENT))
    assert found.unadjusted == pytest.approx(0.718868893622060, rel=1e-9)
    assert found.r == pytest.approx(0.761810226637973, rel=1e-9)
    assert found.rate == pytest.approx(0.594713656387665, rel=1e-9)


def test_the_adjustment_takes_away_what_only_noise_adds():
    rng = np.random.default_rng(2)
    asked = rng.poisson(20, (60, 8))
    even = [representativity(asked, rng.binomial(asked, 0.6)) for _ in range(20)]
    assert np.mean([one.unadjusted for one in even]) < 0.94
    assert np.mean([one.r for one in even]) > 0.96
    uneven = 0.6 + 0.1 * np.array([-1, 1] * 4)
    differing = [representativity(asked, rng.binomial(asked, uneven)) for _ in range(20)]
    assert np.mean([one.r for one in differing]) == pytest.approx(0.8, abs=0.01)


def test_everybody_or_nobody_answering_is_no_difference():
    asked = table(ASKED)
    for sent in (asked, 0 * asked):
        assert representativity(asked, sent).r == pytest.approx(1)


def test_a_unit_where_all_answered_is_fitted_too():
    asked, sent = table(ASKED), table(SENT)
    sent[0] = asked[0]
    found = representativity(asked, sent)
    assert found.r < representativity(asked, table(SENT)).r
    assert math.isfinite(found.r)


def test_nobody_asked_gives_nothing():
    none = np.zeros((3, 8), dtype=np.int64)
    assert math.isnan(representativity(none, none).r)


def test_units_and_cells_without_people_change_nothing():
    asked, sent = table(ASKED), table(SENT)
    wider = [np.pad(one, ((0, 1), (0, 1))) for one in (asked, sent)]
    assert representativity(*wider).r == pytest.approx(representativity(asked, sent).r, rel=1e-9)


def test_the_largest_bias_follows_from_the_spread():
    found = representativity(table(ASKED), table(SENT))
    assert found.largest_bias(0.5) == pytest.approx((1 - found.r) / 2 * 0.5 / found.rate)
    assert found.largest_bias(1.0) == 0


def test_weights_are_summed_up():
    found = weight_summary([1.0, 3.0], [0.5, 3.0], [30, 10], (0.3, 3.0))
    assert found.respondents == 40
    assert found.deff == pytest.approx(40 * (30 + 90) / 60**2)
    assert (found.low, found.high) == (pytest.approx(1 / 1.5), pytest.approx(2))
    assert (found.lowest_factor, found.highest_factor, found.held) == (0.5, 3.0, 0.25)
    assert math.isnan(weight_summary([], [], [], (0.3, 3.0)).deff)
