"""The frame: who is asked in a round, by the register on the reference date."""

import enum
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import AgeGroup, Sex, age_group
from enkat.instruments.vocabulary import ServiceType
from enkat.languages import sv_key
from enkat.records.organisations import UnitPeriod
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import Design, FormPer, RoundHandout, SurveyRound
from enkat.records.rounds_queries import (
    RegisterRow,
    handouts_of,
    register_rows,
    sample_sizes,
    unit_codes,
    unit_periods,
)
from enkat.services.rounds.finding import get_round
from enkat.services.rounds.sampling import FrameMember, draw, frame_hash

Cell = tuple[int, ServiceType, Sex, AgeGroup]


class Outside(enum.StrEnum):
    """Why a person of the register is not in the frame."""

    AGE = "age"
    ONLY_ALARM = "only_alarm"
    NO_LISTED_SERVICE = "no_listed_service"

    @property
    def label(self) -> str:
        """The Swedish words."""
        return {
            "age": "utanför åldersgränserna",
            "only_alarm": "har bara trygghetslarm",
            "no_listed_service": "har ingen av insatserna",
        }[self.value]


@dataclass(frozen=True)
class UnitFrame:
    """How many the frame holds in a unit, and how many of them are asked."""

    unit_id: int
    code: str
    name: str
    district_id: int
    district_name: str
    n: int
    asked: int
    counted: bool = True
    """Whether N is known: how many a loose code could reach may be known to nobody, and then N is the codes."""


@dataclass(frozen=True)
class FramePreview:
    """The frame as it would be drawn now.

    `cells` counts the whole frame, asked or not. `problems` are Swedish sentences that stand in the way of opening.
    """

    members: tuple[FrameMember, ...]
    asked: tuple[FrameMember, ...]
    cells: dict[Cell, int]
    units: tuple[UnitFrame, ...]
    periods: dict[int, UnitPeriod]
    outside: dict[Outside, int]
    problems: tuple[str, ...]
    frame_hash: str
    seed: int

    @property
    def protected(self) -> int:
        """How many of those asked have a protected identity; never told per unit."""
        return sum(member.protected for member in self.asked)


def _why_outside(round_: SurveyRound, services: list[RegisterRow], listed: list[ServiceType]) -> Outside | None:
    """Return why a person with these services is not asked; None for one who is."""
    age = round_.reference_date.year - services[0].birth_year
    if age < (round_.minimum_age or 0):
        return Outside.AGE
    if round_.maximum_age is not None and age > round_.maximum_age:
        return Outside.AGE
    if not any(row.service in listed for row in services):
        return Outside.NO_LISTED_SERVICE
    only_alarm = all(row.service is ServiceType.SAFETY_ALARM for row in services)
    return Outside.ONLY_ALARM if only_alarm and not round_.include_only_alarm else None


def _forms(round_: SurveyRound, services: list[RegisterRow], listed: list[ServiceType]) -> list[RegisterRow]:
    """Return the services that a person gets a form about."""
    asked = [row for row in services if row.service in listed]
    if round_.form_per is FormPer.SERVICE:
        return asked
    return [min(asked, key=lambda row: (listed.index(row.service), row.unit_code))]


def _member(round_: SurveyRound, row: RegisterRow) -> FrameMember:
    """Return a row of the frame; of a relative who answers the client's letter the register knows nothing."""
    client = round_.kind is not RoundKind.RELATIVES
    return FrameMember(
        client_id=row.client_id,
        reference=row.reference,
        unit_id=row.unit_id,
        unit_code=row.unit_code,
        service=row.service,
        sex=row.sex if client else Sex.NOT_STATED,
        age_group=age_group(row.birth_year, round_.reference_date) if client else AgeGroup.NOT_STATED,
        protected=row.protected,
    )


def _problems(round_: SurveyRound, invalid: Counter[str], sizes: dict[int, int], units: set[int]) -> Iterator[str]:
    for code, n in sorted(invalid.items()):
        people = "1 brukare" if n == 1 else f"{n} brukare"
        yield (
            f"Enheten {code} har {people} men gäller inte på mätdagen {round_.reference_date}. "
            "Rätta enhetens tid, eller flytta brukarna till den enhet de har."
        )
    if not units:
        yield "Ingen brukare i registret hör till omgången. Läs in registret, eller ändra vilka som ska frågas."
    if round_.design is Design.SAMPLE and not sizes:
        yield "Omgången är en urvalsundersökning, men ingen enhet har fått ett urval. Skriv hur många som ska frågas."


