"""Adding up counts."""

import numpy as np
import pytest

from enkat.statistics.tallies import QuestionSums, Tally, positive_options


def example() -> Tally:
    # Two groups, two questions. Group 0, question 0: 3 × code 1, 2 × code 2, 1 × vet inte, 1 × blank.
    rows = [
        (0, 0, 1, 3),
        (0, 0, 2, 2),
        (0, 0, -3, 1),
        (0, 0, -2, 1),
        (0, 1, 5, 6),
        (0, 1, -1, 1),
        (1, 0, 1, 4),
        (1, 1, -5, 4),
    ]
    return Tally.from_rows(*np.array(rows).T, shape=(2, 2))


def test_typed_missing_values_are_told_apart():
    tally = example()
    sums = QuestionSums.of(tally, positive_options([frozenset({1}), frozenset({4, 5})], tally.counts.shape[2]))
    assert sums.respondents.tolist() == [[7, 7], [4, 4]]
    assert sums.answered.tolist() == [[5, 6], [4, 0]]
    assert sums.positive.tolist() == [[3, 6], [4, 0]]
    assert sums.does_not_know.tolist() == [[1, 0], [0, 0]]
    assert sums.not_shown.tolist() == [[0, 1], [0, 0]]
    assert sums.blank.tolist() == [[1, 0], [0, 4]]


def test_groups_are_summed_by_label_and_minus_one_is_left_out():
    tally = example()
    assert tally.summed([0, 0], 1).code(1).tolist() == [[7, 0]]
    assert tally.summed([-1, 0], 1).code(1).tolist() == [[4, 0]]
    assert tally.distribution()[0].tolist() == [[3, 2, 0, 0, 0], [0, 0, 0, 0, 6]]


def test_the_same_cell_twice_is_added():
    assert Tally.from_rows([0, 0], [0, 0], [1, 1], [2, 3], shape=(1, 1)).code(1).tolist() == [[5]]


def test_unknown_codes_are_refused():
    with pytest.raises(ValueError, match="lowest missing code"):
        Tally.from_rows([0], [0], [-9], [1], shape=(1, 1))
