"""Writes an R script that works out every figure anew with `survey`, from the same file, and compares."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from enkat.services.analysis import r_code
from enkat.services.analysis.asking import Question
from enkat.services.analysis.columns import DataFile
from enkat.services.analysis.frame import missing_tables
from enkat.services.analysis.r_figures import FIGURES, comparison, is_comparison, values
from enkat.services.analysis.rows import Result, Row
from enkat.services.analysis.running import Run
from enkat.services.analysis.targeting import apart
from enkat.services.analysis.weighting import Weigher

FUNCTIONS: Final = Path(__file__).with_name("r_functions.R")
CLOSED, ITERATIVE = "1e-9", "1e-6"
ITERATED: Final = frozenset({"rake", "calibrate"})


def write_r_script(run: Run, data: Path, path: Path) -> None:
    """Write the script; its first argument names the data file, otherwise it is the one it was made from."""
    path.write_text(r_script(run, data.name), encoding="utf-8")


def r_script(run: Run, data_name: str) -> str:
    """Return the script of a run."""
    spec, data = run.spec, run.data
    lines = [
        "# Räknar om siffrorna från enkat analyse med R-paketet survey. Kör: Rscript skript.R [datafil [JSON]]",
        FUNCTIONS.read_text(encoding="utf-8"),
        "# --- Data ---",
        "arguments <- commandArgs(TRUE)",
        f"options(survey.lonely.psu = {r_code.text(spec.design.lonely.value)})",
        f"file <- if (length(arguments)) arguments[1] else {r_code.text(data_name)}",
        "now <- (function() {",
        *_survey(run.weigher, data, "file"),
        "})()",
    ]
    for name, weigher in run.earlier.items():
        place = f"file.path(dirname(file), {r_code.text(name)})"
        lines += [
            f"before[[{r_code.text(name)}]] <- (function() {{",
            *_survey(weigher, weigher.survey.answers.data, place),
            "})()",
        ]
    lines.append("use(now)")
    for question, result in zip(run.questions, run.results, strict=True):
        lines += _analysis(run, question, result)
    return "\n".join([*lines, "finish()", ""])


def _survey(weigher: Weigher, data: DataFile, file: str) -> list[str]:
    """Read a file and keep those who answered."""
    survey, spec = weigher.survey, weigher.spec
    frame = survey.frame or survey.answers
    read = {name: column.name for name, column in frame.columns.items() if name not in spec.derived}
    tables = {name: (heading, missing_tables(spec, heading)) for name, heading in read.items()}
    # With -BOM R reads the file the same whether it begins with a byte order mark or not.
    encoding = "UTF-8-BOM" if data.encoding in {"utf-8", "xlsx"} else data.encoding
    sheet = f", {r_code.text(spec.data.sheet)}" if spec.data.sheet and not data.separator else ""
    lines = [
        f"d <- read_file({file}, {r_code.text(data.separator)}, {r_code.text(encoding)}{sheet})",
        "a <- list()",
        "v <- list()",
        "A <- function(name) a[[name]]",
        "V <- function(name) if (is.null(v[[name]])) number(a[[name]]) else v[[name]]",
        *r_code.columns(tables),
        *(line for name, section in spec.derived.items() for line in r_code.derived(frame, name, section)),
        *r_code.answers(survey),
        "list(a = a, v = v, r = r)",
    ]
    return [f"  {line}" for line in lines]


def _analysis(run: Run, question: Question, result: Result) -> list[str]:
    if question.level_asked is None:
        return _compared(run, question, result)
    levels, gaps = (replace(result, rows=rows) for rows in apart(result.rows))
    return [*_compared(run, question.level_asked, levels), *_compared(run, question, gaps)]


def _compared(run: Run, question: Question, result: Result) -> list[str]:
    _, section = run.weigher.section(question.analysis.weights)
    tolerance = ITERATIVE if section.method in ITERATED else CLOSED
    lines = ["", f"# --- {question.analysis.id}: {question.analysis.verb.value} ---"]
    if question.earlier is not None and question.analysis.earlier:
        lines += [
            f"use(before[[{r_code.text(question.analysis.earlier)}]])",
            *_cells(run.earlier[question.analysis.earlier], question.earlier),
            "then <- list(design = design, inside = inside, cell = cell, y = y)",
            "use(now)",
        ]
    compares = is_comparison(question)
    adjust = {"BH": "BH", "holm": "holm", "none": "none"}[question.analysis.adjust]
    return [
        *lines,
        *_cells(run.weigher, question),
        f"rows <- {_rows(result.rows)}",
        *(comparison(question) if compares else FIGURES[question.analysis.verb](question)),
        f"compare({r_code.text(result.id)}, rows, figure, {ITERATIVE if compares else tolerance}"
        + (f", {r_code.text(adjust)})" if compares else ")"),
    ]


def _cells(weigher: Weigher, question: Question) -> list[str]:
    """Describe the survey, whom the analysis is about and, where groups are compared, the values."""
    name, section = weigher.section(question.analysis.weights)
    where, by = question.cells.condition, question.analysis.by
    cells = ", ".join(f"A({r_code.text(column)})" for column in by)
    cell = f"key({cells})" if by else 'rep("", nrow(r))'
    return [
        *r_code.design(weigher, name, section, finite=question.finite),
        f"inside <- {'rep(TRUE, nrow(r))' if where is None else r_code.condition(where)}",
        "inside <- inside & !is.na(inside)",
        f"cell <- {cell}",
        *([values(question, question.analysis.verb.value)] if is_comparison(question) else []),
    ]


def _rows(rows: Sequence[Row]) -> str:
    kept = [row for row in rows if row.estimate is not None or row.p is not None]
    columns = {
        "key": r_code.texts("|".join(map(str, row.by)) for row in kept),
        "name": r_code.texts(row.name for row in kept),
        "method": r_code.texts(row.method for row in kept),
        "estimate": r_code.vector(r_code.number(row.estimate) for row in kept),
        "se": r_code.vector(r_code.number(row.se) for row in kept),
        "lo": r_code.vector(r_code.number(row.lo) for row in kept),
        "hi": r_code.vector(r_code.number(row.hi) for row in kept),
        "p": r_code.vector(r_code.number(row.p) for row in kept),
        "p_adjusted": r_code.vector(r_code.number(row.p_adjusted) for row in kept),
        "N": r_code.vector(r_code.number(row.population) for row in kept),
        "shift": r_code.vector(r_code.number(row.basis.shift) for row in kept),
    }
    return "data.frame(\n  " + ",\n  ".join(f"{name} = {values}" for name, values in columns.items()) + ")"