def _unit_frames(
    members: Iterable[FrameMember], asked: Iterable[FrameMember], periods: dict[int, UnitPeriod]
) -> tuple[UnitFrame, ...]:
    n, n_asked = Counter[int](), Counter[int]()
    codes: dict[int, str] = {}
    for member in members:
        n[member.unit_id] += 1
        codes[member.unit_id] = member.unit_code
    for member in asked:
        n_asked[member.unit_id] += 1
    frames = [
        UnitFrame(
            unit_id=unit_id,
            code=codes[unit_id],
            name=periods[unit_id].name,
            district_id=periods[unit_id].district_id,
            district_name=periods[unit_id].district.name,
            n=n[unit_id],
            asked=n_asked[unit_id],
        )
        for unit_id in n
    ]
    return tuple(sorted(frames, key=lambda frame: (sv_key(frame.district_name), sv_key(frame.name))))


def _loose_problems(
    round_: SurveyRound,
    handouts: Mapping[int, RoundHandout],
    periods: Mapping[int, UnitPeriod],
    codes: Mapping[int, str],
) -> Iterator[str]:
    if not handouts:
        yield "Ingen enhet delar ut koder. Skriv hur många koder varje enhet ska ha."
    for unit_id in sorted(handouts.keys() - periods.keys()):
        yield f"Enheten {codes[unit_id]} gäller inte på mätdagen {round_.reference_date}. Ta bort dess koder."
    if round_.provider_id is not None:
        for unit_id in sorted(handouts.keys() & periods.keys()):
            if periods[unit_id].provider_id != round_.provider_id:
                yield f"Enheten {codes[unit_id]} drivs av en annan utförare på mätdagen. Ta bort dess koder."


def _told(unit: UnitFrame, handout: RoundHandout) -> UnitFrame:
    """Return a unit's frame with N as the unit told it, if it did."""
    return replace(unit, n=handout.people or unit.n, counted=handout.people is not None)


def _loose_frame(session: Session, round_: SurveyRound) -> FramePreview:
    """Return the frame of loose codes: as many forms as codes, of people of whom nothing is known."""
    handouts, periods = handouts_of(session, round_.id), unit_periods(session, round_.reference_date)
    codes = unit_codes(session, handouts)
    services = [row.service for row in round_.instruments]
    members = [
        FrameMember(
            client_id=None,
            reference=str(number),
            unit_id=unit_id,
            unit_code=codes[unit_id],
            service=service,
            sex=Sex.NOT_STATED,
            age_group=AgeGroup.NOT_STATED,
            protected=False,
        )
        for unit_id, row in handouts.items()
        if unit_id in periods
        for service in services
        for number in range(1, row.codes + 1)
    ]
    units = [_told(unit, handouts[unit.unit_id]) for unit in _unit_frames(members, members, periods)]
    return FramePreview(
        members=tuple(members),
        asked=tuple(members),
        cells={
            (unit.unit_id, service, Sex.NOT_STATED, AgeGroup.NOT_STATED): unit.n
            for unit in units
            if unit.counted
            for service in services
        },
        units=tuple(units),
        periods=periods,
        outside={},
        problems=tuple(_loose_problems(round_, handouts, periods, codes)),
        frame_hash=frame_hash(members),
        seed=0,
    )


def build_frame(session: Session, round_id: int) -> FramePreview:
    """Return the round's frame from the register as it is now: N per cell, who is asked, what stands in the way.

    A round with loose codes has as many forms as its units hand out codes.
    """
    round_ = get_round(session, round_id)
    if round_.loose_codes:
        return _loose_frame(session, round_)
    listed = [row.service for row in round_.instruments]
    periods = unit_periods(session, round_.reference_date)
    sizes = sample_sizes(session, round_id)
    outside: Counter[Outside] = Counter()
    invalid: Counter[str] = Counter()
    members: list[FrameMember] = []
    for _, group in groupby(register_rows(session, round_.reference_date), key=lambda row: row.client_id):
        services = list(group)
        why = _why_outside(round_, services, listed)
        if why is not None:
            outside[why] += 1
            continue
        for row in _forms(round_, services, listed):
            if row.unit_id in periods:
                members.append(_member(round_, row))
            else:
                invalid[row.unit_code] += 1
    seed = round_.sample_seed if round_.sample_seed is not None else round_.id
    asked = draw(members, sizes, seed) if round_.design is Design.SAMPLE else sorted(members, key=lambda m: m.key)
    return FramePreview(
        members=tuple(members),
        asked=tuple(asked),
        cells=dict(Counter((m.unit_id, m.service, m.sex, m.age_group) for m in members)),
        units=_unit_frames(members, asked, periods),
        periods=periods,
        outside=dict(outside),
        problems=tuple(_problems(round_, invalid, sizes, {m.unit_id for m in members})),
        frame_hash=frame_hash(members),
        seed=seed,
    )
