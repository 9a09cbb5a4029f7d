"""Calibration of weights: merging rules, margins met, bounds kept, and N/r where nothing finer is possible."""

import numpy as np
import pytest

from enkat.statistics.calibration import BOUNDS, Classes, calibrate, calibrated_shares, merge_cells
from enkat.statistics.design import Design
from enkat.statistics.tallies import QuestionSums


@pytest.mark.parametrize(
    ("respondents", "labels"),
    [
        ([[30, 40, 50, 20], [20, 20, 20, 20]], [[0, 1, 2, 3], [4, 5, 6, 7]]),
        ([[5, 30, 40, 10], [30, 20, 4, 1]], [[0, 0, 1, 1], [2, 3, 3, 3]]),
        ([[25, 0, 0, 0], [0, 0, 0, 25]], [[0, 0, 0, 0], [1, 1, 1, 1]]),
        # Too few men: both sexes together, age by age.
        ([[5, 30, 40, 20], [3, 2, 4, 10]], [[0, 0, 1, 2], [0, 0, 1, 2]]),
        ([[3, 2, 4, 1], [0, 0, 0, 0]], [[0, 0, 0, 0], [0, 0, 0, 0]]),
    ],
)
def test_small_cells_join_the_next_age_and_then_the_other_sex(respondents: list[list[int]], labels: list[list[int]]):
    np.testing.assert_array_equal(merge_cells(np.array(respondents), 20), labels)


@pytest.fixture
def classes() -> Classes:
    """Eight strata of six classes, each mostly of one sex and age, as the count leaves them."""
    mixed = np.random.default_rng(3).poisson(0.5, (48, 8))
    mixed[np.arange(48), np.arange(48) % 8] += 12
    return Classes(np.repeat(np.arange(8), 6), mixed.reshape(48, 2, 4))


def margins(classes: Classes, by: float) -> tuple[np.ndarray, np.ndarray]:
    """Strata of twice as many clients, of whom the young are by so much fewer or more."""
    clients = 2 * np.bincount(classes.stratum, weights=classes.n).astype(int)
    population = classes.cells.sum(axis=0) * np.array([by, 1, 1, 1])
    return clients, population * clients.sum() / population.sum()


def test_margins_are_met_within_the_bounds(classes: Classes):
    clients, population = margins(classes, 1.4)
    made = calibrate(classes, clients, population)
    assert (made.factor >= BOUNDS[0]).all()
    assert (made.factor <= BOUNDS[1]).all()
    reached = (made.weights[:, None, None] * classes.cells).sum(axis=0)
    np.testing.assert_allclose(reached, population, rtol=1e-8)
    np.testing.assert_allclose(np.bincount(classes.stratum, weights=made.weights * classes.n), clients, rtol=1e-8)


def test_a_frame_like_the_answers_needs_no_calibration(classes: Classes):
    clients = 2 * np.bincount(classes.stratum, weights=classes.n).astype(int)
    made = calibrate(classes, clients, 2 * classes.cells.sum(axis=0))
    np.testing.assert_allclose(made.factor, 1)


def test_what_the_bounds_forbid_is_merged_further_and_said(classes: Classes):
    clients, population = margins(classes, 9.0)
    made = calibrate(classes, clients, population)
    assert made.fewest > 20
    assert (made.factor >= BOUNDS[0]).all()
    assert (made.factor <= BOUNDS[1]).all()


def test_few_respondents_are_weighted_by_n_over_r(classes: Classes):
    clients, population = margins(classes, 1.4)
    made = calibrate(classes, clients, population, fewest=10_000)
    assert made.is_neutral
    n, none = classes.n[:, None], np.zeros((48, 1), dtype=np.int64)
    k = np.minimum(np.arange(48)[:, None] % 9, n)
    labels = np.array([0, 0, 0, 0, 1, 1, 1, -1])
    found = calibrated_shares(made, QuestionSums(n, n, k, none, none, none), labels, 2)
    by_stratum = [np.bincount(classes.stratum, weights=column[:, 0]).astype(int)[:, None] for column in (n, k)]
    zero = np.zeros((8, 1), dtype=np.int64)
    sums = QuestionSums(by_stratum[0], by_stratum[0], by_stratum[1], zero, zero, zero)
    plain = Design.of(sums, clients[:, None], [False]).over(labels, 2)
    np.testing.assert_allclose(found.share, plain.share)
    np.testing.assert_allclose(np.sqrt(found.variance), plain.se)


def test_the_order_of_classes_does_not_matter(classes: Classes):
    clients, population = margins(classes, 1.4)
    order = np.random.default_rng(1).permutation(48)
    one = calibrate(classes, clients, population).factor[order]
    other = calibrate(Classes(classes.stratum[order], classes.cells[order]), clients, population).factor
    np.testing.assert_allclose(one, other, rtol=1e-8)


def test_a_census_is_without_error_and_group_without_answers_without_share(classes: Classes):
    clients = np.bincount(classes.stratum, weights=classes.n).astype(int)
    made = calibrate(classes, clients, classes.cells.sum(axis=0))
    n, none = classes.n[:, None], np.zeros((48, 1), dtype=np.int64)
    labels = np.array([0, 0, 0, 0, -1, -1, -1, -1])
    found = calibrated_shares(made, QuestionSums(n, n, n // 2, none, none, none), labels, 2)
    assert found.variance[0, 0] == pytest.approx(0, abs=1e-12)
    assert np.isnan(found.share[1, 0])
    assert np.isnan(found.variance[1, 0])


def test_margins_that_do_not_match_the_frame_are_refused(classes: Classes):
    clients, population = margins(classes, 1.0)
    with pytest.raises(ValueError, match="does not sum to the clients"):
        calibrate(classes, clients, population * 1.1)
    with pytest.raises(ValueError, match="no respondents"):
        calibrate(classes, np.append(clients, 5), population)
