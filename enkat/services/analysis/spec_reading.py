"""Reads a specification part by part, so that every fault of it is told in one run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from enkat.instruments.faults import FaultLog
from enkat.instruments.structure import nearest, parse, read_toml
from enkat.services.analysis.spec import (
    AnalysisSection,
    DataSection,
    DerivedSection,
    DesignSection,
    DisclosureSection,
    MissingSection,
    Spec,
    VariableSection,
    WeightsSection,
)
from enkat.services.faults import Fault

Model = TypeVar("Model", bound=BaseModel)


class SpecFaults(Fault):
    """A specification that cannot be used, with everything that is wrong with it, one fault per line."""

    def __init__(self, log: FaultLog) -> None:
        super().__init__("\n".join(str(fault) for fault in log.faults))
        self.faults = log.faults


def read_spec(path: Path, log: FaultLog) -> Spec | None:
    """Read a specification; parts with faults are left out, and every fault is noted.

    Returns
    -------
    Spec or None
        None where the file cannot be read as TOML.
    """
    raw = read_toml(path, log)
    return None if raw is None else parse_spec(raw, log)


def parse_spec(raw: Mapping[str, Any], log: FaultLog) -> Spec:
    """Put what was read in the models, as far as that goes."""
    for key in raw.keys() - Spec.model_fields.keys():
        meant = nearest(key, Spec.model_fields)
        hint = f"Menade du {meant}?" if meant else f"Tabellerna är {', '.join(Spec.model_fields)}."
        log.about(f"[{key}]").add(f"Tabellen {key} finns inte. {hint}")
    return Spec.model_construct(
        data=_one(DataSection, raw, "data", log),
        design=_one(DesignSection, raw, "design", log),
        missing=_missing(raw, log),
        variables=_many(VariableSection, raw, "variables", log),
        derived=_many(DerivedSection, raw, "derived", log),
        weights=_many(WeightsSection, raw, "weights", log),
        disclosure=_one(DisclosureSection, raw, "disclosure", log),
        analysis=_analyses(raw, log),
    )


def _one(model: type[Model], raw: Mapping[str, Any], name: str, log: FaultLog) -> Model:
    return parse(model, raw.get(name, {}), log.about(f"[{name}]")) or model()


def _missing(raw: Mapping[str, Any], log: FaultLog) -> MissingSection:
    given = raw.get("missing", {})
    table = given if isinstance(given, dict) else {"not_answered": given}
    return parse(MissingSection, table, log.about("[missing]")) or MissingSection()


def _many(model: type[Model], raw: Mapping[str, Any], name: str, log: FaultLog) -> dict[str, Model]:
    tables = raw.get(name, {})
    if not isinstance(tables, dict):
        log.about(f"[{name}]").add(f"Skriv en tabell per namn: [{name}.NAMN].")
        return {}
    found = {key: parse(model, table, log.about(f"[{name}.{key}]")) for key, table in tables.items()}
    return {key: part for key, part in found.items() if part is not None}


def _analyses(raw: Mapping[str, Any], log: FaultLog) -> list[AnalysisSection]:
    tables = raw.get("analysis", [])
    if not isinstance(tables, list) or not tables:
        log.add("Det finns ingen analys. Skriv minst en tabell [[analysis]] med id, verb och variables.")
        return []
    found = []
    for number, table in enumerate(tables, 1):
        name = table.get("id") if isinstance(table, dict) else None
        part = parse(AnalysisSection, table, log.about(analysis_place(number, name)))
        if part is not None:
            found.append(part)
    return found


def analysis_place(number: int, name: object) -> str:
    """Name an analysis in a fault: its number in the file, and its id where it has one."""
    return f"[[analysis]] nr {number}" + (f" ({name})" if isinstance(name, str) else "")
