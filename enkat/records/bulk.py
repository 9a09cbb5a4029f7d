"""Writing many rows of one table: everything is made ready outside the write lock, inside it only the driver works."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ClauseElement
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Prepared:
    """A statement as the driver takes it, with a set of values per row."""

    statement: str
    values: list[Any]

    def run(self, session: Session) -> None:
        """Write the rows; call it inside `writing`."""
        if self.values:
            session.connection().exec_driver_sql(self.statement, self.values)


def prepare(
    session: Session, statement: ClauseElement, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Prepared:
    """Make a statement ready for many rows.

    Parameters
    ----------
    statement
        An insert, update or delete whose parameters bear `names`.
    names
        What each value of a row stands for.
    rows
        Values in the order of `names`: text, numbers, truth values, enums by value, or None. Dates are not taken, as
        drivers write them differently.
    """
    compiled: Any = statement.compile(dialect=session.get_bind().dialect, column_keys=list(names))
    plain = [[value.value if isinstance(value, enum.Enum) else value for value in row] for row in rows]
    text = str(compiled)
    if compiled.positional:
        order = [names.index(name) for name in compiled.positiontup or ()]
        if order != list(range(len(names))):
            return Prepared(text, [tuple(row[place] for place in order) for row in plain])
        return Prepared(text, [tuple(row) for row in plain])
    return Prepared(text, [dict(zip(names, row, strict=True)) for row in plain])
