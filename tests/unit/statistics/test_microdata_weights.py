"""What weighting refuses, and how it names the cell, the total and the row."""

import functools
from collections.abc import Callable

import numpy as np
import pytest

from enkat.statistics import microdata as m

SEX = ["f", "f", "f", "m", "m", "m"]
AGE = ["old", "old", "young", "old", "young", "young"]
DESIGN = m.SurveyDesign.of(fpc=np.full(6, 0.5))  # twelve people
SEXES = m.Margin({"sex": SEX}, {"f": 7, "m": 5})
AGES = m.Margin({"age": AGE}, {"old": 6, "young": 6})


def fault(call: Callable[[], object]) -> tuple[object, ...]:
    with pytest.raises(m.MicrodataError) as caught:
        call()
    return caught.value.kind, caught.value.column, caught.value.level


def test_a_cell_without_a_count_is_named():
    assert fault(lambda: m.poststratify(DESIGN, {"sex": SEX}, {"f": 7})) == (m.FaultKind.UNKNOWN_LEVEL, "sex", "m")
    assert fault(lambda: m.poststratify(DESIGN, {"sex": SEX}, {"f": 7, "m": 0})) == (m.FaultKind.MARGIN, "sex", "m")


def test_a_count_without_answers_is_named_unless_left_out_by_choice():
    counts = {"f": 7, "m": 5, "x": 3}
    assert fault(lambda: m.poststratify(DESIGN, {"sex": SEX}, counts)) == (m.FaultKind.MARGIN, "sex", "x")
    assert m.poststratify(DESIGN, {"sex": SEX}, counts, partial=True).weights.sum() == pytest.approx(12)
    both = {("f", "old"): 1, ("f", "young"): 2, ("m", "old"): 3, ("m", "young"): 4, ("x", "old"): 5}
    assert fault(lambda: m.poststratify(DESIGN, {"sex": SEX, "age": AGE}, both))[1:] == ("sex × age", ("x", "old"))


def test_a_row_without_margin_is_named():
    with pytest.raises(m.MicrodataError, match="row 1") as caught:
        m.rake(DESIGN, [m.Margin({"sex": ["f", None, "f", "m", "m", "m"]}, {"f": 7, "m": 5})])
    assert (caught.value.kind, caught.value.column, caught.value.row) == (m.FaultKind.MISSING, "sex", 1)


def test_margins_that_disagree_on_the_frame_are_refused():
    wrong = m.Margin({"age": AGE}, {"old": 6, "young": 7})
    assert fault(lambda: m.rake(DESIGN, [SEXES, wrong])) == (m.FaultKind.MARGIN, "age", None)
    assert fault(lambda: m.calibrate(DESIGN, margins=[SEXES, wrong]))[0] is m.FaultKind.MARGIN
    assert fault(lambda: m.rake(DESIGN, []))[0] is m.FaultKind.ARGUMENT


def test_raking_that_cannot_settle_is_refused_by_its_worst_cell():
    same = m.Margin({"age": SEX}, {"f": 6, "m": 6})  # the same column with other counts
    kind, column, _ = fault(lambda: m.rake(DESIGN, [SEXES, same]))
    assert (kind, column) == (m.FaultKind.NOT_CONVERGED, "sex")
    kind, _, _ = fault(lambda: m.rake(DESIGN, [SEXES, AGES], most=1))
    assert kind is m.FaultKind.NOT_CONVERGED


def test_totals_that_no_weights_meet_are_named():
    numeric = {"values": {"visits": [1, 1, 1, 1, 1, 1]}, "totals": {"visits": 13}}
    assert fault(lambda: m.calibrate(DESIGN, margins=[SEXES], **numeric))[0] is m.FaultKind.MARGIN
    zero = {"values": {"visits": np.zeros(6)}, "totals": {"visits": 2}}
    assert fault(lambda: m.calibrate(DESIGN, **zero)) == (m.FaultKind.MARGIN, "visits", None)


def test_bounds_that_cannot_be_kept_are_refused():
    far = {"margins": [m.Margin({"sex": SEX}, {"f": 11, "m": 1})]}
    for distance in m.Distance:
        tight = functools.partial(m.calibrate, DESIGN, margins=far["margins"], distance=distance, bounds=(0.5, 2))
        assert fault(tight)[0] is m.FaultKind.BOUND
    assert fault(lambda: m.calibrate(DESIGN, **far, bounds=(1.2, 2)))[:2] == (m.FaultKind.ARGUMENT, "bounds")
    kept = m.calibrate(DESIGN, **far, bounds=(0.1, 2)).weights / DESIGN.weights
    assert kept == pytest.approx([11 / 6] * 3 + [1 / 6] * 3)


