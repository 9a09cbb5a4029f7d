"""Loads the demo city's register the way the city does: files staged, applied whole, successions recorded."""

from datetime import date
from importlib.resources import files

from sqlalchemy.orm import Session

from enkat.demo.cities import EARLIER, CityPlan
from enkat.demo.place import MovingClock
from enkat.demo.population import Population
from enkat.demo.register_files import clients_file, units_file
from enkat.records.imports import ImportKind
from enkat.services.register.applying import ImportSummary, apply_import
from enkat.services.register.staging import stage_file
from enkat.services.register.successions import record_succession


def register_file(city: CityPlan, people: Population, kind: ImportKind) -> tuple[str, bytes]:
    """Return name and content of an export: the file that ships with the package, or made from the seed."""
    part = "enheter" if kind is ImportKind.UNITS else "brukare"
    name = f"{city.name}_{people.year}_{part}.csv"
    shipped = files("enkat.demo") / "data" / name
    if shipped.is_file():
        return name, shipped.read_bytes()
    made = units_file(city, people.year) if kind is ImportKind.UNITS else clients_file(city, people)
    return name, made


def load_register(
    session: Session, clock: MovingClock, city: CityPlan, people: Population, *, account_id: int | None
) -> ImportSummary:
    """Load units and people of a year; whoever is missing in the file has left. Return what happened with the people.

    Raises
    ------
    Fault
        If a row is faulty.
    """

    def load(kind: ImportKind, *, complete: bool) -> ImportSummary:
        name, content = register_file(city, people, kind)
        batch = stage_file(
            session,
            clock,
            kind=kind,
            file_name=name,
            content=content,
            account_id=account_id,
            complete_list=complete,
        )
        return apply_import(session, clock, batch.id, account_id)

    load(ImportKind.UNITS, complete=False)
    if people.year != EARLIER:
        for succession in city.successions:
            record_succession(
                session,
                clock,
                succession.predecessors,
                succession.successors,
                succession.happened_on,
                succession.kind,
                account_id=account_id,
            )
        load(ImportKind.UNITS, complete=True)
    return load(ImportKind.CLIENTS, complete=True)


def loaded_on(year: int) -> date:
    """Return the day on which a year's files are loaded."""
    return date(year, 2, 15)
