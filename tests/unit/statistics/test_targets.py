"""Targets: whole clients, the tipping point, and the words that a low response rate takes away."""

from fractions import Fraction

import numpy as np
import pytest

from enkat.statistics.intervals import hypergeometric
from enkat.statistics.targets import (
    Observed,
    Target,
    TargetError,
    Tipping,
    Verdict,
    judge,
    judge_response,
    judge_weighted,
    verdicts,
)

SAFE = Target.percent(85)


def judged(
    k: int, n: int, population: int, *, target: Target = SAFE, sent: int | None = None, asked: int | None = None
):
    interval = hypergeometric(k, n, population)
    observed = Observed(k, n, population, n if sent is None else sent, population if asked is None else asked)
    return judge(target, observed, int(interval.lo), int(interval.hi))


def test_a_census_at_the_target_meets_it_and_one_client_fewer_does_not():
    assert judged(17, 20, 20).verdict is Verdict.MET
    assert judged(16, 20, 20).verdict is Verdict.NOT_MET


def test_a_target_that_floats_would_miss_is_compared_in_clients():
    # 0.07 * 100 is 7.000000000000001 as a float.
    assert Target.percent(7).clients(100) == 7
    assert Target.percent("82,5").clients(40) == 33
    assert Target.percent(100).clients(13) == 13
    codes = verdicts([7, 6], [7, 6], [100, 100], Target.percent(7))
    np.testing.assert_array_equal(codes, [0, 1])


def test_seven_of_seven_in_a_unit_of_twelve_cannot_prove_85_percent():
    found = judged(7, 7, 12)
    assert found.verdict is Verdict.UNDETERMINED
    assert found.tipping == Tipping(4, 5)
    assert found.sentence == (
        "Målet minst 85 %: går inte att avgöra. Målet är nått om minst 80 % av dem som inte svarade är positiva."
    )


def test_the_tipping_point_is_rounded_to_what_is_enough():
    assert Tipping(1, 3).percent == 34
    assert Tipping(3, 3).percent == 100
    assert Tipping(4, 3).share is None
    assert Tipping(0, 3).share is None
    assert "vad de som inte svarade än tycker" in Tipping(-2, 3).sentence
    assert "inte ens om alla" in Tipping(4, 3).sentence
    assert Tipping(0, 0).sentence == "Alla har svarat."


def test_met_by_less_than_half_reads_among_those_who_answered():
    few = judged(118, 120, 300)
    assert (few.verdict, few.among_respondents) == (Verdict.MET, True)
    assert few.label == "uppnått bland dem som svarade"
    many = judged(170, 175, 300)
    assert (many.verdict, many.label) == (Verdict.MET, "uppnått")
    # In a sampled unit the rate is of those asked, not of the clients.
    sample = judged(118, 120, 300, asked=150)
    assert sample.label == "uppnått"


def test_met_whatever_the_silent_think_is_met_even_with_few_answers():
    found = judged(40, 40, 100, target=Target.percent(40))
    assert (found.verdict, found.among_respondents) == (Verdict.MET, False)


def test_a_tipping_point_above_what_was_seen_weakens_the_words():
    # Weighted limits can lie where the unweighted answers alone would not reach.
    observed = Observed(positive=80, answered=100, population=160, sent=100, asked=160)
    assert judge_weighted(SAFE, observed, 0.86, 0.95).among_respondents
    assert not judge_weighted(Target.percent(75), observed, 0.76, 0.95).among_respondents


def test_a_weighted_limit_equal_to_the_target_is_compared_as_it_stands():
    observed = Observed(40, 50, 60, 50, 60)
    assert judge_weighted(Target.percent(50), observed, 0.5, 0.9).verdict is Verdict.MET
    # 0.85 as a float lies under 85/100.
    assert judge_weighted(SAFE, observed, 0.85, 0.9).verdict is (
        Verdict.MET if Fraction(0.85) >= SAFE.share else Verdict.UNDETERMINED
    )
    assert judge_weighted(SAFE, observed, 0.2, 0.849).verdict is Verdict.NOT_MET
    assert judge_weighted(SAFE, observed, float("nan"), float("nan")).verdict is Verdict.UNDETERMINED


def test_nobody_to_ask_cannot_be_told():
    assert int(verdicts(0, 0, 0, SAFE)) == 2
    assert judge_response(SAFE, sent=0, asked=0).verdict is Verdict.UNDETERMINED


def test_a_response_rate_is_known():
    target = Target.percent(75)
    assert judge_response(target, sent=75, asked=100).verdict is Verdict.MET
    missed = judge_response(target, sent=74, asked=100)
    assert (missed.verdict, missed.tipping) == (Verdict.NOT_MET, None)
    assert missed.sentence == "Målet minst 75 %: inte uppnått."


@pytest.mark.parametrize("wrong", [101, 0, -5, "110 %", "nan", "inf", "många", "", "85,123", Fraction(101)])
def test_a_target_that_cannot_be_one_is_refused(wrong: int | str | Fraction):
    with pytest.raises(TargetError, match=r"Ett mål|inget tal|decimaler"):
        Target.percent(wrong)


def test_a_target_reads_as_swedes_write_it():
    assert Target.percent("82,50 %").text == "82,5 %"
    assert Target.percent(85).text == "85 %"
