"""What each verb gives, as rows."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from enkat.services.analysis.asking import Question, by_cell, to_rows
from enkat.services.analysis.comparing import compared_rows
from enkat.services.analysis.contrasting import contrast_rows, difference_rows, standardised_rows
from enkat.services.analysis.rows import NO_INTERVAL, REASONS, Basis, Row
from enkat.services.analysis.scaling import alpha_rows, index_rows
from enkat.services.analysis.shares import distribution_rows, share_rows
from enkat.services.analysis.spec import Verb
from enkat.services.analysis.targeting import judged_rows, with_comparisons
from enkat.statistics.microdata.independence import rao_scott
from enkat.statistics.microdata.means import mean, ratio_of, total
from enkat.statistics.microdata.quantiles import quantile
from enkat.statistics.microdata.results import Estimates
from enkat.statistics.microdata.spread import design_effect, variance

_Estimator = Callable[..., Estimates]


def _estimated(estimator: _Estimator) -> Callable[[Question], list[Row]]:
    """Ask one estimate per variable."""

    def rows(question: Question) -> list[Row]:
        names = question.analysis.variables
        with question.told():
            found = estimator(
                question.design, question.numbers(), by=question.cells.codes, names=names, **question.interval
            )
        return to_rows(question, found, population=question.population(found, names))

    return rows


def ratio_rows(question: Question) -> list[Row]:
    """Estimate the ratio of two totals; the row is called "numerator/denominator"."""
    above, below = question.analysis.variables
    y = question.numbers()
    with question.told():
        found = ratio_of(
            question.design,
            y[:, 0],
            y[:, 1],
            by=question.cells.codes,
            names=[f"{above}/{below}"],
            **question.interval,
        )
    return to_rows(question, found, population=question.population(found, [above]))


def quantile_rows(question: Question) -> list[Row]:
    """Estimate quantiles of each variable; the rows are called "variable[0.5]"."""
    names = question.analysis.variables
    parts = []
    for share in question.analysis.quantiles:
        called = [f"{name}[{share!r}]" for name in names]
        with question.told():
            found = quantile(
                question.design, question.numbers(), share, by=question.cells.codes, names=called, **question.interval
            )
        parts.append(to_rows(question, found, population=question.population(found, names)))
    return by_cell(parts)


def variance_rows(question: Question) -> list[Row]:
    """Estimate the variance of each variable, and the design effect of its mean ("variable:deff")."""
    names = question.analysis.variables
    with question.told():
        effects = design_effect(
            question.design, question.numbers(), by=question.cells.codes, names=[f"{name}:deff" for name in names]
        )
    rows = to_rows(question, effects, population=question.population(effects, names))
    without = [replace(row, df=None, reason=row.reason or NO_INTERVAL) for row in rows]
    return by_cell([_estimated(variance)(question), without])


def test_rows(question: Question) -> list[Row]:
    """Test whether two variables are independent: Rao and Scott's F."""
    one, other = (*question.analysis.variables, *question.analysis.by)
    answers = question.survey.answers
    labels = [np.where(answers.missing(name), np.nan, answers.columns[name].codes) for name in (one, other)]
    with question.told():
        found = rao_scott(question.design, *labels)
    method = f"{found.method} F({found.df!r}; {found.df2!r})"
    return [
        Row(
            (),
            f"{one} × {other}",
            estimate=found.statistic,
            n=found.n,
            population=found.N,
            df=found.df2 if math.isfinite(found.df2) else None,
            method=method,
            p=found.p,
            reason=REASONS.get(str(found.reason)) or NO_INTERVAL,
            basis=Basis(found.n),
        )
    ]


def answer(question: Question) -> list[Row]:
    """Return the rows of an analysis."""
    analysis = question.analysis
    if question.level_asked is not None:
        return with_comparisons(answer(question.level_asked), compared_rows(question))
    if analysis.compare is not None or analysis.earlier is not None:
        return compared_rows(question)
    rows = VERBS[analysis.verb](question)
    return rows if analysis.target is None else judged_rows(question, rows)


VERBS: Final[Mapping[Verb, Callable[[Question], list[Row]]]] = {
    Verb.MEAN: _estimated(mean),
    Verb.SHARE: share_rows,
    Verb.TOTAL: _estimated(total),
    Verb.RATIO: ratio_rows,
    Verb.DISTRIBUTION: distribution_rows,
    Verb.QUANTILE: quantile_rows,
    Verb.VARIANCE: variance_rows,
    Verb.DIFFERENCE: difference_rows,
    Verb.CONTRAST: contrast_rows,
    Verb.STANDARDISED: standardised_rows,
    Verb.TEST: test_rows,
    Verb.ALPHA: alpha_rows,
    Verb.INDEX: index_rows,
}
