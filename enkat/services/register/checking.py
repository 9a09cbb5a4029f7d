"""Checks the rows of a staged file against each other and the register, and says what applying would do with each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.clients import client_services, client_values
from enkat.records.imports import ImportKind, RowState
from enkat.records.organisations import District, Provider, Unit, successor_codes, units_with_periods
from enkat.services.register.client_rows import (
    KEPT,
    PERSON_FIELDS,
    ClientRow,
    Person,
    UnitFacts,
    contradictions,
    join_rows,
    parse_client,
)
from enkat.services.register.columns import IDENTITY, columns_by_field
from enkat.services.register.unit_rows import Laid, Period, lay_all, parse_unit

Faults = list[dict[str, str]]


@dataclass
class StagedRow:
    """A row as it is staged: what stands in the file and what the check found."""

    number: int
    cells: dict[str, str]
    left_out: bool = False
    faults: Faults = field(default_factory=list)
    state: RowState = RowState.FAULTY
    identity: str = ""
    protected: bool = False
    search_text: str = ""

    def values(self, batch_id: int) -> dict[str, Any]:
        """Return the columns of the row's record."""
        return {
            "batch_id": batch_id,
            "row_number": self.number,
            "cells": self.cells,
            "faults": self.faults,
            "state": self.state,
            "identity": self.identity,
            "protected": self.protected,
            "search_text": self.search_text,
        }


@dataclass(frozen=True)
class Registered:
    """A person as the register has them."""

    client_id: int
    person: Person
    left_on: date | None

    def says(self, person: Person) -> bool:
        """Whether the register has the person so already, and as present or left as the file."""
        return self.person == person and (self.left_on is not None) == person.has_left


@dataclass
class ClientOutcome:
    """What a file of people means: per reference the person, and what the register has."""

    persons: dict[str, Person]
    registered: dict[str, Registered]


@dataclass
class UnitOutcome:
    """What a file of units means: per code the periods afterwards, and what the register has."""

    periods: dict[str, tuple[Period, ...]]
    existing: dict[str, tuple[Period, ...]]


def unit_facts(units: Iterable[Unit], heirs: Mapping[int, list[str]], today: date) -> dict[str, UnitFacts]:
    """Return what the check of people needs to know of each unit, by code."""
    return {
        unit.code: UnitFacts(
            unit.id,
            any(period.valid_to is None or period.valid_to >= today for period in unit.periods),
            tuple(heirs.get(unit.id, ())),
        )
        for unit in units
    }


def registered_persons(session: Session, references: set[str]) -> dict[str, Registered]:
    """Return people of the register by reference."""
    services: dict[int, set[Any]] = defaultdict(set)
    for client_id, unit_id, service in client_services(session, references):
        services[client_id].add((unit_id, service))
    return {
        row.reference: Registered(row.id, Person(tuple(row[3:]), frozenset(services[row.id])), row.left_on)
        for row in client_values(session, PERSON_FIELDS, references)
    }


def existing_periods(units: Iterable[Unit]) -> dict[str, tuple[Period, ...]]:
    """Return the periods of every unit by code, in order of time."""
    return {
        unit.code: tuple(
            Period(
                valid_from=period.valid_from,
                valid_to=period.valid_to,
                name=period.name,
                provider=period.provider.name,
                organisation_number=period.provider.organisation_number,
                district=period.district.name,
                operating_form=period.operating_form,
                services=frozenset(given.service for given in period.services),
                manager_email=period.manager_email,
            )
            for period in unit.periods
        )
        for unit in units
    }


def _group(rows: Iterable[StagedRow]) -> dict[str, list[StagedRow]]:
    groups: dict[str, list[StagedRow]] = defaultdict(list)
    for row in rows:
        groups[row.identity].append(row)
    return groups


def _identify(kind: ImportKind, mapping: Mapping[str, str], rows: Iterable[StagedRow]) -> None:
    heading = mapping.get(IDENTITY[kind], "")
    for row in rows:
        row.identity = row.cells.get(heading, "")[:200]
        row.faults = []
        row.state = RowState.LEFT_OUT if row.left_out else RowState.FAULTY


def check_clients(session: Session, today: date, mapping: Mapping[str, str], rows: list[StagedRow]) -> ClientOutcome:
    """Check rows of people; sets state, faults, identity, protection and search text of every row.

    `rows` must hold all rows of each person that it holds any of.
    """
    _identify(ImportKind.CLIENTS, mapping, rows)
    facts = unit_facts(units_with_periods(session), successor_codes(session), today)
    registered = registered_persons(session, {row.identity for row in rows if row.identity})
    outcome = ClientOutcome({}, registered)
    for reference, group in _group(rows).items():
        parsed: list[tuple[int, ClientRow]] = []
        for row in group:
            if row.left_out:
                continue
            client, row.faults = parse_client(row.cells, mapping, facts, today.year)
            if client is not None:
                parsed.append((row.number, client))
        for number, faults in contradictions(parsed).items() if len(parsed) > 1 else ():
            next(row for row in group if row.number == number).faults.extend(faults)
        _judge_person(outcome, reference, mapping, group, parsed)
        _hide(mapping, group, known_protected=_is_protected(registered.get(reference)))
    return outcome


