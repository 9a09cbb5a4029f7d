"""Counts of answers as arrays: what the count wrote, summed without looking at a single answer again."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self, TypeVar

import numpy as np
import numpy.typing as npt

from enkat.instruments.missing import Missing

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Number = TypeVar("Number", np.int64, np.float64)

OFFSET: Final = -min(int(missing) for missing in Missing)
"""Where code 0 stands on the options axis: code c is at index ``c + OFFSET``."""
BLANKS: Final = (Missing.NOT_ANSWERED, Missing.WILL_NOT_SAY, Missing.UNREADABLE)
"""Codes of respondents who were asked and of whom nothing is known."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Answers counted by group, question and option.

    Attributes
    ----------
    counts : int64 array (groups, questions, options)
        The options axis holds every code from the lowest missing code upward: code c at index ``c + OFFSET``.
    """

    counts: IntArray

    @classmethod
    def from_rows(
        cls,
        group: npt.ArrayLike,
        question: npt.ArrayLike,
        code: npt.ArrayLike,
        n: npt.ArrayLike,
        *,
        shape: tuple[int, int],
    ) -> Self:
        """Add up rows of (group index, question index, option code, count) into one array.

        Raises
        ------
        ValueError
            If an index or code lies outside, or a count is negative.
        """
        rows = [np.asarray(column, dtype=np.int64) for column in (group, question, code, n)]
        groups, questions, options, counted = rows
        if np.any(counted < 0) or np.any(options < -OFFSET):
            raise ValueError("counts are not negative and codes not below the lowest missing code")
        width = OFFSET + 1 + int(max(options.max(initial=0), 0))
        full = (*shape, width)
        flat = np.ravel_multi_index((groups, questions, options + OFFSET), full)
        sums = np.bincount(flat, weights=counted, minlength=int(np.prod(full)))
        return cls(sums.astype(np.int64).reshape(full))

    def summed(self, labels: npt.ArrayLike, size: int) -> "Tally":
        """Sum groups that share a label; a group labelled -1 is left out."""
        return Tally(sum_groups(self.counts, labels, size))

    def code(self, code: int) -> IntArray:
        """Count one option code: array (groups, questions)."""
        index = code + OFFSET
        if not 0 <= index < self.counts.shape[2]:
            return np.zeros(self.counts.shape[:2], dtype=np.int64)
        return self.counts[:, :, index]


@dataclass(frozen=True, slots=True)
class AnswerRules:
    """What each question's options mean, on the options axis of a tally.

    Attributes
    ----------
    positive : bool array (questions, options)
        Options that count as positive.
    base : bool array (questions, options)
        Options that are in the denominator, the positive ones included.
    """

    positive: BoolArray
    base: BoolArray

    @classmethod
    def of(cls, positive: Sequence[frozenset[int]], base: Sequence[frozenset[int]], width: int) -> Self:
        """Lay out each question's codes on an axis of ``width`` options."""
        return cls(_on_axis(positive, width), _on_axis(base, width))


def _on_axis(codes: Sequence[frozenset[int]], width: int) -> BoolArray:
    table = np.zeros((len(codes), width), dtype=np.bool_)
    for question, chosen in enumerate(codes):
        for code in chosen:
            if code + OFFSET < width:
                table[question, code + OFFSET] = True
    return table


@dataclass(frozen=True, slots=True)
class QuestionSums:
    """What one group said about each question; all arrays are int64 (groups, questions).

    ``respondents = answered + does_not_know + outside + blank``: a blank is a question left unanswered, one whose
    answer the respondent would not give, or one that could not be read; outside stands whoever was not shown the
    question or said that it does not apply.
    """

    respondents: IntArray
    answered: IntArray
    positive: IntArray
    does_not_know: IntArray
    outside: IntArray
    blank: IntArray

    @classmethod
    def of(cls, tally: Tally, rules: AnswerRules) -> Self:
        """Sum a tally by the rules of its questions."""
        base = rules.base
        respondents = tally.counts.sum(axis=2)
        answered = np.einsum("gqo,qo->gq", tally.counts, base.astype(np.int64))
        positive = np.einsum("gqo,qo->gq", tally.counts, (rules.positive & base).astype(np.int64))

        def left_out(code: int) -> IntArray:
            return np.where(base[:, code + OFFSET], 0, tally.code(code))

        unknown = left_out(Missing.DOES_NOT_KNOW)
        blank = np.sum([left_out(code) for code in BLANKS], axis=0)
        return cls(respondents, answered, positive, unknown, respondents - answered - unknown - blank, blank)


def sum_groups(values: npt.NDArray[Number], labels: npt.ArrayLike, size: int) -> npt.NDArray[Number]:
    """Sum the rows of (groups, ...) that share a label; rows labelled -1 are left out."""
    label = np.asarray(labels, dtype=np.int64)
    # Sorted and added in runs: many times faster than adding row by row, and without the threads of a matrix product.
    order, present, begins = _runs(label.tobytes())
    sums = np.zeros((size, *values.shape[1:]), dtype=values.dtype)
    if order.size:
        sums[present] = np.add.reduceat(values[order], begins, axis=0)
    return sums


@functools.lru_cache(maxsize=64)
def _runs(labels: bytes) -> tuple[IntArray, IntArray, IntArray]:
    """Order rows by label: the order, the labels that occur, where the run of each begins."""
    label = np.frombuffer(labels, dtype=np.int64)
    order = np.argsort(label, kind="stable")[int((label < 0).sum()) :]
    present, begins = np.unique(label[order], return_index=True)
    return order, present, begins
