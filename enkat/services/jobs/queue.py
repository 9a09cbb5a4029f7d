"""The queue: jobs are put in, looked at and put back after a failure."""

from typing import Any

from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.jobs import Job, JobState
from enkat.records.writing import writing
from enkat.services.faults import ConflictFault, NotFoundFault


def enqueue(session: Session, clock: Clock, kind: str, arguments: dict[str, Any], account_id: int | None) -> Job:
    """Put a job in the queue.

    Parameters
    ----------
    kind
        A name of `services.jobs.handlers.HANDLERS`.
    arguments
        Plain JSON values: ids and choices. Never a code, a key share or an answer.
    """
    job = Job(
        kind=kind,
        arguments=arguments,
        state=JobState.QUEUED,
        message="Väntar på sin tur.",
        queued_at=clock(),
        account_id=account_id,
        result={},
    )
    with writing(session):
        session.add(job)
        session.flush()
    return job


def get_job(session: Session, job_id: int) -> Job:
    """Return a job; NotFoundFault where there is none."""
    found = session.get(Job, job_id)
    if found is None:
        raise NotFoundFault("Arbetet finns inte. Gå tillbaka till sidan du kom från.")
    return found


def try_again(session: Session, clock: Clock, job_id: int) -> Job:
    """Put a failed job back in the queue."""
    with writing(session):
        job = get_job(session, job_id)
        if job.state is not JobState.FAILED:
            raise ConflictFault("Bara ett arbete som har misslyckats kan köras om.")
        job.state, job.attempts, job.progress = JobState.QUEUED, 0, 0
        job.message, job.queued_at, job.finished_at = "Väntar på sin tur.", clock(), None
        job.worker = job.leased_until = None
    return job
