"""The count of 12 000 ballots: its time, its growth, its one short write, and SIGKILL at any point of it."""

import enum
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.figures import Figure, write
from bench.proofs._boxes import FullBox, full_box
from bench.proofs._copies import Copy, copies
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
KILLS = 21


class Moment(enum.Enum):
    """When a count is killed: at any time, soon after it began to write, right after it committed."""

    ANY = "any"
    WRITING = "writing"
    WRITTEN = "written"


LATENESS = {Moment.ANY: 2.0, Moment.WRITING: 0.25, Moment.WRITTEN: 0.0}
"""At most so many seconds pass between the moment and the kill."""
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


def _start(place: Copy, session: Session, box: FullBox) -> "subprocess.Popen[bytes]":
    settings = Settings(environment=Environment.TEST, data_dir=place.folder, database_url=place.url)
    count_process.start_count(
        session, system_clock, settings, box.made.round_id, shares=box.shares[:2], account_id=None
    )
    return count_process._children[-1]  # noqa: SLF001 - the process to kill and to wait for


def _wait_for(moment: Moment, child: "subprocess.Popen[bytes]", session: Session, round_id: int) -> None:
    """Wait until the count writes its result, or has written it; or until it has ended."""
    while child.poll() is None:
        session.rollback()
        session.expire_all()
        job = count_process.newest_count(session, system_clock, round_id)
        if moment is Moment.WRITING and job is not None and job.message == WRITING:
            return
        if moment is Moment.WRITTEN and session.get_one(SurveyRound, round_id).state is RoundState.COUNTED:
            return
        time.sleep(0.001)


def kill_counts(kind: str, kills: int, people: int, units: int) -> dict[str, int]:
    """Kill counts at random moments, look for anything half done, and count to the end afterwards."""
    rng = random.Random(11)  # noqa: S311 - a simulation
    found = {"killed before": 0, "killed after": 0, "half done": 0, "not ended well": 0}
    with copies(kind) as making:
        engine = make_engine(making.template)
        with make_sessions(engine)() as session:
            box = full_box(session, sizes_of(people, units))
            wipe(session)  # everything is in the one file that is copied
        engine.dispose()
        for number in range(kills):
            with making.copy() as place:
                _one_kill(place, box, list(Moment)[number % len(Moment)], rng, found)
    return found


def _one_kill(place: Copy, box: FullBox, moment: Moment, rng: random.Random, found: dict[str, int]) -> None:
    engine = make_engine(place.url)
    round_id = box.made.round_id

    def state(session: Session) -> tuple[bool, list[int]]:
        session.rollback()
        session.expire_all()
        return session.get_one(SurveyRound, round_id).state is RoundState.COUNTED, _rows(session)

    with make_sessions(engine)() as session:
        child = _start(place, session, box)
        if moment is not Moment.ANY:
            _wait_for(moment, child, session, round_id)
        time.sleep(rng.uniform(0, LATENESS[moment]))
        child.kill()
        child.wait()
        counted, rows = state(session)
        found["killed after" if counted else "killed before"] += 1
        found["half done"] += (counted and 0 in rows) or (not counted and any(rows))
        told = count_process.newest_count(session, lambda: system_clock() + timedelta(minutes=2), round_id)
        well = told is not None and told.state is (JobState.DONE if counted else JobState.FAILED)
        if not counted:
            well = well and _start(place, session, box).wait() == 0
            counted, rows = state(session)
            well = well and counted and 0 not in rows
        found["not ended well"] += not well
    engine.dispose()


def main() -> None:
    """Measure and kill on both databases, write the result."""
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
        kills = kill_counts(kind, 3 if small else KILLS, 300 if small else 3000, 20)
        before, after = kills["killed before"], kills["killed after"]
        figures += [
            Figure(kind, "SIGKILL of a count before its commit", before, ""),
            Figure(kind, "SIGKILL of a count after its commit", after, ""),
            Figure(kind, "kinds of moment without a kill", (before == 0) + (after == 0), "", 0),
            *(Figure(kind, f"counts {word}", kills[word], "", 0) for word in ("half done", "not ended well")),
        ]
    for figure in figures:
        print(figure.line())
    if not small:
        write("count", figures, "Twelve questions, kept classes by service, age, sex and who answered.")
    if not all(figure.held for figure in figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
