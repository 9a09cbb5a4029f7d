"""`read_row(session, …)`: what a page needs in one row, by one statement without a transaction around it.

A single statement is a transaction of its own. BEGIN and ROLLBACK would be two round trips more on PostgreSQL, and the
driver forgets at each ROLLBACK which statements it had prepared.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from enkat.records.engine import LONE_OPTION


def _run(connection: Connection, statement: Select[Any], values: Mapping[str, Any]) -> Row[Any] | None:
    return connection.execute(statement, values).one_or_none()


def read_row(session: Session, statement: Select[Any], values: Mapping[str, Any]) -> Row[Any] | None:
    """Return the one row of a named statement as it is now; None without any.

    A session that is in a transaction reads in it. A connection that has ended meanwhile is met by no page: since
    nothing was changed, the statement is given once more on a new one.
    """
    if session.in_transaction():
        return _run(session.connection(), statement, values)
    engine: Any = session.get_bind()
    for last in (False, True):
        try:
            with engine.connect() as connection:
                return _run(connection.execution_options(**{LONE_OPTION: True}), statement, values)
        except DBAPIError as error:
            if last or not error.connection_invalidated:
                raise
    return None
