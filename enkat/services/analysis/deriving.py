"""Columns made from others: indicator, sum, index and ratio."""

import numpy as np

from enkat.instruments.faults import FaultLog
from enkat.instruments.missing import Missing
from enkat.services.analysis.columns import FloatArray
from enkat.services.analysis.conditions import Condition, Not, columns_of, holds, read_condition
from enkat.services.analysis.frame import Frame, KindArray
from enkat.services.analysis.scaling import row_index
from enkat.services.analysis.spec import DerivedSection
from enkat.services.faults import Fault


def derive(frame: Frame, name: str, section: DerivedSection) -> None:
    """Add a derived column to a frame; the specification is checked already.

    Raises
    ------
    Fault
        Where a cell that the column is made of is no number.
    """
    if section.kind == "indicator":
        values, kind = _indicator(frame, section)
    elif section.kind == "ratio":
        values, kind = _ratio(frame, section)
    elif section.kind == "sum":
        items = np.column_stack([frame.numbers(item) for item in section.of])
        values, kind = items.sum(axis=1), _first_reason(frame, section.of)
    else:
        values = row_index(frame, section.of, section.scale or [], section.minimum, place=f"[derived.{name}]")
        kind = np.where(np.isnan(values), int(Missing.NOT_ANSWERED), 0).astype(np.int8)
    frame.add(name, values, kind)


def _first_reason(frame: Frame, names: list[str]) -> KindArray:
    """Return the first reason that any of the columns has."""
    kind = np.zeros(frame.rows, dtype=np.int8)
    for name in names:
        kind = np.where(kind == 0, frame.kind(name), kind).astype(np.int8)
    return kind


def _indicator(frame: Frame, section: DerivedSection) -> tuple[FloatArray, KindArray]:
    if section.where is None:
        source = section.of[0]
        return frame.indicator(source, section.values), frame.kind(source)
    condition = condition_of(frame, section)
    met = holds(condition, frame.columns, frame.missing)
    unmet = holds(Not(condition), frame.columns, frame.missing)
    reason = _first_reason(frame, sorted(columns_of(condition)))
    return met.astype(np.float64), np.where(met | unmet, 0, reason).astype(np.int8)


def condition_of(frame: Frame, section: DerivedSection) -> Condition:
    """Return the condition of an indicator; the specification is checked already."""
    condition = read_condition(section.where or {}, frame.columns, FaultLog(""))
    if condition is None:
        raise Fault("Villkoret where kan inte användas.")
    return condition


def _ratio(frame: Frame, section: DerivedSection) -> tuple[FloatArray, KindArray]:
    above, below = str(section.numerator), str(section.denominator)
    divisor = frame.numbers(below)
    kind = _first_reason(frame, [above, below])
    kind = np.where((kind == 0) & (divisor == 0), int(Missing.NOT_ANSWERED), kind).astype(np.int8)
    return frame.numbers(above) / np.where(divisor == 0, np.nan, divisor), kind
