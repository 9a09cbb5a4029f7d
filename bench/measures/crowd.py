"""Eight visitors at once: how long a POST takes at worst. The clients are processes on the same machine."""

import multiprocessing
from collections.abc import Sequence

from bench.figures import Figure, percentile
from bench.journeys import walk
from bench.processes import gunicorn
from bench.visitor import Visitor
from bench.world import world

AT_ONCE = 8
EACH = 6
P99_BUDGET = 60.0
LONGEST_BUDGET = 1000.0


def _visit(port: int, short_name: str, codes: Sequence[str]) -> list[float]:
    seconds: list[float] = []
    for code in codes:
        visitor = Visitor(port)
        seconds += walk(visitor, short_name, code).post_seconds
        visitor.close()
    return seconds


def measure_on(kind: str) -> list[Figure]:
    """Measure on one kind of database."""
    with (
        world(kind, people=AT_ONCE * (EACH + 1)) as place,
        gunicorn("bench.our_app:app", place.environment()) as server,
    ):
        jobs = [(server.port, place.short_name, [place.code() for _ in range(EACH + 1)]) for _ in range(AT_ONCE)]
        with multiprocessing.get_context("spawn").Pool(AT_ONCE) as pool:
            pool.starmap(_visit, [(port, name, codes[:1]) for port, name, codes in jobs])
            runs = pool.starmap(_visit, [(port, name, codes[1:]) for port, name, codes in jobs], chunksize=1)
    milliseconds = [second * 1000 for run in runs for second in run]
    return [
        Figure(kind, f"POST at {AT_ONCE} at once, median of {len(milliseconds)}", percentile(milliseconds, 0.5), "ms"),
        Figure(kind, f"POST at {AT_ONCE} at once, p99", percentile(milliseconds, 0.99), "ms", P99_BUDGET),
        Figure(kind, f"POST at {AT_ONCE} at once, longest", max(milliseconds), "ms", LONGEST_BUDGET),
    ]


def measure() -> list[Figure]:
    """Measure on both databases."""
    return [figure for kind in ("sqlite", "postgresql") for figure in measure_on(kind)]
