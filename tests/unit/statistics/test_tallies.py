"""Adding up counts."""

import numpy as np
import pytest

from enkat.statistics.tallies import AnswerRules, QuestionSums, Tally


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
    codes = [frozenset({1, 2, 3, 4, 5}), frozenset({1, 2, 3, 4, 5})]
    rules = AnswerRules.of([frozenset({1}), frozenset({4, 5})], codes, tally.counts.shape[2])
    sums = QuestionSums.of(tally, rules)
    assert sums.respondents.tolist() == [[7, 7], [4, 4]]
    assert sums.answered.tolist() == [[5, 6], [4, 0]]
    assert sums.positive.tolist() == [[3, 6], [4, 0]]
    assert sums.does_not_know.tolist() == [[1, 0], [0, 0]]
    assert sums.outside.tolist() == [[0, 1], [0, 0]]
    assert sums.blank.tolist() == [[1, 0], [0, 4]]


def test_groups_are_summed_by_label_and_minus_one_is_left_out():
    tally = example()
    assert tally.summed([0, 0], 1).code(1).tolist() == [[7, 0]]
    assert tally.summed([-1, 0], 1).code(1).tolist() == [[4, 0]]
    assert tally.code(99).tolist() == [[0, 0], [0, 0]]


def test_an_option_that_does_not_apply_stands_outside_and_vet_inte_may_count():
    tally = Tally.from_rows([0, 0, 0], [0, 0, 0], [1, 6, -3], [4, 2, 3], shape=(1, 1))
    rules = AnswerRules.of([frozenset({1})], [frozenset({1, 2, -3})], tally.counts.shape[2])
    sums = QuestionSums.of(tally, rules)
    assert [int(value[0, 0]) for value in (sums.answered, sums.positive, sums.outside, sums.does_not_know)] == [
        7,
        4,
        2,
        0,
    ]


def test_the_same_cell_twice_is_added():
    assert Tally.from_rows([0, 0], [0, 0], [1, 1], [2, 3], shape=(1, 1)).code(1).tolist() == [[5]]


def test_unknown_codes_are_refused():
    with pytest.raises(ValueError, match="lowest missing code"):
        Tally.from_rows([0], [0], [-9], [1], shape=(1, 1))
