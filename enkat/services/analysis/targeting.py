"""Judges shares against a target: the row's word."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from enkat.services.analysis.analysis_checking import read_target
from enkat.services.analysis.asking import Question
from enkat.services.analysis.rows import Row
from enkat.statistics.intervals import IntervalName
from enkat.statistics.targets import Observed, Outcome, judge, judge_weighted

BETWEEN: Final = "; "
"""Stands between what is said of the level and of the comparison."""
IN_CLIENTS = frozenset({IntervalName.HYPERGEOMETRIC.value, IntervalName.MID_P.value})


def judged_rows(question: Question, rows: list[Row]) -> list[Row]:
    """Add the verdict on the target to every row that has an interval."""
    return [replace(row, word=outcome.label) if (outcome := _outcome(question, row)) else row for row in rows]


def with_comparisons(levels: Sequence[Row], gaps: Sequence[Row]) -> list[Row]:
    """Add to rows with a verdict the p-values and the word of the comparison of the same group and variable."""
    compared = {(gap.by, gap.name): gap for gap in gaps}
    rows = []
    for row in levels:
        if gap := compared.get((row.by, row.name)):
            word = BETWEEN.join(filter(None, (row.word, gap.word))) or None
            method = BETWEEN.join((row.method, gap.method))
            basis = replace(row.basis, answers=gap.basis.answers)
            rows.append(replace(row, p=gap.p, p_adjusted=gap.p_adjusted, word=word, method=method, basis=basis))
        else:
            rows.append(row)
    return rows


def apart(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Take what `with_comparisons` joined apart again: levels, and p-values."""
    levels, gaps = [], []
    for row in rows:
        level, _, gap = row.method.partition(BETWEEN)
        levels.append(replace(row, method=level, p=None, p_adjusted=None))
        gaps.append(Row(row.by, row.name, method=gap, p=row.p, p_adjusted=row.p_adjusted))
    return levels, gaps


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
