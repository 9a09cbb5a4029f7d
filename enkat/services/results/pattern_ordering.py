"""Ordering the search for a round's patterns: a job does it, and until it is done no figures are shown."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.jobs import Job, JobState
from enkat.services.jobs.queue import enqueue

PATTERNS_JOB: Final = "release_patterns"
WAITING: Final = (JobState.QUEUED, JobState.RUNNING)


def waiting_search(session: Session, round_id: int) -> Job | None:
    """Return the job that is to search a round's patterns, if there is one."""
    jobs = session.scalars(select(Job).where(Job.kind == PATTERNS_JOB, Job.state.in_(WAITING)).order_by(Job.id.desc()))
    return next((job for job in jobs if job.arguments.get("round_id") == round_id), None)


def order_search(session: Session, clock: Clock, round_id: int, account_id: int | None) -> Job:
    """Order the search, or return the order that waits already."""
    waiting = waiting_search(session, round_id)
    return waiting or enqueue(session, clock, PATTERNS_JOB, {"round_id": round_id}, account_id)
