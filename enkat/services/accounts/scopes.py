"""What a role is limited to: districts, providers and units by name, and the units that a person answers for."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from enkat.languages import sv_key
from enkat.records.accounts import ScopeKind
from enkat.records.organisations import District, Provider, Unit, UnitPeriod
from enkat.services.accounts.rights import Actor, Right
from enkat.services.faults import Fault

KIND_TEXTS = {ScopeKind.DISTRICT: "Stadsdel", ScopeKind.PROVIDER: "Utförare", ScopeKind.UNIT: "Enhet"}


@dataclass(frozen=True)
class Place:
    """Something that a role can be limited to."""

    kind: ScopeKind
    id: int
    name: str

    @property
    def text(self) -> str:
        """The place in words: `Utförare: Omsorgen AB`."""
        return f"{KIND_TEXTS[self.kind]}: {self.name}"


def places(session: Session, day: date) -> list[Place]:
    """Return what roles may be given for on a day: districts, then providers, then units, by name."""
    holds = (UnitPeriod.valid_from <= day, or_(UnitPeriod.valid_to.is_(None), UnitPeriod.valid_to >= day))
    queries = {
        ScopeKind.DISTRICT: select(District.id, District.name).where(District.valid_to.is_(None)),
        ScopeKind.PROVIDER: select(Provider.id, Provider.name),
        ScopeKind.UNIT: select(UnitPeriod.unit_id, UnitPeriod.name).where(*holds),
    }
    found: list[Place] = []
    for kind, query in queries.items():
        rows = sorted(session.execute(query), key=lambda row: sv_key(row[1]))
        found += [Place(kind, row[0], row[1]) for row in rows]
    return found


def place_names(session: Session) -> dict[tuple[ScopeKind, int], str]:
    """Return the names of all places that roles have ever been given for; a unit has its latest name."""
    names = {(ScopeKind.DISTRICT, row[0]): row[1] for row in session.execute(select(District.id, District.name))}
    names |= {(ScopeKind.PROVIDER, row[0]): row[1] for row in session.execute(select(Provider.id, Provider.name))}
    units = select(UnitPeriod.unit_id, UnitPeriod.name).order_by(UnitPeriod.valid_from)
    return names | {(ScopeKind.UNIT, row[0]): row[1] for row in session.execute(units)}


def place_id(session: Session, kind: ScopeKind, name: str) -> int:
    """Return the place that a file names: a district by name, a provider by organisation number, a unit by code.

    Raises
    ------
    Fault
        If there is none.
    """
    queries = {
        ScopeKind.DISTRICT: select(District.id).where(District.name == name, District.valid_to.is_(None)),
        ScopeKind.PROVIDER: select(Provider.id).where(Provider.organisation_number == name.replace("-", "")),
        ScopeKind.UNIT: select(Unit.id).where(Unit.code == name),
    }
    found = session.scalars(queries[kind]).first()
    if found is None:
        raise Fault(f"{KIND_TEXTS[kind]}: {name} finns inte i registret. Be en administratör om hjälp.")
    return found


def exists(session: Session, kind: ScopeKind, place: int | None) -> bool:
    """Whether there is such a place."""
    model = {ScopeKind.DISTRICT: District, ScopeKind.PROVIDER: Provider, ScopeKind.UNIT: Unit}[kind]
    return place is not None and session.get(model, place) is not None


def own_units(session: Session, actor: Actor, right: Right, day: date) -> list[UnitPeriod]:
    """Return the units that a person answers for on a day by name: one's own, and those of one's provider."""
    units, providers = actor.within(right, ScopeKind.UNIT), actor.within(right, ScopeKind.PROVIDER)
    if not units and not providers:
        return []
    query = select(UnitPeriod).where(
        UnitPeriod.valid_from <= day,
        or_(UnitPeriod.valid_to.is_(None), UnitPeriod.valid_to >= day),
        or_(UnitPeriod.unit_id.in_(units), UnitPeriod.provider_id.in_(providers)),
    )
    return sorted(session.scalars(query), key=lambda period: sv_key(period.name))