def _judge_person(
    outcome: ClientOutcome,
    reference: str,
    mapping: Mapping[str, str],
    group: list[StagedRow],
    parsed: list[tuple[int, ClientRow]],
) -> None:
    kept = [row for row in group if not row.left_out]
    if not parsed or any(row.faults for row in kept):
        for row in kept:
            if not row.faults:  # the other rows of the person wait for the faulty one
                row.state = RowState.CHANGED if reference in outcome.registered else RowState.NEW
        return
    person = join_rows(client for _, client in parsed)
    known = outcome.registered.get(reference)
    if known is not None:
        person = _with_kept_columns(person, known.person, mapping)
    outcome.persons[reference] = person
    state = RowState.NEW
    if known is not None:
        same = known.says(person)
        state = RowState.SAME if same else RowState.CHANGED
    for row in kept:
        row.state = state


def _with_kept_columns(person: Person, known: Person, mapping: Mapping[str, str]) -> Person:
    """Keep what the register has where the file lacks an optional column."""
    values = tuple(
        old if name in KEPT and name not in mapping else new
        for name, new, old in zip(PERSON_FIELDS, person.values, known.values, strict=True)
    )
    return replace(person, values=values)


def _is_protected(known: Registered | None) -> bool:
    return known is not None and bool(known.person.values[PERSON_FIELDS.index("protected")])


def _hide(mapping: Mapping[str, str], group: list[StagedRow], *, known_protected: bool) -> None:
    """Mark the rows of a person whose identity is, or may be, protected; they are found by reference and unit only."""
    heading = mapping.get("protected")
    said = {row.cells.get(heading or "", "").casefold() for row in group} - {"", "nej"}
    protected = known_protected or heading is None or bool(said)
    open_fields = ("reference", "unit") if protected else tuple(mapping)
    for row in group:
        row.protected = protected
        shown = (row.cells.get(mapping[name], "") for name in open_fields if name in mapping)
        row.search_text = " ".join(shown).casefold()


def check_units(session: Session, mapping: Mapping[str, str], rows: list[StagedRow]) -> UnitOutcome:
    """Check all rows of a file of units; sets state, faults, identity and search text of every row."""
    _identify(ImportKind.UNITS, mapping, rows)
    existing = existing_periods(units_with_periods(session))
    parsed: dict[int, Period] = {}
    for row in rows:
        row.search_text = " ".join(row.cells.values()).casefold()
        if row.left_out:
            continue
        read, row.faults = parse_unit(row.cells, mapping)
        if read is not None:
            parsed[row.number] = _with_kept_email(read[1], existing.get(read[0], ()), mapping)
    _check_organisations(session, rows, parsed)
    outcome = UnitOutcome({}, existing)
    for code, group in _group(row for row in rows if not row.left_out).items():
        laid = lay_all(
            existing.get(code, ()), [(row.number, parsed[row.number]) for row in group if row.number in parsed]
        )
        for row in group:
            _judge_unit(row, laid.get(row.number), known=code in existing)
        if laid and not any(row.faults for row in group):
            outcome.periods[code] = laid[max(laid, key=lambda number: (parsed[number].valid_from, number))].periods
    return outcome


def _with_kept_email(period: Period, existing: tuple[Period, ...], mapping: Mapping[str, str]) -> Period:
    if "manager_email" in mapping or not existing:
        return period
    return replace(period, manager_email=existing[-1].manager_email)


def _judge_unit(row: StagedRow, laid: Laid | None, *, known: bool) -> None:
    if laid is not None and laid.fault:
        row.faults.append({"field": "valid_from", "value": "", "sentence": laid.fault})
    if not row.faults and laid is not None:
        row.state = (RowState.CHANGED if laid.changed else RowState.SAME) if known else RowState.NEW


def _check_organisations(session: Session, rows: list[StagedRow], parsed: Mapping[int, Period]) -> None:
    """Refuse a provider with two organisation numbers and a district that has ended."""
    numbers = {
        name: (number, 0) for name, number in session.execute(select(Provider.name, Provider.organisation_number))
    }
    ends = {name: end for name, end in session.execute(select(District.name, District.valid_to)) if end is not None}
    for row in rows:
        period = parsed.get(row.number)
        if period is None:
            continue
        number, first_row = numbers.setdefault(period.provider, (period.organisation_number, row.number))
        if number != period.organisation_number:
            where = f"på rad {first_row}" if first_row else "i registret"
            sentence = (
                f"{period.provider} har organisationsnummer {number[:6]}-{number[6:]} {where}. "
                "Rätta numret, eller ändra det först på utförarens sida."
            )
            fault = {"field": "organisation_number", "value": period.organisation_number, "sentence": sentence}
            row.faults.append(fault)
        end = ends.get(period.district)
        if end is not None and period.valid_from > end:
            sentence = (
                f"Stadsdelen {period.district} upphörde {end}. Ange den stadsdel som gäller från {period.valid_from}."
            )
            row.faults.append({"field": "district", "value": period.district, "sentence": sentence})


def row_label(kind: ImportKind, name: str) -> str:
    """Return a field's heading, or the heading itself where the column is not used."""
    column = columns_by_field(kind).get(name)
    return column.heading if column is not None else name
