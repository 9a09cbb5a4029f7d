"""Engines and sessions for SQLite and PostgreSQL, with the settings that data safety rests on."""

import time
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session, sessionmaker

BUSY_TIMEOUT_SECONDS = 20
WRITE_OPTION = "enkat_write"
LONE_OPTION = "enkat_lone"
"""Execution options of a connection: its transaction is to write; its one statement needs no transaction around it."""

REST_SECONDS = 5.0
_RESTING_SINCE = "enkat_resting_since"

SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: an acknowledged answer survives a power cut
    "foreign_keys": 1,
    "secure_delete": 1,
    "busy_timeout": BUSY_TIMEOUT_SECONDS * 1000,
}


class UnsafeDatabaseError(RuntimeError):
    """The database did not take a setting that data safety rests on."""


def _set_up_sqlite(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None  # transactions are begun by _begin_sqlite
    cursor = dbapi_connection.cursor()
    for name, value in SQLITE_PRAGMAS.items():
        cursor.execute(f"PRAGMA {name}={value}")
        (actual,) = cursor.execute(f"PRAGMA {name}").fetchone()
        if actual != value:
            raise UnsafeDatabaseError(f"PRAGMA {name} is {actual!r}, must be {value!r}.")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(LONE_OPTION):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITE_OPTION) else "BEGIN")


def _begin_postgres(connection: Connection) -> None:
    options = connection.get_execution_options()
    left_to_driver = "isolation_level" in options or not connection.connection.autocommit
    if not left_to_driver and not options.get(LONE_OPTION):
        connection.exec_driver_sql("BEGIN")


def _note_rest(_dbapi_connection: Any, record: Any) -> None:
    record.info[_RESTING_SINCE] = time.monotonic()


def _ping_after_rest(engine: Engine) -> Any:
    """Return a check of connections that have rested: a database that was restarted is met by no request.

    A ping at every checkout would be a fifth of a page's time; one that was used a moment ago needs none.
    """

    def check(dbapi_connection: Any, record: Any, _proxy: Any) -> None:
        rested = time.monotonic() - record.info.get(_RESTING_SINCE, time.monotonic())
        if rested <= REST_SECONDS:
            return
        try:
            engine.dialect.do_ping(dbapi_connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError("The connection ended while it rested.") from error

    return check


def prepare_engine(engine: Engine) -> Engine:
    """Attach to `engine` how transactions begin, and the SQLite settings or the check of rested connections."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgres)
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", _ping_after_rest(engine))
    return engine


def engine_options(url: str) -> dict[str, Any]:
    """Return `create_engine` options for `url`. Values never stand in an error message: it may reach a log."""
    common: dict[str, Any] = {"hide_parameters": True}
    if make_url(url).get_backend_name() == "sqlite":
        return common | {"connect_args": {"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False}}
    # transactions are begun by _begin_postgres; as with SQLite, nobody waits for a lock for ever
    waiting = f"-c lock_timeout={BUSY_TIMEOUT_SECONDS * 1000}"
    return common | {"connect_args": {"autocommit": True, "options": waiting}}


def make_engine(url: str) -> Engine:
    """Return an engine for `url` with all safety settings."""
    return prepare_engine(create_engine(url, **engine_options(url)))


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Return a session factory. Objects stay readable after commit."""
    return sessionmaker(engine, expire_on_commit=False)
