"""Erasing letter files: when they are printed, or after some days; half-made ones of a crash too."""

import os
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.letters import BatchState
from enkat.records.letters_queries import batches_with_file
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import ConflictFault
from enkat.services.letters.files import existing_file
from enkat.services.letters.ordering import get_batch
from enkat.settings import Settings

HALF_MADE = "halv-*"
HALF_MADE_HOURS = 24


def shred(path: Path) -> None:
    """Overwrite a file once and remove it; on some disks the old bytes may live on, so backups leave the folder out."""
    with path.open("r+b") as file:
        size = path.stat().st_size
        for start in range(0, size, 1 << 20):
            file.write(b"\0" * min(1 << 20, size - start))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def mark_printed(session: Session, clock: Clock, settings: Settings, batch_id: int, account_id: int | None) -> None:
    """Note that a batch is printed and handed to the post, and erase its file."""
    with writing(session):
        batch = get_batch(session, batch_id)
        if batch.state is not BatchState.READY:
            raise ConflictFault("Bara ett utskick som är klart kan märkas som utskrivet.")
        path = existing_file(settings, batch)
        batch.state, batch.file_name = BatchState.PRINTED, None
        record(session, clock, account_id=account_id, action="letters.printed", subject=f"letter_batch:{batch_id}")
        if path is not None:
            shred(path)


def erase_old_files(session: Session, clock: Clock, settings: Settings) -> int:
    """Erase the files that have lain for `letter_days`, and what crashes left half-made; return how many."""
    erased = 0
    limit = today(clock) - timedelta(days=settings.letter_days)
    for batch in batches_with_file(session):
        if batch.finished_on is None or batch.finished_on > limit:
            continue
        path = existing_file(settings, batch)
        with writing(session):
            batch.file_name = None
            if batch.state is BatchState.READY:
                batch.state = BatchState.ERASED
            record(session, clock, account_id=None, action="letters.erased", subject=f"letter_batch:{batch.id}")
        if path is not None:
            shred(path)
        erased += 1
    oldest = time.time() - HALF_MADE_HOURS * 3600
    for path in settings.letters_dir.glob(HALF_MADE):
        if path.stat().st_mtime < oldest:
            shred(path)
            erased += 1
    return erased
