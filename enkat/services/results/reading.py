"""Read what the count left of a round, as arrays."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import REGISTER_AGES, REGISTER_SEXES, AgeGroup, KeptLevel, KeptWho, Sex
from enkat.instruments import snapshot
from enkat.instruments.instrument import Instrument
from enkat.instruments.question import Question
from enkat.instruments.scale import Scale
from enkat.instruments.vocabulary import ServiceType
from enkat.languages import sv_key
from enkat.records.answers import KeptClass, classes_with_margins, response_of, tally_of
from enkat.records.invitations import InvitationStatus
from enkat.records.organisations import Unit
from enkat.records.rounds import (
    FrameCount,
    InstrumentSnapshot,
    RoundInstrument,
    RoundSample,
    RoundState,
    RoundUnit,
    SurveyRound,
)
from enkat.services.faults import Fault, NotFoundFault
from enkat.services.results.holders import people_reached
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


def read_round(session: Session, round_id: int) -> CountedRound:
    """Read a counted round.

    Raises
    ------
    NotFoundFault
        If there is no such round.
    NotCountedFault
        If its answers are not opened yet.
    """
    survey_round = session.get(SurveyRound, round_id)
    if survey_round is None:
        raise NotFoundFault("Omgången finns inte.")
    require_counted(survey_round)
    units = _units(session, round_id)
    instruments, of_service = _instruments(session, round_id)
    questions = _questions(instruments, of_service)
    classes, margins = _classes(session, round_id)
    cells, sized = _clients(session, survey_round, units)
    return CountedRound(
        survey_round=survey_round,
        units=units,
        questions=questions,
        instruments=instruments,
        classes=classes,
        tally=_tally(session, round_id, classes, questions),
        margins=margins,
        cells=cells,
        sized=sized,
    )


def read_frame(session: Session, round_id: int) -> tuple[list[ResultUnit], dict[str, Instrument]]:
    """Return a round's units, by code, and its instruments by snapshot."""
    return _units(session, round_id), _instruments(session, round_id)[0]


def _units(session: Session, round_id: int) -> list[ResultUnit]:
    drawn = and_(RoundSample.round_id == RoundUnit.round_id, RoundSample.unit_id == RoundUnit.unit_id)
    rows = session.execute(
        select(RoundUnit, Unit.code, RoundSample.size)
        .join(Unit, Unit.id == RoundUnit.unit_id)
        .outerjoin(RoundSample, drawn)
        .where(RoundUnit.round_id == round_id)
    )
    return sorted(
        (
            ResultUnit(
                id=unit.unit_id,
                code=code,
                name=unit.name,
                provider_name=unit.provider_name,
                district_id=unit.district_id,
                district_name=unit.district_name,
                operating_form=unit.operating_form.value,
                operating_form_label=unit.operating_form.label,
                sampled=size is not None,
            )
            for unit, code, size in rows
        ),
        key=lambda unit: unit.code,
    )


def _instruments(session: Session, round_id: int) -> tuple[dict[str, Instrument], dict[ServiceType, str]]:
    """Return the round's instruments by snapshot, in the round's order, and each service's snapshot."""
    rows = session.execute(
        select(RoundInstrument.service, InstrumentSnapshot.sha256, InstrumentSnapshot.content)
        .join(InstrumentSnapshot, InstrumentSnapshot.sha256 == RoundInstrument.snapshot_sha256)
        .where(RoundInstrument.round_id == round_id)
        .order_by(RoundInstrument.position)
    ).all()
    instruments = {digest: snapshot.cached(digest, content) for _, digest, content in rows}
    return instruments, {service: digest for service, digest, _ in rows}


def _questions(instruments: Mapping[str, Instrument], of_service: Mapping[ServiceType, str]) -> list[AskedQuestion]:
    asked: dict[str, Question] = {}
    holders: dict[str, set[str]] = {}
    for digest, instrument in instruments.items():
        for question in instrument.choice_questions:
            asked.setdefault(question.id, question)
            holders.setdefault(question.id, set()).add(digest)
    return [
        AskedQuestion(
            question=question,
            services=frozenset(s for s, digest in of_service.items() if digest in holders[question.id]),
            snapshots=frozenset(holders[question.id]),
        )
        for question in asked.values()
    ]


