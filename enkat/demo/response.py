"""Who of the invented people answers, how, with whose help, and what gets lost on the way."""

from dataclasses import dataclass
from zlib import crc32

import numpy as np

from enkat.ballots.vocabulary import Helper, Mode, Respondent
from enkat.demo.cities import CityPlan, Trait
from enkat.demo.population import Bools, Floats, Ints, Population
from enkat.demo.satisfaction import CERTAIN, satisfaction
from enkat.records.invitations import InvitationStatus

PROXY_SHIFT = -0.45
PHONE_SHIFT = 0.35
BY_SATISFACTION = 0.10
LOWEST_RATE, HIGHEST_RATE = 0.40, 0.75
"""Limits of the units' expected rates; chance takes them to 35–80 %."""
WRITES = 0.10

_AGE_EFFECT = np.array([-0.35, 0.10, 0.10, -0.15])
_WOMAN_EFFECT = 0.10
_PROXY_BY_AGE = np.array([0.06, 0.08, 0.16, 0.28])
_HELPED_BY_AGE = np.array([0.15, 0.20, 0.32, 0.38])
_PHONE_BY_AGE = np.array([0.06, 0.10, 0.18, 0.22])
_STAFF_HELPS = 0.08
_KNOWN_OUTSIDE = 0.75
_OUTSIDE_STATUSES = (InvitationStatus.DECEASED, InvitationStatus.MOVED, InvitationStatus.NO_LONGER_CLIENT)
_SILENT = (InvitationStatus.UNDELIVERABLE, InvitationStatus.REFUSED, InvitationStatus.UNABLE)
_SILENT_SHARES = (0.02, 0.05, 0.05)
RESPONDENTS = tuple(Respondent)
HELPERS = tuple(Helper)

REMARKS = (
    "Jag är nöjd med hjälpen.",
    "Det kommer nya personer nästan varje vecka. Det är svårt.",
    "Maten är ofta kall när den kommer.",
    "De är snälla men de har alltid bråttom.",
    "Jag vill gärna veta när de kommer.",
    "Kalle i nattlaget är den bästa som finns.",
    "Larmet fungerade inte i somras.",
    "Jag skulle vilja komma ut oftare.",
    "Tack för att ni frågar.",
    "En i personalen skriker åt mig. Jag är rädd.",
    "Min dotter heter Eva och bor på Provgatan 7. Ring henne.",
    "Allt är bra.",
)


@dataclass(frozen=True)
class Turnout:
    """What happens to everybody's invitation; one entry per person.

    Attributes
    ----------
    answers
        Who sends an answer (of those asked).
    status
        Place in `InvitationStatus` of the known reason why somebody does not, or −1.
    phone, respondent, helper
        How the answer comes; places in `RESPONDENTS` and `HELPERS`.
    remark
        Place in `REMARKS`, or −1.
    shift
        How far mode and respondent move the latent answer.
    """

    answers: Bools
    status: Ints
    phone: Bools
    respondent: Ints
    helper: Ints
    remark: Ints
    shift: Floats

    def mode(self, place: int) -> Mode:
        """Return how a person answers."""
        return Mode.PHONE if self.phone[place] else Mode.WEB


def turnout(city: CityPlan, people: Population, effects: Floats) -> Turnout:
    """Return who answers and how, from the city's seed and the year."""
    rng = np.random.default_rng([city.seed, people.year, 6])
    size = people.size
    probability = answer_probability(city, people, effects)
    answers = (rng.random(size) < probability) & ~people.outside
    age = people.age_class
    drawn = rng.random(size)
    proxy = drawn < _PROXY_BY_AGE[age]
    helped = ~proxy & (drawn < (_PROXY_BY_AGE + _HELPED_BY_AGE)[age])
    phone = ~proxy & (rng.random(size) < _PHONE_BY_AGE[age])
    respondent = np.where(proxy, RESPONDENTS.index(Respondent.PROXY), 0)
    respondent = np.where(helped, RESPONDENTS.index(Respondent.SELF_HELPED), respondent)
    return Turnout(
        answers=np.asarray(answers, dtype=np.bool_),
        status=_reasons(city, people, answers, rng),
        phone=np.asarray(phone, dtype=np.bool_),
        respondent=respondent.astype(np.int64),
        helper=_helpers(proxy, helped, rng),
        remark=np.where(rng.random(size) < WRITES, rng.integers(0, len(REMARKS), size=size), -1).astype(np.int64),
        shift=np.asarray(np.where(proxy, PROXY_SHIFT, 0.0) + np.where(phone, PHONE_SHIFT, 0.0), dtype=np.float64),
    )


