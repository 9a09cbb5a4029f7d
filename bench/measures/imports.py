"""A register file of 20 000 people: read, checked, moved in, and the longest time that it keeps others from writing."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from unittest import mock

from sqlalchemy.orm import Session

from bench.figures import Figure
from bench.world import empty
from enkat.clock import system_clock
from enkat.records.engine import make_engine, make_sessions
from enkat.records.imports import ImportKind
from enkat.records.writing import writing
from enkat.services.audit import recording
from enkat.services.register import applying, forgetting, staging
from tests.factories.register import HEADINGS, PERSON, UNITS, csv_of
from tests.factories.register import apply as apply_file

PEOPLE, GROWTH = 20_000, 4
GROWTH_BUDGET = 5.0
LOCK_BUDGET = 200.0
KINDS = {"sqlite": "sqlite", "postgresql": "postgresql, without the server's own process"}


@dataclass(frozen=True)
class Taken:
    """CPU seconds of the two steps, and CPU milliseconds of the longest write."""

    staging: float
    applying: float
    longest_write: float


def register_file(people: int, born: int = 1941) -> bytes:
    """Return a file of people, every third with two services, a person a row."""
    row = PERSON.replace(";1941;", f";{born};").replace(";ASP;", ";LED;")
    rows = (row.replace("T1", f"T{number:06d}", 1) for number in range(people))
    two = ";hemtjänst+ledsagning;"
    return csv_of(
        *(one.replace(";hemtjänst;", two) if number % 3 == 0 else one for number, one in enumerate(rows)),
        headings=HEADINGS,
    )


def load(session: Session, content: bytes) -> Taken:
    """Stage and apply a file."""
    held: list[float] = []

    @contextmanager
    def watched(given: Session) -> Iterator[Session]:
        with writing(given):
            begun = time.process_time()
            yield given
            given.flush()
        held.append(time.process_time() - begun)

    with ExitStack() as stack:
        for module in (applying, forgetting, recording, staging):
            if hasattr(module, "writing"):
                stack.enter_context(mock.patch.object(module, "writing", watched))
        begun = time.process_time()
        batch = staging.stage_file(
            session,
            system_clock,
            kind=ImportKind.CLIENTS,
            file_name="personer.csv",
            content=content,
            account_id=None,
        )
        staged = time.process_time()
        applying.apply_import(session, system_clock, batch.id, None)
        return Taken(staged - begun, time.process_time() - staged, max(held) * 1000)


def _times(kind: str, people: int) -> dict[str, Taken]:
    with empty(kind) as url:
        engine = make_engine(url)
        with make_sessions(engine)() as session:
            apply_file(session, system_clock, UNITS, ImportKind.UNITS)
            found = {
                "first load": load(session, register_file(people)),
                "everybody changed": load(session, register_file(people, born=1942)),
                "the same file again": load(session, register_file(people, born=1942)),
            }
        engine.dispose()
    return found


def measure() -> list[Figure]:
    """Measure on both databases."""
    figures = []
    for kind, group in KINDS.items():
        large, small = _times(kind, PEOPLE), _times(kind, PEOPLE // GROWTH)
        for name, one in large.items():
            figures += [
                Figure(group, f"{name}, {PEOPLE} people: reading and checking, CPU", one.staging, "s"),
                Figure(group, f"{name}, {PEOPLE} people: applying, CPU", one.applying, "s"),
                Figure(group, f"{name}: its longest write, CPU", one.longest_write, "ms", LOCK_BUDGET),
            ]
        both = [sum(one.staging + one.applying for one in found.values()) for found in (large, small)]
        figures.append(Figure(group, f"{GROWTH}× people, CPU of all three", both[0] / both[1], "×", GROWTH_BUDGET))
    return figures
