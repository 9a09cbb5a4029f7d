"""Figures of a counted round against the ballots they come from."""

from collections import defaultdict
from datetime import date
from itertools import product

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import AgeGroup, Sex
from enkat.records.answers import Answer, KeptClass
from enkat.records.organisations import OperatingForm
from enkat.records.rounds import FrameCount, RoundSample, RoundState, RoundUnit, SurveyRound
from enkat.records.writing import writing
from enkat.services.results.computing import Breakdown, compute
from enkat.services.results.reading import AGES, SERVICES, SEXES, NotCountedFault
from enkat.services.results.reading_rounds import read_round
from tests.factories.counted import HOME, UnitCase, add_counted_round

POSITIVE = {4, 5}


def tallied(session: Session, survey_round: SurveyRound, place: int) -> dict[int | None, list[int]]:
    """Codes of one question by unit, straight from the answers."""
    found = defaultdict(list)
    rows = session.execute(
        select(KeptClass.unit_id, KeptClass.who, Answer.vector)
        .join(Answer, Answer.kept_class_id == KeptClass.id)
        .where(KeptClass.round_id == survey_round.id)
    )
    for unit_id, who, vector in rows:
        if who.value != "with_staff":
            found[unit_id].append(np.frombuffer(vector, dtype=np.int8)[place].item())
    return found


def test_unit_figures_equal_the_answers(session: Session):
    survey_round = add_counted_round(session, [UnitCase(60, 40, ineligible=3), UnitCase(25, 20)])
    results = compute(session, survey_round.id)
    layer = results.layers[Breakdown.ALL]
    codes = tallied(session, survey_round, 0)
    for number, unit in enumerate(results.counted.units):
        row = results.grouping.units.start + number
        given = codes[unit.id]
        answered = [code for code in given if code > 0]
        positive = sum(code in POSITIVE for code in answered)
        assert layer.estimates.answered[row, 0] == len(answered)
        assert layer.estimates.positive[row, 0] == positive
        assert layer.estimates.share[row, 0] == pytest.approx(positive / len(answered))
        unsure = sum(code == -3 for code in given)
        assert layer.does_not_know[row, 0] == pytest.approx(unsure / (unsure + len(answered)))
        assert layer.distribution[row, 0].sum() == pytest.approx(1)
        assert layer.counts[row, 0].tolist()[:5] == [given.count(code) for code in range(1, 6)]
        assert layer.estimates.population[row, 0] == layer.clients[row, 0] - unsure


def test_the_frame_counts_eligible_clients_only(session: Session):
    survey_round = add_counted_round(session, [UnitCase(60, 40, ineligible=5), UnitCase(25, 20, ineligible=2)])
    results = compute(session, survey_round.id)
    assert results.layers[Breakdown.ALL].clients[0, 0] == 85
    assert (results.invited[0, 0], results.ineligible[0, 0], results.sent[0, 0]) == (92, 7, 60)


def test_the_city_weighs_units_by_their_clients(session: Session):
    units = [UnitCase(400, 40, positive=0.4), UnitCase(50, 45, positive=0.95, district=1)]
    survey_round = add_counted_round(session, units)
    results = compute(session, survey_round.id)
    figures = results.layers[Breakdown.ALL].estimates
    rows = [results.grouping.units.start, results.grouping.units.start + 1]
    n, k = figures.answered[rows, 0], figures.positive[rows, 0]
    weights = np.array([400 / 40, 50 / 45])
    plain = results.layers[Breakdown.ALL].plain
    assert plain[0, 0] == pytest.approx(float((weights * k).sum() / (weights * n).sum()))
    assert figures.share[1, 0] == pytest.approx(figures.share[rows[0], 0])
    assert (figures.lo[1, 0], figures.hi[1, 0]) == (figures.lo[rows[0], 0], figures.hi[rows[0], 0])


