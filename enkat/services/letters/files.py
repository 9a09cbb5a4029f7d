"""Where letter files lie: a folder that only its owner reads, outside the database and its backups."""

import secrets
from pathlib import Path

from enkat.records.letters import LetterBatch
from enkat.settings import Settings


def letters_folder(settings: Settings) -> Path:
    """Return the folder of letter files; made if need be, open to its owner only."""
    folder = settings.letters_dir
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return folder


def batch_path(settings: Settings, batch: LetterBatch, ending: str) -> Path:
    """Return a new path for a batch's file that cannot be guessed."""
    return letters_folder(settings) / f"brev-{batch.id}-{secrets.token_hex(8)}.{ending}"


def existing_file(settings: Settings, batch: LetterBatch) -> Path | None:
    """Return the path of a batch's file if it still lies there."""
    if batch.file_name is None:
        return None
    path = settings.letters_dir / batch.file_name
    return path if path.is_file() else None
