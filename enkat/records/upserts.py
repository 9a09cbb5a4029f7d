"""Counters: add to a row's numbers, or insert the row, in one statement that two writers can give at once."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from enkat.records.base import Base, table_of


def _insert(dialect: str, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table_of(model)) if dialect == "postgresql" else sqlite.insert(table_of(model))


@lru_cache
def _adding(dialect: str, model: type[Base], key: tuple[str, ...], counters: tuple[str, ...]) -> Any:
    statement, column = _insert(dialect, model), table_of(model).c
    added = {name: column[name] + statement.excluded[name] for name in counters}
    return statement.on_conflict_do_update(index_elements=key, set_=added)


@lru_cache
def _inserting(dialect: str, model: type[Base]) -> Any:
    return _insert(dialect, model).on_conflict_do_nothing()


def add_to(session: Session, model: type[Base], key: Mapping[str, Any], increments: Mapping[str, int]) -> None:
    """Add `increments` to the row with this primary key; a missing row begins at zero. Inside `writing`."""
    statement = _adding(session.get_bind().dialect.name, model, tuple(key), tuple(increments))
    session.connection().execute(statement, {**key, **increments})


def insert_new(session: Session, model: type[Base], values: Mapping[str, Any]) -> bool:
    """Insert a row unless its primary key is there; tell whether it was inserted. Inside `writing`."""
    statement = _inserting(session.get_bind().dialect.name, model)
    inserted: int = session.connection().execute(statement, values).rowcount
    return inserted == 1