def test_small_units_are_heard_in_their_district_only(session: Session):
    units = [UnitCase(50, 30), UnitCase(6, 3), UnitCase(5, 4), UnitCase(40, 20, district=1), UnitCase(4, 2, district=1)]
    survey_round = add_counted_round(session, units)
    results = compute(session, survey_round.id)
    figures = results.layers[Breakdown.ALL]
    start = results.grouping.units.start
    assert figures.estimates.answered[[start + 1, start + 2, start + 4], 0].tolist() == [0, 0, 0]
    assert figures.clients[[start + 1, start + 2, start + 4], 0].tolist() == [6, 5, 4]
    first_district = results.grouping.index(f"district:{results.counted.units[0].district_id}")
    assert figures.respondents[first_district, 0] == 37
    assert figures.estimates.represented[first_district, 0] == 61
    second_district = results.grouping.index(f"district:{results.counted.units[3].district_id}")
    assert figures.respondents[second_district, 0] == 20


def test_without_proxies_leaves_the_proxies_out_and_keeps_the_weights(session: Session):
    survey_round = add_counted_round(session, [UnitCase(100, 60, proxies=20), UnitCase(30, 20, proxies=2)])
    results = compute(session, survey_round.id)
    without = results.layers[Breakdown.WITHOUT_PROXIES]
    start = results.grouping.units.start
    assert without.respondents[start, 0] == 40
    assert without.estimates.population[start, 0] <= 100 - 20
    # Two proxies are too few to be told apart: nobody can leave them out.
    assert not without.available[start + 1, 0]
    assert without.respondents[0, 0] == 40


def test_answers_given_with_staff_stand_beside(session: Session):
    survey_round = add_counted_round(session, [UnitCase(100, 60, with_staff=8), UnitCase(30, 20)])
    results = compute(session, survey_round.id)
    assert results.layers[Breakdown.ALL].respondents[0, 0] == 72
    assert results.with_staff.respondents[0, 0] == 8


def test_sexes_have_their_own_frame(session: Session):
    survey_round = add_counted_round(session, [UnitCase(120, 80, men=0.5), UnitCase(60, 40, men=0.0)])
    results = compute(session, survey_round.id)
    women, men = results.layers[Breakdown.WOMEN], results.layers[Breakdown.MEN]
    assert women.clients[0, 0] + men.clients[0, 0] == 180
    assert men.clients[results.grouping.units.start + 1, 0] == 0
    assert women.respondents[0, 0] + men.respondents[0, 0] <= 120


def test_operating_forms_add_up_to_the_city(session: Session):
    forms = (OperatingForm.MUNICIPAL, OperatingForm.PRIVATE_CHOICE)
    survey_round = add_counted_round(session, [UnitCase(40, 30, form=form) for form in forms])
    results = compute(session, survey_round.id)
    names = [results.grouping.groups[index].name for index in range(*results.grouping.forms.indices(99))]
    assert names == ["Egen regi", "Privat"]
    answered = results.layers[Breakdown.ALL].estimates.answered
    assert answered[results.grouping.forms, 0].sum() == answered[0, 0]


def test_a_plan_without_breakdowns_gives_none(session: Session):
    survey_round = add_counted_round(session, [UnitCase(40, 30)], release_plan={"breakdowns": []})
    results = compute(session, survey_round.id)
    assert list(results.layers) == [Breakdown.ALL]
    assert results.grouping.forms.start == results.grouping.forms.stop


def test_a_sampled_unit_counts_everybody_in_its_frame(session: Session):
    survey_round = add_counted_round(session, [UnitCase(40, 30), UnitCase(40, 30)])
    unit_id = session.scalars(select(RoundUnit.unit_id).order_by(RoundUnit.unit_id)).first()
    invited = read_round(session, survey_round.id).cells.invited[0, :, :, SERVICES.index(HOME)]
    with writing(session):
        session.add(RoundSample(round_id=survey_round.id, unit_id=unit_id, size=40))
        for (sex, age), asked in zip(product(SEXES, AGES), invited.ravel().tolist(), strict=True):
            more = 30 if age is AgeGroup.FROM_80 else 0
            cell = {"service": HOME, "sex": sex, "age_group": age, "n": asked + more}
            session.add(FrameCount(round_id=survey_round.id, unit_id=unit_id, **cell))
    after = compute(session, survey_round.id)
    start = after.grouping.units.start
    assert after.layers[Breakdown.ALL].clients[[start, start + 1], 0].tolist() == [100, 40]
    assert after.layers[Breakdown.ALL].estimates.represented[0, 0] == 140


