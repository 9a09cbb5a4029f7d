"""Units in a register file: rows become periods of units, laid over the periods that the register has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from enkat.instruments.vocabulary import ServiceType
from enkat.records.imports import ImportKind
from enkat.records.organisations import OperatingForm
from enkat.services.register.columns import columns_by_field
from enkat.services.register.values import Reader

COLUMNS: Final = columns_by_field(ImportKind.UNITS)


@dataclass(frozen=True)
class Period:
    """What a unit was from a day to a day (inclusive, None = still)."""

    valid_from: date
    valid_to: date | None
    name: str
    provider: str
    organisation_number: str
    district: str
    operating_form: OperatingForm
    services: frozenset[ServiceType]
    manager_email: str | None

    def same_content(self, other: "Period") -> bool:
        """Whether everything but the days is equal."""
        return replace(self, valid_from=other.valid_from, valid_to=other.valid_to) == other


@dataclass(frozen=True)
class Laid:
    """A unit's periods after a row was laid over them."""

    periods: tuple[Period, ...]
    changed: bool
    fault: str = ""


def parse_unit(
    cells: Mapping[str, str], mapping: Mapping[str, str]
) -> tuple[tuple[str, Period] | None, list[dict[str, str]]]:
    """Return a row as a unit's code and period, or None and every fault."""
    reader = Reader(COLUMNS, mapping, cells)
    reader.check_unused()
    code = reader.text("code")
    read: dict[str, Any] = {
        "name": reader.text("name"),
        "provider": reader.text("provider"),
        "organisation_number": reader.organisation_number(),
        "operating_form": reader.operating_form(),
        "district": reader.text("district"),
        "services": reader.services(),
        "valid_from": reader.day("valid_from"),
        "valid_to": reader.day("valid_to", may_be_empty=True),
        "manager_email": reader.matching("manager_email", "namn@exempel.se") if "manager_email" in mapping else None,
    }
    start, end = read["valid_from"], read["valid_to"]
    if start is not None and end is not None and end < start:
        reader.refuse("valid_to", str(end), f"Giltig till ({end}) ligger före Giltig från ({start}). Rätta ett av dem.")
    if reader.faults:
        return None, reader.faults
    return (code, Period(**read)), []


def lay(existing: tuple[Period, ...], row: Period) -> Laid:
    """Lay a row over a unit's periods.

    The same first day corrects that period. A later one ends the last period the day before and begins a new one,
    unless nothing but the day differs. An earlier one contradicts the register and is a fault.
    """
    same_start = next((period for period in existing if period.valid_from == row.valid_from), None)
    if same_start is not None:
        end = row.valid_to if row.valid_to is not None else same_start.valid_to
        corrected = replace(row, valid_to=end)
        later = [period for period in existing if period.valid_from > row.valid_from]
        if later and (end is None or end >= later[0].valid_from):
            return Laid(existing, changed=False, fault=_overlap(row, later[0]))
        periods = tuple(corrected if period is same_start else period for period in existing)
        return Laid(periods, changed=corrected != same_start)
    if not existing:
        return Laid((row,), changed=True)
    last = existing[-1]
    if row.valid_from < last.valid_from:
        return Laid(existing, changed=False, fault=_overlap(row, last))
    covers = last.valid_to is None or last.valid_to >= row.valid_from
    if covers and last.same_content(row) and row.valid_to in {None, last.valid_to}:
        return Laid(existing, changed=False)
    if covers and last.same_content(row):
        return Laid((*existing[:-1], replace(last, valid_to=row.valid_to)), changed=True)
    ended = replace(last, valid_to=row.valid_from - timedelta(days=1)) if covers else last
    return Laid((*existing[:-1], ended, row), changed=True)


def _overlap(row: Period, other: Period) -> str:
    return (
        f"Registret har uppgifter om enheten från {other.valid_from}, och raden gäller från {row.valid_from}. "
        "Rätta datumet, eller lämna raden utanför."
    )


def lay_all(existing: tuple[Period, ...], rows: Iterable[tuple[int, Period]]) -> dict[int, Laid]:
    """Lay a file's rows of one unit over its periods by their first day; return the outcome of each row number."""
    outcome: dict[int, Laid] = {}
    seen: dict[date, tuple[int, Period]] = {}
    periods = existing
    for number, row in sorted(rows, key=lambda item: (item[1].valid_from, item[0])):
        twin = seen.setdefault(row.valid_from, (number, row))
        if twin[1] != row:
            sentence = (
                f"Rad {twin[0]} och rad {number} gäller samma enhet och dag men har olika uppgifter. "
                "Rätta den som är fel, eller lämna en av raderna utanför."
            )
            outcome[number] = Laid(periods, changed=False, fault=sentence)
            outcome[twin[0]] = replace(outcome[twin[0]], fault=sentence)
            continue
        outcome[number] = lay(periods, row)
        periods = outcome[number].periods
    return outcome
