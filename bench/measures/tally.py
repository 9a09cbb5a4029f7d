"""Shares, standard errors and exact intervals of every unit and question from the tally, beside R's svyby."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from bench.children import cost
from bench.figures import Figure
from bench.measures.microdata import CITY, NATION, answers_of, cpu_seconds, seconds_of_r
from enkat.instruments.missing import Missing
from enkat.statistics.design import Design
from enkat.statistics.intervals import exact
from enkat.statistics.tallies import AnswerRules, QuestionSums, Tally

POSITIVE, OTHER = 5, 1
DISTRICTS = 14


def tally_of(unit: npt.NDArray[np.int64], answers: npt.NDArray[np.float64]) -> Tally:
    """Count answers by unit, question and option, as the count of a round does."""
    rows, questions = answers.shape
    codes = np.where(np.isnan(answers), Missing.DOES_NOT_KNOW.value, np.where(answers > 0, POSITIVE, OTHER))
    groups = np.repeat(unit, questions)
    asked = np.tile(np.arange(questions), rows)
    return Tally.from_rows(
        groups, asked, codes.ravel(), np.ones(rows * questions), shape=(int(unit.max()) + 1, questions)
    )


def clients_of(unit: npt.NDArray[np.int64], clients: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Take each unit's clients from its answers' rows."""
    found = np.zeros((int(unit.max()) + 1, 1), dtype=np.int64)
    found[unit, 0] = clients
    return found


def estimates(tally: Tally, clients: npt.NDArray[np.int64], *, known: bool = False) -> Callable[[], object]:
    """Estimate units, districts and city; unless ``known`` no limit has been worked out before."""
    units, questions, width = tally.counts.shape
    base = [frozenset({POSITIVE, OTHER})] * questions
    rules = AnswerRules.of([frozenset({POSITIVE})] * questions, base, width)
    district = np.arange(units) % DISTRICTS

    def work() -> None:
        if not known:
            exact.forget()
        design = Design.of(QuestionSums.of(tally, rules), clients, np.ones(questions, dtype=np.bool_))
        found = design.units()
        design.over(district, DISTRICTS, units=found)
        design.over(np.zeros(units, dtype=np.int64), 1, units=found)

    return work


def of_nation(rows: int, questions: int, units: int) -> None:
    """Estimate a nation, the tally made and thrown away question by question as a database would sum it."""
    unit, clients, answers = answers_of(rows, questions, units)
    parts = [tally_of(unit, answers[:, [at]]).counts for at in range(questions)]
    estimates(Tally(np.concatenate(parts, axis=1)), clients_of(unit, clients))()


def _city() -> list[Figure]:
    unit, clients, answers = answers_of(*CITY)
    tally, of_unit = tally_of(unit, answers), clients_of(unit, clients)
    group = "20 000 × 12 × 110 units"
    fresh = cpu_seconds(estimates(tally, of_unit))
    again = cpu_seconds(estimates(tally, of_unit, known=True))
    figures = [
        Figure(group, "units, districts, city: shares, errors, intervals, CPU", fresh * 1000, "ms", 50.0),
        Figure(group, "the same when the page is opened again, CPU", again * 1000, "ms", 50.0),
    ]
    theirs = seconds_of_r(unit, clients, answers)
    if theirs is not None:
        figures += [
            Figure(group, "R survey's svyby, shares and errors of units only, CPU", theirs, "s"),
            Figure(group, "ours ÷ svyby", fresh / theirs, "×", 0.01),
        ]
    return figures


def _growth() -> list[Figure]:
    rows, questions, units = CITY
    taken = []
    for times in (4, 16):
        unit, clients, answers = answers_of(times * rows, questions, times * units)
        taken.append(cpu_seconds(estimates(tally_of(unit, answers), clients_of(unit, clients))))
    return [Figure("4× units and people (440 → 1 760 units)", "the same, CPU", taken[1] / taken[0], "×", 5.0)]


def measure() -> list[Figure]:
    """Measure a city, its growth and a nation."""
    unit, clients, answers = answers_of(*NATION)
    tally, of_unit = tally_of(unit, answers), clients_of(unit, clients)
    nation = cpu_seconds(estimates(tally, of_unit), 3)
    group = "200 000 × 30 × 3 000 units"
    return [
        *_city(),
        *_growth(),
        Figure(group, "units, districts, city: shares, errors, intervals, CPU", nation, "s", 2.0),
        Figure(
            group, "memory above idle, answers (46 MiB) and tally included", cost(of_nation, *NATION).above_idle, "MiB"
        ),
    ]