def answer_probability(city: CityPlan, people: Population, effects: Floats) -> Floats:
    """Return everybody's chance to answer: by unit first, then mildly by age, sex and satisfaction."""
    rates = unit_rates(city)[people.unit]
    own = _AGE_EFFECT[people.age_class] + _WOMAN_EFFECT * people.woman
    own = own - own.mean() + BY_SATISFACTION * (satisfaction(city, people) + np.clip(effects[people.unit], -2, 2))
    chance = 1.0 / (1.0 + np.exp(-(np.log(rates / (1 - rates)) + own)))
    whole = np.array([Trait.FULL_RESPONSE in unit.traits for unit in city.units])[people.unit]
    return np.asarray(np.where(whole, 1.0, chance), dtype=np.float64)


def unit_rates(city: CityPlan) -> Floats:
    """Return the units' expected response rates, evenly between the limits; a unit is alike in both years."""
    draws = [np.random.default_rng([city.seed, crc32(unit.code.encode())]).random() for unit in city.units]
    return np.asarray(LOWEST_RATE + (HIGHEST_RATE - LOWEST_RATE) * np.array(draws), dtype=np.float64)


def blank(city: CityPlan, people: Population, question_id: str) -> Bools:
    """Return who leaves a question blank: 1–4 % by question."""
    share = 0.01 + 0.03 * (crc32(question_id.encode()) % 100) / 100
    rng = np.random.default_rng([city.seed, people.year, crc32(question_id.encode()), 7])
    return np.asarray(rng.random(people.size) < share, dtype=np.bool_)


def _reasons(city: CityPlan, people: Population, answers: Bools, rng: np.random.Generator) -> Ints:
    statuses = list(InvitationStatus)
    outside = np.array([statuses.index(status) for status in _OUTSIDE_STATUSES])
    silent = np.array([statuses.index(status) for status in _SILENT])
    whole = np.isin(people.unit, city.with_trait(Trait.FULL_RESPONSE))
    known = people.outside & ((rng.random(people.size) < _KNOWN_OUTSIDE) | whole)
    reason = np.where(known, outside[rng.integers(0, len(outside), size=people.size)], -1)
    which = np.searchsorted(np.cumsum(_SILENT_SHARES), rng.random(people.size))
    told = ~answers & ~people.outside & (which < len(silent))
    return np.where(told, silent[np.minimum(which, len(silent) - 1)], reason).astype(np.int64)


def _helpers(proxy: Bools, helped: Bools, rng: np.random.Generator) -> Ints:
    kinds = [HELPERS.index(kind) for kind in (Helper.RELATIVE, Helper.GUARDIAN, Helper.OTHER)]
    staff = HELPERS.index(Helper.PROVIDER_STAFF)
    chosen = np.array(kinds)[rng.choice(3, size=len(proxy), p=[0.75, 0.15, 0.10])]
    chosen = np.where(rng.random(len(proxy)) < _STAFF_HELPS, staff, chosen)
    return np.where(proxy | helped, chosen, HELPERS.index(Helper.NONE)).astype(np.int64)


def is_certain(effects: Floats, people: Population) -> Bools:
    """Return who belongs to the unit where all answers are positive."""
    return np.asarray(effects[people.unit] >= CERTAIN, dtype=np.bool_)
