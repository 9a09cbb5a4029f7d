"""Rows as lines of JSON that both databases read back alike. Works on tables as they stand, not on models.

Bytes are `{"b": base64}`, moments `{"t": ISO in UTC}`, days `{"d": ISO}`, JSON columns `{"j": value}`; others plain.
"""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Table, null


def _value(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"b": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return {"t": moment.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return value


def encode(table: Table, row: Mapping[str, Any]) -> str:
    """Return a row as one line, the same for the same values whatever database they came from."""
    values = {
        column.name: {"j": row[column.name]}
        if isinstance(column.type, JSON) and row[column.name] is not None
        else _value(row[column.name])
        for column in table.columns
    }
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _read(value: Any, *, naive: bool) -> Any:
    if not isinstance(value, dict):
        return value
    kind, content = next(iter(value.items()))
    if kind == "b":
        return base64.b64decode(content)
    if kind == "t":
        moment = datetime.fromisoformat(content)
        return moment.replace(tzinfo=None) if naive else moment
    return date.fromisoformat(content) if kind == "d" else content


def decode(table: Table, line: str, *, naive: bool) -> dict[str, Any]:
    """Return the row of a line, ready to be inserted; `naive` for SQLite, which keeps moments without zone."""
    row = {name: _read(value, naive=naive) for name, value in json.loads(line).items()}
    for column in table.columns:
        if isinstance(column.type, JSON) and row[column.name] is None:
            row[column.name] = null()
    return row
