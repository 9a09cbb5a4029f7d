"""The engine for files of answers: means, errors and intervals of every unit and question, beside plain NumPy and R."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.children import cost
from bench.figures import Figure, least
from enkat.statistics.microdata import Margin, SurveyDesign, mean, quantile, rake

CITY = 20_000, 12, 110
NATION = 200_000, 30, 3_000
SEED = 20
R_SCRIPT = Path(__file__).with_suffix(".R")

Array = npt.NDArray[np.float64]


def answers_of(rows: int, questions: int, units: int) -> tuple[npt.NDArray[np.int64], Array, Array]:
    """Invent units, frame counts and answers, one in twenty missing."""
    random = np.random.default_rng(SEED)
    unit = random.integers(0, units, rows)
    answers = (random.random((rows, questions)) < 0.8).astype(np.float64)
    answers[random.random((rows, questions)) < 0.05] = np.nan
    return unit, np.ceil(np.bincount(unit) * 1.6)[unit], answers


def cpu_seconds(work: Callable[[], object], blocks: int = 5) -> float:
    spent = []
    for _ in range(blocks):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return least(spent)


def means_of(rows: int, questions: int, units: int) -> None:
    """Estimate as a page would, from arrays to intervals."""
    unit, clients, answers = answers_of(rows, questions, units)
    mean(SurveyDesign.of(strata=unit, fpc=clients), answers, by={"unit": unit})


def _ours(unit: npt.NDArray[np.int64], clients: Array, answers: Array) -> Callable[[], object]:
    return lambda: mean(SurveyDesign.of(strata=unit, fpc=clients), answers, by={"unit": unit})


def _plain(unit: npt.NDArray[np.int64], answers: Array) -> Callable[[], object]:
    """Count, mean and variance by unit, column by column: the least that any program must do."""

    def work() -> None:
        for column in answers.T:
            seen = ~np.isnan(column)
            n = np.bincount(unit, weights=seen)
            centre = np.bincount(unit, weights=np.where(seen, column, 0)) / n
            np.bincount(unit, weights=np.where(seen, (column - centre[unit]) ** 2, 0))

    return work


def _city() -> list[Figure]:
    unit, clients, answers = answers_of(*CITY)
    group = "20 000 × 12 × 110 units"
    ours, plain = cpu_seconds(_ours(unit, clients, answers)), cpu_seconds(_plain(unit, answers))
    design = SurveyDesign.of(strata=unit, fpc=clients)
    sex, size = unit % 2, float(design.weights.sum())
    margin = Margin({"sex": sex}, {0: 0.45 * size, 1: 0.55 * size})
    raked = rake(design, [margin, Margin({"age": unit % 3}, dict.fromkeys(range(3), size / 3))])
    figures = [
        Figure(group, "means, standard errors and intervals, CPU", ours * 1000, "ms", 50.0),
        Figure(group, "the same ÷ counts, means and squares in plain NumPy", ours / plain, "×", 10.0),
        Figure(
            group,
            "medians with Woodruff's interval, CPU",
            cpu_seconds(lambda: _medians(design, answers, unit)) * 1000,
            "ms",
        ),
        Figure(
            group,
            "means after raking, by residuals, CPU",
            cpu_seconds(lambda: _raked(raked, answers, unit), 2),
            "s",
            2.0,
        ),
    ]
    return [*figures, *_against_r(group, unit, clients, answers, ours)]


def _medians(design: SurveyDesign, answers: Array, unit: npt.NDArray[np.int64]) -> None:
    quantile(design, answers, by={"unit": unit})


def _raked(design: SurveyDesign, answers: Array, unit: npt.NDArray[np.int64]) -> None:
    mean(design, answers, by={"unit": unit})


def _against_r(group: str, unit: npt.NDArray[np.int64], clients: Array, answers: Array, ours: float) -> list[Figure]:
    theirs = seconds_of_r(unit, clients, answers)
    if theirs is None:
        return []
    return [
        Figure(group, "R survey's svyby, CPU", theirs, "s"),
        Figure(group, "means, standard errors and intervals ÷ svyby", ours / theirs, "×", 0.01),
    ]


def seconds_of_r(unit: npt.NDArray[np.int64], clients: Array, answers: Array) -> float | None:
    """Take R's time on the same answers; None where R or its survey package is not found."""
    program = shutil.which("Rscript")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answers.csv"
        head = ",".join(["unit", "N", *(f"q{number}" for number in range(answers.shape[1]))])
        np.savetxt(file, np.column_stack([unit, clients, answers]), delimiter=",", header=head, comments="", fmt="%g")
        file.write_text(file.read_text(encoding="utf-8").replace("nan", "NA"), encoding="utf-8")
        done = subprocess.run([program, R_SCRIPT, file], capture_output=True, text=True, check=False)
    return float(done.stdout) if done.returncode == 0 else None


def _growth() -> list[Figure]:
    rows, questions, units = CITY
    works = [_ours(*answers_of(size, questions, units)) for size in (4 * rows, rows)]
    rounds = [[cpu_seconds(work, 3) for work in works] for _ in range(6)]  # by turns: both meet the same neighbours
    large, small = (least(spent) for spent in zip(*rounds, strict=True))
    return [Figure("4× people", "means, standard errors and intervals, CPU", large / small, "×", 5.0)]


def measure() -> list[Figure]:
    """Measure a city, its growth and a nation."""
    unit, clients, answers = answers_of(*NATION)
    group = "200 000 × 30 × 3 000 units"
    nation = cpu_seconds(_ours(unit, clients, answers), 3)
    memory = cost(means_of, *NATION).above_idle
    return [
        *_city(),
        *_growth(),
        Figure(group, "means, standard errors and intervals, CPU", nation, "s", 2.0),
        Figure(group, "memory above idle, the answers (46 MiB) included", memory, "MiB", 600.0),
    ]
