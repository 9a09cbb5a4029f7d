"""Calibrated weights and their variances against R's survey (calibration/calibration.R says how to remake them)."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from enkat.statistics.calibration import Classes, calibrate, calibrated_shares
from enkat.statistics.tallies import QuestionSums

STORED = json.loads((Path(__file__).parent / "calibration" / "calibration.json").read_text(encoding="utf-8"))
ITERATIVE = 1e-6


@pytest.mark.parametrize("case", STORED["cases"], ids=["mild", "strong", "held by narrow bounds"])
def test_weights_shares_and_errors_are_those_of_r(case: dict[str, Any]):
    classes = STORED["classes"]
    given = Classes(np.array(classes["stratum"]), np.array(classes["counts"])[:, None, :])
    made = calibrate(given, np.array(STORED["clients"]), np.array([case["margin"]]), bounds=tuple(case["bounds"]))
    assert made.fewest == 20
    np.testing.assert_allclose(made.factor, case["factor"], rtol=ITERATIVE)
    n, k, none = np.array(classes["answered"])[:, None], np.array(classes["positive"])[:, None], np.zeros((30, 1), int)
    sums = QuestionSums(given.n[:, None], n, k, given.n[:, None] - n, none, none)
    city = calibrated_shares(made, sums, np.zeros(6, dtype=int), 1)
    district = calibrated_shares(made, sums, np.array([0, 0, 0, -1, -1, -1]), 1)
    for found, stored in ((city, case["city"]), (district, case["district"])):
        assert found.share[0, 0] == pytest.approx(stored["share"], rel=ITERATIVE)
        assert np.sqrt(found.variance[0, 0]) == pytest.approx(stored["se"], rel=ITERATIVE)


def test_narrow_bounds_hold_some_weights():
    case = STORED["cases"][2]
    factor = np.array(case["factor"])
    assert np.isclose(factor, case["bounds"][0]).any() or np.isclose(factor, case["bounds"][1]).any()
