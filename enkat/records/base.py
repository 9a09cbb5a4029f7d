"""The typed base of all models: naming convention, column types and the ids of tables that must not tell order."""

import enum
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Enum, LargeBinary, MetaData, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

from enkat.clock import require_aware

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

ID_BYTES = 16


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive moments and store UTC."""
        return None if value is None else require_aware(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return aware UTC on both databases (SQLite drops the zone)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every model."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={datetime: UtcDateTime, bytes: LargeBinary},
    )


def random_id() -> bytes:
    """Return a fresh random 128-bit id that tells neither time nor order."""
    return secrets.token_bytes(ID_BYTES)


def by_value(vocabulary: type[enum.StrEnum], name: str, *, checked: bool = True) -> Enum:
    """Return a column type that stores an enum's values as text under a CHECK named `name`.

    Not `checked`: the table says itself, by `only`, which of the values it takes.
    """

    def values(members: Any) -> list[str]:
        return [member.value for member in members]

    return Enum(vocabulary, name=name, values_callable=values, native_enum=False, create_constraint=checked, length=40)


def only(column: str, values: Iterable[enum.StrEnum]) -> CheckConstraint:
    """Return a CHECK, named as the column, that lets it hold these values and no others."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)


def table_of(model: type[Base]) -> Table:
    """Return a model's table, for statements of plain columns."""
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} has no table of its own.")
    return table
