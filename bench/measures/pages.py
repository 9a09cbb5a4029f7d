"""CPU time of a question page and of a whole journey, as ratios to a bare app that runs in the same minutes."""

import secrets
import subprocess
import sys
import time
from contextlib import ExitStack

from bench.figures import Figure, least
from bench.journeys import Walk, bare_walk, enter, walk
from bench.processes import ROOT, Server, cpu_seconds, gunicorn
from bench.visitor import Visitor
from bench.world import World, world
from enkat.ballots.codes import new_code
from enkat.ballots.derivation import derive
from tests.factories.ballots import LOG2_N, SECRET

BLOCKS = 7
JOURNEYS = 10
PAGES = 300
PAGE_BUDGET = 3.0
JOURNEY_BUDGET = 4.0


def scrypt_seconds(log2_n: int, times: int = 10) -> float:
    """Return the CPU time of trying one code."""
    codes = [new_code() for _ in range(times)]
    begun = time.process_time()
    for code in codes:
        derive(code, SECRET, log2_n)
    return (time.process_time() - begun) / times


def bare_environment(place: World, size: int) -> dict[str, str]:
    """Return the settings of a bare app on the same kind of database, with its table made."""
    plain = place.url.replace("+psycopg", "") if place.kind == "postgresql" else str(place.folder / "bare.sqlite")
    environment = {"BARE_DATABASE": plain, "BARE_BYTES": str(size)}
    subprocess.run([sys.executable, "-m", "bench.bare_app"], cwd=ROOT, env=environment, check=True)
    return environment


class Pair:
    """Our server and the bare one, side by side."""

    def __init__(self, place: World, ours: Server, bare: Server, first: Walk) -> None:
        self._place, self._ours, self._bare, self._first = place, ours, bare, first
        self._base = [place.postmaster] if place.postmaster else []

    def _cost(self, server: Server) -> float:
        return cpu_seconds(server.pid, *self._base)

    def journeys(self) -> tuple[float, float]:
        """Return the CPU seconds of one of our journeys and of one bare journey, databases included."""
        before = self._cost(self._ours)
        for _ in range(JOURNEYS):
            visitor = Visitor(self._ours.port)
            walk(visitor, self._place.short_name, self._place.code())
            visitor.close()
        ours = (self._cost(self._ours) - before) / JOURNEYS
        before = self._cost(self._bare)
        for _ in range(JOURNEYS):
            visitor = Visitor(self._bare.port)
            bare_walk(visitor, secrets.token_hex(8))
            visitor.close()
        return ours, (self._cost(self._bare) - before) / JOURNEYS

    def pages(self) -> tuple[float, float]:
        """Return the CPU seconds of one question page and of one bare page."""
        visitor = Visitor(self._ours.port)
        enter(visitor, self._place.short_name, self._place.code())
        visitor.get(self._first.question_path)
        before = self._cost(self._ours)
        for _ in range(PAGES):
            visitor.get(self._first.question_path)
        ours = (self._cost(self._ours) - before) / PAGES
        visitor.close()
        visitor = Visitor(self._bare.port)
        visitor.get("/a/1")
        before = self._cost(self._bare)
        for _ in range(PAGES):
            visitor.get("/a/1")
        bare = (self._cost(self._bare) - before) / PAGES
        visitor.close()
        return ours, bare


def _figures(kind: str, pages: list[tuple[float, float]], journeys: list[tuple[float, float]]) -> list[Figure]:
    scrypt = scrypt_seconds(LOG2_N)
    page, bare_page = (least(block[side] for block in pages) for side in (0, 1))
    journey, bare_journey = (least(block[side] for block in journeys) for side in (0, 1))
    return [
        Figure(kind, "question page, CPU", page * 1000, "ms"),
        Figure(kind, "bare page of that size, CPU", bare_page * 1000, "ms"),
        Figure(kind, "question page ÷ bare page", page / bare_page, "×", PAGE_BUDGET),
        Figure(kind, "12-page journey (code, who, 12 questions, review, sent), CPU", journey * 1000, "ms"),
        Figure(kind, "bare 12-page journey, CPU", bare_journey * 1000, "ms"),
        Figure(kind, "scrypt of the journey's code (taken out of the ratio)", scrypt * 1000, "ms"),
        Figure(kind, "journey ÷ bare journey", (journey - scrypt) / bare_journey, "×", JOURNEY_BUDGET),
    ]


def measure_on(kind: str) -> list[Figure]:
    """Measure on one kind of database."""
    with world(kind, people=BLOCKS * (JOURNEYS + 1) + 20) as place, ExitStack() as stack:
        ours = stack.enter_context(gunicorn("bench.our_app:app", place.environment()))
        visitor = Visitor(ours.port)
        first = walk(visitor, place.short_name, place.code())
        visitor.close()
        bare = stack.enter_context(gunicorn("bench.bare_app:app", bare_environment(place, first.question_bytes)))
        pair = Pair(place, ours, bare, first)
        pair.journeys()
        pages = [pair.pages() for _ in range(BLOCKS)]
        journeys = [pair.journeys() for _ in range(BLOCKS - 1)]
    size = Figure(kind, "question page, size before compression", first.question_bytes / 1000, "kB")
    return [size, *_figures(kind, pages, journeys)]


def measure() -> list[Figure]:
    """Measure on both databases."""
    figures = [figure for kind in ("sqlite", "postgresql") for figure in measure_on(kind)]
    return [*figures, Figure("both", "scrypt of one code in production (N=2¹³)", scrypt_seconds(13) * 1000, "ms")]