def test_raking_distance_reaches_far_and_refuses_what_it_cannot():
    visits = {"values": {"visits": [1.0, 2, 3, 4, 5, 600]}}
    far = m.calibrate(DESIGN, **visits, totals={"visits": 2e6}, distance=m.Distance.RAKING, most=500)
    assert (far.weights * visits["values"]["visits"]).sum() == pytest.approx(2e6, rel=1e-6)
    negative = functools.partial(m.calibrate, DESIGN, **visits, totals={"visits": -1}, distance=m.Distance.RAKING)
    assert fault(negative) == (m.FaultKind.NOT_CONVERGED, "visits", None)


def test_a_missing_auxiliary_value_is_named():
    with pytest.raises(m.MicrodataError, match="visits is missing in row 2") as caught:
        m.calibrate(DESIGN, values={"visits": [1, 2, np.nan, 3, 4, 5]}, totals={"visits": 30})
    assert (caught.value.kind, caught.value.row) == (m.FaultKind.MISSING, 2)
    assert fault(lambda: m.calibrate(DESIGN))[0] is m.FaultKind.ARGUMENT
    assert fault(lambda: m.calibrate(DESIGN, values={"a": np.ones(6)}, totals={"b": 1}))[0] is m.FaultKind.ARGUMENT


def test_a_domain_may_lack_auxiliaries_outside_itself():
    women = DESIGN.domain([True] * 3 + [False] * 3)
    found = m.calibrate(women, values={"visits": [1, 2, 3, np.nan, np.nan, np.nan]}, totals={"visits": 15})
    assert (found.weights[:3] * [1, 2, 3]).sum() == pytest.approx(15)
    assert m.total(found, [1.0, 2, 3, 9, 9, 9]).at().se == pytest.approx(0, abs=1e-9)


def test_trimming_tells_what_it_moved():
    weights = [1.0, 2, 3, 4, 10]
    found = m.trim(m.SurveyDesign.of(weights=weights), upper=6)
    assert found.design.weights.tolist() == [2, 3, 4, 5, 6]
    assert (found.rows, found.share) == (1, 4 / 20)
    strict = m.trim(m.SurveyDesign.of(weights=[1.0, 2, 3, 5.5, 10]), upper=6, strict=True)
    assert strict.design.weights.max() == pytest.approx(6)
    assert strict.design.weights.sum() == pytest.approx(21.5)
    assert strict.rows == 2
    untouched = m.trim(m.SurveyDesign.of(weights=weights), upper=10)
    assert (untouched.rows, untouched.share) == (0, 0)


def test_limits_that_hold_no_weights_are_refused():
    design = m.SurveyDesign.of(weights=[1.0, 2, 9])
    assert fault(lambda: m.trim(design, upper=3))[:2] == (m.FaultKind.BOUND, "upper")
    assert fault(lambda: m.trim(design, lower=5))[:2] == (m.FaultKind.BOUND, "lower")
    ends = m.SurveyDesign.of(weights=[1.0, 1, 10, 10])
    assert fault(lambda: m.trim(ends, lower=2, upper=9))[0] is m.FaultKind.BOUND
    assert fault(lambda: m.trim(design, lower=3, upper=2))[0] is m.FaultKind.ARGUMENT


def test_standardising_needs_every_cell_in_every_group_unless_told():
    population = {"old": 1, "young": 1}
    over = {"unit": ["A", "A", "A", "B", "B", "B"]}
    whole = m.standardise(DESIGN, {"age": AGE}, population, over=over)
    found = m.mean(whole, [1.0, 0, 0, 1, 0, 0], by=over)
    # Old and young count half each: (1/2 + 0)/2 in A, (1 + 0)/2 in B.
    assert found.estimate[:, 0] == pytest.approx([0.25, 0.5])
    groups = m.total(whole, np.ones(6), by=over).estimate[:, 0]
    assert groups == pytest.approx(m.total(DESIGN, np.ones(6), by=over).estimate[:, 0])
    lonely = {"unit": ["A", "A", "A", "A", "B", "B"]}
    assert fault(lambda: m.standardise(DESIGN, {"age": AGE}, population, over=lonely))[0] is m.FaultKind.MARGIN
    assert m.standardise(DESIGN, {"age": AGE}, population, over=lonely, partial=True).weights.min() > 0
    assert fault(lambda: m.standardise(DESIGN, {"age": AGE}, population | {"x": 1}))[2] == "x"
    assert fault(lambda: m.standardise(DESIGN, {"age": AGE}, {"old": 1}))[0] is m.FaultKind.UNKNOWN_LEVEL
    assert fault(lambda: m.standardise(DESIGN, {"age": AGE}, population, over={"age": AGE}))[0] is m.FaultKind.ARGUMENT
