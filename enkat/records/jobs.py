"""Long work as rows: a lease says who does it, progress is shown while it runs."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, and_, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from enkat.records.base import Base, by_value


class JobState(enum.StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """A piece of work that `enkat tick` runs. Never holds codes, key shares or answers."""

    __tablename__ = "job"
    __table_args__ = (CheckConstraint("progress >= 0 AND total >= 0", name="progress"), Index("ix_job_state", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[JobState] = mapped_column(by_value(JobState, "state"))
    progress: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(String(80))
    queued_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def take_next(session: Session, now: datetime) -> Job | None:
    """Return the oldest job that waits or whose worker let its lease run out, locked for this transaction."""
    statement = (
        select(Job)
        .where(or_(Job.state == JobState.QUEUED, and_(Job.state == JobState.RUNNING, Job.leased_until < now)))
        .order_by(Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(statement).first()


def newest_jobs(session: Session, limit: int = 50) -> list[Job]:
    """Return the newest jobs."""
    return list(session.scalars(select(Job).order_by(Job.id.desc()).limit(limit)))
