"""The audit log: append-only entries chained by digests under one locked head row. Digests outlive details."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from enkat.records.base import Base

HEAD = 1
START_DIGEST = "0" * 64


class AuditHead(Base):
    """The single row that names the newest entry; locked while one is added."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


class AuditEntry(Base):
    """Who did what to which object, and when. Never an answer, never a respondent's moment."""

    __tablename__ = "audit_entry"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    happened_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(120), index=True)
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    details_digest: Mapped[str] = mapped_column(String(64))
    previous_digest: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


def lock_head(session: Session) -> AuditHead:
    """Return the head row, locked until the transaction ends; made at the first use. Inside `writing`."""
    query = select(AuditHead).where(AuditHead.id == HEAD).with_for_update().execution_options(populate_existing=True)
    head = session.scalars(query).one_or_none()
    if head is None:
        values = {"id": HEAD, "sequence": 0, "digest": START_DIGEST}
        if session.get_bind().dialect.name == "postgresql":  # two first writers at once: one inserts, both read
            session.execute(postgresql.insert(AuditHead).values(values).on_conflict_do_nothing())
        else:
            session.execute(sqlite.insert(AuditHead).values(values).on_conflict_do_nothing())
        head = session.scalars(query).one()
    return head
