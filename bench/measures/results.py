"""Statistics of a whole cycle and the files made of it: 20 000 answers, 12 questions, 110 units; growth; memory."""

import os
import time
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bench.children import Cost, cost
from bench.figures import Figure
from bench.world import empty
from enkat.clock import system_clock
from enkat.records.answers import Answer
from enkat.records.base import random_id
from enkat.records.engine import make_engine, make_sessions
from enkat.records.releases import ReleaseLevel
from enkat.records.writing import writing
from enkat.services.results.computing import compute, compute_counted
from enkat.services.results.exporting import export, export_answers
from enkat.services.results.levels import marks_for
from enkat.services.results.reading_rounds import read_round
from tests.factories.ballots import small_instrument
from tests.factories.counted import UnitCase, add_counted_round

UNITS = 110
ANSWERS = 20_000
QUESTIONS = 12
LARGE_COPIES = 10
LARGE_QUESTIONS = 30
GROWTH = 4
GROWTH_BUDGET = 5.0
NAME = "m26"


def _fill(url: str, units: int, answers: int, questions: int) -> None:
    each = answers // units
    cases = [UnitCase(clients=each * 5 // 3, answered=each, district=number % 14) for number in range(units)]
    with make_sessions(make_engine(url))() as session:
        add_counted_round(session, cases, short_name=NAME, instrument=small_instrument(own=questions - 2))


def _multiply(session: Session, copies: int) -> None:
    """Write each answer's row so many times: a file of ten cities without counting them."""
    rows = [(row[0], row[1]) for row in session.execute(select(Answer.kept_class_id, Answer.vector))]
    for _ in range(copies - 1):
        with writing(session):
            session.execute(insert(Answer), [{"id": random_id(), "kept_class_id": c, "vector": v} for c, v in rows])


def statistics_of(url: str) -> None:
    """Read, compute and mark a round, as a page of results does."""
    with make_sessions(make_engine(url))() as session:
        marks_for(compute(session, 1), ReleaseLevel.INTERNAL)


def export_of(url: str, file_format: str) -> None:
    """Make the results' file, stored as a release."""
    with make_sessions(make_engine(url))() as session:
        export(session, system_clock, None, NAME, level=ReleaseLevel.INTERNAL, file_format=file_format)  # type: ignore[arg-type]


def answers_of(url: str, file_format: str) -> None:
    """Write the answer file away, piece by piece."""
    with make_sessions(make_engine(url))() as session, Path(os.devnull).open("wb") as sink:
        sink.writelines(export_answers(session, system_clock, None, NAME, file_format=file_format))  # type: ignore[arg-type]


def _from_tally(url: str) -> float:
    with make_sessions(make_engine(url))() as session:
        counted = read_round(session, 1)
        compute_counted(counted)
        blocks = []
        for _ in range(7):
            begun = time.process_time()
            compute_counted(counted)
            blocks.append(time.process_time() - begun)
    return min(blocks) * 1000


def _city() -> tuple[list[Figure], dict[str, Cost]]:
    with empty("sqlite") as url:
        _fill(url, UNITS, ANSWERS, QUESTIONS)
        whole = cost(statistics_of, url)
        costs = {"statistics": whole} | {f"answers {kind}": cost(answers_of, url, kind) for kind in ("csv", "xlsx")}
        made = {kind: cost(export_of, url, kind) for kind in ("csv", "xlsx", "json")}
        tally = _from_tally(url)
    group = "20 000 × 12 × 110 units"
    figures = [
        Figure(group, "statistics with intervals and marks, from the database, CPU", whole.cpu, "s", 1.0),
        Figure(group, "estimates with intervals, from the tally, CPU", tally, "ms", 50.0),
        Figure(group, "answer file as CSV, CPU", costs["answers csv"].cpu, "s", 0.8),
        Figure(group, "answer file as XLSX, CPU", costs["answers xlsx"].cpu, "s", 2.5),
        *(
            Figure(group, f"results as {kind.upper()}, stored as a release", one.wall, "s")
            for kind, one in made.items()
        ),
    ]
    return figures, costs


def _growth(large: dict[str, Cost]) -> list[Figure]:
    with empty("sqlite") as url:
        _fill(url, UNITS, ANSWERS // GROWTH, QUESTIONS)
        small = {"statistics": cost(statistics_of, url)}
        small |= {f"answers {kind}": cost(answers_of, url, kind) for kind in ("csv", "xlsx")}
    name = f"{GROWTH}× people"
    return [Figure(name, f"{what}, CPU", large[what].cpu / small[what].cpu, "×", GROWTH_BUDGET) for what in small]


def _large() -> list[Figure]:
    with empty("sqlite") as url:
        _fill(url, UNITS, ANSWERS, LARGE_QUESTIONS)
        with make_sessions(make_engine(url))() as session:
            _multiply(session, LARGE_COPIES)
        costs = {kind: cost(answers_of, url, kind) for kind in ("csv", "xlsx")}
    return [
        Figure("200 000 × 30", f"answer file as {kind.upper()}, memory above idle", one.above_idle, "MiB", 150.0)
        for kind, one in costs.items()
    ] + [Figure("200 000 × 30", f"answer file as {kind.upper()}, CPU", one.cpu, "s") for kind, one in costs.items()]


def measure() -> list[Figure]:
    """Measure one city, its growth and ten cities' answer file."""
    figures, costs = _city()
    return [*figures, *_growth(costs), *_large()]
