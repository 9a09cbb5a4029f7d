"""Weighted shares against a slow oracle that looks at every person, and against fractions worked out by hand.

The oracle is the textbook's (and R survey's) way: every respondent has a linearised value, 0 outside the domain, and
the variance is that of a stratified simple random draw without replacement. It shares no code with enkat.
"""

from fractions import Fraction

import numpy as np
import pytest
import scipy.stats

from enkat.statistics.design import Design
from enkat.statistics.estimates import METHODS, Method, does_not_know_share, item_nonresponse, response_rate
from enkat.statistics.reliability import alpha
from enkat.statistics.tallies import QuestionSums


def sums(
    answered: list[int], positive: list[int], *, unknown: list[int] | None = None, blank: list[int] | None = None
) -> QuestionSums:
    n, k = np.array(answered)[:, None], np.array(positive)[:, None]
    v = np.zeros_like(n) if unknown is None else np.array(unknown)[:, None]
    b = np.zeros_like(n) if blank is None else np.array(blank)[:, None]
    return QuestionSums(n + v + b, n, k, v, np.zeros_like(n), b)


def person_by_person(strata: list[tuple[int, list[float | None]]]) -> tuple[float, float]:
    """Estimate a share and its variance from (N, values of the respondents); None stands outside the domain."""
    rows = [(number, size / len(values), value) for number, (size, values) in enumerate(strata) for value in values]
    weights = sum(weight for _, weight, value in rows if value is not None)
    share = sum(weight * value for _, weight, value in rows if value is not None) / weights
    variance = 0.0
    for number, (size, values) in enumerate(strata):
        z = np.array([0.0 if y is None else w * (y - share) / weights for s, w, y in rows if s == number])
        variance += (1 - len(values) / size) * len(values) * z.var(ddof=1)
    return share, variance


STRATA: list[tuple[int, list[float | None]]] = [
    (40, [1, 1, 1, 0, 1, None, 1, 0, 1, 1]),
    (12, [1, 0, 0, 1, None, 1, 1, 0]),
    (300, [1] * 60 + [0] * 25 + [None] * 9),
    (7, [1, 1, 1, 1, 1, 1, 1]),
]


def test_a_weighted_share_equals_the_person_by_person_oracle():
    answered = [sum(v is not None for v in values) for _, values in STRATA]
    positive = [sum(v == 1 for v in values) for _, values in STRATA]
    outside = [sum(v is None for v in values) for _, values in STRATA]
    design = Design.of(sums(answered, positive, unknown=outside), np.array([[size] for size, _ in STRATA]), [True])
    found = design.over([0, 0, 0, 0], 1)
    share, variance = person_by_person(STRATA)
    assert found.share[0, 0] == pytest.approx(share, rel=1e-9)
    assert found.se[0, 0] == pytest.approx(variance**0.5, rel=1e-9)
    assert found.df[0, 0] == sum(answered) - len(STRATA)
    n = share * (1 - share) / variance
    t = scipy.stats.t.ppf(0.975, sum(answered) - len(STRATA))
    centre = (share + t * t / (2 * n)) / (1 + t * t / n)
    half = t / (1 + t * t / n) * (share * (1 - share) / n + t * t / (4 * n * n)) ** 0.5
    assert found.lo[0, 0] == pytest.approx(centre - half, rel=1e-9)
    assert found.hi[0, 0] == pytest.approx(centre + half, rel=1e-9)


def test_a_domain_keeps_weights_and_strata():
    """ "Without proxies": the proxies' answers leave, the weights N/r of everybody's units stay."""
    everybody = sums([10, 20], [6, 15])
    without = sums([6, 17], [5, 13])
    found = Design.of(everybody, [[30], [25]], [False]).domain(without).over([0, 0], 1)
    strata = [(30, [1.0] * 5 + [0.0] + [None] * 4), (25, [1.0] * 13 + [0.0] * 4 + [None] * 3)]
    share, variance = person_by_person(strata)  # type: ignore[arg-type]
    assert found.share[0, 0] == pytest.approx(share, rel=1e-9)
    assert found.se[0, 0] == pytest.approx(variance**0.5, rel=1e-9)
    # Its N leaves out those known to stand outside: 30 - 4 and 25 - 3.
    assert found.population[0, 0] == 48


