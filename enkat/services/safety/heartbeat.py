"""A sign of life from `enkat tick`: a file beside the data that says when it last ran through."""

from datetime import datetime

from enkat.clock import Clock
from enkat.settings import Settings

FILE = "last-tick"


def beat(settings: Settings, clock: Clock) -> None:
    """Note that a tick ran through; called by `enkat tick` at its end."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    partial = settings.data_dir / f"{FILE}.part"
    partial.write_text(clock().isoformat(), encoding="ascii")
    partial.replace(settings.data_dir / FILE)


def last_beat(settings: Settings) -> datetime | None:
    """Return when a tick last ran through; None when none did."""
    try:
        return datetime.fromisoformat((settings.data_dir / FILE).read_text(encoding="ascii").strip())
    except (FileNotFoundError, ValueError):
        return None
