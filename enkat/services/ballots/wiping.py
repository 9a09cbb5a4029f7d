"""Making deleted bytes unreadable, as far as each database can."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

PATIENCE_SECONDS = 5.0
_REWRITTEN = ("sealed_ballot", "draft", "receipt")


@dataclass(frozen=True, slots=True)
class Wipe:
    """Whether what was deleted is gone from the database's files, and the sentence that the protocol prints."""

    wiped: bool
    sentence: str


def wipe(session: Session) -> Wipe:
    """Remove deleted rows from the database's own files; call it outside `writing`.

    SQLite deletes with `secure_delete`, so what remains is the write-ahead log, which is emptied here. PostgreSQL keeps
    old versions in its own log and backups: tables are rewritten, yet the guarantee rests on the key's destruction.
    """
    session.commit()
    engine = session.get_bind()
    if not isinstance(engine, Engine):
        engine = engine.engine
    if engine.dialect.name == "sqlite":
        return _empty_log(str(engine.url.database))
    _rewrite(engine)
    return Wipe(
        wiped=False,
        sentence="PostgreSQL: tabellerna är omskrivna. Äldre loggar kan ha kvar låsta valsedlar. "
        "De är oläsliga när nyckeln är förstörd.",
    )


def _empty_log(path: str) -> Wipe:
    with closing(sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)) as connection:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        return Wipe(wiped=False, sentence="Inte rensat: databasen var upptagen, så loggen kunde inte tömmas.")
    return Wipe(wiped=True, sentence="Rensat: raderade rader är överskrivna och loggen är tömd.")


def _rewrite(engine: Engine) -> None:
    """Give all invitations one transaction number and a random order, and drop the space of deleted rows."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("UPDATE invitation SET status = status"))
        connection.execute(text("CLUSTER invitation USING pk_invitation"))
        for table in _REWRITTEN:
            connection.execute(text(f"VACUUM (FULL) {table}"))
