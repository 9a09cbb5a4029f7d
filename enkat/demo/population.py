"""The invented people of a demo city: who they are, where they get help and what the register says about them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from enkat.demo.cities import EARLIER, LATER, CityPlan
from enkat.instruments.vocabulary import ServiceType
from enkat.records.organisations import OperatingForm

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

HOME, ESCORT, RESPITE, ALARM = (
    ServiceType.HOME_CARE,
    ServiceType.ESCORT_SERVICE,
    ServiceType.RESPITE_CARE,
    ServiceType.SAFETY_ALARM,
)
SERVICE_SETS: tuple[tuple[ServiceType, ...], ...] = (
    (HOME, ALARM),
    (HOME,),
    (ALARM,),
    (HOME, RESPITE),
    (HOME, RESPITE, ALARM),
    (HOME, ESCORT),
    (HOME, ESCORT, ALARM),
    (ESCORT,),
)
_MUNICIPAL_SHARES = np.array([0.47, 0.40, 0.06, 0.03, 0.04, 0.0, 0.0, 0.0])
_OTHER_SHARES = np.array([0.38, 0.33, 0.04, 0.02, 0.02, 0.08, 0.08, 0.05])
LANGUAGES = ("svenska", "finska", "arabiska", "engelska", "persiska", "spanska", "polska", "somaliska", "meänkieli")
_LANGUAGE_SHARES = np.array([0.84, 0.06, 0.03, 0.02, 0.015, 0.012, 0.01, 0.008, 0.005])
CHANNELS = ("brev", "e-post", "sms")
_CHANNEL_SHARES = np.array([0.86, 0.07, 0.07])
_AGE_SHARES = np.array([0.12, 0.28, 0.38, 0.22])
_AGE_LIMITS = ((24, 64), (65, 79), (80, 89), (90, 101))
_WOMEN_BY_AGE = np.array([0.55, 0.62, 0.72, 0.80])
_STAYS = 0.45
OVER_COVERAGE = 0.04
PROTECTED = 0.003
TWO_UNITS = 0.02
NOWHERE = -1
TINY = 10


@dataclass(frozen=True)
class Population:
    """The people in the register at one time; all arrays have one entry per person.

    Attributes
    ----------
    numbers
        Running number, the same person has the same in both years.
    unit, second_unit
        Places in the plan's units; `NOWHERE` where there is no second one.
    services
        Places in `SERVICE_SETS`.
    outside
        Over-coverage: in the register, but no longer in the population (dead, moved, no longer a client).
    """

    year: int
    numbers: Ints
    unit: Ints
    second_unit: Ints
    woman: Bools
    birth_year: Ints
    services: Ints
    language: Ints
    channel: Ints
    protected: Bools
    outside: Bools

    @property
    def size(self) -> int:
        """How many people there are."""
        return len(self.numbers)

    @property
    def age_class(self) -> Ints:
        """0–3 for under 65, 65–79, 80–89 and 90 or older."""
        return np.digitize(self.year - self.birth_year, [limit[0] for limit in _AGE_LIMITS[1:]]).astype(np.int64)

    def has(self, service: ServiceType) -> Bools:
        """Return who has a service from the first unit."""
        holds = np.array([service in services for services in SERVICE_SETS])
        return np.asarray(holds[self.services], dtype=np.bool_)


def populations(city: CityPlan) -> dict[int, Population]:
    """Return the people of both years; nearly half of the later ones were there in the earlier year."""
    rng = np.random.default_rng([city.seed, 1])
    later = _people(city, LATER, _homes(city, LATER), rng)
    stays = _stayers(city, later, rng)
    earlier_home = _earlier_homes(city, later.unit[stays], rng)
    remaining = np.array([unit.sizes[EARLIER] for unit in city.units])
    remaining -= np.bincount(earlier_home, minlength=len(city.units))
    fresh = _people(city, EARLIER, np.repeat(np.arange(len(city.units)), remaining), rng, first=later.size + 1)
    leaving = OVER_COVERAGE * (1 + stays.sum() / fresh.size)  # nobody who stays is outside, so more of the others are
    fresh = replace(fresh, outside=(rng.random(fresh.size) < leaving) & ~_is_small(city, EARLIER)[fresh.unit])
    return {EARLIER: _joined(city, later, stays, earlier_home, fresh), LATER: later}


def _is_small(city: CityPlan, year: int) -> Bools:
    """Return which units are tiny: nobody there is outside the population, and all have home care."""
    return np.array([place.sizes[year] < TINY for place in city.units], dtype=np.bool_)


def _homes(city: CityPlan, year: int) -> Ints:
    return np.repeat(np.arange(len(city.units)), [unit.sizes[year] for unit in city.units]).astype(np.int64)


def _people(city: CityPlan, year: int, unit: Ints, rng: np.random.Generator, first: int = 1) -> Population:
    count = len(unit)
    age_class = rng.choice(4, size=count, p=_AGE_SHARES)
    limits = np.array(_AGE_LIMITS)[age_class]
    age = limits[:, 0] + np.floor(rng.random(count) * (limits[:, 1] - limits[:, 0] + 1)).astype(np.int64)
    municipal = np.array([place.form is OperatingForm.MUNICIPAL for place in city.units])[unit]
    services = np.where(
        municipal,
        rng.choice(len(SERVICE_SETS), size=count, p=_MUNICIPAL_SHARES),
        rng.choice(len(SERVICE_SETS), size=count, p=_OTHER_SHARES),
    )
    small = _is_small(city, year)[unit]
    services = np.where(small, 1, services)
    return Population(
        year=year,
        numbers=first + rng.permutation(count).astype(np.int64),
        unit=unit,
        second_unit=_second_units(city, year, unit, services, rng),
        woman=rng.random(count) < _WOMEN_BY_AGE[age_class],
        birth_year=year - age,
        services=services.astype(np.int64),
        language=rng.choice(len(LANGUAGES), size=count, p=_LANGUAGE_SHARES / _LANGUAGE_SHARES.sum()),
        channel=rng.choice(len(CHANNELS), size=count, p=_CHANNEL_SHARES),
        protected=rng.random(count) < PROTECTED,
        outside=(rng.random(count) < OVER_COVERAGE) & ~small,
    )


def _second_units(city: CityPlan, year: int, unit: Ints, services: Ints, rng: np.random.Generator) -> Ints:
    """Give some people with home care an escort from another unit, one that gives escort service."""
    escorting = np.array(
        [place for place, plan in enumerate(city.units) if ESCORT in plan.services and plan.sizes[year] >= TINY]
    )
    plain_home = np.array([HOME in held and ESCORT not in held for held in SERVICE_SETS])[services]
    chosen = escorting[rng.integers(0, len(escorting), size=len(unit))]
    picked = plain_home & (rng.random(len(unit)) < TWO_UNITS) & (chosen != unit)
    return np.where(picked, chosen, NOWHERE).astype(np.int64)


def _stayers(city: CityPlan, later: Population, rng: np.random.Generator) -> Bools:
    """Return who of the later people was there earlier, never more than the unit (or its predecessors) held."""
    stays = (rng.random(later.size) < _STAYS) & ~later.outside & (later.birth_year < EARLIER - 25)
    for place, unit in enumerate(city.units):
        held = sum(city.units[city.index(code)].sizes[EARLIER] for code in city.predecessors(unit.code))
        here = np.flatnonzero(stays & (later.unit == place))
        stays[here[held // 2 :]] = False
    return np.asarray(stays, dtype=np.bool_)


def _earlier_homes(city: CityPlan, unit: Ints, rng: np.random.Generator) -> Ints:
    homes = unit.copy()
    for place, plan in enumerate(city.units):
        codes = city.predecessors(plan.code)
        here = np.flatnonzero(unit == place)
        if codes and len(here):
            places = np.array([city.index(code) for code in codes])
            sizes = np.array([city.units[found].sizes[EARLIER] for found in places], dtype=np.float64)
            homes[here] = rng.choice(places, size=len(here), p=sizes / sizes.sum())
    return homes


def _joined(city: CityPlan, later: Population, stays: Bools, home: Ints, fresh: Population) -> Population:
    """Join those who stay, as the earlier register knew them, with people who were there only then."""
    exists = np.array([unit.sizes[EARLIER] > 0 for unit in city.units])
    second = later.second_unit[stays]
    second = np.where((second != NOWHERE) & exists[second] & (second != home), second, NOWHERE)
    return Population(
        year=EARLIER,
        numbers=np.concatenate([later.numbers[stays], fresh.numbers]),
        unit=np.concatenate([home, fresh.unit]),
        second_unit=np.concatenate([second, fresh.second_unit]).astype(np.int64),
        woman=np.concatenate([later.woman[stays], fresh.woman]),
        birth_year=np.concatenate([later.birth_year[stays], fresh.birth_year]),
        services=np.concatenate([later.services[stays], fresh.services]),
        language=np.concatenate([later.language[stays], fresh.language]),
        channel=np.concatenate([later.channel[stays], fresh.channel]),
        protected=np.concatenate([later.protected[stays], fresh.protected]),
        outside=np.concatenate([np.zeros(int(stays.sum()), dtype=np.bool_), fresh.outside]),
    )
