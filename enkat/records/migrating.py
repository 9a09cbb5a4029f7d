"""Bringing a database to the newest schema and back, in process; one tree of migrations for SQLite and PostgreSQL."""

from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from enkat import paths
from enkat.records.metadata import metadata


class BrokenReferencesError(RuntimeError):
    """A migration left rows that refer to rows which do not exist."""


def script_directory() -> ScriptDirectory:
    """Return the tree of migrations."""
    config = Config()
    config.set_main_option("script_location", str(paths.migrations()))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def head_revision() -> str:
    """Return the newest revision's name."""
    head = script_directory().get_current_head()
    if head is None:
        raise RuntimeError("There are no migrations.")
    return head


def current_revision(engine: Engine) -> str | None:
    """Return the revision that the database stands at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _set_foreign_keys(connection: Connection, *, on: bool) -> None:
    """Turn SQLite's check of references on or off, past SQLAlchemy: inside a transaction it would do nothing."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys={int(on)}")
    (actual,) = cursor.execute("PRAGMA foreign_keys").fetchone()
    cursor.close()
    if actual != int(on):
        raise RuntimeError("PRAGMA foreign_keys was set inside a transaction.")


def _run(engine: Engine, step: Any, destination: str) -> None:
    script = script_directory()
    sqlite = engine.dialect.name == "sqlite"
    environment = EnvironmentContext(Config(), script, fn=step, destination_rev=destination)
    with engine.connect() as connection:
        if sqlite:  # tables are rebuilt: references are checked afterwards, all at once
            _set_foreign_keys(connection, on=False)
        environment.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
        with connection.begin() if not connection.in_transaction() else connection.begin_nested():
            environment.run_migrations()
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() if sqlite else []
            if broken:
                raise BrokenReferencesError(f"Rows refer to rows that are missing: {broken[:5]}")
        connection.commit()
        if sqlite:
            _set_foreign_keys(connection, on=True)


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to `revision`.

    Raises
    ------
    BrokenReferencesError
        If rows would refer to rows that are missing; nothing is changed then.
    """
    script = script_directory()

    def step(current: Any, _context: Any) -> Any:
        return script._upgrade_revs(revision, current)  # noqa: SLF001  # Alembic's documented in-process recipe

    _run(engine, step, revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the database down to `revision`; `base` leaves no tables."""
    script = script_directory()

    def step(current: Any, _context: Any) -> Any:
        return script._downgrade_revs(revision, current)  # noqa: SLF001  # as above

    _run(engine, step, revision)
