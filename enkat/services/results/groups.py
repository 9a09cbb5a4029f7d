"""The published groups of a round, and which strata and units belong to each."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from enkat.languages import sv_key
from enkat.services.results.reading import ResultUnit, district_ids
from enkat.statistics.disclosure.suppression import Family
from enkat.statistics.tallies import IntArray


class GroupKind(enum.StrEnum):
    """What kind of group a figure is about."""

    CITY = "city"
    DISTRICT = "district"
    OPERATING_FORM = "operating_form"
    UNIT = "unit"
    SMALL_UNITS = "small_units"

    @property
    def label(self) -> str:
        """The Swedish name of the level."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    GroupKind.CITY: "hela staden",
    GroupKind.DISTRICT: "stadsdel",
    GroupKind.OPERATING_FORM: "regiform",
    GroupKind.UNIT: "enhet",
    GroupKind.SMALL_UNITS: "små enheter",
}
CITY = "city"


@dataclass(frozen=True, slots=True)
class Group:
    """A published group.

    Attributes
    ----------
    key : str
        `city`, `district:<id>`, `operating_form:<form>`, `unit:<id>`, `small_units:<district id or city>`.
    unit : ResultUnit or None
        The unit, for a group that is one.
    district_id : int or None
        The district it lies in, for districts, units and a district's small units.
    """

    kind: GroupKind
    key: str
    name: str
    unit: ResultUnit | None = None
    district_id: int | None = None


@dataclass(frozen=True)
class Grouping:
    """All groups of a round in one order: the city, districts, operating forms, units, small units.

    Attributes
    ----------
    groups : sequence of Group
    districts, forms, units, small : slice
        Where each kind stands.
    stratum_district, stratum_form : int64 arrays (strata,)
        Index of the stratum's district or form within its kind, -1 for none. Strata are the units, the districts'
        small units and the city's small units.
    """

    groups: Sequence[Group]
    districts: slice
    forms: slice
    units: slice
    small: slice
    stratum_district: IntArray
    stratum_form: IntArray

    def index(self, key: str) -> int:
        """Return where the group of a key stands; KeyError where there is none."""
        for index, group in enumerate(self.groups):
            if group.key == key:
                return index
        raise KeyError(key)

    def strata_of(self, group: int) -> IntArray:
        """Which strata a group consists of: indices on the axis of strata."""
        if group == 0:
            return np.arange(len(self.stratum_district))
        if group in range(len(self.groups))[self.districts]:
            return np.flatnonzero(self.stratum_district == group - self.districts.start)
        if group in range(len(self.groups))[self.forms]:
            return np.flatnonzero(self.stratum_form == group - self.forms.start)
        return np.array([group - self.units.start], dtype=np.int64)

    def wholes(self) -> list[tuple[IntArray, int]]:
        """Labels of the strata for the city, the districts and the forms, and how many of each there are."""
        by_kind = [
            (np.zeros(len(self.stratum_district), dtype=np.int64), 1),
            (self.stratum_district, self.districts.stop - self.districts.start),
            (self.stratum_form, self.forms.stop - self.forms.start),
        ]
        return [(labels, size) for labels, size in by_kind if size]

    def families(self, start: int) -> list[Family]:
        """Which groups are sums of others, on an axis where the groups of a layer begin at ``start``."""
        at = [start + index for index in range(len(self.groups))]
        strata = at[self.units] + at[self.small]
        lumps = at[self.small]
        found = [Family(at[0], [*at[self.districts], lumps[-1]])]
        if at[self.forms]:
            found.append(Family(at[0], [*at[self.forms], *lumps]))
        for number, parent in enumerate(at[self.districts]):
            found.append(Family(parent, _members(strata, self.stratum_district, number)))
        for number, parent in enumerate(at[self.forms]):
            found.append(Family(parent, _members(strata, self.stratum_form, number)))
        return found


def _members(strata: Sequence[int], labels: IntArray, label: int) -> list[int]:
    return [strata[int(index)] for index in np.flatnonzero(labels == label)]


def make_grouping(units: Sequence[ResultUnit], *, by_form: bool) -> Grouping:
    """Lay out the groups of a round."""
    districts = district_ids(units)
    names = {unit.district_id: unit.district_name for unit in units}
    forms = {unit.operating_form: unit.operating_form_label for unit in units} if by_form else {}
    ordered_forms = sorted(forms, key=lambda form: sv_key(forms[form]))
    groups = [
        Group(GroupKind.CITY, CITY, "Hela staden"),
        *(Group(GroupKind.DISTRICT, f"district:{d}", names[d], district_id=d) for d in districts),
        *(
            Group(GroupKind.OPERATING_FORM, f"operating_form:{form}", forms[form].capitalize())
            for form in ordered_forms
        ),
        *(Group(GroupKind.UNIT, f"unit:{u.id}", u.name, unit=u, district_id=u.district_id) for u in units),
        *(
            Group(GroupKind.SMALL_UNITS, f"small_units:{d}", f"Små enheter i {names[d]}", district_id=d)
            for d in districts
        ),
        Group(GroupKind.SMALL_UNITS, "small_units:city", "Små enheter i staden"),
    ]
    first_form = 1 + len(districts)
    first_unit = first_form + len(ordered_forms)
    first_small = first_unit + len(units)
    of_district = [districts.index(unit.district_id) for unit in units]
    of_form = [ordered_forms.index(unit.operating_form) if by_form else -1 for unit in units]
    return Grouping(
        groups=groups,
        districts=slice(1, first_form),
        forms=slice(first_form, first_unit),
        units=slice(first_unit, first_small),
        small=slice(first_small, len(groups)),
        stratum_district=np.array([*of_district, *range(len(districts)), -1], dtype=np.int64),
        stratum_form=np.array([*of_form, *([-1] * (len(districts) + 1))], dtype=np.int64),
    )
