"""Large register files: their rows are kept masked at once; checking and applying them are jobs that show progress."""

from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.imports import ImportBatch, ImportRow, ImportState
from enkat.records.jobs import Job, JobState
from enkat.services.jobs.context import JobContext
from enkat.services.jobs.queue import enqueue
from enkat.services.register.applying import apply_import
from enkat.services.register.forgetting import forget_rows
from enkat.services.register.staging import find_batch, recheck

CHECK_JOB: Final = "register_check"
APPLY_JOB: Final = "register_apply"
JOBS: Final = (CHECK_JOB, APPLY_JOB)
LARGE: Final = 5_000
"""Rows from which a page does not wait: fewer are checked in half a second."""


def _rows(session: Session, batch_id: int) -> int:
    return session.scalar(select(func.count()).where(ImportRow.batch_id == batch_id)) or 0


def is_large(session: Session, batch_id: int) -> bool:
    """Whether a file has so many rows that its work is a job."""
    return _rows(session, batch_id) >= LARGE


def queue_check(session: Session, clock: Clock, batch_id: int, account_id: int | None) -> Job:
    """Let a job check all rows of a file."""
    return enqueue(session, clock, CHECK_JOB, {"batch_id": batch_id}, account_id)


def queue_application(session: Session, clock: Clock, batch_id: int, account_id: int | None) -> Job:
    """Let a job apply a staged file."""
    return enqueue(session, clock, APPLY_JOB, {"batch_id": batch_id}, account_id)


def running_job(session: Session, batch_id: int) -> Job | None:
    """Return the job that checks or applies a file just now, if there is one."""
    jobs = session.scalars(
        select(Job).where(Job.kind.in_(JOBS), Job.state.in_((JobState.QUEUED, JobState.RUNNING))).order_by(Job.id)
    )
    return next((job for job in jobs if job.arguments["batch_id"] == batch_id), None)


def check_queued(context: JobContext) -> dict[str, Any]:
    """Check a file's rows and tell how far it has come."""
    batch_id = context.arguments["batch_id"]
    context.progress(0, _rows(context.session, batch_id), "Raderna kontrolleras mot varandra och registret.")
    recheck(
        context.session,
        context.clock,
        batch_id,
        lambda done, total: context.progress(done, total, f"{done} av {total} rader är kontrollerade."),
    )
    return {"batch_id": batch_id}


def apply_queued(context: JobContext) -> dict[str, Any]:
    """Apply a file, whole or not at all; one that was applied before an interruption is not applied again."""
    session, batch_id = context.session, context.arguments["batch_id"]
    batch: ImportBatch = find_batch(session, batch_id)
    if batch.state is ImportState.APPLIED:
        forget_rows(session, batch_id)
        return {"batch_id": batch_id}
    told = "Raderna kontrolleras en sista gång. Sedan förs allt in på en gång, eller inget alls."
    context.progress(0, _rows(session, batch_id), told)
    apply_import(session, context.clock, batch_id, context.account_id)
    return {"batch_id": batch_id}
