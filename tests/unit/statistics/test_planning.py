"""Planning: the reference note's figures, and chances that equal counting every outcome of the interval itself."""

import math

import numpy as np
import pytest

from enkat.statistics.intervals import hypergeometric
from enkat.statistics.planning import (
    Assumption,
    Costs,
    ModeCost,
    PlanError,
    answers_needed,
    detectable_change,
    expected_answers,
    expected_widths,
    outcomes,
    planned_chances,
    positive_clients,
    to_invite,
    verdict_chances,
)
from enkat.statistics.targets import VERDICTS, Target, Verdict, verdicts
from enkat.statistics.unit_plans import Scenario, UnitSize, as_planned, census, plan_units, sample

SAFE = Target.percent(85)


# Power at 60 % response and the target 85 %: met if 92 and 95 % are positive, not met if 75 and 60 % are.
@pytest.mark.parametrize(
    ("population", "met", "not_met"),
    [
        (12, (0, 0), (0.64, 0.95)),
        (20, (0.15, 0.40), (0.31, 0.89)),
        (45, (0.17, 0.65), (0.53, 1)),
        (60, (0.31, 0.79), (0.62, 1)),
        (90, (0.59, 1), (0.80, 1)),
        (120, (0.84, 1), (0.93, 1)),
        (200, (0.99, 1), (0.98, 1)),
    ],
)
def test_chances_of_a_verdict_are_those_of_the_reference(population: int, met: tuple[float], not_met: tuple[float]):
    answers = expected_answers(population, 0.6)
    for truth, chance in zip((0.92, 0.95), met, strict=True):
        found, _none = verdict_chances(population, positive_clients(population, truth), answers, SAFE)
        assert found[0] == pytest.approx(chance, abs=0.0051)
    for truth, chance in zip((0.75, 0.60), not_met, strict=True):
        _none, found = verdict_chances(population, positive_clients(population, truth), answers, SAFE)
        assert found[0] == pytest.approx(chance, abs=0.0051)


def test_nothing_can_be_met_in_a_unit_of_five():
    met, _missed = verdict_chances(5, 5, expected_answers(5, 0.6), SAFE)
    assert met[0] == 0


# The reference gives 64 for 190 clients, and with it "100 of 190" invited, which takes 65: the formula gives 64,02.
@pytest.mark.parametrize(
    ("population", "needed"), [(5, 5), (12, 11), (40, 29), (80, 44), (110, 52), (190, 65), (300, 73)]
)
def test_answers_for_ten_points_are_those_of_the_reference(population: int, needed: int):
    assert answers_needed(population, 0.1) == needed


def test_what_cannot_be_reached_is_said():
    assert to_invite(190, 0.1, 0.65) == 100
    assert [to_invite(size, 0.1, 0.5) is None for size in (80, 110)] == [True, False]
    assert all(to_invite(size, 0.05, 0.5) is None for size in range(1, 301))
    assert all(to_invite(size, 0.05, 0.65) is None for size in (5, 12, 40, 80, 110, 190))
    # Half of 104 answer: exactly the 52 that 110 clients take.
    assert to_invite(110, 0.1, 0.5) == 104


@pytest.mark.parametrize(("answers", "points"), [(30, 26), (60, 18), (100, 14), (180, 10.5)])
def test_the_smallest_change_is_that_of_the_domain(answers: int, points: float):
    change = detectable_change(answers, 0.85)
    assert change is not None
    assert 100 * change == pytest.approx(points, abs=0.5)


def test_a_change_that_no_round_can_show_is_none():
    assert detectable_change(1, 0.85) is None
    assert detectable_change(0, 0.85) is None


@pytest.mark.parametrize(
    ("population", "positive", "answers"), [(12, 9, 7), (30, 26, 18), (47, 40, 1), (9, 8, 9), (60, 51, 33)]
)
@pytest.mark.parametrize("target", [SAFE, Target.percent(50), Target.percent(100)])
def test_chances_equal_counting_every_interval(population: int, positive: int, answers: int, target: Target):
    k = np.arange(answers + 1)
    chance = outcomes(population, positive, answers, k)
    assert chance.sum() == pytest.approx(1)
    interval = hypergeometric(k, answers, population)
    codes = verdicts(interval.lo, interval.hi, population, target)
    met, missed = verdict_chances(population, positive, answers, target)
    assert met[0] == pytest.approx(chance[codes == VERDICTS.index(Verdict.MET)].sum(), abs=1e-12)
    assert missed[0] == pytest.approx(chance[codes == VERDICTS.index(Verdict.NOT_MET)].sum(), abs=1e-12)
    width = (chance * (interval.hi - interval.lo)).sum() / population
    assert expected_widths([population], [positive], [answers])[0] == pytest.approx(width)


def test_a_binomial_number_of_answers_is_summed_exactly():
    population, positive, rate = 14, 13, 0.7
    total = np.zeros(2)
    for answers in range(population + 1):
        weight = math.comb(population, answers) * rate**answers * (1 - rate) ** (population - answers)
        total += weight * np.array([side[0] for side in verdict_chances(population, positive, answers, SAFE)])
    found = planned_chances(population, positive, population, rate, SAFE)
    assert [found.met, found.not_met] == pytest.approx(total.tolist(), abs=1e-9)
    assert found.met + found.not_met + found.undetermined == pytest.approx(1)


def test_everybody_answering_settles_every_target():
    assert planned_chances(40, 34, 40, 1.0, SAFE).met == pytest.approx(1)
    assert planned_chances(40, 33, 40, 1.0, SAFE).not_met == pytest.approx(1)


def test_no_answers_leave_everything_open():
    assert expected_widths([8], [6], [0])[0] == 1
    assert planned_chances(8, 6, 0, 0.6, SAFE).undetermined == 1
    assert expected_widths([], [], []).shape == (0,)


def test_wider_units_first_and_the_wholes_in_money():
    units = [UnitSize("Björken", 45, 45), UnitSize("Åsen", 190, 120), UnitSize("Tom", 0, 0)]
    assumed = Assumption(0.65, 0.85, 0.1)
    plans = plan_units(units, assumed, [Scenario(SAFE, 0.95)])
    assert [plan.answers for plan in plans] == [29, 78, 0]
    assert plans[0].half_width > plans[1].half_width
    assert [plan.invite for plan in plans] == [None, 100, None]
    costs = Costs(10_000, 40, [ModeCost(0.65, 120), ModeCost(0.35, 10)])
    everybody, planned, few = (way(plans, assumed, costs) for way in (census, as_planned, sample))
    assert (everybody.invited, planned.invited, few.invited) == (235, 165, 145)
    assert everybody.cost == pytest.approx(10_000 + 235 * (40 + 0.65 * 81.5))
    assert (everybody.reached, planned.reached, few.reached) == (1, 1, 1)


@pytest.mark.parametrize(
    ("rate", "share", "margin"),
    [(0, 0.5, 0.1), (1.2, 0.5, 0.1), (0.6, 1.1, 0.1), (0.6, 0.5, 0), (float("nan"), 0.5, 0.1)],
)
def test_assumptions_that_no_round_has_are_refused(rate: float, share: float, margin: float):
    with pytest.raises(PlanError):
        Assumption(rate, share, margin)


def test_prices_that_cannot_be_are_refused():
    with pytest.raises(PlanError, match="negativa"):
        Costs(-1, 0, [])
    with pytest.raises(PlanError, match="100 procent tillsammans"):
        Costs(0, 0, [ModeCost(0.5, 1)])
