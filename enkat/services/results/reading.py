"""What the count left of a round, as arrays."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import REGISTER_AGES, REGISTER_SEXES, AgeGroup, KeptLevel, KeptWho, Sex
from enkat.instruments.instrument import Instrument
from enkat.instruments.question import Question
from enkat.instruments.scale import Scale
from enkat.instruments.vocabulary import ServiceType
from enkat.languages import sv_key
from enkat.records.answers import KeptClass
from enkat.records.rounds import RoundState, SurveyRound
from enkat.services.faults import Fault, NotFoundFault
from enkat.statistics.tallies import AnswerRules, BoolArray, IntArray, Tally

SEXES: tuple[Sex, ...] = REGISTER_SEXES
AGES: tuple[AgeGroup, ...] = REGISTER_AGES
SERVICES: tuple[ServiceType, ...] = tuple(ServiceType)


class NotCountedFault(Fault):
    """The round's answers are not opened yet."""


@dataclass(frozen=True, slots=True)
class ResultUnit:
    """A unit as it was on the round's reference date."""

    id: int
    code: str
    name: str
    provider_name: str
    district_id: int
    district_name: str
    operating_form: str
    operating_form_label: str
    sampled: bool


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A choice question of the round, and the services whose clients were asked it."""

    question: Question
    services: frozenset[ServiceType]
    snapshots: frozenset[str]

    @property
    def scale(self) -> Scale:
        """The question's scale."""
        if self.question.scale is None:
            raise ValueError(f"{self.question.ref} has no scale")
        return self.question.scale

    @property
    def only_spread(self) -> bool:
        """Whether its answers are told as a distribution and nothing is judged.

        A filter only decides which questions follow. How many proxies there are nobody knows but from the answers: what
        they think themselves says nothing of a unit's clients, answered or not.
        """
        return self.question.is_filter or self.question.only_proxy

    @property
    def uncertain(self) -> bool:
        """Whether a client may stand outside the question without the frame knowing it."""
        outside_option = any(code > 0 for code in self.scale.outside)
        return self.scale.offers_not_knowing or outside_option or self.question.condition is not None


@dataclass(frozen=True)
class ClientCells:
    """Clients of the frame by what the register knows; int64 arrays (units, sexes, ages, services).

    Attributes
    ----------
    invited, ineligible, sent : invitations, those known to be ineligible, those answered.
    eligible : eligible clients of the frame, asked or not.
    """

    invited: IntArray
    ineligible: IntArray
    sent: IntArray
    eligible: IntArray