def test_two_units_by_hand():
    # Weights 20/10 and 90/30: (2·8 + 3·15) / (2·10 + 3·30) = 61/110.
    found = Design.of(sums([10, 30], [8, 15]), [[20], [90]], [False]).over([0, 0], 1)
    assert found.share[0, 0] == pytest.approx(float(Fraction(61, 110)), rel=1e-12)
    # Without finite population the merged unit would be 23/40: weighting matters.
    assert found.share[0, 0] != pytest.approx(23 / 40, rel=1e-3)


def test_a_district_of_one_unit_shows_the_units_interval():
    design = Design.of(sums([10, 30, 20], [8, 15, 20]), [[20], [90], [40]], [False])
    districts, units = design.over([0, 1, 1], 2), design.units()
    assert METHODS[districts.method[0, 0]] is Method.HYPERGEOMETRIC
    assert METHODS[districts.method[1, 0]] is Method.WILSON_EFFECTIVE
    assert (districts.lo[0, 0], districts.hi[0, 0]) == (units.lo[0, 0], units.hi[0, 0])
    assert districts.lo_clients[1, 0] == -1


def test_blanks_stay_and_known_outsiders_leave_the_interval():
    # 40 clients, 20 respondents: 14 with an opinion, 4 "vet inte", 2 blanks. N of the interval is 40 - 4.
    units = Design.of(sums([14], [11], unknown=[4], blank=[2]), [[40]], [True]).units()
    assert units.population[0, 0] == 36
    assert units.hi_clients[0, 0] <= 36 - 3


def test_a_census_without_blanks_has_no_width_even_with_vet_inte():
    units = Design.of(sums([14], [11], unknown=[4]), [[18]], [True]).units()
    assert (units.lo_clients[0, 0], units.hi_clients[0, 0]) == (11, 11)
    assert units.se[0, 0] == 0


def test_a_lonely_respondent_is_centred_at_zero():
    # One respondent of 5 and ten of 20: the lonely one adds (1 - 1/5)·(w(y-p)/W)².
    found = Design.of(sums([1, 10], [1, 5]), [[5], [20]], [False]).over([0, 0], 1)
    share = (5 + 10) / (5 + 20)
    alone = (1 - 1 / 5) * (5 * (1 - share) / 25) ** 2
    z = np.array([2 * (y - share) / 25 for y in [1] * 5 + [0] * 5])
    assert found.se[0, 0] ** 2 == pytest.approx(alone + (1 - 10 / 20) * 10 * z.var(ddof=1), rel=1e-9)


def test_rates():
    assert response_rate([60, 0], [110, 3], [10, 3])[0] == pytest.approx(0.6)
    assert np.isnan(response_rate([0], [3], [3])[0])
    counted = sums([14], [11], unknown=[4], blank=[2])
    assert does_not_know_share(counted)[0, 0] == pytest.approx(4 / 18)
    assert item_nonresponse(counted)[0, 0] == pytest.approx(2 / 20)


def test_alpha_by_hand():
    # Items (1,2,3,4) and (1,3,2,4): variances 5/3 each, of the sum 6: alpha = 2·(1 - (10/3)/6) = 8/9. The fifth
    # respondent does not know, and is left out.
    answers = np.array([[1, 1], [2, 3], [3, 2], [4, 4], [5, -3]], dtype=np.int8)
    found = alpha(answers)
    assert found.alpha == pytest.approx(8 / 9, rel=1e-12)
    assert (found.complete, found.items) == (4, 2)
    assert np.isnan(alpha(answers[:1]).alpha)


def test_more_respondents_than_clients_are_refused():
    with pytest.raises(ValueError, match="more respondents"):
        Design.of(sums([10], [8]), [[9]], [False])
