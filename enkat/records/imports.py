"""Staged imports of register files: every row with its faults until the file is applied whole or given up."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Select, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from enkat.records.base import Base, by_value


class ImportKind(enum.StrEnum):
    """What a register file holds."""

    UNITS = "units"
    CLIENTS = "clients"


class ImportState(enum.StrEnum):
    """Where an import stands."""

    READING = "reading"
    """Rows are still being written; an interrupted one is abandoned."""
    STAGED = "staged"
    APPLIED = "applied"
    ABANDONED = "abandoned"


class RowState(enum.StrEnum):
    """What applying would do with a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    FAULTY = "faulty"
    LEFT_OUT = "left_out"


class ImportBatch(Base):
    """A file that was read and waits for a decision, or was applied."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind] = mapped_column(by_value(ImportKind, "kind"))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    encoding: Mapped[str] = mapped_column(String(20))
    separator: Mapped[str] = mapped_column(String(5))
    headings: Mapped[list[str]] = mapped_column(JSON)
    mapping: Mapped[dict[str, str]] = mapped_column(JSON)
    """Field name → heading of the file."""
    complete_list: Mapped[bool] = mapped_column(default=False)
    """True when those who are missing in the file have left the register."""
    state: Mapped[ImportState] = mapped_column(by_value(ImportState, "state"))
    staged_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    summary: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    revision: Mapped[int] = mapped_column(default=0)
    """Grows with every correction, so that what was prepared outside the write lock can be checked inside it."""


class ImportRow(Base):
    """A row of a staged file: its values as text (personal numbers masked), its faults and what it would do."""

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("batch_id", "row_number"),
        Index("ix_import_row_batch_id_identity", "batch_id", "identity"),
        Index("ix_import_row_batch_id_state", "batch_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    row_number: Mapped[int]
    cells: Mapped[dict[str, str]] = mapped_column(JSON)
    faults: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """Each fault: field, value, sentence."""
    state: Mapped[RowState] = mapped_column(by_value(RowState, "state"))
    identity: Mapped[str] = mapped_column(String(200), default="")
    """Whom the row is about: the person's reference or the unit's code."""
    protected: Mapped[bool] = mapped_column(default=False)
    """Whether name and address are for those who handle protected identities only."""
    search_text: Mapped[str] = mapped_column(Text, default="")


def row_counts(session: Session, batch_id: int) -> dict[RowState, int]:
    """Return how many rows of an import stand in each state."""
    counted = select(ImportRow.state, func.count()).where(ImportRow.batch_id == batch_id).group_by(ImportRow.state)
    found = {row[0]: row[1] for row in session.execute(counted)}
    return {state: found.get(state, 0) for state in RowState}


def rows_of(batch_id: int, *, state: RowState | None = None, text: str = "") -> Select[ImportRow]:
    """Select the rows of an import in the file's order, by state and by words in them."""
    query = select(ImportRow).where(ImportRow.batch_id == batch_id).order_by(ImportRow.row_number)
    if state is not None:
        query = query.where(ImportRow.state == state)
    for word in text.casefold().split():
        query = query.where(ImportRow.search_text.contains(word, autoescape=True))
    return query


def rows_about(session: Session, batch_id: int, identities: set[str]) -> list[ImportRow]:
    """Return the rows of an import that are about these people or units."""
    query = rows_of(batch_id).where(ImportRow.identity.in_(identities))
    return list(session.scalars(query))
