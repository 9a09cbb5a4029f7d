"""Jobs: one worker at a time, again after a crash, given up with a sentence."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from enkat.records.jobs import Job, JobState
from enkat.records.writing import DatabaseBusyError, writing
from enkat.services.faults import ConflictFault, Fault, NotFoundFault
from enkat.services.jobs import ticking
from enkat.services.jobs.context import Handler, JobContext
from enkat.services.jobs.handlers import HANDLERS
from enkat.services.jobs.queue import enqueue, get_job, try_again
from enkat.services.jobs.running import ATTEMPTS, GAVE_UP, LEASE, run_waiting
from enkat.services.safety import heartbeat
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock

Run = Callable[[Handler], int]


@pytest.fixture
def run(sessions: sessionmaker[Session], session: Session, clock: FixedClock, app_settings: Settings) -> Run:
    def run(handler: Handler) -> int:
        session.rollback()
        ran = run_waiting(sessions, clock, app_settings, Secrets(app_settings), {"work": handler})
        session.rollback()
        session.expire_all()
        return ran

    return run


def _job(session: Session, clock: FixedClock, **arguments: Any) -> Job:
    return enqueue(session, clock, "work", arguments, None)


def test_a_job_is_done_once_with_its_arguments(session: Session, clock: FixedClock, run: Run) -> None:
    job = _job(session, clock, number=3)
    seen: list[int] = []

    def handler(context: JobContext) -> dict[str, Any]:
        seen.append(context.arguments["number"])
        context.progress(1, 2, "Halvvägs.")
        with writing(context.session):
            current = context.session.get_one(Job, context.job_id)
            assert (current.state, current.progress, current.total) == (JobState.RUNNING, 1, 2)
        return {"found": 7}

    assert run(handler) == 1
    assert run(handler) == 0
    assert seen == [3]
    assert (job.state, job.progress, job.message, job.result) == (JobState.DONE, 2, "Klart.", {"found": 7})
    assert job.leased_until is None


def test_jobs_run_in_order_and_a_failure_stops_no_other(session: Session, clock: FixedClock, run: Run) -> None:
    first, second = _job(session, clock, bad=True), _job(session, clock, bad=False)

    def handler(context: JobContext) -> None:
        if context.arguments["bad"]:
            raise Fault("Registret är tomt.")

    assert run(handler) == 2
    assert (first.state, first.message) == (JobState.FAILED, "Registret är tomt.")
    assert second.state is JobState.DONE


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RuntimeError("kod 3456789012345678"), "Något gick fel i programmet (RuntimeError)."),
        (OSError(28, "No space left on device"), "Arbetet stannade: disken är full."),
        (OperationalError("INSERT", {}, Exception("database or disk is full")), "Arbetet stannade: disken är full."),
    ],
)
def test_an_unexpected_error_becomes_a_sentence_without_values(
    session: Session,
    clock: FixedClock,
    run: Run,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    sentence: str,
) -> None:
    job = _job(session, clock)

    def handler(context: JobContext) -> None:
        raise error

    run(handler)
    assert job.state is JobState.FAILED
    assert job.message.startswith(sentence)
    assert "3456789012345678" not in job.message + caplog.text


def test_work_that_crashed_begins_again_when_the_lease_has_run_out(
    session: Session, clock: FixedClock, run: Run
) -> None:
    job = _job(session, clock)

    def crash(context: JobContext) -> None:
        raise KeyboardInterrupt  # as a killed worker: nothing is written any more

    with pytest.raises(KeyboardInterrupt):
        run(crash)
    session.rollback()
    session.expire_all()
    assert job.state is JobState.RUNNING
    assert run(lambda _context: None) == 0
    clock.advance(seconds=LEASE.total_seconds() + 1)
    assert run(lambda _context: None) == 1
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_work_that_always_crashes_is_given_up_and_can_be_tried_again(
    session: Session, clock: FixedClock, run: Run
) -> None:
    job = _job(session, clock)
    with writing(session):
        job.state, job.attempts = JobState.RUNNING, ATTEMPTS
        job.leased_until = clock() - timedelta(seconds=1)
    assert run(lambda _context: None) == 0
    assert (job.state, job.message) == (JobState.FAILED, GAVE_UP)
    try_again(session, clock, job.id)
    assert run(lambda _context: None) == 1
    assert job.state is JobState.DONE
    with pytest.raises(ConflictFault, match="Bara ett arbete"):
        try_again(session, clock, job.id)


def test_a_worker_that_lost_its_lease_writes_nothing(session: Session, clock: FixedClock, run: Run) -> None:
    job = _job(session, clock)

    def taken_over(context: JobContext) -> None:
        with writing(context.session):
            context.session.get_one(Job, context.job_id).worker = "another"
        context.progress(1, 1, "Klart?")

    assert run(taken_over) == 1
    assert (job.state, job.worker, job.progress) == (JobState.RUNNING, "another", 0)


def test_a_busy_database_puts_the_job_back(session: Session, clock: FixedClock, run: Run) -> None:
    job = _job(session, clock)

    def busy(context: JobContext) -> None:
        raise DatabaseBusyError("busy")

    run(busy)
    assert job.state in {JobState.QUEUED, JobState.FAILED}
    assert job.attempts >= 1


def test_unknown_work_is_refused(session: Session, clock: FixedClock, run: Run) -> None:
    job = enqueue(session, clock, "nosuch", {}, None)
    run(lambda _context: None)
    assert job.state is JobState.FAILED
    assert "inte känner" in job.message
    with pytest.raises(NotFoundFault):
        get_job(session, 4711)


@pytest.mark.one_database
def test_a_tick_goes_on_when_a_part_fails(
    sessions: sessionmaker[Session], clock: FixedClock, app_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> int:
        raise RuntimeError

    monkeypatch.setattr(ticking, "send_waiting", broken)
    done = ticking.tick(sessions, clock, app_settings, Secrets(app_settings))
    assert done.failed == ("messages",)
    assert (app_settings.data_dir / heartbeat.FILE).is_file()


def test_every_kind_of_work_has_a_handler() -> None:
    assert "letters" in HANDLERS
