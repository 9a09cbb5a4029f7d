"""A session for commands that need the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

import enkat.records.metadata  # noqa: F401 - every table is known before the first statement
from enkat.records.engine import make_engine, make_sessions
from enkat.settings import Secrets, Settings


@contextmanager
def open_database(settings: Settings | None = None) -> Iterator[tuple[Session, Settings, Secrets]]:
    """Yield a session with the settings and secrets of the environment."""
    settings = settings or Settings()
    engine = make_engine(settings.resolved_database_url)
    try:
        with make_sessions(engine)() as session:
            yield session, settings, Secrets(settings)
    finally:
        engine.dispose()
