"""Intervals and comparisons against figures made by R (tests/reference/r/intervals.R says how to remake them)."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from enkat.statistics.comparisons.families import Correction, corrected
from enkat.statistics.comparisons.tables import counts_against_counts
from enkat.statistics.intervals import IntervalName, Observed, interval
from enkat.statistics.tails import binomial_two_sided, fisher_two_sided

Case = Mapping[str, Any]

CASES: list[Case] = json.loads((Path(__file__).parent / "r" / "intervals.json").read_text(encoding="utf-8"))
TOLERANCE = 1e-9
GLM_TOLERANCE = 1e-8
"""R's glm stops iterating at a relative change of 1e-8."""


def of(kind: str) -> list[Case]:
    found = [case for case in CASES if case["kind"] == kind]
    assert found, kind
    return found


def column(cases: list[Case], name: str) -> np.ndarray:
    return np.array([case[name] for case in cases])


def check(kind: str, name: IntervalName, fields: tuple[str, ...], tolerance: float = TOLERANCE) -> None:
    for level in (0.90, 0.95, 0.99):
        cases = [case for case in of(kind) if case["level"] == level]
        observed = Observed(**{field: column(cases, field) for field in fields})
        found = interval(name, observed, level=level)
        np.testing.assert_allclose(found.lo, column(cases, "lo"), rtol=tolerance, atol=1e-13)
        np.testing.assert_allclose(found.hi, column(cases, "hi"), rtol=tolerance, atol=1e-13)


@pytest.mark.parametrize("name", ["clopper_pearson", "wilson", "jeffreys", "agresti_coull"])
def test_intervals_from_counts(name: str):
    check(name, IntervalName(name), ("k", "n"))


@pytest.mark.parametrize("name", ["hypergeometric", "mid_p", "wilson_finite"])
def test_intervals_of_a_finite_population(name: str):
    check(name, IntervalName(name), ("k", "n", "population"))


@pytest.mark.parametrize("name", ["beta", "logit", "mean", "wilson_survey"])
def test_intervals_from_a_designs_variance(name: str):
    check(name, IntervalName(name), ("share", "variance", "n", "df"))


def test_the_logit_of_a_fitted_model_is_the_logit_of_the_share():
    check("logit_glm", IntervalName.LOGIT, ("share", "variance", "n", "df"), GLM_TOLERANCE)


def test_differences():
    cases = of("mover")
    found = counts_against_counts(*(column(cases, name) for name in ("k", "n", "other_k", "other_n"))).difference
    np.testing.assert_allclose(found.lo, column(cases, "lo"), rtol=TOLERANCE, atol=1e-13)
    np.testing.assert_allclose(found.hi, column(cases, "hi"), rtol=TOLERANCE, atol=1e-13)


@pytest.mark.parametrize(
    ("kind", "function", "fields"),
    [
        ("fisher", fisher_two_sided, ("k", "n", "other_k", "other_n")),
        ("binomial", binomial_two_sided, ("k", "n", "share")),
    ],
)
def test_exact_p_values(kind: str, function: Callable[..., np.ndarray], fields: tuple[str, ...]):
    cases = of(kind)
    found = function(*(column(cases, field) for field in fields))
    np.testing.assert_allclose(found, column(cases, "p"), rtol=TOLERANCE)


@pytest.mark.parametrize("size", [10, 14, 1320])
@pytest.mark.parametrize(("method", "correction"), [("BH", Correction.BENJAMINI_HOCHBERG), ("holm", Correction.HOLM)])
def test_corrected_p_values(size: int, method: str, correction: Correction):
    cases = [case for case in of("adjusted") if case["size"] == size and case["method"] == method]
    found = corrected(column(cases, "p"), correction, size=size)
    np.testing.assert_allclose(found, column(cases, "adjusted"), rtol=TOLERANCE)