def test_a_round_that_is_not_counted_is_refused_with_its_date(session: Session):
    survey_round = add_counted_round(session, [UnitCase(40, 30)], state=RoundState.CLOSED, day=date(2026, 9, 1))
    with pytest.raises(NotCountedFault, match="Svaren öppnas 2026-10-01"):
        compute(session, survey_round.id)


def test_calibrated_weights_meet_units_and_sex_and_age(session: Session):
    units = [UnitCase(300, 150, men=0.5), UnitCase(120, 90, men=0.2), UnitCase(90, 30, district=1), UnitCase(6, 3)]
    survey_round = add_counted_round(session, units, seed=4)
    results = compute(session, survey_round.id)
    layer = results.layers[Breakdown.ALL]
    (part,) = layer.weighting.parts
    made = part.calibration
    assert not made.is_neutral
    weights = made.weights
    of_unit = np.bincount(made.classes.stratum, weights=weights * made.classes.n, minlength=len(made.clients))
    np.testing.assert_allclose(of_unit, made.clients, rtol=1e-9)
    frame = results.counted.cells.eligible.sum(axis=3)
    heard = np.array([owner in set(made.classes.stratum.tolist()) for owner in range(len(units) - 1)] + [False])
    for cell in range(made.means.shape[1]):
        inside = made.cells == cell
        reached = (weights[:, None, None] * made.classes.cells)[:, inside].sum()
        assert reached == pytest.approx(frame[heard][:, inside].sum(), rel=1e-9)
    # Neither are units' own figures weighted, nor does a share leave what was answered.
    start = results.grouping.units.start
    figures = layer.estimates
    assert figures.share[start, 0] == pytest.approx(figures.positive[start, 0] / figures.answered[start, 0])
    assert figures.lo[0, 0] < figures.share[0, 0] < figures.hi[0, 0]
    assert layer.distribution[0, 0].sum() == pytest.approx(1)
    positive = [code - 1 for code in results.counted.questions[0].scale.positive]
    assert layer.distribution[0, 0, positive].sum() == pytest.approx(figures.share[0, 0])
    assert abs(figures.share[0, 0] - layer.plain[0, 0]) > 1e-6


def test_without_proxies_keeps_the_calibrated_weights(session: Session):
    survey_round = add_counted_round(session, [UnitCase(200, 120, proxies=40), UnitCase(100, 60, proxies=15)])
    results = compute(session, survey_round.id)
    whole, without = results.layers[Breakdown.ALL], results.layers[Breakdown.WITHOUT_PROXIES]
    assert without.weighting is whole.weighting
    assert without.estimates.answered[0, 0] < whole.estimates.answered[0, 0]
    assert without.estimates.lo[0, 0] < without.estimates.share[0, 0] < without.estimates.hi[0, 0]


def test_a_sex_is_calibrated_to_its_own_ages(session: Session):
    survey_round = add_counted_round(session, [UnitCase(300, 200, men=0.5), UnitCase(150, 90, men=0.5)])
    results = compute(session, survey_round.id)
    (part,) = results.layers[Breakdown.MEN].weighting.parts
    total = (part.calibration.weights[:, None, None] * part.calibration.classes.cells).sum(axis=(0, 2))
    assert total[SEXES.index(Sex.WOMAN)] == 0
    assert total[SEXES.index(Sex.MAN)] == pytest.approx(results.layers[Breakdown.MEN].clients[0, 0])