@dataclass(frozen=True)
class CountedRound:
    """Everything results are computed from; the arrays' first axis is `units` or `classes`.

    Attributes
    ----------
    survey_round : SurveyRound
    units : sequence of ResultUnit
        Every unit of the frame, by code.
    questions : sequence of AskedQuestion
        In the order in which the instruments ask them.
    classes : sequence of KeptClass
    tally : Tally (classes, questions, options)
    margins : int64 array (classes, sexes, ages)
        Respondents of each class.
    cells : ClientCells
    sized : bool array (units,)
        Whether N is known. Where nobody knows how many a loose code could reach, those who answered stand for N, and
        no interval may be made of it.
    """

    survey_round: SurveyRound
    units: Sequence[ResultUnit]
    questions: Sequence[AskedQuestion]
    instruments: Mapping[str, Instrument]
    classes: Sequence[KeptClass]
    tally: Tally
    margins: IntArray
    cells: ClientCells
    sized: BoolArray

    @cached_property
    def invited(self) -> IntArray:
        """Invitations: (units, sexes, services)."""
        return np.asarray(self.cells.invited.sum(axis=2), dtype=np.int64)

    @cached_property
    def ineligible(self) -> IntArray:
        """Invitations to people known to be ineligible: (units, sexes, services)."""
        return np.asarray(self.cells.ineligible.sum(axis=2), dtype=np.int64)

    @cached_property
    def sent(self) -> IntArray:
        """Invitations answered: (units, sexes, services)."""
        return np.asarray(self.cells.sent.sum(axis=2), dtype=np.int64)

    @cached_property
    def eligible(self) -> IntArray:
        """Eligible clients of the frame, asked or not: (units, sexes, services)."""
        return np.asarray(self.cells.eligible.sum(axis=2), dtype=np.int64)

    @cached_property
    def service_asks(self) -> BoolArray:
        """Which service's clients are asked which question: (services, questions)."""
        return np.array([[service in q.services for q in self.questions] for service in SERVICES], dtype=np.bool_)

    @cached_property
    def traits(self) -> Sequence[tuple[KeptWho, tuple[str, ...]]]:
        """Who answered and the sexes, for each class."""
        return [(kept.who, tuple(kept.sexes)) for kept in self.classes]

    @cached_property
    def places(self) -> IntArray:
        """Stratum of each class; -1 for those that stand beside the main result.

        The strata are the units, then the districts' small units in the order of `district_ids`, then the city's.
        """
        return _places(self.units, self.classes)

    @cached_property
    def rules(self) -> AnswerRules:
        """What the questions' options mean."""
        positive = [q.scale.positive for q in self.questions]
        return AnswerRules.of(positive, [frozenset(q.scale.base) for q in self.questions], self.tally.counts.shape[2])

    @cached_property
    def version(self) -> str:
        """A digest of the data that the figures come from."""
        digest = hashlib.sha256(f"{self.survey_round.id}:{[q.question.ref for q in self.questions]}".encode())
        order = sorted(range(len(self.classes)), key=lambda index: self.classes[index].id)
        for array in (self.tally.counts[order], self.eligible, self.sent, self.invited):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def by_question(self, values: IntArray) -> IntArray:
        """Turn (units, sexes, services) into (units, sexes, questions): those whom each question concerns."""
        return np.asarray(np.einsum("uxs,sq->uxq", values, self.service_asks.astype(np.int64)), dtype=np.int64)


class NotProtectedFault(NotCountedFault):
    """The search that the round's plan asks for is not done: no figures are shown before it is."""


def find_round(session: Session, short_name: str) -> SurveyRound:
    """Return the round of a short name."""
    found = session.scalar(select(SurveyRound).where(SurveyRound.short_name == short_name))
    if found is None:
        raise NotFoundFault(f"Det finns ingen omgång som heter {short_name}.")
    return found


def require_counted(survey_round: SurveyRound) -> None:
    """Refuse a round whose answers are still locked."""
    if survey_round.state not in {RoundState.COUNTED, RoundState.DESTROYED}:
        raise NotCountedFault(f"Svaren öppnas {survey_round.closes_on.isoformat()} eller senare, när de har räknats.")


def is_main(kept: KeptClass) -> bool:
    """Whether a class belongs to the main result; answers given with the provider's staff stand beside it."""
    return kept.who is not KeptWho.WITH_STAFF


def _places(units: Sequence[ResultUnit], classes: Sequence[KeptClass]) -> IntArray:
    unit_at = {unit.id: index for index, unit in enumerate(units)}
    district_at = {district: len(unit_at) + index for index, district in enumerate(district_ids(units))}
    last = len(unit_at) + len(district_at)

    def place(kept: KeptClass) -> int:
        if not is_main(kept):
            return -1
        if kept.level is KeptLevel.UNIT and kept.unit_id is not None:
            return unit_at[kept.unit_id]
        if kept.level is KeptLevel.DISTRICT and kept.district_id is not None:
            return district_at[kept.district_id]
        return last

    return np.array([place(kept) for kept in classes], dtype=np.int64)


def district_ids(units: Sequence[ResultUnit]) -> list[int]:
    """Return the districts of the units, by name."""
    names = {unit.district_id: unit.district_name for unit in units}
    return sorted(names, key=lambda district: sv_key(names[district]))
