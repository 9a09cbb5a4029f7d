"""Read what the count left of some rounds: each table is asked once, however many the rounds are."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session, selectinload

from enkat.ballots.vocabulary import AgeGroup, Sex
from enkat.instruments import snapshot
from enkat.instruments.instrument import Instrument
from enkat.instruments.question import Question
from enkat.instruments.vocabulary import ServiceType
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
from enkat.services.faults import NotFoundFault
from enkat.services.results.holders import people_reached, people_told
from enkat.services.results.reading import (
    AGES,
    SERVICES,
    SEXES,
    AskedQuestion,
    ClientCells,
    CountedRound,
    ResultUnit,
    require_counted,
)
from enkat.statistics.tallies import BoolArray, IntArray, Tally

_TallyRow = Row[bytes, str, int, int]
_Asked = tuple[dict[str, Instrument], dict[ServiceType, str]]


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
    return read_rounds(session, [survey_round])[0]


def read_rounds(session: Session, rounds: Sequence[SurveyRound]) -> list[CountedRound]:
    """Read counted rounds, in the order given.

    Raises
    ------
    NotCountedFault
        If the answers of one are not opened yet.
    """
    for one in rounds:
        require_counted(one)
    ids = [one.id for one in rounds]
    units, asked = _units(session, ids), _instruments(session, ids)
    classes, margins = _classes(session, ids)
    tallies = _tally_rows(session, ids, classes)
    clients = _Clients(session, rounds, units)
    found = []
    for one in rounds:
        questions = _questions(*asked[one.id])
        cells, sized = clients.cells(one)
        found.append(
            CountedRound(
                survey_round=one,
                units=units[one.id],
                questions=questions,
                instruments=asked[one.id][0],
                classes=classes[one.id],
                tally=_tally(tallies[one.id], classes[one.id], questions),
                margins=margins[one.id],
                cells=cells,
                sized=sized,
            )
        )
    return found


def counted_before(session: Session, survey_round: SurveyRound) -> list[SurveyRound]:
    """Return the counted rounds of the same series that a round continues, the newest first, with their bridges."""
    rows = session.scalars(select(SurveyRound).options(selectinload(SurveyRound.bridges)))
    by_id = {one.id: one for one in rows}
    found: list[SurveyRound] = []
    at = by_id.get(survey_round.previous_round_id or 0)
    while at is not None and at.id != survey_round.id and at not in found:
        found.append(at)
        at = by_id.get(at.previous_round_id or 0)
    counted = {RoundState.COUNTED, RoundState.DESTROYED}
    return [one for one in found if one.state in counted and one.series == survey_round.series]


def read_frame(session: Session, round_id: int) -> tuple[list[ResultUnit], dict[str, Instrument]]:
    """Return a round's units, by code, and its instruments by snapshot."""
    return _units(session, [round_id])[round_id], _instruments(session, [round_id])[round_id][0]


def _units(session: Session, ids: Sequence[int]) -> dict[int, list[ResultUnit]]:
    drawn = and_(RoundSample.round_id == RoundUnit.round_id, RoundSample.unit_id == RoundUnit.unit_id)
    rows = session.execute(
        select(RoundUnit, Unit.code, RoundSample.size)
        .join(Unit, Unit.id == RoundUnit.unit_id)
        .outerjoin(RoundSample, drawn)
        .where(RoundUnit.round_id.in_(ids))
    )
    found: dict[int, list[ResultUnit]] = {round_id: [] for round_id in ids}
    for unit, code, size in rows:
        found[unit.round_id].append(
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
        )
    return {round_id: sorted(units, key=lambda unit: unit.code) for round_id, units in found.items()}


def _instruments(session: Session, ids: Sequence[int]) -> dict[int, _Asked]:
    """Return each round's instruments by snapshot, in the round's order, and each service's snapshot."""
    rows = session.execute(
        select(RoundInstrument.round_id, RoundInstrument.service, InstrumentSnapshot.sha256, InstrumentSnapshot.content)
        .join(InstrumentSnapshot, InstrumentSnapshot.sha256 == RoundInstrument.snapshot_sha256)
        .where(RoundInstrument.round_id.in_(ids))
        .order_by(RoundInstrument.position)
    )
    found: dict[int, _Asked] = {round_id: ({}, {}) for round_id in ids}
    for round_id, service, digest, content in rows:
        instruments, of_service = found[round_id]
        instruments[digest] = snapshot.cached(digest, content)
        of_service[service] = digest
    return found


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


def _classes(session: Session, ids: Sequence[int]) -> tuple[dict[int, list[KeptClass]], dict[int, IntArray]]:
    """Return each round's classes, and the respondents of each: (classes, sexes, ages)."""
    rows = classes_with_margins(session, ids)
    classes: dict[int, list[KeptClass]] = {round_id: [] for round_id in ids}
    # Sums of floats depend on the order of their terms: equal rounds give equal digits.
    for kept in sorted(dict.fromkeys(row[0] for row in rows), key=lambda kept: kept.id):
        classes[kept.round_id].append(kept)
    margins = {one: np.zeros((len(of), len(SEXES), len(AGES)), dtype=np.int64) for one, of in classes.items()}
    at = {kept.id: index for of in classes.values() for index, kept in enumerate(of)}
    for kept, sex, age, n in rows:
        margins[kept.round_id][at[kept.id], *_traits(sex, age)] = n
    return classes, margins


