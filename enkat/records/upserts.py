"""Counters: add to a row's numbers, or insert the row, in one statement that two writers can give at once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from enkat.records.base import Base


def add_to(session: Session, model: type[Base], key: Mapping[str, Any], increments: Mapping[str, int]) -> None:
    """Add `increments` to the row with this primary key; a missing row begins at zero. Inside `writing`."""
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} has no table of its own.")
    values = {**key, **increments}
    added = {name: table.c[name] + number for name, number in increments.items()}
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            postgresql.insert(table).values(values).on_conflict_do_update(index_elements=list(key), set_=added)
        )
    else:
        session.execute(sqlite.insert(table).values(values).on_conflict_do_update(index_elements=list(key), set_=added))


def insert_new(session: Session, model: type[Base], values: Mapping[str, Any]) -> bool:
    """Insert a row unless its primary key is there; tell whether it was inserted. Inside `writing`."""
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} has no table of its own.")
    if session.get_bind().dialect.name == "postgresql":
        result = session.execute(postgresql.insert(table).values(values).on_conflict_do_nothing())
    else:
        result = session.execute(sqlite.insert(table).values(values).on_conflict_do_nothing())
    return isinstance(result, CursorResult) and result.rowcount == 1
