"""Differences, contrasts and standardised values: estimates of groups set against each other."""

import math
from collections.abc import Sequence

import numpy as np

from enkat.services.analysis.asking import Question, by_cell, to_rows
from enkat.services.analysis.columns import FloatArray
from enkat.services.analysis.rows import REASONS, Basis, Row
from enkat.services.analysis.shares import share_columns
from enkat.services.analysis.weighting import margin_counts, margin_labels
from enkat.services.faults import Fault
from enkat.statistics.microdata.contrasts import contrast, ratio_contrast
from enkat.statistics.microdata.means import mean, total
from enkat.statistics.microdata.results import Estimate, Estimates
from enkat.statistics.microdata.standardising import standardise

PAIR = 2


def kind_of(question: Question) -> str:
    """Return what is compared: "mean", "share" or "total"; shares where the codes that are positive are known."""
    analysis = question.analysis
    known = [bool(analysis.positive or _positive(question, name)) for name in analysis.variables]
    return analysis.of or ("share" if all(known) else "mean")


def _positive(question: Question, name: str) -> bool:
    section = question.spec.variables.get(name)
    return bool(section and section.positive)


def columns_of(question: Question) -> FloatArray:
    """Return what is compared as numbers: one column per variable."""
    return share_columns(question) if kind_of(question) == "share" else question.numbers()


def _estimates(question: Question) -> Estimates:
    estimator = total if kind_of(question) == "total" else mean
    names = question.analysis.variables
    with question.told():
        return estimator(
            question.design, columns_of(question), by=question.cells.codes, names=names, **question.interval
        )


def difference_rows(question: Question) -> list[Row]:
    """Estimate the difference between two groups of `by`, or between two variables."""
    analysis = question.analysis
    found = _estimates(question)
    if not analysis.by:
        one, other = analysis.variables
        return [_row(question, found, {one: 1.0, other: -1.0}, None, f"{one} - {other}")]
    groups = analysis.groups or [str(question.cells.shown(level)[0]) for level in found.domains.levels]
    if len(groups) != PAIR:
        raise Fault(f"{question.place}: kolumnen {analysis.by[0]} har {len(groups)} grupper. Välj två med groups.")
    one, other = groups
    return [
        _row(question, found, {one: 1.0, other: -1.0}, name, f"{name}: {one} - {other}") for name in analysis.variables
    ]


def contrast_rows(question: Question) -> list[Row]:
    """Estimate a linear or ratio contrast of groups ("A|K"), or of variables where there is no `by`."""
    analysis = question.analysis
    found = _estimates(question)
    if not analysis.by:
        return [_row(question, found, analysis.coefficients, None, analysis.id)]
    return [_row(question, found, analysis.coefficients, name, name) for name in analysis.variables]


def _row(question: Question, found: Estimates, coefficients: dict[str, float], name: str | None, called: str) -> Row:
    weights = _weights(question, found, coefficients, name)
    with question.told():
        if question.analysis.contrast == "ratio":
            above, below = np.maximum(weights, 0), np.maximum(-weights, 0)
            made = ratio_contrast(found, above, below, name=called, **question.interval)
        else:
            made = contrast(found, weights, name=called, **question.interval)
    used = (weights.reshape(found.n.shape) != 0).nonzero()
    groups = tuple(question.cells.shown(found.domains.levels[at]) for at in used[0])
    return _as_row(made, Basis(answers=int(found.n[used].min()), groups=groups))


def _weights(question: Question, found: Estimates, coefficients: dict[str, float], name: str | None) -> FloatArray:
    """Lay coefficients out in the order of the estimates: domains, then columns."""
    weights = np.zeros((len(found.domains.levels), len(found.names)))
    places = {"|".join(map(str, question.cells.shown(level))): at for at, level in enumerate(found.domains.levels)}
    columns = {column: at for at, column in enumerate(found.names)}
    for key, coefficient in coefficients.items():
        known: Sequence[str] = [*columns] if name is None else [*places]
        if key not in known:
            what = "variabeln" if name is None else "gruppen"
            raise Fault(f"{question.place}: {what} {key} finns inte bland svaren. Det finns {', '.join(known[:20])}.")
        weights[(0, columns[key]) if name is None else (places[key], columns[name])] = coefficient
    return weights.ravel()


def _as_row(made: Estimate, basis: Basis) -> Row:
    reason = REASONS.get(str(made.reason))
    return Row(
        (),
        made.name,
        estimate=made.estimate,
        se=made.se,
        lo=made.lo,
        hi=made.hi,
        n=made.n,
        population=made.N,
        df=made.df if math.isfinite(made.df) else None,
        method=made.method,
        reason=reason,
        basis=basis,
    )


def standardised_rows(question: Question) -> list[Row]:
    """Estimate means or shares of groups that all have the same mix of the columns in `standardise`."""
    analysis, answers = question.analysis, question.survey.answers
    cells = {column: margin_labels(answers, column) for column in analysis.standardise}
    population = standard_population(question)
    y = columns_of(question)
    parts = []
    for column, name in enumerate(analysis.variables):
        with question.told():
            weighted = standardise(
                question.design,
                cells,
                population,
                over=question.cells.codes or None,
                answered=~np.isnan(y[:, column]),
            )
            found = mean(weighted, y[:, column], by=question.cells.codes, names=[name], **question.interval)
        rows = to_rows(question, found, population=question.population(found, [name]))
        parts.append(rows)
    return by_cell(parts)


def standard_population(question: Question) -> dict[object, float]:
    """Return the mix that all groups are given: as told, else the frame's, else the weighted answers'."""
    analysis, survey = question.analysis, question.survey
    if analysis.population or survey.frame is not None:
        return dict(margin_counts(survey, analysis.standardise, analysis.population or None))
    labels = [margin_labels(survey.answers, column) for column in analysis.standardise]
    counts: dict[object, float] = {}
    for weight, *cell in zip(question.design.weights.tolist(), *labels, strict=True):
        if None not in cell:
            counts[tuple(cell)] = counts.get(tuple(cell), 0.0) + weight
    return counts
