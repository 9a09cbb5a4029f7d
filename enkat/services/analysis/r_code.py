"""Pieces of R code: values, conditions, columns and designs, as a specification means them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from enkat.services.analysis.conditions import All, Answered, AnyOf, Condition, In, Not
from enkat.services.analysis.deriving import condition_of
from enkat.services.analysis.designing import Survey, responded_column, stratum_column
from enkat.services.analysis.frame import Frame
from enkat.services.analysis.scaling import needed
from enkat.services.analysis.spec import DerivedSection, MissingSection, WeightsSection
from enkat.services.analysis.weighting import SIZE, Weigher, factor_margins, margin_counts, numeric_totals

PER_LINE: Final = 8


def text(value: object) -> str:
    """Write text as R does."""
    return json.dumps(str(value), ensure_ascii=False)


def number(value: float | None) -> str:
    """Write a number so that R reads the same one; NA for none."""
    return "NA" if value is None else repr(float(value)).removesuffix(".0")


def vector(values: Iterable[str]) -> str:
    """Write a vector, a few values per line."""
    listed = list(values)
    if not listed:
        return "character()"
    lines = [", ".join(listed[begin : begin + PER_LINE]) for begin in range(0, len(listed), PER_LINE)]
    return "c(" + ",\n    ".join(lines) + ")"


def texts(values: Iterable[object]) -> str:
    """Write a vector of texts."""
    return vector(text(value) for value in values)


def condition(meant: Condition) -> str:
    """Write a condition; R's NA is the same third value."""
    match meant:
        case In(column, values):
            return f"among(A({text(column)}), {texts(values)})"
        case Answered(column):
            return f"!is.na(A({text(column)}))"
        case Not(part):
            return f"!({condition(part)})"
        case All(parts):
            return "(" + " & ".join(condition(part) for part in parts) + ")"
        case AnyOf(parts):
            return "(" + " | ".join(condition(part) for part in parts) + ")"


def columns(read: Mapping[str, tuple[str, Sequence[MissingSection]]]) -> list[str]:
    """Read columns of the file as answers: for each name the heading, and the codes that stand for none."""
    lines = []
    for name, (heading, tables) in read.items():
        codes = [code for table in tables for _, listed in table for code in listed]
        lines.append(f"a[[{text(name)}]] <- answer(d[[{text(heading)}]], {texts(codes)})")
    return lines


def derived(frame: Frame, name: str, section: DerivedSection) -> list[str]:
    """Make a derived column."""
    at = f"v[[{text(name)}]]"
    items = "cbind(" + ", ".join(f"V({text(item)})" for item in section.of) + ")"
    if section.kind == "indicator" and section.where is None:
        value = f"as.numeric(among(A({text(section.of[0])}), {texts(section.values)}))"
    elif section.kind == "indicator":
        value = f"as.numeric({condition(condition_of(frame, section))})"
    elif section.kind == "ratio":
        below = f"V({text(section.denominator)})"
        value = f"V({text(section.numerator)}) / ifelse({below} == 0, NA, {below})"
    elif section.kind == "sum":
        value = f"rowSums({items})"
    else:
        low, high = section.scale or (0.0, 1.0)
        value = f"item_index({items}, {number(low)}, {number(high)}, {needed(section.of, section.minimum)})"
    return [f"{at} <- {value}", f"a[[{text(name)}]] <- ifelse(is.na({at}), NA, sprintf('%.17g', {at}))"]


def answers(survey: Survey) -> list[str]:
    """Keep those who answered, with their stratum and the number of people in it."""
    section = survey.section
    name = stratum_column(section)
    responded = responded_column(section, survey.answers.columns)
    lines = [
        f"answered <- yes(d[[{text(responded)}]])" if responded else "answered <- rep(TRUE, nrow(d))",
        f"stratum <- a[[{text(name)}]]" if name else 'stratum <- rep("hela filen", nrow(d))',
    ]
    if survey.frame is not None:
        lines.append("people <- as.numeric(table(stratum)[stratum])")
        if section.cluster:
            lines.append(f"units <- count_units(a[[{text(section.cluster)}]], stratum)")
    elif section.population:
        lines.append(f"people <- number(a[[{text(section.population)}]])")
    lines += [
        "r <- data.frame(stratum = stratum[answered])",
        "r$one <- rep(1, nrow(r))",
    ]
    if survey.population is not None:
        fpc = "units" if section.cluster and survey.frame is not None else "people"
        lines += [f"r$fpc <- {fpc}[answered]", "r$n_r <- people[answered] / as.numeric(table(r$stratum)[r$stratum])"]
    if section.weight:
        lines.append(f"r$given <- number(a[[{text(section.weight)}]])[answered]")
    if cluster := section.cluster or section.person:
        lines.append(f"r$cluster <- a[[{text(cluster)}]][answered]")
    return [
        *lines,
        "a <- lapply(a, function(x) x[answered])",
        "v <- lapply(v, function(x) x[answered])",
    ]


def design(weigher: Weigher, name: str, section: WeightsSection, *, finite: bool) -> list[str]:
    """Describe the survey with its weights; the design is called `design` afterwards."""
    survey = weigher.survey
    start = section.start or survey.default_weights()
    parts = [
        "ids = ~cluster" if survey.section.cluster or survey.section.person else "ids = ~1",
        "strata = ~stratum" if len(survey.strata) > 1 else "",
        _weights(survey, start),
        "fpc = ~fpc" if finite and survey.population is not None else "",
        "data = r",
    ]
    lines = [f"# Vikter: {name if not name.startswith('{') else 'enligt analysen'}"]
    lines.append(f"design <- svydesign({', '.join(part for part in parts if part)})")
    if section.method:
        lines += _adjusted(survey, section)
    if section.trim:
        lines.append(
            f"design <- trimWeights(design, upper = {number(section.trim[1])}, lower = {number(section.trim[0])})"
        )
    return lines


def _weights(survey: Survey, start: str) -> str:
    if start == "N/r" and survey.section.cluster and survey.frame is None:
        return ""
    return "weights = ~" + {"none": "one", "given": "given", "N/r": "n_r"}[start]


def _adjusted(survey: Survey, section: WeightsSection) -> list[str]:
    names = factor_margins(section)
    lines, formulas, tables = [], [], []
    for place, name in enumerate(names, 1):
        counts = margin_counts(survey, name.split("|"), section.totals.get(name))
        keys = ["|".join(str(part) for part in cell) for cell in counts if isinstance(cell, tuple)]
        cells = ", ".join(f"A({text(column)})" for column in name.split("|"))
        lines.append(f"design <- update(design, margin{place} = key({cells}))")
        lines.append(
            f"counts{place} <- data.frame(margin{place} = {texts(keys)}, Freq = {vector(map(number, counts.values()))})"
        )
        formulas.append(f"~margin{place}")
        tables.append(f"counts{place}")
    if section.method == "post-stratify":
        return [*lines, "design <- postStratify(design, ~margin1, counts1)"]
    if section.method == "rake":
        return [*lines, f"design <- rake_to(design, list({', '.join(formulas)}), list({', '.join(tables)}))"]
    _, totals = numeric_totals(survey, section)
    numeric = [
        f"list(x = {'r$one' if name == SIZE else f'V({text(name)})'}, total = {number(total)})"
        for name, total in totals.items()
    ]
    bounds = f"c({number(section.bounds[0])}, {number(section.bounds[1])})" if section.bounds else "c(-Inf, Inf)"
    made = (
        f"calibrate_to(design, list({', '.join(tables)}), list({', '.join(numeric)}), {text(section.calfun)}, {bounds})"
    )
    return [*lines, f"design <- {made}"]
