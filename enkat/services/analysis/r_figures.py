"""R code that works out one row of each verb: a function `figure(row)`."""

from collections.abc import Callable, Mapping
from typing import Final

from enkat.services.analysis.asking import Question
from enkat.services.analysis.comparing import EXACT
from enkat.services.analysis.contrasting import kind_of, standard_population
from enkat.services.analysis.r_code import number, text, texts, vector
from enkat.services.analysis.scaling import INDEX, needed
from enkat.services.analysis.shares import positive_codes
from enkat.services.analysis.spec import Verb

IS_EXACT: Final = f"row$method == {text(EXACT)}"


def _settings(question: Question) -> str:
    df = question.df
    return f"{text(df) if isinstance(df, str) else number(df)}, {question.level!r}"


def values(question: Question, kind: str) -> str:
    """Lay out the variables by name, as numbers or as shares."""
    if kind != "share":
        return f"y <- list({', '.join(f'{text(name)} = V({text(name)})' for name in question.analysis.variables)})"
    codes = {text(name): texts(positive_codes(question, name)) for name in question.analysis.variables}
    shares = ", ".join(f"{name} = as.numeric(among(A({name}), {positive}))" for name, positive in codes.items())
    return f"y <- list({shares})"


def _numbers(function: str) -> Callable[[Question], list[str]]:
    def figure(question: Question) -> list[str]:
        return [
            values(question, "mean"),
            f"figure <- function(row) {function}(design, at(row), y[[row$name]], {_settings(question)})",
        ]

    return figure


def _ratio(question: Question) -> list[str]:
    above, below = (f"V({text(name)})" for name in question.analysis.variables)
    return [f"figure <- function(row) ratio_of(design, at(row), {above}, {below}, {_settings(question)})"]


def _share(question: Question) -> list[str]:
    return [
        values(question, "share"),
        f"figure <- function(row) share_of(design, at(row), y[[row$name]], row, {_settings(question)})",
    ]


def _distribution(question: Question) -> list[str]:
    return [
        "figure <- function(row) {",
        "  parts <- regmatches(row$name, regexec('^(.*?)=(.*)$', row$name))[[1]]",
        f"  share_of(design, at(row), exactly(A(parts[2]), parts[3]), row, {_settings(question)})",
        "}",
    ]


def _quantile(question: Question) -> list[str]:
    return [
        "figure <- function(row) {",
        "  parts <- regmatches(row$name, regexec('^(.*)\\\\[(.*)\\\\]$', row$name))[[1]]",
        f"  quantile_of(design, at(row), V(parts[2]), as.numeric(parts[3]), {_settings(question)})",
        "}",
    ]


def _variance(question: Question) -> list[str]:
    return [
        "figure <- function(row) {",
        "  if (grepl(':deff$', row$name)) effect_of(design, at(row), V(sub(':deff$', '', row$name)))",
        f"  else variance_of(design, at(row), V(row$name), {_settings(question)})",
        "}",
    ]


def _statistic(question: Question) -> str:
    return "svytotal" if kind_of(question) == "total" else "svymean"


def _coefficients(question: Question) -> str:
    """Return the coefficients of a row: told, or those of the two groups in its name."""
    analysis = question.analysis
    if analysis.verb is Verb.CONTRAST:
        pairs = (f"{text(key)} = {number(value)}" for key, value in analysis.coefficients.items())
        return f"c({', '.join(pairs)})"
    return "setNames(c(1, -1), strsplit(sub('^.*?: ', '', row$name, perl = TRUE), ' - ', fixed = TRUE)[[1]])"


def _contrast(question: Question) -> list[str]:
    analysis = question.analysis
    settings = f"{_coefficients(question)}, {_settings(question)}"
    if not analysis.by:
        call = f"variables_of(design, inside, y, {_statistic(question)}, {settings})"
    else:
        ratio = ", ratio = TRUE" if analysis.contrast == "ratio" else ""
        variable = "y[[sub(': .*$', '', row$name)]]"
        call = f"contrast_of(design, inside, cell, {variable}, {_statistic(question)}, {settings}{ratio})"
    return [values(question, kind_of(question)), f"figure <- function(row) {call}"]


