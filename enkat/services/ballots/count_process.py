"""The count in a process of its own: the key arrives on standard input, progress stands in the job's row.

Run as `python -m enkat.services.ballots.count_process JOB`. When the process dies the key dies with it and nothing is
counted: the holders bring their shares again.
"""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

import enkat.records.metadata  # noqa: F401 - every table is known before the first statement
from enkat.clock import Clock, system_clock
from enkat.records.engine import make_engine, make_sessions
from enkat.records.jobs import Job, JobState
from enkat.records.retention import Protocol, ProtocolKind
from enkat.records.writing import writing
from enkat.services.ballots.counting import UnreadableBallotsFault, count, require_ready
from enkat.services.ballots.rounds import find_round
from enkat.services.faults import ConflictFault, Fault
from enkat.services.keys.combining import combine_shares
from enkat.settings import Settings

KIND = "count"
SILENCE = timedelta(seconds=60)
"""A count that has not told anything for so long is taken to be dead."""

INTERRUPTED = "Räkningen avbröts. Inget är räknat och inget är förstört. Lämna in nyckeldelarna igen."
_TELL_EVERY_SECONDS = 0.5
_HEARTBEAT = "heartbeat"
_children: list[subprocess.Popen[bytes]] = []


def start_count(
    session: Session,
    clock: Clock,
    settings: Settings,
    round_id: int,
    *,
    shares: Sequence[str],
    accept_unreadable: int = 0,
    account_id: int | None,
) -> Job:
    """Combine the shares, hand the key to a new process and return the job that shows its progress.

    Raises
    ------
    WrongSharesFault
        The shares do not give the key.
    ConflictFault
        The round cannot be counted now, or a count is running.
    """
    key = combine_shares(session, round_id, shares)
    with writing(session):
        require_ready(session, find_round(session, round_id))
        running = newest_count(session, clock, round_id)
        if running is not None and running.state is JobState.RUNNING:
            raise ConflictFault("Räkningen pågår redan. Vänta tills den är klar.")
        job = Job(
            kind=KIND,
            arguments={"round_id": round_id, "accept_unreadable": accept_unreadable, "present": list(key.names)},
            state=JobState.RUNNING,
            message="Räkningen startar.",
            queued_at=clock(),
            account_id=account_id,
            attempts=1,
            result={_HEARTBEAT: clock().isoformat()},
        )
        session.add(job)
        session.flush()
    _spawn(settings, job.id, key.private)
    return job


def newest_count(session: Session, clock: Clock, round_id: int) -> Job | None:
    """Return the round's newest count; of one that fell silent it is noted whether the result was written or not."""
    jobs = session.scalars(select(Job).where(Job.kind == KIND).order_by(Job.id.desc()))
    job = next((found for found in jobs if found.arguments.get("round_id") == round_id), None)
    if job is not None and job.state is JobState.RUNNING:
        heard = datetime.fromisoformat(job.result[_HEARTBEAT])
        if clock() - heard > SILENCE:
            with writing(session):
                kept = session.scalar(
                    select(Protocol.id).where(Protocol.round_id == round_id, Protocol.kind == ProtocolKind.COUNT)
                )
                job.finished_at = clock()
                if kept is None:
                    job.state, job.message = JobState.FAILED, INTERRUPTED
                else:
                    job.state, job.message, job.result = _done(kept)
    return job


def _done(protocol_id: int) -> tuple[JobState, str, dict[str, int]]:
    return JobState.DONE, "Klart.", {"protocol": protocol_id}


def _spawn(settings: Settings, job_id: int, private: bytes) -> None:
    """Start the process; the key goes through a pipe, never through arguments, environment or files."""
    environment = os.environ | {
        "ENKAT_ENVIRONMENT": settings.environment.value,
        "ENKAT_DATABASE_URL": settings.resolved_database_url,
        "ENKAT_DATA_DIR": str(settings.data_dir),
    }
    _children[:] = [child for child in _children if child.poll() is None]
    child = subprocess.Popen(
        [sys.executable, "-m", "enkat.services.ballots.count_process", str(job_id)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    _children.append(child)
    pipe = child.stdin
    if pipe is not None:
        with contextlib.suppress(BrokenPipeError), pipe:
            pipe.write(private)


def run_job(session: Session, clock: Clock, job_id: int, private: bytes) -> None:
    """Count for a job and write into its row how far it has come and how it ended."""
    job = session.get_one(Job, job_id)
    arguments, account_id = dict(job.arguments), job.account_id
    told = time.monotonic()
    outcome: tuple[JobState, str, dict[str, int]]

    def progress(done: int, total: int, sentence: str) -> None:
        nonlocal told
        if done < total and time.monotonic() - told < _TELL_EVERY_SECONDS:
            return
        told = time.monotonic()
        with writing(session):
            current = session.get_one(Job, job_id)
            current.progress, current.total, current.message = done, total, sentence
            current.result = {_HEARTBEAT: clock().isoformat()}

    try:
        protocol = count(
            session,
            clock,
            arguments["round_id"],
            private=private,
            present=arguments["present"],
            account_id=account_id,
            accept_unreadable=arguments["accept_unreadable"],
            progress=progress,
        )
    except UnreadableBallotsFault as fault:
        outcome = (JobState.FAILED, fault.sentence, {"unreadable": fault.number})
    except Fault as fault:
        outcome = (JobState.FAILED, fault.sentence, {})
    else:
        outcome = _done(protocol.id)

    session.rollback()
    with writing(session):
        job = session.get_one(Job, job_id)
        job.state, job.message, job.result = outcome
        job.finished_at = clock()


def main() -> None:
    """Count for the job named on the command line, with the key from standard input."""
    private = sys.stdin.buffer.read()
    engine = make_engine(Settings().resolved_database_url)
    with make_sessions(engine)() as session:
        run_job(session, system_clock, int(sys.argv[1]), private)
    engine.dispose()


if __name__ == "__main__":
    main()
