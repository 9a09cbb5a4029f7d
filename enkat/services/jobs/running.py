"""Running jobs: one worker at a time holds the lease; a crash lets it run out and the job starts again."""

import errno
import logging
import os
import secrets as randomness
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from enkat.clock import Clock
from enkat.records.jobs import Job, JobState, take_next
from enkat.records.writing import DatabaseBusyError, writing
from enkat.services.faults import BusyFault, Fault
from enkat.services.jobs.context import Handler, JobContext
from enkat.services.jobs.handlers import HANDLERS
from enkat.settings import Secrets, Settings

LEASE = timedelta(minutes=5)
ATTEMPTS = 3
logger = logging.getLogger(__name__)

GAVE_UP = "Arbetet avbröts flera gånger innan det blev klart. Kör det igen, eller be den som sköter driften om hjälp."
FAILED = "Något gick fel i programmet ({kind}). Inget är halvgjort. Kör igen, eller be den som sköter driften om hjälp."
DISK_FULL = "Arbetet stannade: disken är full. Inget är halvgjort. Frigör plats och kör igen."
LOST = "The job's lease went to another worker."


class LeaseLostError(RuntimeError):
    """Another worker has taken over the job."""


def worker_name() -> str:
    """Return a name of this worker that no other has."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{randomness.token_hex(4)}"


def _finish(job: Job, clock: Clock, state: JobState, message: str) -> None:
    job.state, job.message, job.finished_at = state, message, clock()
    job.worker = job.leased_until = None


@dataclass(frozen=True)
class _Worker:
    """Takes and runs jobs under a name of its own."""

    session: Session
    clock: Clock
    settings: Settings
    secrets: Secrets
    handlers: Mapping[str, Handler]
    name: str = field(default_factory=worker_name)

    def claim(self) -> Job | None:
        """Take the next job, or None; a job that was begun too often is failed."""
        with writing(self.session):
            now = self.clock()
            while (job := take_next(self.session, now)) is not None:
                if job.attempts < ATTEMPTS:
                    job.state, job.worker, job.leased_until = JobState.RUNNING, self.name, now + LEASE
                    job.attempts += 1
                    return job
                _finish(job, self.clock, JobState.FAILED, GAVE_UP)
                self.session.flush()
        return None

    def run(self, job: Job) -> None:
        """Run a claimed job and write how it ended."""
        job_id, kind = job.id, job.kind
        try:
            handler = self.handlers.get(kind, _unknown)
            result = handler(self._context(job)) or {}
            self._end(job_id, JobState.DONE, "Klart.", result)
        except (DatabaseBusyError, BusyFault):
            self._end(job_id, JobState.QUEUED, "Databasen var upptagen. Arbetet börjar om.")
        except LeaseLostError:
            self.session.rollback()
            logger.warning("job %s was taken over by another worker", job_id)
        except Fault as fault:
            self._end(job_id, JobState.FAILED, fault.sentence)
        except Exception as error:  # noqa: BLE001  # whatever it was, the queue goes on; no values reach the log
            logger.error("job %s (%s) failed with %s", job_id, kind, type(error).__name__)  # noqa: TRY400
            self._end(job_id, JobState.FAILED, _sentence(error))

    def _end(self, job_id: int, state: JobState, message: str, result: dict[str, Any] | None = None) -> None:
        self.session.rollback()
        with writing(self.session):
            job = self.session.get_one(Job, job_id)
            if job.worker != self.name:
                return
            _finish(job, self.clock, state, message)
            if result is not None:
                job.result, job.progress = result, job.total

    def _context(self, job: Job) -> JobContext:
        job_id = job.id

        def progress(done: int, total: int, message: str) -> None:
            with writing(self.session):
                current = self.session.get_one(Job, job_id)
                if current.worker != self.name:
                    raise LeaseLostError(LOST)
                current.progress, current.total, current.message = done, total, message
                current.leased_until = self.clock() + LEASE

        return JobContext(
            session=self.session,
            clock=self.clock,
            settings=self.settings,
            secrets=self.secrets,
            job_id=job_id,
            arguments=dict(job.arguments),
            account_id=job.account_id,
            progress=progress,
        )


def _sentence(error: Exception) -> str:
    """Say what stopped a job; a full disk is told apart, because somebody can mend it."""
    cause = error.__cause__ or error
    full = getattr(error, "errno", None) == errno.ENOSPC or "disk is full" in str(cause)
    return DISK_FULL if full else FAILED.format(kind=type(error).__name__)


def _unknown(context: JobContext) -> None:
    raise Fault(f"Arbetet {context.job_id} är av ett slag som den här versionen av programmet inte känner.")


def run_waiting(
    sessions: sessionmaker[Session],
    clock: Clock,
    settings: Settings,
    secrets: Secrets,
    handlers: Mapping[str, Handler] = HANDLERS,
) -> int:
    """Run the jobs that wait now, oldest first, and return how many were run.

    A job that fails is marked with a Swedish sentence and does not stop the next. One whose worker died is begun
    again when its lease has run out, at most `ATTEMPTS` times.
    """
    ran, seen = 0, set[int]()
    with sessions() as session:
        worker = _Worker(session, clock, settings, secrets, handlers)
        while (job := worker.claim()) is not None:
            worker.run(job)
            ran += 1
            if job.id in seen:  # the database stays busy: the next tick tries again
                break
            seen.add(job.id)
    return ran
