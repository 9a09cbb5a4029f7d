"""What the invented people think: one latent satisfaction behind all questions, unit effects, and a known truth.

A person's answer to a question rests on eta = easiness of the question + effect of the unit + spread × own
satisfaction. The answer is positive with probability 1 / (1 + exp(−eta)); the steps of a scale are cut from the same
latent value. Shares of a unit follow from integrating over people's satisfaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

from enkat.demo.cities import EARLIER, YEARS, CityPlan, Trait
from enkat.demo.population import Bools, Floats, Ints, Population
from enkat.instruments.missing import Missing
from enkat.instruments.question import Question

SPREAD = 1.7
"""Standard deviation of people's satisfaction on the conditional logit: it makes alpha."""
UNIT_SPREAD = 0.35
"""Standard deviation of the units' shares on the logit."""
CHANGE = 0.15
"""How much the share of the four changed units moves, as a mean over the core questions."""
CERTAIN = 40.0
"""An effect so large that every answer is positive."""

_EASINESS: Mapping[str, float] = {
    "staff_treatment": 2.6,
    "visit_time_known": 1.0,
    "complaint_channel_known": 0.6,
    "wishes_respected": 1.7,
    "feels_safe": 2.0,
    "plan_participation": 0.4,
    "home_respected": 2.4,
    "help_done_correctly": 1.9,
    "arrives_as_agreed": 1.3,
    "overall_satisfaction": 2.1,
}
_OTHER_EASINESS = 1.5
_NO_OPINION: Mapping[str, float] = {
    "staff_treatment": 0.02,
    "visit_time_known": 0.04,
    "wishes_respected": 0.05,
    "feels_safe": 0.03,
    "plan_participation": 0.15,
    "home_respected": 0.06,
    "help_done_correctly": 0.08,
    "arrives_as_agreed": 0.04,
    "overall_satisfaction": 0.03,
}
_OTHER_NO_OPINION = 0.06
_TOP_SHARE_CUT = 1.5
_STEPS_BELOW = 1.1
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(41)


@dataclass(frozen=True)
class Opinions:
    """What everybody thinks of one question.

    Attributes
    ----------
    latent
        Above 0 = positive.
    knows
        False = "vet inte" where the question offers it.
    """

    question: Question
    latent: Floats
    knows: Bools

    def codes(self, shift: Floats | float = 0.0) -> Ints:
        """Return option codes; `shift` moves the latent value, as another way of asking does."""
        return answer_codes(self.question, self.latent + shift, self.knows)

    @property
    def positive(self) -> Bools:
        """Who is positive, without any shift."""
        return np.asarray(self.latent > 0, dtype=np.bool_)


def expected_share(eta: Floats | float) -> Floats:
    """Return the share of positive people where the mean of the conditional logit is `eta`."""
    each = 1.0 / (1.0 + np.exp(-(np.asarray(eta)[..., None] + SPREAD * _NODES)))
    return np.asarray(each @ _WEIGHTS / _WEIGHTS.sum(), dtype=np.float64)


def core_share(effect: float) -> float:
    """Return a unit's expected share, as a mean over the core questions."""
    return float(expected_share(np.array(list(_EASINESS.values())) + effect).mean())


def unit_effects(city: CityPlan) -> dict[int, Floats]:
    """Return the units' effects by year: equal in both but for the four that changed.

    Those that improved lie as far under the middle before as over it after, so that the spread is alike in both years.
    """
    rng = np.random.default_rng([city.seed, 3])
    drawn = rng.normal(size=len(city.units))
    _inherit(city, drawn)
    drawn = (drawn - drawn.mean()) / drawn.std() * _conditional_spread()
    later = drawn.copy()
    for trait, up in ((Trait.IMPROVED, 1), (Trait.WORSENED, -1)):
        for place in city.with_trait(trait):
            drawn[place] = _moved(0.1 * float(drawn[place]), -up * CHANGE / 2)
            later[place] = _moved(float(drawn[place]), up * CHANGE)
    for effects in (drawn, later):
        effects[city.with_trait(Trait.ALL_POSITIVE)] = CERTAIN
    return dict(zip(YEARS, (drawn, later), strict=True))


