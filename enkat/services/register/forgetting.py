"""Forgets the rows of register files that are decided, some at a time."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.imports import ImportBatch, ImportRow, ImportState
from enkat.records.writing import writing

CHUNK: Final = 1_000
"""Rows in one write, well under 200 ms."""
_ABANDONED_AFTER: Final = timedelta(hours=1)


def forget_rows(session: Session, batch_id: int) -> None:
    """Erase the rows of a decided import, some at a time: what was applied stands in the register."""
    while True:
        with writing(session):
            ids = session.scalars(select(ImportRow.id).where(ImportRow.batch_id == batch_id).limit(CHUNK)).all()
            if not ids:
                return
            session.execute(delete(ImportRow).where(ImportRow.id.in_(ids)))


def forget_decided(session: Session, clock: Clock) -> None:
    """Erase rows that an interruption left behind, and give up files whose reading was interrupted."""
    stale = select(ImportBatch).where(
        ImportBatch.state == ImportState.READING, ImportBatch.staged_at < clock() - _ABANDONED_AFTER
    )
    if session.scalars(stale).first() is not None:
        with writing(session):
            for batch in session.scalars(stale):
                batch.state = ImportState.ABANDONED
                batch.decided_at = clock()
    decided = (ImportState.APPLIED, ImportState.ABANDONED)
    query = select(ImportRow.batch_id).join(ImportBatch).where(ImportBatch.state.in_(decided)).distinct()
    for batch_id in session.scalars(query).all():
        forget_rows(session, batch_id)
