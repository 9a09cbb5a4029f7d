"""A plan as a TOML file: the fields of `RoundPlan`, with instruments and samples as tables."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.instruments.vocabulary import ServiceType
from enkat.records.organisations import Provider, Unit
from enkat.services.faults import Fault
from enkat.services.rounds.finding import RoundFaults
from enkat.services.rounds.planning import RoundPlan

_PLAN = TypeAdapter(with_config(ConfigDict(extra="forbid"))(RoundPlan))
_KNOWN = {item.name for item in fields(RoundPlan)}


def _sentences(error: ValidationError) -> Iterator[str]:
    for fault in error.errors():
        name = str(fault["loc"][0]) if fault["loc"] else "planen"
        yield {
            "missing": f"Fältet {name} saknas.",
            "extra_forbidden": f"Fältet {name} finns inte. Kontrollera stavningen.",
            "unexpected_keyword_argument": f"Fältet {name} finns inte. Kontrollera stavningen.",
        }.get(fault["type"], f"Värdet i fältet {name} går inte att läsa.")


def _units_by_code(session: Session, sizes: Mapping[str, Any], field: str) -> dict[int, Any]:
    known: dict[str, int] = dict(session.execute(select(Unit.code, Unit.id).where(Unit.code.in_(list(sizes)))).all())
    unknown = sorted(set(sizes) - set(known))
    if unknown:
        raise Fault(f"Enheten {unknown[0]} finns inte i registret.", field)
    return {known[code]: size for code, size in sizes.items()}


def _provider(session: Session, name: str) -> int:
    found = session.scalar(select(Provider.id).where(Provider.name == name))
    if found is None:
        raise Fault(f"Utföraren {name} finns inte i registret.", "provider")
    return found


def plan_from_values(session: Session, values: Mapping[str, Any]) -> RoundPlan:
    """Return a plan from plain values.

    `instruments` maps services to instruments, `sample_sizes` and `handouts` unit codes to their values; `provider` is
    the name of the one whose own survey it is.

    Raises
    ------
    RoundFaults
        A sentence for every field that is missing, unknown or unreadable.
    """
    made = dict(values)
    if isinstance(made.get("instruments"), Mapping):
        services = {service.label: service.value for service in ServiceType}
        made["instruments"] = [(services.get(name, name), value) for name, value in made["instruments"].items()]
    for name in ("sample_sizes", "handouts"):
        if isinstance(made.get(name), Mapping):
            made[name] = _units_by_code(session, made[name], name)
    if "provider" in made:
        made["provider_id"] = _provider(session, str(made.pop("provider")))
    try:
        return _PLAN.validate_python(made)
    except ValidationError as error:
        raise RoundFaults("Planen går inte att läsa.", list(_sentences(error))) from None


def read_plan(session: Session, path: Path) -> RoundPlan:
    """Return the plan that a TOML file holds; see `plan_from_values`."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Fault(f"{path.name} är ingen TOML-fil: {error}") from error
    return plan_from_values(session, values)
