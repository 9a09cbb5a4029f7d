"""People in a register file: rows become persons, and rows that contradict each other are refused."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from enkat.instruments.vocabulary import ServiceType
from enkat.records.imports import ImportKind
from enkat.services.register.columns import columns_by_field
from enkat.services.register.values import Reader

COLUMNS: Final = columns_by_field(ImportKind.CLIENTS)
KEPT: Final = frozenset({"phone", "email"})
"""What the register keeps where a file lacks the column."""
OPTIONAL: Final = KEPT | {"left_reason"}
"""Where an empty value does not contradict another row's."""


@dataclass(frozen=True)
class UnitFacts:
    """What the check of people needs to know of a unit."""

    unit_id: int
    is_open: bool
    successors: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClientRow:
    """A row without faults."""

    person: dict[str, Any]
    """The columns of the register's person, by name."""
    services: frozenset[tuple[int, ServiceType]]


@dataclass(frozen=True)
class Person:
    """A person with all services, from one or several rows or from the register."""

    values: tuple[Any, ...]
    """In the order of `PERSON_FIELDS`."""
    services: frozenset[tuple[int, ServiceType]]

    @property
    def has_left(self) -> bool:
        """Whether a file says that the person is no longer in the register."""
        return self.values[_LEFT] is not None


PERSON_FIELDS: Final = (
    "name",
    "address",
    "postal_code",
    "town",
    "sex",
    "birth_year",
    "language",
    "contact_channel",
    "phone",
    "email",
    "protected",
    "left_reason",
)
_LEFT: Final = PERSON_FIELDS.index("left_reason")

_values = itemgetter(*PERSON_FIELDS)


def _unit(reader: Reader, units: Mapping[str, UnitFacts]) -> UnitFacts | None:
    code = reader.text("unit")
    if not code:
        return None
    facts = units.get(code)
    if facts is None:
        other = next((known for known in units if known.casefold() == code.casefold()), None)
        remedy = f"Menas {other}?" if other else "Läs in enheten först, eller rätta koden."
        reader.refuse("unit", code, f"Enheten ”{code}” finns inte i registret. {remedy}")
        return None
    if not facts.is_open:
        heirs = f" Den efterträddes av {', '.join(facts.successors)}." if facts.successors else ""
        reader.refuse("unit", code, f"Enheten {code} är stängd.{heirs} Ange den enhet som personen har nu.")
        return None
    return facts


def parse_client(
    cells: Mapping[str, str], mapping: Mapping[str, str], units: Mapping[str, UnitFacts], this_year: int
) -> tuple[ClientRow | None, list[dict[str, str]]]:
    """Return a row as a person with services, or None and every fault."""
    reader = Reader(COLUMNS, mapping, cells)
    reader.check_unused()
    reference = reader.text("reference")
    protected = reader.protected()
    bare = bool(protected)  # the address of a protected person may stand elsewhere
    person: dict[str, Any] = {
        "reference": reference,
        "name": reader.text("name"),
        "address": reader.text("address", may_be_empty=bare),
        "postal_code": reader.postal_code(may_be_empty=bare),
        "town": reader.text("town", may_be_empty=bare),
        "sex": reader.sex(),
        "birth_year": reader.birth_year(this_year),
        "language": reader.language(),
        "contact_channel": reader.contact_channel(),
        "phone": reader.matching("phone", "070-123 45 67") if "phone" in mapping else None,
        "email": reader.matching("email", "namn@exempel.se") if "email" in mapping else None,
        "protected": protected,
        "left_reason": reader.left_reason() if "left_reason" in mapping else None,
    }
    facts = _unit(reader, units)
    services = reader.services()
    if reader.faults or facts is None:
        return None, reader.faults
    return ClientRow(person, frozenset((facts.unit_id, service) for service in services)), []


def contradictions(rows: Iterable[tuple[int, ClientRow]]) -> dict[int, list[dict[str, str]]]:
    """Return the fault of each row that tells something else of a person than another row, by row number.

    Several rows are right when only unit and services differ.
    """
    rows = list(rows)
    found: dict[int, list[dict[str, str]]] = {}
    for number, row in rows:
        for other, theirs in rows:
            fields = [field for field in PERSON_FIELDS if _differ(field, row.person[field], theirs.person[field])]
            if fields:
                headings = ", ".join(COLUMNS[field].heading for field in fields)
                sentence = (
                    f"Rad {number} och rad {other} har samma Personref men olika uppgift i {headings}. "
                    "Rätta den rad som är fel, eller lämna den utanför."
                )
                found[number] = [{"field": fields[0], "value": "", "sentence": sentence}]
                break
    return found


def _differ(field: str, one: Any, other: Any) -> bool:
    return bool(one != other and not (field in OPTIONAL and None in {one, other}))


def join_rows(rows: Iterable[ClientRow]) -> Person:
    """Return the person that agreeing rows tell of."""
    first, *others = rows
    values: tuple[Any, ...] = _values(first.person)
    if not others:
        return Person(values, first.services)
    for other in others:
        pairs = zip(values, _values(other.person), strict=True)
        values = tuple(theirs if mine is None else mine for mine, theirs in pairs)
    return Person(values, first.services.union(*(other.services for other in others)))
