"""Dialogue with those concerned beside the surveys: what was talked about and what came of it, never by whom."""

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Select,
    String,
    Text,
    UniqueConstraint,
    delete,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from enkat.records.base import Base, by_value
from enkat.records.organisations import District, Unit


class DialogueKind(enum.StrEnum):
    """The form of a dialogue."""

    FOCUS_GROUP = "focus_group"
    DEPTH_INTERVIEW = "depth_interview"
    THEME_DAY = "theme_day"
    PROVIDER_MEETING = "provider_meeting"

    @property
    def label(self) -> str:
        """The Swedish name in lower case."""
        return {
            "focus_group": "fokusgrupp",
            "depth_interview": "djupintervju",
            "theme_day": "temadag",
            "provider_meeting": "dialogmöte med utförare",
        }[self.value]


class Dialogue(Base):
    """A dialogue of a day, in the whole city, a district or a unit: how many took part, what was found, what came back.

    A unit's dialogue names the district in which the unit lay that day, too.
    """

    __tablename__ = "dialogue"
    __table_args__ = (
        CheckConstraint("participants >= 1", name="participants"),
        CheckConstraint("unit_id IS NULL OR district_id IS NOT NULL", name="place"),
        CheckConstraint("(feedback_on IS NULL) = (feedback = '')", name="feedback"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    held_on: Mapped[date] = mapped_column(index=True)
    kind: Mapped[DialogueKind] = mapped_column(by_value(DialogueKind, "kind"))
    theme: Mapped[str] = mapped_column(String(200))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    participants: Mapped[int]
    findings: Mapped[str] = mapped_column(Text)
    feedback_on: Mapped[date | None]
    feedback: Mapped[str] = mapped_column(Text, default="")
    """How those who took part were told what came of it."""

    district: Mapped[District | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    versions: Mapped[list["DialogueVersion"]] = relationship(order_by="DialogueVersion.number.desc()")


class DialogueVersion(Base):
    """What a record of dialogue said before it was changed, and who changed it when."""

    __tablename__ = "dialogue_version"
    __table_args__ = (UniqueConstraint("dialogue_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dialogue_id: Mapped[int] = mapped_column(ForeignKey("dialogue.id"), index=True)
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_on: Mapped[date]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)


@dataclass(frozen=True, kw_only=True)
class DialogueFilter:
    """Which records of dialogue are wanted; None and empty = all.

    Attributes
    ----------
    districts
        Those the reader is limited to; None = the whole city.
    """

    text: str = ""
    kind: DialogueKind | None = None
    district_id: int | None = None
    year: int | None = None
    without_feedback: bool = False
    districts: frozenset[int] | None = None


def _wanted(statement: Select[*tuple[Any, ...]], wanted: DialogueFilter) -> Select[*tuple[Any, ...]]:
    if wanted.districts is not None:
        statement = statement.where(Dialogue.district_id.in_(wanted.districts))
    if wanted.kind is not None:
        statement = statement.where(Dialogue.kind == wanted.kind)
    if wanted.district_id is not None:
        statement = statement.where(Dialogue.district_id == wanted.district_id)
    if wanted.year is not None:
        first, last = date(wanted.year, 1, 1), date(wanted.year, 12, 31)
        statement = statement.where(Dialogue.held_on.between(first, last))
    if wanted.without_feedback:
        statement = statement.where(Dialogue.feedback_on.is_(None))
    for word in wanted.text.lower().split():
        columns = (Dialogue.theme, Dialogue.findings, Dialogue.feedback)
        found = [func.lower(column).contains(word, autoescape=True) for column in columns]
        statement = statement.where(or_(*found))
    return statement


def find_dialogues(
    session: Session, wanted: DialogueFilter, *, first: int = 0, size: int | None = None
) -> list[Dialogue]:
    """Return records of dialogue, the latest first."""
    statement = select(Dialogue).order_by(Dialogue.held_on.desc(), Dialogue.id.desc()).offset(first)
    statement = _wanted(statement if size is None else statement.limit(size), wanted)
    return [row[0] for row in session.execute(statement)]


def count_dialogues(session: Session, wanted: DialogueFilter) -> int:
    """Return how many records of dialogue there are."""
    return session.execute(_wanted(select(func.count(Dialogue.id)), wanted)).scalar_one() or 0


def dialogue_years(session: Session) -> list[int]:
    """Return the years that have a record, the latest first."""
    days = session.scalars(select(Dialogue.held_on).distinct())
    return sorted({day.year for day in days}, reverse=True)


def delete_dialogues(session: Session, ids: Collection[int]) -> int:
    """Delete records of dialogue with their history, and return how many rows went."""
    if not ids:
        return 0
    versions = delete(DialogueVersion).where(DialogueVersion.dialogue_id.in_(ids))
    session.execute(versions.execution_options(synchronize_session=False))
    session.execute(delete(Dialogue).where(Dialogue.id.in_(ids)).execution_options(synchronize_session="fetch"))
    return len(ids)
