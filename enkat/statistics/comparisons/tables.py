"""Whole tables of comparisons: units against the rest, counts against counts, weighted shares against each other."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from enkat.statistics.comparisons.differences import Difference, Side, difference_of, mover_p
from enkat.statistics.comparisons.families import Correction, corrected
from enkat.statistics.comparisons.words import RELEVANT, WORDS, Word, words
from enkat.statistics.intervals.basis import BOUNDARY, LEVEL, FloatArray, counts, floats, ratio
from enkat.statistics.intervals.wilson import effective_answers, effective_at_edge
from enkat.statistics.tails import binomial_two_sided, fisher_two_sided

LARGE_SHARE: Final = 0.1
"""A unit with more than this share of all answers is tested against the rest by Fisher's exact test."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a table of comparisons is judged by.

    Attributes
    ----------
    level : float
        Nominal confidence of the intervals; 1 - ``level`` is also what a corrected p-value must lie below.
    relevant : float
        The smallest difference that gets a word.
    correction : Correction
    family : int, optional
        Comparisons that the family was fixed to hold before the count; those of the table by default.
    """

    level: float = LEVEL
    relevant: float = RELEVANT
    correction: Correction = Correction.BENJAMINI_HOCHBERG
    family: int | None = None


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Compared shares; all arrays have the table's shape, NaN where there is nothing to compare.

    Attributes
    ----------
    share, other : float64
        The two shares.
    difference : Difference
        Share minus other, with the MOVER interval.
    p, p_adjusted : float64
        P-value by itself and corrected with its family.
    word : int8
        Index into `words.WORDS`.
    """

    share: FloatArray
    other: FloatArray
    difference: Difference
    p: FloatArray
    p_adjusted: FloatArray
    word: npt.NDArray[np.int8]

    @property
    def marked(self) -> npt.NDArray[np.bool_]:
        """Where the share is told to be higher or lower."""
        return np.isin(self.word, [WORDS.index(Word.HIGHER), WORDS.index(Word.LOWER)])


_DEFAULT_RULES: Final = Rules()


def units_against_rest(
    k: npt.ArrayLike,
    n: npt.ArrayLike,
    *,
    shown: npt.NDArray[np.bool_] | None = None,
    everybody: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
    rules: Rules = _DEFAULT_RULES,
) -> Comparisons:
    """Compare each unit with the answers of all other units, question by question.

    The p-value is that of the unit's count against the rest's share as if that were known: exact binomial, the smaller
    tail doubled. A unit with more than a tenth of all answers, or a rest whose share is 0 or 1, leaves that share too
    uncertain: Fisher's exact test there.

    Parameters
    ----------
    k, n : array_like of int (units, questions)
        Positive answers and answers of every unit.
    shown : bool array (units, questions), optional
        What is compared and corrected together: the units shown and the core questions. All of it by default. The
        others count in the rest.
    everybody : tuple of array_like of int (questions,), optional
        Positive answers and answers of all units, where ``k`` and ``n`` do not hold all.
    rules : Rules
        The fixed family is every cell of ``shown`` unless the rules give its size.

    Returns
    -------
    Comparisons
    """
    positive, answers = counts(k, n)
    cells = np.ones(answers.shape, dtype=np.bool_) if shown is None else np.broadcast_to(shown, answers.shape)
    all_k, all_n = counts(*((positive.sum(axis=0), answers.sum(axis=0)) if everybody is None else everybody))
    rest_k, rest_n = counts(all_k - positive, all_n - answers)
    share, rest = ratio(positive, answers), ratio(rest_k, rest_n)
    fisher = (answers > LARGE_SHARE * all_n) | (rest < BOUNDARY) | (rest > 1 - BOUNDARY)
    p = binomial_two_sided(positive, answers, np.where(fisher | np.isnan(rest), 0.5, rest))
    p[fisher] = fisher_two_sided(positive[fisher], answers[fisher], rest_k[fisher], rest_n[fisher])
    p = np.where(cells & (rest_n > 0), p, np.nan)
    sides = (_of_counts(np.where(cells, share, np.nan), answers), _of_counts(rest, rest_n))
    return _compared(*sides, p, rules, size=int(cells.sum()))


def counts_against_counts(
    k: npt.ArrayLike, n: npt.ArrayLike, other_k: npt.ArrayLike, other_n: npt.ArrayLike, *, rules: Rules = _DEFAULT_RULES
) -> Comparisons:
    """Compare two independent groups' or rounds' answers cell by cell: MOVER, and Fisher's exact test.

    Parameters
    ----------
    k, n, other_k, other_n : array_like of int
        Positive answers and answers of the one (the later) and of the other (the earlier).
    rules : Rules
    """
    positive, answers, others_positive, others = np.broadcast_arrays(*counts(k, n), *counts(other_k, other_n))
    p = fisher_two_sided(positive, answers, others_positive, others)
    sides = (_of_counts(ratio(positive, answers), answers), _of_counts(ratio(others_positive, others), others))
    return _compared(*sides, p, rules, size=None)


def weighted_side(share: npt.ArrayLike, variance: npt.ArrayLike, respondents: npt.ArrayLike, df: npt.ArrayLike) -> Side:
    """Describe a weighted share for comparison by its effective number of answers.

    Parameters
    ----------
    share, variance : array_like
        Estimate and its variance *without* finite population correction.
    respondents : array_like
        Answers behind the share; r - 1 of them stand in at 0 and 100 %.
    df : array_like
        Degrees of freedom of the t quantile.
    """
    p, v, r, freedom = floats(share, variance, respondents, df)
    edge = (p < BOUNDARY) | (p > 1 - BOUNDARY)
    answers = np.where(edge, effective_at_edge(r, 0), effective_answers(p, v))
    return Side(np.where(edge, np.round(p), p), np.maximum(answers, 0), freedom)


def weighted_against_weighted(one: Side, other: Side, *, rules: Rules = _DEFAULT_RULES) -> Comparisons:
    """Compare weighted shares (districts, cities, operating forms, rounds of them): MOVER and its own p-value.

    Parameters
    ----------
    one, other : Side
        Independent of each other: no answer belongs to both.
    rules : Rules
    """
    return _compared(one, other, mover_p(one, other), rules, size=None)


def _of_counts(share: FloatArray, answers: npt.ArrayLike) -> Side:
    return Side(share, np.asarray(answers, dtype=np.float64), np.full(share.shape, np.inf))


def _compared(one: Side, other: Side, p: FloatArray, rules: Rules, *, size: int | None) -> Comparisons:
    gap = difference_of(one, other, level=rules.level)
    family = size if rules.family is None else rules.family
    adjusted = corrected(p, rules.correction, size=family)
    word = words(gap, adjusted, relevant=rules.relevant, significant=1 - rules.level)
    share, others = np.broadcast_arrays(one.share, other.share)
    return Comparisons(share, others, gap, p, adjusted, word)
