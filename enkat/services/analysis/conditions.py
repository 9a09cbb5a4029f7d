"""Conditions on rows: structured data as in instruments, three-valued on what is missing, never evaluated as code."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from enkat.instruments.faults import FaultLog
from enkat.instruments.structure import nearest
from enkat.services.analysis.columns import BoolArray, Column, matches

OPERATORS: Final = ("all", "any", "not", "in", "answered")
_IN_KEYS: Final = {"column", "values"}

Missing = Callable[[str], BoolArray]
"""Tells of every row whether a column has no answer there."""


@dataclass(frozen=True, slots=True)
class In:
    """The column holds one of some values; unknown where it is missing."""

    column: str
    values: tuple[float | str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """The column holds an answer."""

    column: str


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold; the opposite of unknown is unknown."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple["Condition", ...]


Condition = In | Answered | Not | All | AnyOf


def read_condition(table: Mapping[str, Any], columns: Mapping[str, Column], log: FaultLog) -> Condition | None:
    """Return a condition as it was meant; None and faults where it cannot be understood.

    Several keys in one table must all hold. A key that is no operator is a column, with the value or values it may
    hold.
    """
    parts = [_part(key, value, columns, log) for key, value in table.items()]
    if not parts:
        log.add("Villkoret where är tomt.")
        return None
    known = tuple(part for part in parts if part is not None)
    if len(known) < len(parts):
        return None
    return known[0] if len(known) == 1 else All(known)


def _part(key: str, value: Any, columns: Mapping[str, Column], log: FaultLog) -> Condition | None:
    if key in {"all", "any"}:
        return _several(key, value, columns, log)
    if key == "not":
        part = read_condition(value, columns, log) if _is_table(key, value, log) else None
        return None if part is None else Not(part)
    if key == "answered":
        return Answered(value) if _known(value, columns, log) else None
    if key != "in":
        return _in(key, value, columns, log)
    if not _is_table(key, value, log):
        return None
    for wrong in value.keys() - _IN_KEYS:
        meant = nearest(wrong, _IN_KEYS)
        log.add(
            f"Nyckeln where.in.{wrong} finns inte. " + (f"Menade du {meant}?" if meant else "Skriv column, values.")
        )
    for lacking in sorted(_IN_KEYS - value.keys()):
        log.add(f"Nyckeln where.in.{lacking} saknas. Lägg till den.")
    return _in(value["column"], value["values"], columns, log) if value.keys() == _IN_KEYS else None


def _several(key: str, value: Any, columns: Mapping[str, Column], log: FaultLog) -> Condition | None:
    if not isinstance(value, list) or not value or not all(isinstance(part, dict) for part in value):
        log.add(f"Värdet för where.{key} ska vara en lista med villkor.")
        return None
    parts = [read_condition(part, columns, log) for part in value]
    known = tuple(part for part in parts if part is not None)
    if len(known) < len(parts):
        return None
    return All(known) if key == "all" else AnyOf(known)


def _is_table(key: str, value: Any, log: FaultLog) -> bool:
    if isinstance(value, dict):
        return True
    log.add(f"Värdet för where.{key} ska vara ett villkor inom klammer.")
    return False


def _in(column: Any, values: Any, columns: Mapping[str, Column], log: FaultLog) -> Condition | None:
    listed = values if isinstance(values, list) else [values]
    if not listed or not all(isinstance(value, int | float | str) for value in listed):
        log.add(f"Värdena för {column} i where ska vara text eller tal.")
        return None
    return In(column, tuple(listed)) if _known(column, columns, log) else None


def _known(column: Any, columns: Mapping[str, Column], log: FaultLog) -> bool:
    if column in columns:
        return True
    meant = nearest(str(column), [*columns, *OPERATORS])
    log.add(f"Kolumnen {column} i where finns inte." + (f" Menade du {meant}?" if meant else ""))
    return False


def columns_of(condition: Condition) -> frozenset[str]:
    """Return the columns that a condition rests on."""
    match condition:
        case In(column, _) | Answered(column):
            return frozenset({column})
        case Not(part):
            return columns_of(part)
        case All(parts) | AnyOf(parts):
            return frozenset().union(*(columns_of(part) for part in parts))


def holds(condition: Condition, columns: Mapping[str, Column], missing: Missing) -> BoolArray:
    """Say of every row whether the condition is known to hold."""
    return _evaluate(condition, columns, missing)[0]


def _evaluate(condition: Condition, columns: Mapping[str, Column], missing: Missing) -> tuple[BoolArray, BoolArray]:
    """Return which rows are known to meet the condition, and which are known not to."""
    match condition:
        case In(column, values):
            found = columns[column].where(_any_matches(level, values) for level in columns[column].levels)
            known = ~missing(column)
            return found & known, ~found & known
        case Answered(column):
            known = ~missing(column)
            return known, ~known
        case Not(part):
            met, unmet = _evaluate(part, columns, missing)
            return unmet, met
        case All(parts):
            pairs = [_evaluate(part, columns, missing) for part in parts]
            return _every(met for met, _ in pairs), ~_every(~unmet for _, unmet in pairs)
        case AnyOf(parts):
            pairs = [_evaluate(part, columns, missing) for part in parts]
            return ~_every(~met for met, _ in pairs), _every(unmet for _, unmet in pairs)


def _every(masks: Any) -> BoolArray:
    return np.asarray(np.logical_and.reduce(list(masks)), dtype=np.bool_)


def _any_matches(level: str, values: Sequence[float | str]) -> bool:
    return any(matches(level, value) for value in values)
