"""Failed tries per hashed address and ten minutes; gone after an hour."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, LargeBinary, Select, String, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from enkat.records.base import Base
from enkat.records.reading import read_row
from enkat.records.upserts import add_to

PERIOD_SECONDS = 600
KEPT_PERIODS = 6
"""Buckets older than an hour are erased."""


class ThrottleBucket(Base):
    """Failures of one kind from one hashed address within ten minutes."""

    __tablename__ = "throttle_bucket"
    __table_args__ = (CheckConstraint("failures > 0", name="failures"),)

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    address_digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    period: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Ten-minute period since 1970."""
    failures: Mapped[int]


def period_of(moment: datetime) -> int:
    """Return the ten-minute period of a moment."""
    return int(moment.timestamp()) // PERIOD_SECONDS


_FAILURES = select(func.coalesce(func.sum(ThrottleBucket.failures), 0).label("n"))
_OF_ADDRESS: Select[Any] = _FAILURES.where(
    ThrottleBucket.kind == bindparam("kind"),
    ThrottleBucket.address_digest == bindparam("digest"),
    ThrottleBucket.period > bindparam("before"),
)
_OF_ALL: Select[Any] = _FAILURES.where(
    ThrottleBucket.kind == bindparam("kind"), ThrottleBucket.period == bindparam("period")
)


def failures_of(session: Session, kind: str, address_digest: bytes, period: int) -> int:
    """Return how often an address failed within the last hour."""
    row = read_row(session, _OF_ADDRESS, {"kind": kind, "digest": address_digest, "before": period - KEPT_PERIODS})
    return int(row.n) if row else 0


def failures_in_period(session: Session, kind: str, period: int) -> int:
    """Return how often anybody failed within the present ten minutes."""
    row = read_row(session, _OF_ALL, {"kind": kind, "period": period})
    return int(row.n) if row else 0


def add_failure(session: Session, kind: str, address_digest: bytes, period: int) -> None:
    """Count a failure and erase what is older than an hour; inside `writing`."""
    session.execute(delete(ThrottleBucket).where(ThrottleBucket.period <= period - KEPT_PERIODS))
    add_to(session, ThrottleBucket, {"kind": kind, "address_digest": address_digest, "period": period}, {"failures": 1})
