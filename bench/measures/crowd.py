"""Eight visitors at once: how long a POST takes at worst. The clients are processes on the same machine.

A bare app under the same visitors tells what the machine itself allows: eight clients that never rest keep both
processors busy, and a POST waits for its turn at them whatever it does.
"""

import multiprocessing
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from bench.figures import Figure, percentile
from bench.journeys import bare_walk, walk
from bench.measures.pages import bare_environment
from bench.processes import Server, cpu_seconds, gunicorn
from bench.visitor import Visitor
from bench.world import world

AT_ONCE = 8
EACH = 6
P99_BUDGET = 60.0
LONGEST_BUDGET = 1000.0
BARE_BYTES = 2700


@dataclass(frozen=True)
class Crowd:
    """What eight visitors met: milliseconds of each POST, sorted; CPU seconds of the clients and of the servers."""

    posts: list[float]
    clients: float
    servers: float

    def figures(self, kind: str, who: str, *, judged: bool) -> list[Figure]:
        """Return the figures of one crowd; those of the bare app only explain."""
        name = f"{who} at {AT_ONCE} at once"
        p99, longest = (P99_BUDGET, LONGEST_BUDGET) if judged else (None, None)
        return [
            Figure(kind, f"{name}, median of {len(self.posts)}", percentile(self.posts, 0.5), "ms"),
            Figure(kind, f"{name}, p99", percentile(self.posts, 0.99), "ms", p99),
            Figure(kind, f"{name}, longest", self.posts[-1], "ms", longest),
            Figure(kind, f"{name}, the clients' share of the CPU time", self.share, "%"),
        ]

    @property
    def share(self) -> float:
        """The clients' part of all CPU time, in percent."""
        return 100 * self.clients / (self.clients + self.servers)


def _visit(port: int, short_name: str, codes: Sequence[str]) -> tuple[list[float], float]:
    begun, seconds = time.process_time(), []
    for code in codes:
        visitor = Visitor(port)
        seconds += walk(visitor, short_name, code).post_seconds
        visitor.close()
    return seconds, time.process_time() - begun


def _visit_bare(port: int, times: int) -> tuple[list[float], float]:
    begun, seconds = time.process_time(), []
    for _ in range(times):
        visitor = Visitor(port)
        seconds += bare_walk(visitor, secrets.token_hex(8)).post_seconds
        visitor.close()
    return seconds, time.process_time() - begun


def _crowd(pool: Any, pids: Sequence[int], visit: Callable[..., Any], jobs: Sequence[tuple[Any, ...]]) -> Crowd:
    before = cpu_seconds(*pids)
    runs = pool.starmap(visit, jobs, chunksize=1)
    spent = cpu_seconds(*pids) - before
    posts = sorted(second * 1000 for run, _ in runs for second in run)
    return Crowd(posts, sum(cpu for _, cpu in runs), spent)


def _bare_jobs(server: Server, times: int) -> list[tuple[Any, ...]]:
    return [(server.port, times)] * AT_ONCE


def measure_on(kind: str) -> list[Figure]:
    """Measure on one kind of database: first our app, then the bare one; each warmed up first."""
    with world(kind, people=AT_ONCE * (EACH + 1)) as place, ExitStack() as stack:
        database = [place.postmaster] if place.postmaster else []
        pool = stack.enter_context(multiprocessing.get_context("spawn").Pool(AT_ONCE))
        with gunicorn("bench.our_app:app", place.environment()) as server:
            jobs = [(server.port, place.short_name, [place.code() for _ in range(EACH + 1)]) for _ in range(AT_ONCE)]
            _crowd(pool, [], _visit, [(port, name, codes[:1]) for port, name, codes in jobs])
            later = [(port, name, codes[1:]) for port, name, codes in jobs]
            ours = _crowd(pool, [server.pid, *database], _visit, later)
        with gunicorn("bench.bare_app:app", bare_environment(place, BARE_BYTES)) as server:
            _crowd(pool, [], _visit_bare, _bare_jobs(server, 1))
            bare = _crowd(pool, [server.pid, *database], _visit_bare, _bare_jobs(server, EACH))
    return [*ours.figures(kind, "POST", judged=True), *bare.figures(kind, "bare POST", judged=False)]


def measure() -> list[Figure]:
    """Measure on both databases."""
    return [figure for kind in ("sqlite", "postgresql") for figure in measure_on(kind)]
