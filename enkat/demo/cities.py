"""The two demo cities as plans: units, their sizes by year, what is special about them, and who succeeds whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
from stdnum import luhn

from enkat.instruments.vocabulary import ServiceType
from enkat.records.organisations import OperatingForm, SuccessionKind

YEARS = (2022, 2026)
EARLIER, LATER = YEARS


class Trait(StrEnum):
    """What is special about a unit."""

    FULL_RESPONSE = "full_response"
    SAMPLED = "sampled"
    ALL_POSITIVE = "all_positive"
    IMPROVED = "improved"
    WORSENED = "worsened"
    NEW = "new"
    CLOSED = "closed"


@dataclass(frozen=True)
class UnitPlan:
    """A unit: who runs it and how many people it has in each year (0 = it does not exist)."""

    code: str
    name: str
    provider: str
    organisation_number: str
    form: OperatingForm
    district: str
    sizes: Mapping[int, int]
    valid_from: date = date(2018, 1, 1)
    traits: frozenset[Trait] = frozenset()

    @property
    def services(self) -> tuple[ServiceType, ...]:
        """The services that the unit gives; only private ones escort people."""
        basic = (ServiceType.HOME_CARE, ServiceType.RESPITE_CARE, ServiceType.SAFETY_ALARM)
        escorts = self.form is not OperatingForm.MUNICIPAL
        return (basic[0], ServiceType.ESCORT_SERVICE, *basic[1:]) if escorts else basic


@dataclass(frozen=True)
class SuccessionPlan:
    """Units (by code) that become others on a date."""

    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    happened_on: date
    kind: SuccessionKind


@dataclass(frozen=True)
class CityPlan:
    """A demo city.

    Attributes
    ----------
    encoding
        How its register files are encoded.
    sample_sizes
        Unit code → how many are asked there; all are asked in the others.
    pulse
        How many are asked per unit in the round that is running; None = as in the others.
    """

    name: str
    title: str
    seed: int
    encoding: str
    units: tuple[UnitPlan, ...]
    successions: tuple[SuccessionPlan, ...]
    sample_sizes: Mapping[str, int] = field(default_factory=dict)
    pulse: int | None = None

    def index(self, code: str) -> int:
        """Return a unit's place in `units`."""
        return next(place for place, unit in enumerate(self.units) if unit.code == code)

    def in_year(self, year: int) -> tuple[UnitPlan, ...]:
        """Return the units that exist in a year."""
        return tuple(unit for unit in self.units if unit.sizes[year] > 0)

    def with_trait(self, trait: Trait) -> list[int]:
        """Return the places of the units with a trait."""
        return [place for place, unit in enumerate(self.units) if trait in unit.traits]

    def predecessors(self, code: str) -> tuple[str, ...]:
        """Return the codes a unit had in the earlier year: its own, or its predecessors'; none for a new unit."""
        for succession in self.successions:
            if code in succession.successors:
                return succession.predecessors
        return (code,) if self.units[self.index(code)].sizes[EARLIER] else ()


def organisation_number(prefix: str, number: int) -> str:
    """Return an invented organisation number with a valid check digit, as register files write it."""
    body = f"{prefix}{number:03d}"
    digits = body + luhn.calc_check_digit(body)
    return f"{digits[:6]}-{digits[6:]}"


_MUNICIPAL = "Provkommunens hemtjänst"
_MUNICIPAL_NUMBER = organisation_number("212000", 975)
_MERGED_ON = date(2024, 1, 1)
_SPLIT_ON = date(2023, 7, 1)
_FORMS = {
    "egen": OperatingForm.MUNICIPAL,
    "privat": OperatingForm.PRIVATE_CHOICE,
    "entreprenad": OperatingForm.CONTRACTED,
}

