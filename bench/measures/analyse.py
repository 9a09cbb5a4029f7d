"""`enkat analyse` on files of 50 000 and 200 000 rows × 30 columns: reading, weights, estimates, hiding and writing."""

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import xlsxwriter

from bench.children import Cost, cost
from bench.figures import Figure
from enkat.services.analysis.columns import as_number
from enkat.services.analysis.data_files import read_data
from enkat.services.analysis.output import write_results
from enkat.services.analysis.running import run
from enkat.services.analysis.spec import DataSection

ROWS, QUESTIONS, UNITS = 200_000, 24, 3_000
GROWTH = 4
GROWTH_BUDGET = 5.0
SEED = 31
TURNS = 3
SPEC = """
[design]
unit = "enhet"
district = "stadsdel"
[variables]
q1 = { positive = [4, 5] }
q2 = { positive = [4, 5] }
q3 = { positive = [4, 5] }
[weights.rakad]
method = "rake"
margins = ["enhet", "kon", "alder"]
[[analysis]]
id = "andel per enhet"
verb = "share"
variables = ["q1", "q2", "q3"]
by = "enhet"
[[analysis]]
id = "andel per stadsdel"
verb = "share"
variables = ["q1", "q2", "q3"]
by = ["stadsdel", "kon"]
[[analysis]]
id = "staden"
verb = "share"
variables = ["q1", "q2", "q3"]
weights = "rakad"
[[analysis]]
id = "mot resten"
verb = "share"
variables = "q1"
by = "enhet"
compare = "rest"
[[analysis]]
id = "median"
verb = "quantile"
variables = "q4"
by = "stadsdel"
"""


def _write(folder: Path, rows: int) -> None:
    """Invent a frame of which six in ten answered; 30 columns with decimal commas."""
    random = np.random.default_rng(SEED)
    unit = random.integers(0, UNITS * rows // ROWS, rows)
    answered = random.random(rows) < 0.6
    answers = random.integers(1, 6, (rows, QUESTIONS))
    weight = 1 + random.random(rows)
    heading = ["enhet", "stadsdel", "kon", "alder", "responded", "vikt", *(f"q{q + 1}" for q in range(QUESTIONS))]
    with (folder / "svar.csv").open("w", encoding="utf-8") as stream:
        stream.write(";".join(heading) + "\n")
        for row in range(rows):
            known = [f"E{unit[row]:04d}", f"S{unit[row] % 14}", "KM"[row % 2], ("65-79", "80-84", "85-")[row % 3]]
            told = map(str, answers[row]) if answered[row] else [""] * QUESTIONS
            cells = [*known, "ja" if answered[row] else "nej", f"{weight[row]:.4f}".replace(".", ","), *told]
            stream.write(";".join(cells) + "\n")
    (folder / "spec.toml").write_text(SPEC, encoding="utf-8")


def _write_workbook(folder: Path) -> None:
    """Save the same table as a workbook, numbers as numbers."""
    with xlsxwriter.Workbook(folder / "svar.xlsx", {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        with (folder / "svar.csv").open(encoding="utf-8") as stream:
            for row, cells in enumerate(csv.reader(stream, delimiter=";")):
                for column, cell in enumerate(cells):
                    number = as_number(cell)
                    sheet.write(row, column, cell if number is None else number)


def reading_workbook(folder: str) -> None:
    """Read the workbook and nothing else."""
    read_data(Path(folder) / "svar.xlsx", DataSection())


def reading(folder: str) -> None:
    """Read the file and nothing else."""
    read_data(Path(folder) / "svar.csv", DataSection())


def analysing(folder: str) -> None:
    """Do all that the command does."""
    found = run(Path(folder) / "svar.csv", Path(folder) / "spec.toml")
    write_results(found, Path(folder) / "resultat.json", "svar.csv")


def _least(work: Callable[[str], None], folder: str) -> Cost:
    """Return the least disturbed of some turns."""
    return min((cost(work, folder) for _ in range(TURNS)), key=lambda one: one.cpu)


def measure() -> list[Figure]:
    """Measure the large file, and how time grows from a quarter of it."""
    costs = {}
    for rows in (ROWS // GROWTH, ROWS):
        with tempfile.TemporaryDirectory() as folder:
            _write(Path(folder), rows)
            costs[rows] = {work.__name__: _least(work, folder) for work in (reading, analysing)}
            if rows == ROWS:
                _write_workbook(Path(folder))
                workbook = cost(reading_workbook, folder)
    large, small = costs[ROWS], costs[ROWS // GROWTH]
    size = f"{ROWS:,} × 30, {UNITS:,} units".replace(",", " ")
    return [
        Figure(size, "reading the CSV file, CPU", large["reading"].cpu, "s", 5.0),
        Figure(size, "reading the same table as a workbook, CPU", workbook.cpu, "s", 20.0),
        Figure(size, "memory above idle, reading the workbook", workbook.above_idle, "MiB", 300.0),
        Figure(size, "five analyses, raking and hiding included, CPU", large["analysing"].cpu, "s", 15.0),
        Figure(size, "five analyses, seconds on the clock", large["analysing"].wall, "s"),
        Figure(size, "memory above idle", large["analysing"].above_idle, "MiB", 300.0),
        *(
            Figure(f"{GROWTH}× rows", f"{name}, CPU", large[name].cpu / small[name].cpu, "×", GROWTH_BUDGET)
            for name in ("reading", "analysing")
        ),
    ]
