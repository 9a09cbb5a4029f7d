"""Disclosure control: closing and auditing a release of 110 units, and the cheapest pattern of a table of 357 cells."""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import scipy
from sqlalchemy.orm import Session

from bench.figures import Figure, least
from bench.world import empty
from enkat.records.engine import make_engine, make_sessions
from enkat.records.releases import ReleaseLevel
from enkat.services.results import levels
from enkat.services.results.computing import RoundResults, compute
from enkat.services.results.pattern_finding import SECONDS
from enkat.services.results.release_audits import audit_release
from enkat.services.results.release_plan import planned
from enkat.services.results.searching import search_codes
from enkat.statistics.disclosure.attacker import Attacker
from enkat.statistics.disclosure.linked_tables import LinkedTable
from enkat.statistics.disclosure.protecting import close, optimise
from tests.factories.ballots import small_instrument
from tests.factories.counted import FORMS, UnitCase, add_counted_round
from tests.factories.linked import city

UNITS = 110
DISTRICTS = 14
QUESTIONS = 12
THRESHOLD = 5
CITIES = 3
EVERYTHING = ["sex", "operating_form", "without_proxies"]
RELEASE_SECONDS = 2.0
OPTIMUM_SECONDS = 10.0


def uneven_city(seed: int) -> list[UnitCase]:
    """Return units of all sizes, as a real city has them: many are small."""
    rng = random.Random(seed)  # noqa: S311 - a simulation
    cases = []
    for number in range(UNITS):
        clients = max(3, int(rng.lognormvariate(3.6, 0.9)))
        answered = min(clients, round(clients * rng.uniform(0.45, 0.7)))
        share = rng.uniform(0.6, 0.95)
        cases.append(UnitCase(clients, answered, number % DISTRICTS, FORMS[number % 3], share, proxies=answered // 5))
    return cases


def _results(session: Session, seed: int, breakdowns: list[str]) -> RoundResults:
    made = add_counted_round(
        session,
        uneven_city(seed),
        instrument=small_instrument(own=QUESTIONS - 2),
        release_plan={"breakdowns": breakdowns},
        seed=seed,
    )
    return compute(session, made.id)


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _release(breakdowns: list[str]) -> tuple[float, float]:
    """Return CPU seconds of closing an internal release afresh, and of its audit."""
    closing, auditing = [], []
    for seed in range(1, CITIES + 1):
        with empty("sqlite") as url, make_sessions(make_engine(url))() as session:
            results = _results(session, seed, breakdowns)
            levels.forget_patterns()
            closing.append(_cpu(lambda: levels.marks_for(results, ReleaseLevel.INTERNAL)))  # noqa: B023 - used at once
            marks = levels.marks_for(results, ReleaseLevel.INTERNAL)
            auditing.append(_cpu(lambda: audit_release(session, results, marks, planned(results))))  # noqa: B023 - same
    return max(closing), max(auditing)


def _searches(group: str) -> list[Figure]:
    """Search for the cheapest pattern of the same releases, as a round's plan may choose."""
    cpu, gaps, savings = [], [], []
    for seed in range(1, CITIES + 1):
        with empty("sqlite") as url, make_sessions(make_engine(url))() as session:
            results = _results(session, seed, EVERYTHING)
            seek = partial(search_codes, seconds=SECONDS, progress=lambda *_: None)
            begun = time.process_time()
            searched = levels.marks_for(results, ReleaseLevel.INTERNAL, seek=seek).searched
            cpu.append(time.process_time() - begun)
            assert searched is not None
            gaps.append(searched.cost / searched.bound - 1)
            savings.append(1 - searched.cost / searched.rule_cost)
    return [
        Figure(group, "search for the cheapest pattern, slowest of 3 cities, CPU", max(cpu), "s"),
        Figure(group, "answers saved against the closing rule, mean", float(np.mean(savings)) * 100, "%"),
        Figure(group, "proven gap to the cheapest, mean", float(np.mean(gaps)) * 100, "%"),
    ]


def _yardstick() -> float:
    """Return CPU seconds of one plain linear program of the size of a city: 400 sums of 1 200 numbers."""
    rng = np.random.default_rng(1)
    matrix = scipy.sparse.random_array((400, 1200), density=0.01, rng=rng, format="csc")
    right = matrix @ rng.uniform(0, 20, size=1200)
    goal = rng.uniform(0, 1, size=1200)
    return least(_cpu(lambda: scipy.optimize.linprog(goal, A_eq=matrix, b_eq=right, method="highs")) for _ in range(5))


def _tables(yardstick: float) -> list[Figure]:
    seconds, gaps, savings, audits, cells = [], [], [], [], 0
    for seed in range(CITIES):
        counts, sums = city(np.random.default_rng(seed), UNITS, 8)
        table = LinkedTable.of(counts, sums, THRESHOLD)
        cells = len(counts)
        quick = close(table, THRESHOLD)
        begun = time.process_time()
        best = optimise(table, THRESHOLD)
        seconds.append(time.process_time() - begun)
        audits.append(_cpu(lambda: Attacker(table, best.hidden).ranges()))  # noqa: B023 - used at once
        gaps.append(0.0 if best.bound is None else (best.cost - best.bound) / best.cost)
        savings.append(1 - best.cost / quick.cost)
        wide = replace(table, secret=best.hidden)
        assert not Attacker(wide, best.hidden).ranges(table.secret).given_away(table).any()
    group = f"{cells} cells: {UNITS} units × 8 districts × sex"
    return [
        Figure(group, "cheapest pattern by MILP, slowest of 3 cities, CPU", max(seconds), "s", OPTIMUM_SECONDS),
        Figure(group, "the same ÷ one linear program of a city's size", max(seconds) / yardstick, "×"),
        Figure(group, "proven gap to the cheapest, largest", max(gaps), "", 0.0),
        Figure(group, "answers saved against the closing rule, mean", float(np.mean(savings)) * 100, "%"),
        Figure(group, "attacker's range of every hidden cell, CPU", max(audits), "s"),
    ]


def measure() -> list[Figure]:
    """Measure releases of three uneven cities, and tables."""
    yardstick = _yardstick()
    closing, auditing = _release(["sex"])
    group = f"{UNITS} units × sex × {DISTRICTS} districts, {QUESTIONS} questions"
    figures = [
        Figure(
            group, "closing and audit of a release, slowest of 3 cities, CPU", closing + auditing, "s", RELEASE_SECONDS
        ),
        Figure(group, "of which the audit stored with it", auditing, "s"),
        Figure(group, "closing and audit ÷ one linear program of a city's size", (closing + auditing) / yardstick, "×"),
    ]
    closing, auditing = _release(EVERYTHING)
    group = "the same × operating form × without proxies"
    figures += [
        Figure(
            group, "closing and audit of a release, slowest of 3 cities, CPU", closing + auditing, "s", RELEASE_SECONDS
        ),
        Figure(group, "of which the audit stored with it", auditing, "s"),
        *_searches(group),
        Figure("yardstick", "one linear program, 400 sums of 1 200 numbers, CPU", yardstick * 1000, "ms"),
    ]
    return figures + _tables(yardstick)