def _traits(sex: Sex, age: AgeGroup) -> tuple[int, int]:
    """Return where a sex and age stand; people of whom neither is known are one cell, the first, of their round."""
    if sex is Sex.NOT_STATED or age is AgeGroup.NOT_STATED:
        return 0, 0
    return SEXES.index(sex), AGES.index(age)


def _tally_rows(
    session: Session, ids: Sequence[int], classes: Mapping[int, Sequence[KeptClass]]
) -> dict[int, list[_TallyRow]]:
    round_of = {kept.id: round_id for round_id, of in classes.items() for kept in of}
    found: dict[int, list[_TallyRow]] = {round_id: [] for round_id in ids}
    for row in tally_of(session, ids):
        found[round_of[row[0]]].append(row)
    return found


def _tally(found: Sequence[_TallyRow], classes: Sequence[KeptClass], questions: Sequence[AskedQuestion]) -> Tally:
    class_at = {kept.id: index for index, kept in enumerate(classes)}
    question_at = {asked.question.id: index for index, asked in enumerate(questions)}
    rows = [row for row in found if row[1] in question_at]
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


_Cell = tuple[tuple[int, int, int, int], int]


class _Clients:
    """How the clients of some rounds were asked and answered, read at once."""

    def __init__(
        self, session: Session, rounds: Sequence[SurveyRound], units: Mapping[int, Sequence[ResultUnit]]
    ) -> None:
        self.units = units
        self.at = {(one, unit.id): index for one, of in units.items() for index, unit in enumerate(of)}
        self.response: dict[int, list[tuple[InvitationStatus, _Cell]]] = defaultdict(list)
        for round_id, unit_id, sex, age, service, status, n in response_of(session, list(units)):
            self.response[round_id].append((status, self._cell((round_id, unit_id), (sex, age, service), n)))
        self.frame: dict[int, list[_Cell]] = defaultdict(list)
        drawn = {(round_id, unit.id) for round_id, of in units.items() for unit in of if unit.sampled}
        for place, traits, n in _frame_counts(session, sorted({round_id for round_id, _unit in drawn})):
            if place in drawn:
                self.frame[place[0]].append(self._cell(place, traits, n))
        self.told = people_told(session, [one.id for one in rounds if one.loose_codes])

    def _cell(self, place: tuple[int, int], traits: tuple[Sex, AgeGroup, ServiceType], n: int) -> _Cell:
        sex, age, service = traits
        return (self.at[place], *_traits(sex, age), SERVICES.index(service)), n

    def cells(self, survey_round: SurveyRound) -> tuple[ClientCells, BoolArray]:
        """Return one round's clients, and of which units their number is known.

        Clients of sampled units who were not drawn count as eligible. Elsewhere everybody is asked, whatever was
        corrected.
        """
        round_id, units = survey_round.id, self.units[survey_round.id]
        shape = (len(units), len(SEXES), len(AGES), len(SERVICES))
        invited, ineligible, sent, frame = (np.zeros(shape, dtype=np.int64) for _ in range(4))
        for status, (cell, n) in self.response[round_id]:
            invited[cell] += n
            if status.ineligible:
                ineligible[cell] += n
            if status is InvitationStatus.SENT:
                sent[cell] += n
        if survey_round.loose_codes:
            invited = np.zeros_like(sent)
            told = [self.told.get((round_id, unit.id), 0) for unit in units]
            reached, sized = people_reached(told, sent.sum(axis=(1, 2, 3)))
            invited[:, 0, 0, sent.sum(axis=(0, 1, 2)).argmax()] = reached
            return ClientCells(invited, np.zeros_like(sent), sent, invited), sized
        for cell, n in self.frame[round_id]:
            frame[cell] = n
        not_asked = np.maximum(frame - invited, 0)
        every = np.ones(len(units), dtype=np.bool_)
        return ClientCells(invited, ineligible, sent, invited - ineligible + not_asked), every


def _frame_counts(
    session: Session, ids: Sequence[int]
) -> Iterator[tuple[tuple[int, int], tuple[Sex, AgeGroup, ServiceType], int]]:
    """Give the frame's counts of the rounds that drew samples; nothing is asked where none did."""
    if not ids:
        return
    key = (FrameCount.sex, FrameCount.age_group, FrameCount.service)
    rows = session.execute(
        select(FrameCount.round_id, FrameCount.unit_id, *key, FrameCount.n).where(FrameCount.round_id.in_(ids))
    )
    for round_id, unit_id, sex, age, service, n in rows:
        yield (round_id, unit_id), (sex, age, service), n
