"""One valid row for every table, made from the models' own types: for tests that need data everywhere at once."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Date, Enum, Float, Integer, LargeBinary, String, Table, insert

from enkat.records.base import UtcDateTime
from enkat.records.metadata import metadata

DAY = date(2026, 9, 1)
MOMENT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
NUMBER = 5
"""Satisfies every lower limit among the CHECKs."""

SPECIAL: dict[tuple[str, str], Any] = {
    ("audit_head", "id"): 1,
    ("client", "birth_year"): 1940,
    ("concern", "received_on"): DAY,
    ("dialogue", "feedback_on"): DAY,
    ("provider", "organisation_number"): "5560360793",
    ("role_grant", "scope_id"): None,
    ("external_figure", "district_id"): None,
    ("external_figure", "share"): 0.5,
    ("historic_figure", "district_id"): None,
    ("historic_figure", "share"): 0.5,
    ("survey_round", "provider_id"): None,
    ("target", "district_id"): None,
    ("target", "unit_id"): None,
}
TWO_OF = {"district", "unit"}
"""Tables with two rows, so that one can succeed the other."""


def _value(column: Column[Any], rows: dict[str, list[dict[str, Any]]], turn: int) -> Any:
    table = column.table.name
    if (table, column.name) in SPECIAL:
        return SPECIAL[table, column.name]
    for key in column.foreign_keys:
        others = rows.get(key.column.table.name)
        if others is None:
            return None
        row = others[-1] if column.name == "successor_id" else others[0]
        return row[key.column.name]
    if column.nullable:
        return None
    return _by_type(column, turn)


def _by_type(column: Column[Any], turn: int) -> Any:
    kind = column.type
    if isinstance(kind, Enum):
        return kind.enums[0]
    if isinstance(kind, String):
        return f"{turn}{column.name}"[: kind.length]
    if isinstance(kind, Integer):
        return turn if column.primary_key else NUMBER
    plain = {LargeBinary: bytes([turn]) * 16, UtcDateTime: MOMENT, JSON: {}, Boolean: False, Date: DAY, Float: 0.5}
    return next(value for type_, value in plain.items() if isinstance(kind, type_))


def fill(connection: Connection) -> dict[str, int]:
    """Write a row in every table and return how many each has now."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for table in metadata.sorted_tables:
        made = [_row(table, rows, turn) for turn in range(1, 3 if table.name in TWO_OF else 2)]
        connection.execute(insert(table), made)
        rows[table.name] = made
    return {name: len(made) for name, made in rows.items()}


def _row(table: Table, rows: dict[str, list[dict[str, Any]]], turn: int) -> dict[str, Any]:
    return {column.name: _value(column, rows, turn) for column in table.columns}
