"""Judges shares against a target: the row's word."""

from dataclasses import replace

from enkat.services.analysis.analysis_checking import read_target
from enkat.services.analysis.asking import Question
from enkat.services.analysis.rows import Row
from enkat.statistics.intervals import IntervalName
from enkat.statistics.targets import Observed, Outcome, judge, judge_weighted

IN_CLIENTS = frozenset({IntervalName.HYPERGEOMETRIC.value, IntervalName.MID_P.value})


def judged_rows(question: Question, rows: list[Row]) -> list[Row]:
    """Add the verdict on the target to every row that has an interval."""
    return [replace(row, word=outcome.label) if (outcome := _outcome(question, row)) else row for row in rows]


def _outcome(question: Question, row: Row) -> Outcome | None:
    if row.lo is None or row.hi is None or row.n is None or row.population is None or row.estimate is None:
        return None
    target = read_target(question.analysis.target or 0.0)
    people = max(round(row.population), row.n)
    basis = row.basis
    observed = Observed(
        positive=basis.positive,
        answered=row.n,
        population=people,
        sent=basis.sent,
        asked=max(basis.asked, basis.sent),
    )
    if row.method in IN_CLIENTS:
        return judge(target, observed, round(row.lo * people), round(row.hi * people))
    return judge_weighted(target, observed, row.lo, row.hi)
