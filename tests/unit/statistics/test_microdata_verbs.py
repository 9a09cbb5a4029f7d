"""Edges of the verbs: undefined values carry a reason, requests that make no sense are refused."""

from collections.abc import Callable

import numpy as np
import pytest

from enkat.statistics import microdata as m
from enkat.statistics.microdata import FaultKind, Reason

PLAIN = m.SurveyDesign.of(rows=6)
Y = np.array([1.0, 2, 3, 4, 5, np.nan])
GROUP = {"group": ["a", "a", "a", "b", "b", "c"]}


def kind(call: Callable[[], object]) -> FaultKind:
    with pytest.raises(m.MicrodataError) as caught:
        call()
    return caught.value.kind


def test_a_ratio_by_zero_says_so():
    found = m.ratio_of(PLAIN, Y, np.zeros(6)).at()
    assert (found.estimate, found.se, found.reason) == (None, None, Reason.ZERO_DENOMINATOR)


def test_a_ratio_uses_rows_with_both():
    found = m.ratio_of(PLAIN, [1, np.nan, 3, 4, 5, 6], [2, 9, np.nan, 8, 10, 12]).at()
    assert (found.estimate, found.n) == (0.5, 4)


def test_a_quantile_of_few_has_no_limits_and_says_so():
    found = m.quantile(PLAIN, Y, 0.7).at()
    assert found.estimate == 4
    assert (found.hi, found.se, found.reason) == (None, None, Reason.OUTSIDE)
    assert kind(lambda: m.quantile(PLAIN, Y, 1.2)) is FaultKind.ARGUMENT
    assert [one.reason for one in m.quantile(PLAIN, Y, by=GROUP)][2] is Reason.EMPTY


def test_a_variance_of_one_row_is_undefined():
    found = m.variance(PLAIN, [1, 2, 3, 4, 5, 6], by=GROUP)
    assert [one.reason for one in found] == [Reason.NONE, Reason.NONE, Reason.ZERO_DENOMINATOR]


def test_a_design_effect_has_no_error_and_none_where_all_agree():
    found = m.design_effect(m.SurveyDesign.of(weights=[1.0, 3, 1, 3, 1, 3]), Y, replacement=True).at()
    assert found.estimate is not None
    assert (found.se, found.reason) == (None, Reason.NO_ERROR)
    flat = m.design_effect(m.SurveyDesign.of(weights=[1.0, 3, 1, 3, 1, 3]), np.ones(6)).at()
    assert (flat.estimate, flat.reason) == (None, Reason.ZERO_DENOMINATOR)


def test_average_over_lonely_strata_alone_says_so():
    lonely = m.SurveyDesign.of(strata=range(6), lonely=m.Lonely.AVERAGE)
    found = m.mean(lonely, [1, 2, 3, 4, 5, 6]).at()
    assert found.estimate == 3.5
    assert (found.se, found.lo, found.reason) == (None, None, Reason.LONELY)


def test_average_over_lonely_strata_alone_says_so_after_adjustment_and_in_contrasts():
    lonely = m.SurveyDesign.of(strata=range(6), lonely=m.Lonely.AVERAGE)
    y, half = np.arange(6.0), {"half": ["a", "b"] * 3}
    post = m.poststratify(lonely, half, {"a": 5, "b": 7})
    assert m.mean(post, y).at().reason is Reason.LONELY
    halves = m.mean(lonely, y, by=half)
    assert m.difference(halves, 0, 1).reason is Reason.LONELY
    assert np.isnan(m.covariance(halves)).all()


def test_degrees_of_freedom_by_choice():
    design = m.SurveyDesign.of(strata=["x"] * 3 + ["y"] * 3)
    choices = {choice: m.mean(design, Y, df=choice).at() for choice in ("design", "n-1", "normal", 7)}
    assert [one.df for one in choices.values()] == [3, 4, np.inf, 7]
    widths = [one.hi - one.lo for one in choices.values()]
    assert widths[0] > widths[1] > widths[3] > widths[2]


def test_contrasts_of_what_cannot_be_contrasted_are_refused():
    means = m.mean(PLAIN, Y, by=GROUP)
    assert kind(lambda: m.contrast(m.quantile(PLAIN, Y), [1])) is FaultKind.ARGUMENT
    assert kind(lambda: m.contrast(means, [1, -1])) is FaultKind.LENGTH
    other = m.mean(m.poststratify(PLAIN, {"g": ["p", "q"] * 3}, {"p": 9, "q": 4}), Y)
    assert kind(lambda: m.difference([means, other], 0, 3)) is FaultKind.ARGUMENT
    assert kind(lambda: m.difference([means, m.mean(PLAIN.uncorrected(), Y)], 0, 3)) is FaultKind.ARGUMENT


