"""The small form of the proof of targets; `make proof` enumerates every unit up to 300 clients."""

import numpy as np
import pytest

from bench.proofs import targets
from enkat.statistics.intervals import hypergeometric


def test_a_missed_target_is_seldom_called_met():
    plain, unsure = targets.enumerate_all(40)
    assert 2.4 < plain.value <= 2.5
    assert 0.5 < unsure.value <= 2.5


def test_the_enumeration_would_notice_limits_that_are_too_high(monkeypatch: pytest.MonkeyPatch):
    def one_higher(answers: int, population: int, shift: int = 0) -> np.ndarray:
        return hypergeometric(np.arange(answers + 1), answers, population, shift=shift).lo + 1

    monkeypatch.setattr(targets, "lower", one_higher)
    plain, unsure = targets.enumerate_all(40)
    assert not plain.held
    assert not unsure.held


def test_masses_sum_to_one():
    np.testing.assert_allclose(targets.masses(30, 12).sum(axis=1), 1, atol=1e-12)
