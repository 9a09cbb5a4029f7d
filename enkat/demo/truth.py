"""The simulation put together: answers of those who respond, and the truth that estimates are held against."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from enkat.ballots.vocabulary import Respondent
from enkat.demo.cities import YEARS, CityPlan
from enkat.demo.population import SERVICE_SETS, Bools, Floats, Ints, Population, populations
from enkat.demo.response import RESPONDENTS, Turnout, blank, turnout
from enkat.demo.satisfaction import Opinions, opinions, unit_effects
from enkat.instruments.instrument import Instrument
from enkat.instruments.question import Question
from enkat.instruments.routing import path
from enkat.instruments.vocabulary import ServiceType


@dataclass(frozen=True)
class Year:
    """Everything about one year of a city.

    Attributes
    ----------
    instruments
        Service → instrument, in the order that decides which one a person with several services gets.
    effects
        Units' effects on satisfaction.
    """

    city: CityPlan
    people: Population
    instruments: Mapping[ServiceType, Instrument]
    effects: Floats
    opinions: Mapping[str, Opinions]
    turnout: Turnout
    place_of: Mapping[int, int]

    def instrument_of(self, place: int) -> Instrument | None:
        """Return the instrument a person gets; None for a person who is not asked."""
        held = SERVICE_SETS[self.people.services[place]]
        return next((found for service, found in self.instruments.items() if service in held), None)

    def answers(self, place: int, instrument: Instrument, *, remark: str = "") -> dict[str, int | str]:
        """Return what a person answers: blanks left out, only questions that the person is shown."""
        given = {
            question.id: int(self.codes[question.id][place])
            for question in instrument.choice_questions
            if not self.blanks[question.id][place]
        }
        proxy = RESPONDENTS[self.turnout.respondent[place]] is Respondent.PROXY
        shown = {question.id for question in path(instrument, given, proxy=proxy)}
        answers: dict[str, int | str] = {name: code for name, code in given.items() if name in shown}
        if remark:
            answers.update({question.id: remark for question in instrument.text_questions[-1:]})
        return answers

    @cached_property
    def codes(self) -> dict[str, Ints]:
        """Option codes of everybody by question, with the shift of mode and respondent."""
        return {name: found.codes(self.turnout.shift) for name, found in self.opinions.items()}

    @cached_property
    def blanks(self) -> dict[str, Bools]:
        """Who leaves which question blank."""
        return {name: blank(self.city, self.people, name) for name in self.opinions}

    def asked_about(self, question_id: str) -> Bools:
        """Return who is in the population that a question is about: in the frame, with an instrument that has it."""
        has = np.zeros(len(SERVICE_SETS), dtype=np.bool_)
        for number, held in enumerate(SERVICE_SETS):
            found = next((self.instruments[service] for service in self.instruments if service in held), None)
            has[number] = found is not None and any(question.id == question_id for question in found.questions)
        return np.asarray(has[self.people.services] & ~self.people.outside, dtype=np.bool_)

    def true_shares(self, question_id: str) -> tuple[Floats, float]:
        """Return the share of positive people with an opinion, by unit and in the city; NaN where nobody is asked."""
        found = self.opinions[question_id]
        counted = self.asked_about(question_id) & found.knows
        units = len(self.city.units)
        base = np.bincount(self.people.unit[counted], minlength=units).astype(np.float64)
        positive = np.bincount(self.people.unit[counted & found.positive], minlength=units)
        shares = np.divide(positive, base, out=np.full(units, np.nan), where=base > 0)
        return shares, float(positive.sum() / base.sum()) if base.any() else math.nan


def simulate(city: CityPlan, instruments: Mapping[int, Mapping[ServiceType, Instrument]]) -> dict[int, Year]:
    """Return both years of a city, from its seed alone; `instruments` says by year what is asked by service."""
    people, effects = populations(city), unit_effects(city)
    years = {}
    for year in YEARS:
        here = people[year]
        years[year] = Year(
            city=city,
            people=here,
            instruments=dict(instruments[year]),
            effects=effects[year],
            opinions=opinions(city, here, _questions(tuple(instruments[year].values())), effects[year]),
            turnout=turnout(city, here, effects[year]),
            place_of={int(number): place for place, number in enumerate(here.numbers)},
        )
    return years


def _questions(instruments: Sequence[Instrument]) -> list[Question]:
    return [question for instrument in instruments for question in instrument.choice_questions]
