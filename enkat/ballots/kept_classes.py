"""Kept classes: how finely the answers of a unit may be told apart so that no class has under five of them.

A class covers all that others may know about who answered: service, age group, sex and who answered. Cells under five
join, in order: the next age group, the other sex, another service, proxy with self. Answers given with the provider's
staff never join others. What is under five in a whole unit loses the unit's id and joins the small units of the
district, then of the city; under five there too, the answers are not kept and their number is reported.

Joining depends on the counts only: never on the order in which ballots or cells are given.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from enkat.ballots.vocabulary import AgeGroup, KeptLevel, KeptWho, Sex
from enkat.instruments.vocabulary import ServiceType

FLOOR = 5
"""The least number of ballots in a kept class."""

_SERVICES = {service: position for position, service in enumerate(ServiceType)}
_SEXES = {sex: position for position, sex in enumerate(Sex)}
_AGES = {age: position for position, age in enumerate(AgeGroup)}


@dataclass(frozen=True, slots=True)
class RegisterCell:
    """What others may know about a ballot. `who` is never ``SELF_OR_PROXY`` here."""

    unit_id: str
    district_id: str
    service: ServiceType
    sex: Sex
    age_group: AgeGroup
    who: KeptWho


@dataclass(frozen=True, slots=True)
class KeptClassKey:
    """A kept class: a place and the values that its ballots are spread over.

    Attributes
    ----------
    level : KeptLevel
        Whether `place_id` is a unit, a district (its small units) or, for the city, empty.
    place_id : str
        The id of the unit or district; ``""`` for the city.
    who : KeptWho
        Who answered.
    services, sexes, age_groups : tuple
        The values joined, in their own order; only values that occur.
    """

    level: KeptLevel
    place_id: str
    who: KeptWho
    services: tuple[ServiceType, ...]
    sexes: tuple[Sex, ...]
    age_groups: tuple[AgeGroup, ...]


@dataclass(frozen=True, slots=True)
class KeptClassPlan:
    """Where each cell's ballots go.

    Attributes
    ----------
    class_of : mapping of RegisterCell to KeptClassKey or None
        None: too few even in the city, not kept.
    sizes : mapping of KeptClassKey to int
        Ballots per class, each at least five.
    not_kept : int
        Ballots that are not kept.
    """

    class_of: Mapping[RegisterCell, KeptClassKey | None]
    sizes: Mapping[KeptClassKey, int]
    not_kept: int


_Counts = Mapping[RegisterCell, int]
_Group = tuple[RegisterCell, ...]


def assign(ballots: Iterable[RegisterCell] | _Counts, floor: int = FLOOR) -> KeptClassPlan:
    """Assign every cell of a round's ballots to a kept class.

    Parameters
    ----------
    ballots : iterable of RegisterCell, or mapping of RegisterCell to int
        One cell per ballot, or the number of ballots per cell.
    floor : int
        The least number of ballots per class.

    Returns
    -------
    KeptClassPlan
        Every cell given has an entry; sizes and `not_kept` together are the number of ballots.
    """
    counts = Counter[RegisterCell](ballots)
    class_of: dict[RegisterCell, KeptClassKey | None] = {}
    for with_staff in (False, True):
        waiting = {cell: n for cell, n in counts.items() if n > 0 and (cell.who is KeptWho.WITH_STAFF) is with_staff}
        for level in KeptLevel:
            waiting = _settle(level, waiting, floor, class_of)
        class_of |= dict.fromkeys(waiting)
    sizes = Counter[KeptClassKey]()
    for cell, key in class_of.items():
        if key is not None:
            sizes[key] += counts[cell]
    return KeptClassPlan(class_of, dict(sizes), sum(counts.values()) - sizes.total())


def _settle(
    level: KeptLevel, waiting: _Counts, floor: int, class_of: dict[RegisterCell, KeptClassKey | None]
) -> dict[RegisterCell, int]:
    """Give classes to the places of a level that have enough; return the cells of those that have not."""
    places = defaultdict[str, dict[RegisterCell, int]](dict)
    for cell, n in waiting.items():
        places[_place(level, cell)][cell] = n
    left: dict[RegisterCell, int] = {}
    for place_id, cells in places.items():
        if sum(cells.values()) < floor:
            left |= cells
            continue
        for who, groups in _split_place(cells, floor).items():
            for group in groups:
                class_of |= dict.fromkeys(group, _key(level, place_id, who, group))
    return left


def _place(level: KeptLevel, cell: RegisterCell) -> str:
    return {KeptLevel.UNIT: cell.unit_id, KeptLevel.DISTRICT: cell.district_id, KeptLevel.CITY: ""}[level]


def _key(level: KeptLevel, place_id: str, who: KeptWho, group: _Group) -> KeptClassKey:
    return KeptClassKey(
        level,
        place_id,
        who,
        tuple(sorted({cell.service for cell in group}, key=_SERVICES.__getitem__)),
        tuple(sorted({cell.sex for cell in group}, key=_SEXES.__getitem__)),
        tuple(sorted({cell.age_group for cell in group}, key=_AGES.__getitem__)),
    )


def _split_place(cells: _Counts, floor: int) -> dict[KeptWho, list[_Group]]:
    """Split a place with enough ballots by who answered; if either part is under the floor, no class tells who."""
    by_who = defaultdict[KeptWho, dict[RegisterCell, int]](dict)
    for cell, n in cells.items():
        by_who[cell.who][cell] = n
    if any(sum(part.values()) < floor for part in by_who.values()):
        return {KeptWho.SELF_OR_PROXY: _split_services(cells, floor)}
    return {who: _split_services(part, floor) for who, part in by_who.items()}


def _split_services(cells: _Counts, floor: int) -> list[_Group]:
    """Split by service. Services under the floor join each other, and if still too few the smallest other class.

    Only one class of the larger service is touched, because joined services share only the core questions.
    """
    by_service = defaultdict[ServiceType, dict[RegisterCell, int]](dict)
    for cell, n in cells.items():
        by_service[cell.service][cell] = n
    large = [part for part in by_service.values() if sum(part.values()) >= floor]
    small = {cell: n for part in by_service.values() if sum(part.values()) < floor for cell, n in part.items()}
    groups = [group for part in large for group in _split_sexes(part, floor)]
    if not small:
        return groups
    if sum(small.values()) >= floor:
        return groups + _split_sexes(small, floor)
    nearest = min(groups, key=lambda group: (sum(cells[cell] for cell in group), _rank(group)))
    groups.remove(nearest)
    return [*groups, (*nearest, *small)]


def _rank(group: _Group) -> tuple[tuple[int, int, int], ...]:
    """Return what a group holds, as an order that decides between groups of equal size."""
    return tuple(sorted((_SERVICES[cell.service], _SEXES[cell.sex], _AGES[cell.age_group]) for cell in group))


def _split_sexes(cells: _Counts, floor: int) -> list[_Group]:
    by_sex = defaultdict[Sex, dict[RegisterCell, int]](dict)
    for cell, n in cells.items():
        by_sex[cell.sex][cell] = n
    if any(sum(part.values()) < floor for part in by_sex.values()):
        return _split_ages(cells, floor)
    return [group for part in by_sex.values() for group in _split_ages(part, floor)]


def _split_ages(cells: _Counts, floor: int) -> list[_Group]:
    """Walk up the age groups; one under the floor takes the next in, the last one joins the class below."""
    groups: list[list[RegisterCell]] = []
    current: list[RegisterCell] = []
    size = 0
    for age in AgeGroup:
        members = [cell for cell in cells if cell.age_group is age]
        current += members
        size += sum(cells[cell] for cell in members)
        if size >= floor:
            groups.append(current)
            current, size = [], 0
    if current:
        groups[-1] += current
    return [tuple(group) for group in groups]


def join_small(counts: Mapping[str, int], order: Sequence[str], floor: int = FLOOR) -> dict[str, str | None]:
    """Join the categories of a collection margin (mode, language, helper, interviewer) so that none is under the floor.

    Parameters
    ----------
    counts : mapping of str to int
        Ballots per category.
    order : sequence of str
        The categories' own order, which joined names follow; unknown categories come last, by name.
    floor : int
        The least number of ballots per joined category.

    Returns
    -------
    dict of str to (str or None)
        The joined name (``"web+phone"``) of every category with ballots; None when all together are under the floor.
    """
    present = {category: n for category, n in counts.items() if n > 0}
    if sum(present.values()) < floor:
        return dict.fromkeys(present)
    position = {category: place for place, category in enumerate(order)}
    rising = sorted(present, key=lambda category: (present[category], position.get(category, len(order)), category))
    joined: list[str] = []
    size = 0
    for category in rising:
        if present[category] >= floor and (not joined or size >= floor):
            break
        joined.append(category)
        size += present[category]
    joined.sort(key=lambda category: (position.get(category, len(order)), category))
    return {category: "+".join(joined) if category in joined else category for category in present}
