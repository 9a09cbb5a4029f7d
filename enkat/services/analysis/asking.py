"""One analysis with everything it rests on, and how estimates become rows."""

import math
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, TypedDict

import numpy as np

from enkat.services.analysis.cells import Cells, Level
from enkat.services.analysis.columns import BoolArray, FloatArray
from enkat.services.analysis.designing import Survey
from enkat.services.analysis.rows import NO_ANSWERS, REASONS, Basis, Label, Row
from enkat.services.analysis.spec import AnalysisSection, Spec, Verb
from enkat.services.analysis.telling import MIX, told
from enkat.statistics.intervals import LEVEL
from enkat.statistics.microdata.design import SurveyDesign
from enkat.statistics.microdata.results import REASONS as STATISTICS_REASONS
from enkat.statistics.microdata.results import DegreesOfFreedom, Estimates

DEFAULT_DF: Final[dict[Verb, DegreesOfFreedom]] = {
    Verb.SHARE: "design",
    Verb.DISTRIBUTION: "design",
    Verb.QUANTILE: "design",
}
"""Degrees of freedom where nothing is said, as in R: `svyciprop` and `svyquantile` take t, `confint` the normal."""


@dataclass(frozen=True, slots=True)
class Question:
    """An analysis, its survey and its cells.

    Attributes
    ----------
    spec : Spec
    analysis : AnalysisSection
    survey : Survey
    design : SurveyDesign
        With the analysis's weights and finite population correction, and `where` as its domain.
    cells : Cells
    place : str
        Where it stands in the specification.
    earlier : Question or None
        The same analysis of the earlier round that it is compared with.
    level_asked : Question or None
        The same analysis as a level against its target, where it asks for that beside the comparison.
    """

    spec: Spec
    analysis: AnalysisSection
    survey: Survey
    design: SurveyDesign
    cells: Cells
    place: str
    earlier: "Question | None" = None
    level_asked: "Question | None" = None

    @property
    def level(self) -> float:
        """Nominal confidence."""
        return self.analysis.level or self.spec.design.level or LEVEL

    @property
    def df(self) -> DegreesOfFreedom:
        """Degrees of freedom of the intervals."""
        chosen = self.analysis.df if self.analysis.df is not None else self.spec.design.df
        if chosen is None:
            return DEFAULT_DF.get(self.analysis.verb, "normal")
        return chosen  # type: ignore[return-value]  # the words are checked with the specification

    @property
    def interval(self) -> "IntervalChoice":
        """Level and degrees of freedom, as the verbs of the statistics take them."""
        return {"level": self.level, "df": self.df}

    def told(self) -> AbstractContextManager[None]:
        """Turn faults of the statistics into sentences about this analysis."""
        headings = {**self.survey.headings, MIX: ", ".join(self.analysis.standardise)}
        return told(self.place, headings, self.survey.answers)

    @property
    def finite(self) -> bool:
        """Whether the frame counts as a finite population."""
        return bool(np.isfinite(self.design.strata.population).all())

    def numbers(self) -> FloatArray:
        """Return the variables as columns of numbers."""
        return np.column_stack([self.survey.answers.numbers(name) for name in self.analysis.variables])

    def outside(self, names: Sequence[str]) -> BoolArray:
        """Say for each answer and variable whether the person stands outside the question."""
        return np.column_stack([self.survey.answers.outside(name) for name in names])

    def population(self, found: Estimates, names: Sequence[str]) -> FloatArray:
        """Return how many people each estimate speaks for: array (domains, columns).

        The frame's own count of the cell, in the strata where anybody answered, without those known to stand outside
        the question; where nobody can count them, the sum of the answers' weights.
        """
        counts = self.cells.heard_counts
        if counts is None:
            return found.N
        numbers = [self.cells.number(level) for level in found.domains.levels]
        outside = found.domains.groups.sums(self.outside(names).astype(np.float64))
        known = counts[numbers][:, None] - outside
        return np.where(np.isnan(known), found.N, known)


class IntervalChoice(TypedDict):
    """Level and degrees of freedom of an interval."""

    level: float
    df: DegreesOfFreedom


def by_cell(parts: Iterable[Sequence[Row]]) -> list[Row]:
    """Put the rows of several requests together, cell by cell in the order of the first."""
    found: dict[tuple[Label, ...], list[Row]] = {}
    for rows in parts:
        for row in rows:
            found.setdefault(row.by, []).append(row)
    return [row for rows in found.values() for row in rows]


def to_rows(
    question: Question, found: Estimates, names: Sequence[str] | None = None, population: FloatArray | None = None
) -> list[Row]:
    """Return one row per cell and column, cells in order, those of the frame where nobody answered among them.

    Parameters
    ----------
    names : sequence of str, optional
        What the rows are called; the estimates' own names otherwise.
    population : float64 array (domains, columns), optional
        People that each estimate speaks for; the sum of the weights otherwise.
    """
    called = names or found.names
    people = found.N if population is None else population
    rows: dict[Level, list[Row]] = {}
    for domain, level in enumerate(found.domains.levels):
        by = question.cells.shown(level)
        rows[level] = [
            _row(by, name, found, (domain, column), float(people[domain, column])) for column, name in enumerate(called)
        ]
    counts = question.cells.frame_counts
    for level in question.cells.empty_levels(found.domains):
        many = None if counts is None else float(counts[question.cells.number(level)])
        by = question.cells.shown(level)
        rows[level] = [Row(by, name, n=0, population=many, method=found.method, reason=NO_ANSWERS) for name in called]
    return [row for level in sorted(rows, key=lambda one: [float(str(part)) for part in one]) for row in rows[level]]


def _row(by: tuple[Label, ...], name: str, found: Estimates, at: tuple[int, int], many: float) -> Row:
    one = found.at(*at)
    reason = REASONS.get(str(STATISTICS_REASONS[found.reason[at]]))
    return Row(
        by,
        name,
        estimate=one.estimate,
        se=one.se,
        lo=one.lo,
        hi=one.hi,
        n=one.n,
        population=many if math.isfinite(many) else None,
        df=one.df if math.isfinite(one.df) else None,
        method=one.method,
        reason=reason if None in (one.estimate, one.se, one.lo, one.hi) else None,
        basis=Basis(one.n),
    )
