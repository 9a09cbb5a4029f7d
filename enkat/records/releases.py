"""Releases: every table that left the analysts' room, with its suppression pattern."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from enkat.records.base import Base, by_value


class ReleaseLevel(enum.StrEnum):
    """Whom a figure may reach."""

    ANALYST = "analyst"
    INTERNAL = "internal"
    PUBLIC = "public"


class Release(Base):
    """A stored export below the analysts' level."""

    __tablename__ = "release"
    __table_args__ = (Index("ix_release_round_id", "round_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"))
    level: Mapped[ReleaseLevel] = mapped_column(by_value(ReleaseLevel, "level"))
    scope: Mapped[str] = mapped_column(String(60), default="city")
    """`city`, `district:<id>` or `unit:<id>`."""
    format: Mapped[str] = mapped_column(String(20))
    released_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    pattern: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Which cells carried figures and which a mark; a later release repeats it."""
    data_version: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    audit: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What the attacker tried and found; None for releases made before there was one."""
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    """The counts that the release told, by breakdown: what later releases are audited against."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why the data had changed since the release before; empty for anything but a corrected edition."""
    changes: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    """Every cell that a corrected edition shows differently."""


class ReleasePattern(Base):
    """A pattern that was searched for, once for each version of the data: what pages and files show is its."""

    __tablename__ = "release_pattern"
    __table_args__ = (UniqueConstraint("round_id", "level", "data_version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"))
    level: Mapped[ReleaseLevel] = mapped_column(by_value(ReleaseLevel, "level"))
    data_version: Mapped[str] = mapped_column(String(64))
    pattern: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As that of a release, with what the search came to."""
    found_at: Mapped[datetime]