# code, name, form, district, size 2022, size 2026, valid from, traits
_SMALL_CITY = (
    ("BLK", "Blåklockan", "egen", "Centrum", 290, 300, 2018, (Trait.SAMPLED,)),
    ("GUL", "Gullvivan", "egen", "Norra", 180, 190, 2018, (Trait.WORSENED,)),
    ("LIN", "Linnean", "egen", "Norra", 140, 150, 2018, (Trait.IMPROVED,)),
    ("VIT", "Vitsippan", "egen", "Landsbygden", 100, 110, 2018, (Trait.WORSENED,)),
    ("PRÄ", "Prästkragen", "egen", "Västra", 0, 170, 2024, ()),
    ("KAP", "Kaprifolen", "egen", "Västra", 0, 120, 2023, ()),
    ("LJU", "Ljungen", "egen", "Västra", 0, 80, 2023, ()),
    ("VAL", "Vallmon", "egen", "Centrum", 58, 60, 2018, (Trait.FULL_RESPONSE,)),
    ("FÖR", "Förgätmigejen", "egen", "Centrum", 120, 130, 2018, (Trait.IMPROVED,)),
    ("NÄC", "Näckrosens omsorg", "privat", "Norra", 0, 75, 2024, (Trait.NEW,)),
    ("TUS", "Tussilago hemtjänst", "privat", "Västra", 75, 80, 2020, (Trait.ALL_POSITIVE,)),
    ("VIO", "Violens stöd", "privat", "Landsbygden", 9, 9, 2020, ()),
    ("HAS", "Hasselmusens vård", "privat", "Centrum", 6, 6, 2020, ()),
    ("MÅN", "Månskenets omsorg", "privat", "Norra", 4, 4, 2020, ()),
    ("SMU", "Smultronet", "egen", "Västra", 90, 0, 2018, ()),
    ("HAL", "Hallonet", "egen", "Västra", 70, 0, 2018, ()),
    ("HED", "Heden", "egen", "Västra", 190, 0, 2018, ()),
    ("ALM", "Almen", "egen", "Landsbygden", 65, 0, 2018, (Trait.CLOSED,)),
)


def small_city() -> CityPlan:
    """Return `kommun14`: 14 units and about 1 490 people in 4 districts."""
    units = []
    for number, (code, name, form, district, earlier, later, since, traits) in enumerate(_SMALL_CITY):
        municipal = form == "egen"
        units.append(
            UnitPlan(
                code=code,
                name=name,
                provider=_MUNICIPAL if municipal else f"{name} AB (exempel)",
                organisation_number=_MUNICIPAL_NUMBER if municipal else organisation_number("559905", number),
                form=_FORMS[form],
                district=district,
                sizes={EARLIER: earlier, LATER: later},
                valid_from=date(since, 7 if since == _SPLIT_ON.year else 1, 1),
                traits=frozenset(traits),
            )
        )
    return CityPlan(
        name="kommun14",
        title="Provkommun",
        seed=25,
        encoding="utf-8-sig",
        units=tuple(units),
        successions=(
            SuccessionPlan(("SMU", "HAL"), ("PRÄ",), _MERGED_ON, SuccessionKind.MERGED),
            SuccessionPlan(("HED",), ("KAP", "LJU"), _SPLIT_ON, SuccessionKind.SPLIT),
        ),
        sample_sizes={"BLK": 150},
    )


_DISTRICTS = (
    *("Almby", "Björkdalen", "Ekbacken", "Furulund", "Granliden", "Hasselhöjd", "Kastanjelund"),
    *("Lindsvik", "Lönnbro", "Oxelvik", "Poppelvik", "Rönnholm", "Tallbo", "Videnäs"),
)
_LARGE_UNITS, _LARGE_PEOPLE = 110, 20_000
_TINY = {107: 9, 108: 6, 109: 4}
_LARGE_TRAITS: Mapping[int, Trait] = {
    0: Trait.SAMPLED,
    10: Trait.IMPROVED,
    11: Trait.IMPROVED,
    12: Trait.WORSENED,
    13: Trait.WORSENED,
    30: Trait.FULL_RESPONSE,
    40: Trait.ALL_POSITIVE,
    50: Trait.NEW,
}
_MERGED, _SPLIT = 20, (21, 22)


