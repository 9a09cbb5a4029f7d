"""`enkat analyse` against R's `survey`: every figure of 55 analyses, worked out from the same files.

R's own figures are stored beside the specifications, so the comparison holds where there is no R. Where Rscript is
found, the script that enkat writes is run as well: it works everything out anew and compares by itself.
"""

import csv
import datetime as dt
import json
import shutil
import subprocess
from pathlib import Path

import pytest
import xlsxwriter

from enkat.services.analysis.columns import as_number
from enkat.services.analysis.running import run
from tests.reference.analyse.refresh import CASES, FOLDER, r_figures, run_case, script_text


def has_readxl() -> bool:
    """Whether R can read workbooks here."""
    program = shutil.which("Rscript")
    asked = [str(program), "-e", "quit(status = !requireNamespace('readxl', quietly = TRUE))"]
    return program is not None and subprocess.run(asked, check=False).returncode == 0


CLOSED, ITERATIVE = 1e-9, 1e-6
ITERATED = {
    "kalibrerad", "kalibrerad inom gränser", "rakad", "rakad andel", "test mot grupp", "trimmad efter rakning",
    "kalibrerad mot summor",
}  # fmt: skip


def _stored(name: str) -> dict[tuple[str, str, str, str], float]:
    figures = json.loads((FOLDER / f"{name}.figures.json").read_text(encoding="utf-8"))
    return {(one["id"], one["key"], one["name"], one["what"]): one["value"] for one in figures}


@pytest.mark.parametrize("name", sorted(CASES))
def test_every_figure_equals_r(name: str) -> None:
    stored = _stored(name)
    seen = set()
    for result in run_case(name).results:
        limit = ITERATIVE if result.id in ITERATED or name in {"compare", "persons"} else CLOSED
        for row in result.rows:
            values = row.values()
            for what in ("estimate", "se", "lo", "hi", "p", "p_adjusted"):
                key = (result.id, "|".join(map(str, row.by)), row.name, what)
                if key not in stored:
                    # R gives alpha no standard error.
                    assert values[what] is None or (row.name == "alpha" and what in {"se", "lo", "hi"}), key
                    continue
                seen.add(key)
                assert values[what] == pytest.approx(stored[key], rel=limit, abs=1e-12), key
    assert seen == stored.keys()
    assert len({key[0] for key in seen}) == len(run_case(name).results)


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_script_says_what_it_said(name: str) -> None:
    stored = (FOLDER / f"{name}.script.R").read_text(encoding="utf-8")
    assert script_text(run_case(name), CASES[name]) == stored, "run python -m tests.reference.analyse.refresh"


def test_the_script_finds_the_same_figures_where_r_is_installed(tmp_path: Path) -> None:
    """Where there is no R, the stored figures and the script's text stand for it."""
    found = []
    if shutil.which("Rscript"):
        for name, data in CASES.items():
            printed, _ = r_figures(run_case(name), FOLDER / data, tmp_path)
            found.append(printed.splitlines()[-1])
    assert all(line.startswith("Största relativa skillnad:") and "FEL" not in line for line in found)


def test_the_script_reads_a_workbook_where_r_and_readxl_are_installed(tmp_path: Path) -> None:
    """Numbers as numbers, texts as texts, days as days: the same figures from the workbook itself."""
    data = tmp_path / "svar.xlsx"
    with xlsxwriter.Workbook(data) as book:
        sheet, day = book.add_worksheet("Svar"), book.add_format({"num_format": "yyyy-mm-dd"})
        lines = (FOLDER / "frame.csv").read_text(encoding="utf-8").splitlines()
        for row, cells in enumerate(csv.reader(lines, delimiter=";")):
            for column, cell in enumerate(cells):
                number = as_number(cell)
                sheet.write(row, column, cell if number is None else number)
            when = dt.datetime(2026, 3, 1 + row % 3)  # noqa: DTZ001  a cell of a sheet knows no time zone
            sheet.write(row, len(cells), when if row else "en dag", day)
        book.add_worksheet("Annat").write("A1", "text")
    spec = tmp_path / "spec.toml"
    share = '[[analysis]]\nid = "andel"\nverb = "share"\nvariables = ["q1", "q2"]\nby = "en dag"\n'
    told = (FOLDER / "frame.toml").read_text(encoding="utf-8")
    spec.write_text(told + share + '[data]\nsheet = "Svar"\n', encoding="utf-8")
    made = run(data, spec)
    assert [row.by[0] for row in made.results[-1].rows[::2]] == ["2026-03-01", "2026-03-02", "2026-03-03"]
    if has_readxl():
        printed, _ = r_figures(made, data, tmp_path)
        assert "FEL" not in printed
        assert "2026-03-02" in printed


def test_there_are_enough_cases() -> None:
    figures = [key for name in CASES for key in _stored(name)]
    assert len({key[0] for key in figures}) >= 50
    assert len(figures) > 1000
