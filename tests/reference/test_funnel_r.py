"""Funnel, pooled view and case mix against figures made by R (tests/reference/r/funnel.R says how to remake them)."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from enkat.statistics.case_mix import Classes, standardise
from enkat.statistics.funnel import funnel
from enkat.statistics.pooled import pooled

FIGURES: dict[str, Any] = json.loads((Path(__file__).parent / "r" / "funnel.json").read_text(encoding="utf-8"))
CLOSED, ITERATED = 1e-9, 1e-6


def columns(city: str) -> tuple[dict[str, Any], np.ndarray, np.ndarray]:
    figures = FIGURES[city]
    return figures, np.array(figures["k"], dtype=int)[:, None], np.array(figures["n"], dtype=int)[:, None]


@pytest.mark.parametrize("city", ["spread", "even"])
def test_funnel(city: str):
    figures, k, n = columns(city)
    found = funnel(k, n)
    assert found.centre[0] == pytest.approx(figures["centre"], rel=CLOSED)
    assert found.phi[0] == pytest.approx(figures["phi"], rel=CLOSED)
    np.testing.assert_allclose(found.z[:, 0], figures["z"], rtol=CLOSED, atol=1e-12)
    for limits, level in ((found.warning, "95"), (found.alarm, "998")):
        for limit, side in zip(limits, ("lo", "hi"), strict=True):
            np.testing.assert_allclose(limit[:, 0], figures[side + level], rtol=CLOSED, atol=1e-12)


@pytest.mark.parametrize("city", ["spread", "even"])
def test_pooled(city: str):
    figures, k, n = columns(city)
    found = pooled(k, n)
    assert found.centre[0] == pytest.approx(figures["mean"], rel=ITERATED)
    assert found.strength[0] == pytest.approx(figures["strength"], rel=ITERATED)
    for name in ("share", "lo", "hi"):
        np.testing.assert_allclose(getattr(found, name)[:, 0], figures[name], rtol=ITERATED)


def test_direct_standardisation():
    figures = FIGURES["standard"]
    classes = Classes(
        np.array(figures["k"], dtype=int), np.array(figures["n"], dtype=int), np.diag(figures["n"]).astype(int)
    )
    found = standardise(classes, figures["mix"])
    assert found.share == pytest.approx(figures["share"], rel=CLOSED)
    assert found.variance == pytest.approx(figures["variance"], rel=CLOSED)