def large_city() -> CityPlan:
    """Return `stad110`: 110 units and 20 000 people in 14 districts, sizes lognormal."""
    later = _lognormal_sizes()
    units = [_large_unit(number, size) for number, size in enumerate(later.tolist())]
    gone = (
        _gone_unit("E201", 5, int(later[_MERGED] * 0.55)),
        _gone_unit("E202", 5, int(later[_MERGED] * 0.4)),
        _gone_unit("E203", 6, int(later[list(_SPLIT)].sum() * 0.95)),
        _gone_unit("E204", 7, 90, Trait.CLOSED),
    )
    split = tuple(units[number].code for number in _SPLIT)
    return CityPlan(
        name="stad110",
        title="Provstaden",
        seed=110,
        encoding="cp1252",
        units=(*units, *gone),
        successions=(
            SuccessionPlan(("E201", "E202"), (units[_MERGED].code,), _MERGED_ON, SuccessionKind.MERGED),
            SuccessionPlan(("E203",), split, _SPLIT_ON, SuccessionKind.SPLIT),
        ),
        sample_sizes={units[0].code: int(later[0] // 2)},
        pulse=30,
    )


def _lognormal_sizes() -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    rng = np.random.default_rng(110)
    free = _LARGE_UNITS - len(_TINY)
    drawn = np.exp(rng.normal(0.0, 0.8, size=free))
    drawn = np.clip(drawn, np.quantile(drawn, 0.04), None)
    drawn = np.sort(drawn)[::-1][np.argsort(_spread_order(free))]
    people = _LARGE_PEOPLE - sum(_TINY.values())
    sizes = np.floor(drawn / drawn.sum() * people).astype(np.int64)
    sizes[0] += people - int(sizes.sum())
    return np.concatenate([sizes, np.array(list(_TINY.values()), dtype=np.int64)])


def _spread_order(count: int) -> Sequence[int]:
    """Mix large and small units; the largest stays first, so that the sampled unit is a large one."""
    rng = np.random.default_rng(7)
    return [0, *(1 + rng.permutation(count - 1)).tolist()]


def _large_unit(number: int, size: int) -> UnitPlan:
    form = (OperatingForm.MUNICIPAL, OperatingForm.PRIVATE_CHOICE, OperatingForm.MUNICIPAL)[number % 3]
    form = OperatingForm.CONTRACTED if number % 9 == 4 else form  # noqa: PLR2004 - about one unit in nine
    district = _DISTRICTS[number % len(_DISTRICTS)]
    trait = _LARGE_TRAITS.get(number)
    exists = trait is not Trait.NEW and number not in {_MERGED, *_SPLIT}
    municipal = form is OperatingForm.MUNICIPAL
    since = date(2024, 1, 1) if number in {_MERGED, 50} else _SPLIT_ON if number in _SPLIT else date(2018, 1, 1)
    return UnitPlan(
        code=f"E{number + 1:03d}",
        name=f"{district} hemtjänst {number // len(_DISTRICTS) + 1}",
        provider=f"{district} stadsdelsförvaltning" if municipal else f"Omsorg {number + 1:03d} AB (exempel)",
        organisation_number=_MUNICIPAL_NUMBER if municipal else organisation_number("559906", number),
        form=form,
        district=district,
        sizes={EARLIER: int(size * 0.97) if exists and size > max(_TINY.values()) else int(size) * exists, LATER: size},
        valid_from=since,
        traits=frozenset({trait} if trait else ()),
    )


def _gone_unit(code: str, district: int, size: int, *traits: Trait) -> UnitPlan:
    name = _DISTRICTS[district]
    return UnitPlan(
        code=code,
        name=f"{name} äldre hemtjänst {code[-1]}",
        provider=f"{name} stadsdelsförvaltning",
        organisation_number=_MUNICIPAL_NUMBER,
        form=OperatingForm.MUNICIPAL,
        district=name,
        sizes={EARLIER: size, LATER: 0},
        traits=frozenset(traits),
    )


CITIES = {"kommun14": small_city, "stad110": large_city}
"""Names that `DEMO=` takes."""
