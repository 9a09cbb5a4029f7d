"""The count of 12 000 ballots: its time, its growth, its one short write, and SIGKILL at any point of it."""

import random
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.figures import Figure, write
from bench.proofs._boxes import FullBox, full_box
from bench.world import empty
from enkat.clock import system_clock
from enkat.records.answers import Answer, ClassMargin, CollectionTally, KeptClass, Response, Tally
from enkat.records.engine import make_engine, make_sessions
from enkat.records.jobs import JobState
from enkat.records.retention import Protocol
from enkat.records.rounds import RoundState, SurveyRound
from enkat.services.ballots import count_process
from enkat.services.ballots.counting import WRITING, count
from enkat.services.ballots.wiping import wipe
from enkat.settings import Environment, Settings

SIZES = (3_000, 6_000, 12_000)
UNITS = 110
LONGEST_SECONDS = 60.0
LONGEST_WRITE = 1.0
GROWTH = 5.0
KILLS = 20
WRITTEN = (KeptClass, ClassMargin, Answer, Tally, CollectionTally, Response, Protocol)


def sizes_of(people: int, units: int) -> list[int]:
    """Spread people over units as unevenly as a city does, hostile small ones included."""
    rng = random.Random(7)  # noqa: S311 - a simulation
    weights = [rng.lognormvariate(0, 0.8) for _ in range(units)]
    found = [max(1, int(people * weight / sum(weights))) for weight in weights]
    found[0] += people - sum(found)
    return found


@dataclass(frozen=True)
class Taken:
    """Seconds of a count: by the clock and by the processor, whole and of its write transaction alone."""

    whole: float
    whole_cpu: float
    writing: float
    writing_cpu: float


def time_count(kind: str, people: int, units: int = UNITS) -> Taken:
    """Count a box of so many ballots."""
    marks: dict[str, tuple[float, float]] = {}

    def progress(_done: int, _total: int, sentence: str) -> None:
        marks[sentence] = (time.perf_counter(), time.process_time())

    with empty(kind) as url:
        engine = make_engine(url)
        with make_sessions(engine)() as session:
            box = full_box(session, sizes_of(people, units))
            begun, begun_cpu = time.perf_counter(), time.process_time()
            count(
                session,
                system_clock,
                box.made.round_id,
                private=box.made.pair.private,
                present=["Ada", "Bo"],
                account_id=None,
                progress=progress,
            )
            ended, ended_cpu = time.perf_counter(), time.process_time()
        engine.dispose()
    written, written_cpu = marks[WRITING]
    return Taken(ended - begun, ended_cpu - begun_cpu, ended - written, ended_cpu - written_cpu)


def _rows(session: Session) -> list[int]:
    return [session.scalar(select(func.count()).select_from(model)) or 0 for model in WRITTEN]


def _start(folder: Path, session: Session, box: FullBox) -> None:
    settings = Settings(
        environment=Environment.TEST, data_dir=folder, database_url=f"sqlite:///{folder / 'enkat.sqlite'}"
    )
    count_process.start_count(
        session, system_clock, settings, box.made.round_id, shares=box.shares[:2], account_id=None
    )


def _kill(session: Session, box: FullBox, rng: random.Random, seconds: float) -> None:
    """Kill the counting process at a random moment; every third time while it writes."""
    child = count_process._children[-1]  # noqa: SLF001 - the process to kill
    if rng.random() < 1 / 3:
        while child.poll() is None:
            session.rollback()
            job = count_process.newest_count(session, system_clock, box.made.round_id)
            session.expire_all()
            if job is not None and job.message == WRITING:
                time.sleep(rng.uniform(0, 0.25))
                break
            time.sleep(0.002)
    else:
        time.sleep(rng.uniform(0, seconds))
    child.kill()
    child.wait()


def kill_counts(kills: int, people: int, units: int) -> dict[str, int]:
    """Kill counts at random moments, look for anything half done, and count to the end afterwards."""
    rng = random.Random(11)  # noqa: S311 - a simulation
    found = {"killed before": 0, "killed after": 0, "half done": 0, "not restarted": 0}
    with tempfile.TemporaryDirectory(prefix="enkat-count-") as name, empty("sqlite") as url:
        template = Path(url.removeprefix("sqlite:///"))
        engine = make_engine(url)
        with make_sessions(engine)() as session:
            box = full_box(session, sizes_of(people, units))
            wipe(session)  # everything is in the one file that is copied below
        engine.dispose()
        seconds = 3.0
        for number in range(kills):
            folder = Path(name) / str(number)
            folder.mkdir()
            shutil.copyfile(template, folder / "enkat.sqlite")
            _one_kill(folder, box, rng, seconds, found)
            shutil.rmtree(folder)
    return found


def _one_kill(folder: Path, box: FullBox, rng: random.Random, seconds: float, found: dict[str, int]) -> None:
    engine = make_engine(f"sqlite:///{folder / 'enkat.sqlite'}")
    with make_sessions(engine)() as session:
        _start(folder, session, box)
        _kill(session, box, rng, seconds)
        session.rollback()
        session.expire_all()
        counted = session.get_one(SurveyRound, box.made.round_id).state is RoundState.COUNTED
        rows = _rows(session)
        found["killed after" if counted else "killed before"] += 1
        found["half done"] += (counted and 0 in rows) or (not counted and any(rows))
        if not counted:
            later = count_process.newest_count(
                session, lambda: system_clock() + timedelta(minutes=2), box.made.round_id
            )
            silent = later is not None and later.state is JobState.FAILED
            _start(folder, session, box)
            ended = count_process._children[-1].wait() == 0  # noqa: SLF001 - the process to wait for
            session.rollback()
            session.expire_all()
            done = session.get_one(SurveyRound, box.made.round_id).state is RoundState.COUNTED
            found["not restarted"] += not (silent and ended and done and 0 not in _rows(session))
    engine.dispose()


def main() -> None:
    """Measure on both databases, kill on SQLite, write the result."""
    small = "--small" in sys.argv
    figures: list[Figure] = []
    for kind in ("sqlite", "postgresql"):
        taken = {people: time_count(kind, people) for people in ((300, 1200) if small else SIZES)}
        for people, one in taken.items():
            figures.append(Figure(kind, f"count of {people} ballots, {UNITS} units", one.whole, "s", LONGEST_SECONDS))
        largest, smallest = taken[max(taken)], taken[min(taken)]
        figures += [
            Figure(kind, f"its one write, {max(taken)} ballots, CPU", largest.writing_cpu, "s", LONGEST_WRITE),
            Figure(kind, "the same by the clock, on a machine shared with other work", largest.writing, "s"),
            Figure(
                kind,
                f"CPU of {max(taken)} ÷ CPU of {min(taken)} ballots",
                largest.whole_cpu / smallest.whole_cpu,
                "×",
                GROWTH,
            ),
        ]
    kills = kill_counts(3 if small else KILLS, 300 if small else 3000, 20)
    figures += [Figure("sqlite", f"count {word}", kills[word], "") for word in ("killed before", "killed after")]
    figures += [Figure("sqlite", f"counts {word}", kills[word], "", 0) for word in ("half done", "not restarted")]
    for figure in figures:
        print(figure.line())
    if not small:
        write("count", figures, "Twelve questions, kept classes by service, age, sex and who answered.")
    if not all(figure.held for figure in figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
