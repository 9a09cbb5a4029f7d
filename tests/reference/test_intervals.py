"""Intervals against figures from elsewhere: scipy.stats as oracle, enumeration, and figures worked out by hand."""

from math import comb

import numpy as np
import pytest
import scipy.stats

from enkat.statistics.intervals import hypergeometric, wilson, wilson_effective


def by_scanning(k: int, n: int, population: int, tail: float = 0.025) -> tuple[int, int]:
    """Invert both one-sided tests over every possible number of positive clients, with SciPy's distribution."""
    counts = np.arange(population + 1)
    law = scipy.stats.hypergeom(population, counts, n)
    possible = counts[(law.sf(k - 1) > tail) & (law.cdf(k) > tail)]
    return int(possible.min()), int(possible.max())


@pytest.mark.parametrize("population", [1, 2, 3, 6, 11, 18, 30])
def test_every_outcome_of_a_small_unit_equals_the_scan(population: int):
    for n in range(population + 1):
        k = np.arange(n + 1)
        found = hypergeometric(k, n, population)
        assert [(int(lo), int(hi)) for lo, hi in zip(found.lo, found.hi, strict=True)] == [
            by_scanning(int(positives), n, population) for positives in k
        ]


@pytest.mark.parametrize(
    ("k", "n", "population"), [(0, 300, 1300), (250, 300, 1300), (300, 300, 1300), (1100, 1400, 3000), (17, 2500, 4000)]
)
def test_a_large_unit_equals_the_scan(k: int, n: int, population: int):
    found = hypergeometric(k, n, population)
    assert (int(found.lo), int(found.hi)) == by_scanning(k, n, population)


def test_figures_worked_out_by_hand():
    # N=10, n=5, k=5: C(M,5)/C(10,5) > 1/40 needs C(M,5) > 6.3, so M >= 7 (21); C(6,5) = 6 is too few. Upper limit 10.
    found = hypergeometric(5, 5, 10)
    assert (int(found.lo), int(found.hi)) == (7, 10)
    # N=4, n=2, k=1: M=1 gives P(X>=1)=1/2, M=3 gives P(X<=1)=1/2; 0 and 4 are impossible.
    found = hypergeometric(1, 2, 4)
    assert (int(found.lo), int(found.hi)) == (1, 3)


@pytest.mark.parametrize("population", [5, 8, 14, 22])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.7, 1.0])
def test_coverage_is_at_least_95_percent_for_every_truth(population: int, share: float):
    n = max(1, round(share * population))
    k = np.arange(n + 1)
    found = hypergeometric(k, n, population)
    for truth in range(population + 1):
        chance = scipy.stats.hypergeom(population, truth, n).pmf(k)
        covered = (found.lo <= truth) & (truth <= found.hi)
        assert chance[covered].sum() >= 0.95 - 1e-12


@pytest.mark.parametrize(("population", "respondents"), [(6, 3), (9, 6), (14, 7), (18, 12)])
def test_coverage_holds_where_some_do_not_know(population: int, respondents: int):
    """Every truth (positive, not positive, "vet inte"), every draw; the true share is among those with an opinion."""
    for unknown in range(population):
        for positive in range(population - unknown + 1):
            opinion = population - unknown
            covered = _coverage(population, respondents, unknown, positive, opinion)
            assert covered >= 0.95 - 1e-12, (unknown, positive)


def _coverage(population: int, respondents: int, unknown: int, positive: int, opinion: int) -> float:
    draws = comb(population, respondents)
    covered = 0.0
    for outside in range(max(0, respondents - opinion), min(unknown, respondents) + 1):
        n = respondents - outside
        k = np.arange(max(0, n - (opinion - positive)), min(positive, n) + 1)
        found = hypergeometric(k, n, population - outside, shift=1)
        ways = [comb(unknown, outside) * comb(positive, int(x)) * comb(opinion - positive, n - int(x)) for x in k]
        truth = positive / opinion
        holds = (n == 0) | ((found.lo_share <= truth + 1e-12) & (found.hi_share >= truth - 1e-12))
        covered += float(np.asarray(ways)[holds].sum()) / draws
    return covered


def test_the_shift_is_needed():
    """Without it a unit of 26 with 22 respondents falls to 93.5 % for some truth; this is why it is there."""
    population, respondents, worst = 26, 22, 1.0
    for unknown in range(population):
        for positive in range(population - unknown + 1):
            worst = min(worst, _coverage_without(population, respondents, unknown, positive))
    assert worst < 0.95


def _coverage_without(population: int, respondents: int, unknown: int, positive: int) -> float:
    opinion = population - unknown
    covered = 0.0
    for outside in range(max(0, respondents - opinion), min(unknown, respondents) + 1):
        n = respondents - outside
        k = np.arange(max(0, n - (opinion - positive)), min(positive, n) + 1)
        found = hypergeometric(k, n, population - outside)
        ways = [comb(unknown, outside) * comb(positive, int(x)) * comb(opinion - positive, n - int(x)) for x in k]
        truth = positive / opinion
        holds = (n == 0) | ((found.lo_share <= truth + 1e-12) & (found.hi_share >= truth - 1e-12))
        covered += float(np.asarray(ways)[holds].sum()) / comb(population, respondents)
    return covered


def test_wilson_equals_scipy_with_the_normal_quantile():
    for k, n in [(0, 7), (1, 7), (12, 40), (40, 40)]:
        oracle = scipy.stats.binomtest(k, n).proportion_ci(method="wilson")
        lo, hi = wilson(k / n, n, np.inf)
        assert lo == pytest.approx(oracle.low, rel=1e-9, abs=1e-12)
        assert hi == pytest.approx(oracle.high, rel=1e-9, abs=1e-12)


def test_wilson_with_t_worked_out_by_hand():
    # t(9; .975) = 2.2621571628 (tables). p=.5, n=10: half = t/(1+t²/10)·sqrt(.025+t²/400).
    t = 2.2621571627982
    half = t / (1 + t * t / 10) * (0.025 + t * t / 400) ** 0.5
    lo, hi = wilson(0.5, 10, 9)
    assert (lo, hi) == (pytest.approx(0.5 - half, rel=1e-9), pytest.approx(0.5 + half, rel=1e-9))


def test_effective_number_at_the_edges():
    # Everyone positive: variance 0, so (r-1)/(1-f) = 9/0.5 = 18 answers stand behind the interval.
    lo, hi = wilson_effective(1.0, 0.0, 10, 0.5, 9)
    oracle_lo, _ = wilson(1.0, 18, 9)
    assert (lo, hi) == (pytest.approx(oracle_lo), 1.0)
    # A census leaves nothing open; one answer alone says nothing about the rest.
    assert tuple(map(float, wilson_effective(1.0, 0.0, 10, 1.0, 9))) == (1.0, 1.0)
    assert tuple(map(float, wilson_effective(0.0, 0.0, 1, 0.1, 0))) == (0.0, 1.0)


def test_a_share_a_hair_below_one_counts_as_one():
    lo, hi = wilson_effective(1 - 1e-15, 1e-30, 10, 0.5, 9)
    assert float(lo) < 0.9
    assert float(hi) == 1.0
