"""`writing(session)`: the one way to write; `write_once` where one statement is all that is written.

SQLite's busy handler is unfair: a writer can starve for seconds. A first-come-first-served lock in the process and a
file lock between processes, both taken before BEGIN IMMEDIATE, keep each wait short. PostgreSQL needs neither.
"""

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import UpdateBase
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from enkat.records.engine import BUSY_TIMEOUT_SECONDS, LONE_OPTION, WRITE_OPTION

_DEPTH = "enkat_writing_depth"
_POLL_SECONDS = 0.001


class DatabaseBusyError(RuntimeError):
    """Another writer kept the database for longer than anybody should wait."""


class UnsavedChangesError(RuntimeError):
    """Objects were changed before `writing` was entered."""


class _QueueLock:
    """A lock that serves threads in the order they came."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._held = False

    def acquire(self, timeout: float) -> bool:
        with self._guard:
            if not self._held:
                self._held = True
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(timeout):
            return True
        with self._guard:
            if turn.is_set():  # the turn came while giving up
                return True
            self._waiting.remove(turn)
            return False

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False


_queues: dict[str, _QueueLock] = {}
_queues_guard = threading.Lock()


def _queue_for(database: str) -> _QueueLock:
    with _queues_guard:
        return _queues.setdefault(database, _QueueLock())


@contextmanager
def _file_lock(path: Path, deadline: float) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise DatabaseBusyError("The database is locked by another process.") from None
                time.sleep(_POLL_SECONDS)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _turn(session: Session) -> Iterator[None]:
    """Hold this process's and this machine's turn to write."""
    bind: Any = session.get_bind()
    database = bind.engine.url.database
    if bind.dialect.name != "sqlite" or database in {None, "", ":memory:"}:
        yield
        return
    deadline = time.monotonic() + BUSY_TIMEOUT_SECONDS
    queue = _queue_for(os.path.realpath(database))
    if not queue.acquire(BUSY_TIMEOUT_SECONDS):
        raise DatabaseBusyError("The database is busy with other writers.")
    try:
        with _file_lock(Path(f"{database}-writer.lock"), deadline):
            yield
    finally:
        queue.release()


@contextmanager
def _told_as_busy() -> Iterator[None]:
    """Tell of a lock that did not come free in time as of a busy database."""
    try:
        yield
    except OperationalError as error:
        said = str(getattr(error.orig, "sqlstate", "") or getattr(error.orig, "sqlite_errorname", ""))
        if said == "55P03" or said.startswith("SQLITE_BUSY"):
            raise DatabaseBusyError("Another writer holds a lock.") from None
        raise


@contextmanager
def writing(session: Session) -> Iterator[Session]:
    """Write in one durable transaction: commit at the end, roll back on an exception.

    A read transaction that is open is ended first and everything read is fetched anew, so decisions rest on what holds
    now. A `writing` inside another joins it.

    Raises
    ------
    UnsavedChangesError
        If objects of the session were changed outside `writing`.
    DatabaseBusyError
        If the turn to write did not come in time; nothing was written.
    """
    if session.info.get(_DEPTH):
        yield session
        return
    if session.new or session.dirty or session.deleted:
        raise UnsavedChangesError("Objects were changed before writing began.")
    session.commit()
    session.expire_all()
    with _told_as_busy(), _turn(session):
        session.info[_DEPTH] = 1
        try:
            session.connection(execution_options={WRITE_OPTION: True})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop(_DEPTH, None)


def write_once(session: Session, statement: UpdateBase, values: Mapping[str, Any]) -> int:
    """Write by one statement, durably when this returns, and return how many rows it changed.

    A statement that checks for itself what it rests on needs no transaction around it: on PostgreSQL that is one round
    trip instead of three, on SQLite the turn to write is held for as long as the statement takes. A session that has
    begun to read or write is left to `writing`.
    """
    if session.in_transaction():
        with writing(session):
            return session.connection().execute(statement, values).rowcount
    engine: Any = session.get_bind()
    with _told_as_busy(), _turn(session), engine.connect() as connection:
        result = connection.execution_options(**{LONE_OPTION: True}).execute(statement, values)
        return int(result.rowcount)