def _standardised(question: Question) -> list[str]:
    mix = ", ".join(f"A({text(name)})" for name in question.analysis.standardise)
    population = standard_population(question)
    call = f"standardised_of(design, inside, cell, y[[row$name]], mix, population, row, {_settings(question)})"
    keys = texts("|".join(map(str, cell)) if isinstance(cell, tuple) else cell for cell in population)
    return [
        values(question, kind_of(question)),
        f"mix <- key({mix})",
        f"population <- setNames({vector(map(number, population.values()))}, {keys})",
        f"figure <- function(row) {call}",
    ]


def _test(question: Question) -> list[str]:
    one, other = (f"A({text(name)})" for name in (*question.analysis.variables, *question.analysis.by))
    return [f"figure <- function(row) test_of(design, inside, {one}, {other})"]


def _alpha(question: Question) -> list[str]:
    return [values(question, "mean"), "figure <- function(row) alpha_of(design, at(row), y)"]


def _index(question: Question) -> list[str]:
    analysis = question.analysis
    worst, best = analysis.scale or (0.0, 1.0)
    parts = []
    for name, items in (analysis.criteria or {INDEX: analysis.variables}).items():
        columns = ", ".join(f"V({text(item)})" for item in items)
        least = needed(items, analysis.minimum)
        parts.append(f"{text(name)} = item_index(cbind({columns}), {number(worst)}, {number(best)}, {least})")
    return [
        f"y <- list({', '.join(parts)})",
        f"figure <- function(row) mean_of(design, at(row), y[[row$name]], {_settings(question)})",
    ]


def is_comparison(question: Question) -> bool:
    """Say whether an analysis compares groups or rounds."""
    return question.analysis.compare is not None or question.analysis.earlier is not None


def comparison(question: Question) -> list[str]:
    """Compare as `compare` or `earlier` says."""
    return _with_earlier(question) if question.earlier is not None else _with_groups(question)


def _with_earlier(question: Question) -> list[str]:
    shares_persons = question.survey.section.person is not None
    then = "then$inside & then$cell %in% row$key"
    if question.analysis.verb is Verb.MEAN or shares_persons:
        function = "rounds_together" if shares_persons else "rounds_apart"
        sides = f"design, then$design, at(row), {then}, y[[row$name]], then$y[[row$name]]"
        return [f"figure <- function(row) {function}({sides}, {_settings(question)})"]
    now, before = "side_of(design, at(row), y[[row$name]])", f"side_of(then$design, {then}, then$y[[row$name]])"
    return [f"figure <- function(row) difference_of({now}, {before}, {IS_EXACT}, {question.level!r})"]


def _with_groups(question: Question) -> list[str]:
    compare = question.analysis.compare
    if isinstance(compare, list):
        one, other = (f"cell %in% {text(group)}" for group in compare)
        rest = ""
    else:
        one, other = "cell %in% row$key", "!(cell %in% row$key) & !is.na(cell)"
        rest = ", TRUE, sum(inside & !is.na(cell) & !is.na(y))"
    if question.analysis.verb is Verb.MEAN:
        side = f"ifelse({one}, 1, ifelse({other}, 2, NA))"
        call = f"means_apart(design, inside, {side}, y, {_settings(question)})"
    else:
        sides = f"side_of(design, inside & {one}, y), side_of(design, inside & {other}, y)"
        call = f"difference_of({sides}, {IS_EXACT}, {question.level!r}{rest})"
    return ["figure <- function(row) {", "  y <- y[[sub(': .*$', '', row$name)]]", f"  {call}", "}"]


FIGURES: Final[Mapping[Verb, Callable[[Question], list[str]]]] = {
    Verb.MEAN: _numbers("mean_of"),
    Verb.TOTAL: _numbers("total_of"),
    Verb.RATIO: _ratio,
    Verb.SHARE: _share,
    Verb.DISTRIBUTION: _distribution,
    Verb.QUANTILE: _quantile,
    Verb.VARIANCE: _variance,
    Verb.DIFFERENCE: _contrast,
    Verb.CONTRAST: _contrast,
    Verb.STANDARDISED: _standardised,
    Verb.TEST: _test,
    Verb.ALPHA: _alpha,
    Verb.INDEX: _index,
}