def _conditional_spread() -> float:
    """Return the spread of effects that gives the shares the wanted spread on the logit."""
    around = expected_share(np.array([1.6 - 0.1, 1.6 + 0.1]))
    slope = float(np.diff(np.log(around / (1 - around)))[0] / 0.2)
    return UNIT_SPREAD / slope


def _inherit(city: CityPlan, effects: Floats) -> None:
    """Give successors the mean of their predecessors by size: nothing changed with the merge or the split."""
    for succession in city.successions:
        before = [city.index(code) for code in succession.predecessors]
        sizes = [city.units[place].sizes[EARLIER] for place in before]
        mean = float(np.average(effects[before], weights=sizes))
        effects[[city.index(code) for code in succession.successors]] = mean


def _moved(effect: float, change: float) -> float:
    """Return the effect whose expected core share is `change` higher, by halving."""
    wanted = core_share(effect) + change
    low, high = effect - 6.0, effect + 6.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if core_share(middle) < wanted else (low, middle)
    return (low + high) / 2


def satisfaction(city: CityPlan, people: Population) -> Floats:
    """Return people's own satisfaction (mean 0, spread 1); who is there in both years keeps most of it."""
    size = int(people.numbers.max()) + 1
    lasting = np.random.default_rng([city.seed, 4]).normal(size=size)[people.numbers]
    passing = np.random.default_rng([city.seed, 5, people.year]).normal(size=size)[people.numbers]
    return np.asarray(0.8 * lasting + 0.6 * passing, dtype=np.float64)


def opinions(city: CityPlan, people: Population, questions: Sequence[Question], effects: Floats) -> dict[str, Opinions]:
    """Return what everybody in a year thinks of the given choice questions, by question id."""
    base = SPREAD * satisfaction(city, people) + effects[people.unit]
    found = {}
    for question in questions:
        if question.scale is None or question.id in found:
            continue
        rng = np.random.default_rng([city.seed, people.year, crc32(question.id.encode())])
        latent = base + _EASINESS.get(question.id, _OTHER_EASINESS) + rng.logistic(size=people.size)
        share = _NO_OPINION.get(question.id, _OTHER_NO_OPINION)
        offers = question.scale.offers_not_knowing
        knows = (rng.random(people.size) >= share) | (not offers)
        knows |= effects[people.unit] >= CERTAIN
        found[question.id] = Opinions(question, np.asarray(latent, dtype=np.float64), np.asarray(knows, dtype=np.bool_))
    return found


def answer_codes(question: Question, latent: Floats, knows: Bools) -> Ints:
    """Cut the latent value into the steps of the question's scale, best first."""
    scale = question.scale
    if scale is None:
        raise ValueError(f"{question.id} has no scale")
    good = [code for code in scale.base if code in scale.positive]
    bad = [code for code in scale.base if code not in scale.positive]
    if scale.id == "yesno":
        bad.reverse()  # unsure lies between yes and no
    upper = [_TOP_SHARE_CUT / (step + 1) for step in range(len(good) - 1)]
    lower = [-_STEPS_BELOW * step for step in range(1, len(bad))]
    cuts = np.array([*upper, 0.0, *lower])
    step = (latent[:, None] <= cuts).sum(axis=1)
    codes = np.array([*good, *bad], dtype=np.int64)[step]
    return np.where(knows, codes, Missing.DOES_NOT_KNOW.value).astype(np.int64)


def without_outsiders(people: Population) -> Population:
    """Return only those who belong to the population."""
    inside = ~people.outside
    return replace(people, **{name: getattr(people, name)[inside] for name in _PERSON_FIELDS})


_PERSON_FIELDS = (
    *("numbers", "unit", "second_unit", "woman", "birth_year", "services"),
    *("language", "channel", "protected", "outside"),
)
