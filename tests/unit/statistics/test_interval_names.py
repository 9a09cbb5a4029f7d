"""Every interval by name: what it asks for, and how it behaves where there is little or nothing to go on."""

import numpy as np
import pytest

from enkat.statistics.intervals import IntervalName, Need, Observed, interval, missing

BY_COUNTS = [name for name in IntervalName if Need.VARIANCE not in name.needs]
BY_VARIANCE = [name for name in IntervalName if Need.VARIANCE in name.needs]
FINITE = [name for name in BY_COUNTS if name.finite]


def counted(k: object, n: object, population: object) -> Observed:
    return Observed(k=k, n=n, population=population)


def limits(name: IntervalName, observed: Observed) -> tuple[float, float]:
    found = interval(name, observed)
    return float(found.lo), float(found.hi)


def test_every_name_has_swedish_words_and_needs():
    assert len({name.label for name in IntervalName}) == len(IntervalName)
    assert all(name.needs for name in IntervalName)
    assert {need.label for name in IntervalName for need in name.needs} == {need.label for need in Need}


def test_what_is_missing_is_named():
    observed = Observed(k=8, n=10)
    assert missing(IntervalName.MID_P, observed) == (Need.POPULATION,)
    assert missing(IntervalName.WILSON, observed) == ()
    with pytest.raises(ValueError, match=r"mid_p .* behöver också antal brukare \(N\)"):
        interval(IntervalName.MID_P, observed)


@pytest.mark.parametrize("name", BY_COUNTS)
def test_counts_out_of_order_are_refused(name: IntervalName):
    with pytest.raises(ValueError, match="0 <= k <= n"):
        interval(name, counted(11, 10, 20))


@pytest.mark.parametrize("name", BY_COUNTS)
def test_none_and_all_positive_have_one_open_limit(name: IntervalName):
    lo, hi = limits(name, counted(0, 10, 40))
    assert lo == 0
    assert 0.1 < hi < 0.45
    assert limits(name, counted(10, 10, 40)) == pytest.approx((1 - hi, 1))


@pytest.mark.parametrize("name", BY_COUNTS)
def test_one_answer_says_little_and_no_answer_nothing(name: IntervalName):
    lo, hi = limits(name, counted(1, 1, 40))
    assert 0 <= lo < 0.25
    assert hi == 1
    lo, hi = limits(name, counted(0, 0, 40))
    assert (lo, hi) == pytest.approx((0, 1))


@pytest.mark.parametrize("name", FINITE)
@pytest.mark.parametrize("k", [0, 7, 10])
def test_a_census_has_no_width(name: IntervalName, k: int):
    assert limits(name, counted(k, 10, 10)) == pytest.approx((k / 10, k / 10), abs=1e-12)


@pytest.mark.parametrize("name", [name for name in BY_COUNTS if not name.finite])
def test_an_interval_without_population_keeps_its_width_in_a_census(name: IntervalName):
    lo, hi = limits(name, counted(7, 10, 10))
    assert lo < 0.5
    assert hi > 0.85


def test_the_two_in_clients_give_clients_and_move_outward():
    for name in (IntervalName.HYPERGEOMETRIC, IntervalName.MID_P):
        plain = interval(name, counted(7, 10, 40)).clients
        moved = interval(name, Observed(k=7, n=10, population=40, shift=1)).clients
        assert plain is not None
        assert moved is not None
        assert (int(moved.lo), int(moved.hi)) == (int(plain.lo) - 1, int(plain.hi) + 1)
    assert interval(IntervalName.WILSON, counted(7, 10, 40)).clients is None


@pytest.mark.parametrize("name", BY_VARIANCE)
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_at_0_and_100_percent_the_variance_says_nothing(name: IntervalName, share: float):
    lo, hi = limits(name, Observed(share=share, variance=0, n=20, df=19, population=40))
    if name in {IntervalName.WILSON_EFFECTIVE, IntervalName.BETA}:
        # 19 / (1 - 20/40) = 38 answers stand behind the interval.
        assert min(lo, 1 - hi) == 0
        assert 0.05 < hi - lo < 0.12
    elif name is IntervalName.MEAN:
        assert (lo, hi) == (share, share)
    else:
        assert np.isnan([lo, hi]).all()


@pytest.mark.parametrize("name", BY_VARIANCE)
def test_a_census_of_a_design_has_no_width(name: IntervalName):
    assert limits(name, Observed(share=0.7, variance=0, n=10, df=9, population=10)) == pytest.approx((0.7, 0.7))


def test_one_answer_of_a_design():
    one = Observed(share=1.0, variance=0, n=1, df=0, population=5)
    assert limits(IntervalName.WILSON_EFFECTIVE, one) == (0, 1)
    assert limits(IntervalName.BETA, one) == (0, 1)
    for name in (IntervalName.LOGIT, IntervalName.MEAN, IntervalName.WILSON_SURVEY):
        assert np.isnan(limits(name, one)).all()


@pytest.mark.parametrize("name", list(IntervalName))
def test_arrays_are_worked_out_at_once(name: IntervalName):
    k, n, population = np.array([[0, 3], [3, 10]]), np.array([4, 10]), 25
    share = k / n
    observed = Observed(k, n, population, share=share, variance=share * (1 - share) / n, df=n - 1)
    found = interval(name, observed)
    assert found.lo.shape == found.hi.shape == (2, 2)
    for place in np.ndindex(2, 2):
        answers = n[place[1]]
        alone = Observed(
            k[place], answers, population, share[place], share[place] * (1 - share[place]) / answers, answers - 1
        )
        assert limits(name, alone) == pytest.approx((found.lo[place], found.hi[place]), nan_ok=True)


@pytest.mark.parametrize("name", list(IntervalName))
def test_a_higher_level_holds_the_lower_one(name: IntervalName):
    observed = Observed(k=7, n=10, population=40, share=0.7, variance=0.016, df=9)
    narrow, wide = interval(name, observed, level=0.9), interval(name, observed, level=0.99)
    assert wide.lo <= narrow.lo < narrow.hi <= wide.hi
