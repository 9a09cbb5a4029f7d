"""Shares and distributions, with every interval by name."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from enkat.services.analysis.asking import Question, by_cell, to_rows
from enkat.services.analysis.columns import BoolArray, FloatArray, IntArray
from enkat.services.analysis.rows import NO_ANSWERS, NO_POPULATION, NOT_DEFINED, UNEQUAL, Basis, Row
from enkat.services.analysis.spec import Codes
from enkat.services.faults import Fault
from enkat.statistics.intervals import IntervalName, Need, Observed, interval
from enkat.statistics.microdata.means import mean
from enkat.statistics.microdata.results import Estimates

EQUAL: Final = 1e-12
"""Weights that differ by less than this share are the same weight."""


def positive_codes(question: Question, name: str) -> Codes:
    """Return the codes of a variable that count as positive.

    Raises
    ------
    Fault
        Where nothing says which they are and the column is not one of 0 and 1.
    """
    own = question.spec.variables.get(name)
    codes = question.analysis.positive or (own.positive if own else [])
    if codes:
        return codes
    if not question.survey.answers.is_binary(name):
        raise Fault(
            f"{question.place}: variabeln {name} har andra värden än 0 och 1. Säg vilka som är positiva: "
            f"[variables.{name}] positive = […]."
        )
    return [1]


def share_rows(question: Question) -> list[Row]:
    """Estimate the share positive of each variable."""
    names = question.analysis.variables
    return _rows(question, share_columns(question), names, names)


def distribution_rows(question: Question) -> list[Row]:
    """Estimate the share of every value of each variable; the rows are called "variable=value"."""
    parts = []
    for name in question.analysis.variables:
        values = distribution_values(question, name)
        column, missing = question.survey.answers.columns[name], question.survey.answers.missing(name)
        shown = [str(label) for label in column.labels()]
        y = np.column_stack([column.where(text == value for text in shown) for value in values]).astype(np.float64)
        y[missing] = np.nan
        parts.append(_rows(question, y, [name] * len(values), [f"{name}={value}" for value in values]))
    return by_cell(parts)


def distribution_values(question: Question, name: str) -> list[str]:
    """Return the values of a variable that anybody in the file answered, in order.

    Raises
    ------
    Fault
        Where nobody did.
    """
    column = question.survey.answers.columns[name]
    labels = column.labels()
    used = {labels[code] for code in np.unique(column.codes[~question.survey.answers.missing(name)])}
    if not used:
        raise Fault(f"{question.place}: kolumnen {name} har inga svar.")
    numbers = [label for label in used if not isinstance(label, str)]
    texts = [label for label in used if isinstance(label, str)]
    return [str(label) for label in (*sorted(numbers), *sorted(texts))]


def share_columns(question: Question) -> FloatArray:
    """Return 1 where an answer is positive, 0 where it is another, NaN where there is none: one column per variable."""
    names = question.analysis.variables
    return np.column_stack([question.survey.answers.indicator(name, positive_codes(question, name)) for name in names])


def _rows(question: Question, y: FloatArray, names: list[str], called: list[str]) -> list[Row]:
    with question.told():
        found = mean(question.design, y, by=question.cells.codes, names=called, **question.interval)
    share = np.where(found.estimate < EQUAL, 0.0, np.where(found.estimate > 1 - EQUAL, 1.0, found.estimate))
    counts = Counts.of(question, found, y, names)
    found = replace(found, estimate=share)
    lo, hi, method, reasons = _limits(question, found, counts)
    people = np.where(np.isnan(counts.population), found.N, counts.population)
    rows = to_rows(question, replace(found, lo=lo, hi=hi), called, people)
    place = {
        (question.cells.shown(level), name): (number, column)
        for number, level in enumerate(found.domains.levels)
        for column, name in enumerate(called)
    }
    return [
        _finished(row, place[row.by, row.name], counts, (method, reasons)) if (row.by, row.name) in place else row
        for row in rows
    ]


def _finished(
    row: Row, at: tuple[int, int], counts: "Counts", words: tuple[list[list[str]], list[list[str | None]]]
) -> Row:
    (domain, column), (method, reasons) = at, words
    reason = row.reason
    if row.reason is None and (row.lo is None or row.hi is None):
        reason = reasons[domain][column] or NOT_DEFINED
    return replace(row, method=method[domain][column], reason=reason, basis=counts.basis(at))


@dataclass(frozen=True, slots=True)
class Counts:
    """What intervals from counts need; arrays (domains, columns).

    Attributes
    ----------
    positive, answers : int64
    population : float64
        Clients that the interval is about; NaN where they are not known.
    shift : int64
        Clients by which a limit in whole clients moves outward.
    equal : bool
        Whether all answers weigh the same.
    one_stratum : bool
        Whether all answers are of one stratum.
    sent : int64 array (domains,)
        Answers to the questionnaire.
    asked : float64 array (domains,)
        Clients in the frame; NaN where they are not known.
    """

    positive: IntArray
    answers: IntArray
    population: FloatArray
    shift: IntArray
    equal: BoolArray
    one_stratum: BoolArray
    sent: IntArray
    asked: FloatArray

    def basis(self, at: tuple[int, int]) -> Basis:
        """Return what a figure rests on."""
        return Basis(
            answers=int(self.answers[at]),
            positive=int(self.positive[at]),
            sent=int(self.sent[at[0]]),
            asked=int(np.nan_to_num(self.asked[at[0]])),
            shift=int(self.shift[at]),
        )

    @classmethod
    def of(cls, question: Question, found: Estimates, y: FloatArray, names: list[str]) -> "Counts":
        """Count the answers of every cell."""
        groups = found.domains.groups
        positive = groups.sums(np.nan_to_num(y))
        answered = ~np.isnan(y)
        equal = _same(found, answered, question.design.weights, EQUAL)
        one = _same(found, answered, question.survey.stratum.astype(np.float64) + 1, 0)
        people, unknown = _population(question, found, names, one)
        outside = question.outside(names)
        offered = outside.any(axis=0)
        n = found.n
        shift = np.asarray((unknown[:, None] | offered) & (n < np.nan_to_num(people)))
        counts = question.cells.frame_counts
        asked = people[:, 0] if counts is None else counts[[question.cells.number(one) for one in found.domains.levels]]
        return cls(positive.astype(np.int64), n, people, shift.astype(np.int64), equal, one, groups.counts(), asked)


def _same(found: Estimates, answered: BoolArray, values: FloatArray, slack: float) -> BoolArray:
    """Say of every cell whether all its answers have one value."""
    codes, size = found.domains.groups.codes, found.domains.groups.size
    low, high = np.full((size, answered.shape[1]), np.inf), np.full((size, answered.shape[1]), -np.inf)
    for column in range(answered.shape[1]):
        rows = answered[:, column] & (codes >= 0)
        np.minimum.at(low[:, column], codes[rows], values[rows])
        np.maximum.at(high[:, column], codes[rows], values[rows])
    return np.asarray(high <= low * (1 + slack), dtype=np.bool_)


def _population(
    question: Question, found: Estimates, names: list[str], one_stratum: BoolArray
) -> tuple[FloatArray, BoolArray]:
    """Return the N of each interval, and which cells the frame does not tell apart.

    Where the frame knows the cell: its clients without those who stand outside the question. Where it does not, and
    the cell lies in one stratum: the stratum's clients without those known to be elsewhere.
    """
    levels, groups = found.domains.levels, found.domains.groups
    outside = groups.sums(question.outside(names).astype(np.float64))
    counts = question.cells.heard_counts
    known = np.full(len(levels), np.nan) if counts is None else counts[[question.cells.number(one) for one in levels]]
    unknown = np.isnan(known)
    population = question.survey.population
    if population is None or question.survey.section.cluster:
        return known[:, None] - outside, unknown
    respondents = np.bincount(question.survey.stratum, minlength=len(population))
    first = np.zeros(groups.size, dtype=np.int64)
    inside = groups.codes >= 0
    first[groups.codes[inside]] = question.survey.stratum[inside]
    rest = population[first] - (respondents[first] - groups.counts())
    people = np.where(unknown[:, None], np.where(one_stratum, rest[:, None], np.nan), known[:, None])
    return people - outside, unknown


def _limits(
    question: Question, found: Estimates, counts: Counts
) -> tuple[FloatArray, FloatArray, list[list[str]], list[list[str | None]]]:
    """Work out the intervals, what each is called, and why it is not there where it is not."""
    alone = ~question.cells.parted[[question.cells.number(level) for level in found.domains.levels]]
    whole = counts.one_stratum & alone[:, None] & counts.equal & ~np.isnan(counts.population) & question.finite
    whole = np.asarray(whole & (np.nan_to_num(counts.population) % 1 == 0), dtype=np.bool_)
    asked = question.analysis.interval
    if asked is None:
        first, second = IntervalName.HYPERGEOMETRIC, IntervalName.WILSON_EFFECTIVE
        takes_first = whole
    else:
        first = second = asked
        takes_first = np.ones(found.estimate.shape, dtype=np.bool_)
    lo, hi = np.full(found.estimate.shape, np.nan), np.full(found.estimate.shape, np.nan)
    method = [[(first if one else second).value for one in row] for row in takes_first]
    reasons: list[list[str | None]] = [[None] * found.estimate.shape[1] for _ in range(found.estimate.shape[0])]
    for name, chosen in ((first, takes_first), (second, ~takes_first)):
        usable = chosen & (found.n > 0)
        for why, bad in _obstacles(name, counts):
            for domain, column in zip(*np.nonzero(usable & bad), strict=True):
                reasons[domain][column] = why
            usable &= ~bad
        if usable.any():
            lo[usable], hi[usable] = _named(name, question, found, counts, usable)
    for domain, column in zip(*np.nonzero(found.n == 0), strict=True):
        reasons[domain][column] = NO_ANSWERS
    return lo, hi, method, reasons


def _obstacles(name: IntervalName, counts: Counts) -> list[tuple[str, BoolArray]]:
    """Return what keeps an interval from being worked out, and where."""
    found: list[tuple[str, BoolArray]] = []
    if Need.POSITIVE in name.needs:
        found.append((UNEQUAL, ~counts.equal))
    if name.finite:
        lacking = np.isnan(counts.population) | (np.nan_to_num(counts.population) < counts.answers)
        found.append((NO_POPULATION, np.asarray(lacking, dtype=np.bool_)))
    return found


def _named(
    name: IntervalName, question: Question, found: Estimates, counts: Counts, usable: BoolArray
) -> tuple[FloatArray, FloatArray]:
    known = question.finite and not np.isnan(counts.population[usable]).any()
    limits = interval(
        name,
        Observed(
            k=counts.positive[usable],
            n=counts.answers[usable],
            population=counts.population[usable] if known or name.finite else None,
            share=found.estimate[usable],
            variance=found.se[usable] ** 2,
            df=found.df[usable],
            shift=counts.shift[usable],
        ),
        level=question.level,
    )
    return limits.lo, limits.hi