def _tally(session: Session, round_id: int, classes: Sequence[KeptClass], questions: Sequence[AskedQuestion]) -> Tally:
    class_at = {kept.id: index for index, kept in enumerate(classes)}
    question_at = {asked.question.id: index for index, asked in enumerate(questions)}
    rows = [row for row in tally_of(session, round_id) if row[1] in question_at]
    tally = Tally.from_rows(
        [class_at[row[0]] for row in rows],
        [question_at[row[1]] for row in rows],
        [row[2] for row in rows],
        [row[3] for row in rows],
        shape=(len(classes), len(questions)),
    )
    # Where services were joined, the count kept only what all were asked: of the rest nothing is known.
    for index, kept in enumerate(classes):
        if len(kept.services) > 1:
            lost = [at for at, asked in enumerate(questions) if not asked.services.issuperset(kept.services)]
            tally.counts[index, lost] = 0
    return tally


def _classes(session: Session, round_id: int) -> tuple[list[KeptClass], IntArray]:
    """Return the classes, and the respondents of each: (classes, sexes, ages)."""
    rows = classes_with_margins(session, round_id)
    classes = list(dict.fromkeys(row[0] for row in rows))
    margins = np.zeros((len(classes), len(SEXES), len(AGES)), dtype=np.int64)
    at = {kept: index for index, kept in enumerate(classes)}
    for kept, sex, age, n in rows:
        margins[at[kept], *_cell(sex, age)] = n
    return classes, margins


def _cell(sex: Sex, age: AgeGroup) -> tuple[int, int]:
    """Return where a sex and age stand; people of whom neither is known are one cell, the first, of their round."""
    if sex is Sex.NOT_STATED or age is AgeGroup.NOT_STATED:
        return 0, 0
    return SEXES.index(sex), AGES.index(age)


def _clients(session: Session, survey_round: SurveyRound, units: Sequence[ResultUnit]) -> tuple[ClientCells, BoolArray]:
    """Return the clients of each unit, and whether their number is known."""
    round_id = survey_round.id
    at = {unit.id: index for index, unit in enumerate(units)}
    shape = (len(units), len(SEXES), len(AGES), len(SERVICES))
    invited, ineligible, sent = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for unit_id, sex, age, service, status, n in response_of(session, round_id):
        cell = (at[unit_id], *_cell(sex, age), SERVICES.index(service))
        invited[cell] += n
        if status.ineligible:
            ineligible[cell] += n
        if status is InvitationStatus.SENT:
            sent[cell] += n
    if survey_round.loose_codes:
        invited = np.zeros_like(sent)
        reached, sized = people_reached(session, round_id, [unit.id for unit in units], sent.sum(axis=(1, 2, 3)))
        invited[:, 0, 0, sent.sum(axis=(0, 1, 2)).argmax()] = reached
        return ClientCells(invited, np.zeros_like(sent), sent, invited), sized
    not_asked = _not_asked(session, round_id, units, invited)
    return ClientCells(invited, ineligible, sent, invited - ineligible + not_asked), np.ones(len(units), dtype=np.bool_)


def _not_asked(session: Session, round_id: int, units: Sequence[ResultUnit], invited: IntArray) -> IntArray:
    """Count clients of sampled units who were not drawn. Elsewhere everybody is asked, whatever was corrected."""
    frame = np.zeros_like(invited)
    at = {unit.id: index for index, unit in enumerate(units) if unit.sampled}
    if at:
        rows = session.execute(
            select(FrameCount.unit_id, FrameCount.sex, FrameCount.age_group, FrameCount.service, FrameCount.n).where(
                FrameCount.round_id == round_id, FrameCount.unit_id.in_(at)
            )
        )
        for unit_id, sex, age, service, n in rows:
            frame[at[unit_id], SEXES.index(sex), AGES.index(age), SERVICES.index(service)] = n
    return np.asarray(np.maximum(frame - invited, 0), dtype=np.int64)


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