def test_a_contrast_needs_only_the_estimates_it_weighs():
    means = m.mean(PLAIN, Y, by=GROUP)
    found = m.difference(means, 0, 1)
    assert (found.estimate, found.n, found.reason) == (2 - 4.5, 5, Reason.NONE)
    empty = m.difference(means, 0, 2)
    assert (empty.estimate, empty.se, empty.reason) == (None, None, Reason.EMPTY)
    zero = m.ratio_contrast(m.mean(PLAIN, Y - 3), [1], [1])
    assert (zero.estimate, zero.reason) == (None, Reason.ZERO_DENOMINATOR)


def test_domains_of_one_file_are_contrasted_as_one_design():
    one, other = PLAIN.domain([True] * 3 + [False] * 3), PLAIN.domain([False] * 3 + [True] * 3)
    apart = m.difference([m.mean(one, Y), m.mean(other, Y)], 0, 1)
    together = m.difference(m.mean(PLAIN, Y, by={"half": [1, 1, 1, 2, 2, 2]}), 0, 1)
    assert (apart.estimate, apart.se, apart.df) == pytest.approx((together.estimate, together.se, together.df))


def test_a_table_of_one_row_has_no_test():
    found = m.rao_scott(PLAIN, ["x"] * 6, [1, 2, 1, 2, 1, 2])
    assert (found.statistic, found.p, found.reason) == (None, None, Reason.CONSTANT)
    assert kind(lambda: m.rao_scott(PLAIN, [None] * 6, [1] * 6)) is FaultKind.EMPTY_DOMAIN
    assert kind(lambda: m.rao_scott(PLAIN, [1] * 5, [1] * 6)) is FaultKind.LENGTH


def test_an_index_needs_its_minimum_and_keeps_to_its_scale():
    items = [[1, 5, np.nan, np.nan], [5, np.nan, np.nan, np.nan], [1, 1, 5, 5]]
    worst, best = [1, 1, 1, 5], [5, 5, 5, 1]  # the last question is asked the other way round
    assert m.index_points(items, worst, best).tolist() == pytest.approx([50, np.nan, 25], nan_ok=True)
    assert m.index_points(items, worst, best, minimum=1).tolist() == pytest.approx([50, 100, 25])
    criteria = m.criterion_points(items, worst, best, {"safety": [0, 1], "respect": [2, 3]}, minimum=2)
    assert criteria.ravel().tolist() == pytest.approx([50, np.nan, np.nan, np.nan, 0, 50], nan_ok=True)
    with pytest.raises(m.MicrodataError, match="item 1 has code 6 in row 0"):
        m.index_points([[1, 6]], 1, 5)
    assert kind(lambda: m.index_points([[1, 2]], 1, 1)) is FaultKind.ARGUMENT
    assert kind(lambda: m.index_points([[1, 2]], 1, 5, minimum=3)) is FaultKind.ARGUMENT


def test_alpha_needs_items_that_vary():
    found = m.cronbach_alpha(PLAIN, np.ones((6, 3))).at()
    assert (found.estimate, found.reason) == (None, Reason.ZERO_DENOMINATOR)
    assert kind(lambda: m.cronbach_alpha(PLAIN, np.ones((6, 1)))) is FaultKind.ARGUMENT


def test_answers_of_another_length_are_refused():
    assert kind(lambda: m.mean(PLAIN, [1, 2])) is FaultKind.LENGTH
    assert kind(lambda: m.mean(PLAIN, Y, names=["a", "b"])) is FaultKind.LENGTH
    assert kind(lambda: m.mean(PLAIN, Y, by={"g": [1]})) is FaultKind.LENGTH
    assert kind(lambda: m.ratio_of(PLAIN, Y, [1, 2])) is FaultKind.LENGTH
    assert kind(lambda: m.pool([])) is FaultKind.ARGUMENT


def test_pooled_adjusted_files_keep_their_totals():
    margin = {"sex": ["f", "m"] * 3}
    one = m.poststratify(PLAIN, margin, {"f": 10, "m": 5})
    twice = m.pool([one, PLAIN])
    sexes = np.tile([1.0, 0.0], 6)
    rounds = np.repeat([1, 2], 6)
    found = m.total(twice, sexes, by={"round": rounds})
    assert found.estimate[:, 0].tolist() == [10, 3]
    assert found.se[0, 0] == pytest.approx(0, abs=1e-12)
    assert found.se[1, 0] == pytest.approx(m.total(PLAIN, sexes[:6]).at().se)


def test_pooled_clusters_equal_one_design_of_all_rows():
    rng = np.random.default_rng(3)
    strata, clusters, y = np.repeat(["a", "b"], 9), np.repeat(np.arange(6), 3), rng.normal(size=18)
    clustered = m.SurveyDesign.of(strata=strata, clusters=clusters)
    plain = m.SurveyDesign.of(strata=strata)
    both = m.pool([clustered, plain])
    whole = m.SurveyDesign.of(
        strata=[f"1{one}" for one in strata] + [f"2{one}" for one in strata], clusters=[*clusters, *range(10, 28)]
    )
    again = np.r_[y, 2 * y]
    found, expected = m.mean(both, again).at(), m.mean(whole, again).at()
    assert (found.se, found.df, found.lo) == pytest.approx((expected.se, expected.df, expected.lo))
