"""What a job's handler is given, and how it tells how far it has come."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.settings import Secrets, Settings

Progress = Callable[[int, int, str], None]
"""Called as `progress(done, total, sentence)`; renews the lease and shows the figures to whoever waits."""


@dataclass(frozen=True)
class JobContext:
    """A running job's surroundings; `arguments` are those it was queued with."""

    session: Session
    clock: Clock
    settings: Settings
    secrets: Secrets
    job_id: int
    arguments: dict[str, Any]
    account_id: int | None
    progress: Progress


Handler = Callable[[JobContext], dict[str, Any] | None]
"""Does the work and may return plain facts about the result. Runs again from the start after a crash."""
