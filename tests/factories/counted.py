"""A counted round with simulated answers, written through the same tabulation as a real count."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from enkat.ballots.ballot import Ballot
from enkat.ballots.vocabulary import REGISTER_AGES, AgeGroup, Helper, Mode, Respondent, Sex
from enkat.instruments.instrument import Instrument
from enkat.instruments.snapshot import snapshot, snapshot_hash
from enkat.instruments.vocabulary import ServiceType
from enkat.records.answers import Answer, ClassMargin, CollectionTally, KeptClass, Response, Tally
from enkat.records.invitations import InvitationStatus
from enkat.records.organisations import District, OperatingForm, Provider, Unit
from enkat.records.rounds import InstrumentSnapshot, RoundInstrument, RoundState, RoundUnit, SurveyRound
from enkat.records.writing import writing
from enkat.services.ballots.tabulating import tabulate
from tests.factories.ballots import small_instrument

HOME = ServiceType.HOME_CARE
FORMS = tuple(OperatingForm)


@dataclass(frozen=True)
class UnitCase:
    """A unit: its clients, how many answered, where and how it is run, and the share of positive answers."""

    clients: int
    answered: int
    district: int = 0
    form: OperatingForm = OperatingForm.MUNICIPAL
    positive: float = 0.8
    proxies: int = 0
    men: float = 0.3
    ineligible: int = 0
    with_staff: int = 0


def add_counted_round(
    session: Session,
    units: Sequence[UnitCase],
    *,
    short_name: str = "ht26",
    day: date = date(2026, 9, 1),
    instrument: Instrument | None = None,
    previous_round_id: int | None = None,
    seed: int = 1,
    state: RoundState = RoundState.COUNTED,
    **particulars: Any,
) -> SurveyRound:
    """Write a city (once), a round and what its count kept."""
    rng = random.Random(seed)  # noqa: S311 - a simulation
    asked = instrument or small_instrument()
    text = snapshot(asked)
    digest = snapshot_hash(text)
    with writing(session):
        places = _city(session, units, day)
        survey_round = SurveyRound(
            short_name=short_name,
            title=f"Undersökning {day.year}",
            state=state,
            reference_date=day,
            opens_on=day,
            closes_on=day + timedelta(days=30),
            previous_round_id=previous_round_id,
            **particulars,
        )
        session.add(survey_round)
        if session.get(InstrumentSnapshot, digest) is None:
            session.add(InstrumentSnapshot(sha256=digest, instrument_id=asked.id, content=text))
        session.flush()
        session.add(
            RoundInstrument(
                round_id=survey_round.id, service=HOME, position=0, instrument_id=asked.id, snapshot_sha256=digest
            )
        )
        _freeze(session, survey_round.id, units, places)
        session.flush()
        if state is RoundState.COUNTED:
            _count(session, survey_round.id, units, places=places, instruments={digest: asked}, rng=rng)
    return survey_round


def _city(session: Session, units: Sequence[UnitCase], day: date) -> list[tuple[int, int]]:
    """Return (unit id, district id) per unit, making what is missing."""
    wanted = max(unit.district for unit in units) + 1
    districts = list(session.scalars(select(District).order_by(District.id)))
    districts += [District(name=f"Stadsdel {n + 1}", valid_from=day) for n in range(len(districts), wanted)]
    made = list(session.scalars(select(Unit).order_by(Unit.id)))
    made += [Unit(code=f"E{n + 1:03d}") for n in range(len(made), len(units))]
    session.add_all([*districts, *made])
    if session.scalar(select(Provider)) is None:
        session.add(Provider(organisation_number="5560360793", name="Omsorg AB"))
    session.flush()
    return [(made[n].id, districts[unit.district].id) for n, unit in enumerate(units)]


def _freeze(session: Session, round_id: int, units: Sequence[UnitCase], places: list[tuple[int, int]]) -> None:
    provider = session.scalars(select(Provider)).one()
    for number, (unit, (unit_id, district_id)) in enumerate(zip(units, places, strict=True)):
        session.add(
            RoundUnit(
                round_id=round_id,
                unit_id=unit_id,
                name=f"Enhet {number + 1}",
                provider_id=provider.id,
                provider_name=provider.name,
                district_id=district_id,
                district_name=f"Stadsdel {unit.district + 1}",
                operating_form=unit.form,
            )
        )


def _count(
    session: Session,
    round_id: int,
    units: Sequence[UnitCase],
    *,
    places: list[tuple[int, int]],
    instruments: dict[str, Instrument],
    rng: random.Random,
) -> None:
    ballots: list[Ballot] = []
    cells: Counter[tuple[int, Sex, AgeGroup, InvitationStatus]] = Counter()
    ((digest, instrument),) = instruments.items()
    for unit, (unit_id, district_id) in zip(units, places, strict=True):
        for person in range(unit.clients + unit.ineligible):
            sex = Sex.MAN if rng.random() < unit.men else Sex.WOMAN
            age = rng.choices(REGISTER_AGES, (5, 25, 40, 30))[0]
            sent = person < unit.answered
            gone = person >= unit.clients
            status = InvitationStatus.DECEASED if gone else InvitationStatus.SENT if sent else InvitationStatus.OPEN
            cells[unit_id, sex, age, status] += 1
            if sent:
                ballot = _ballot((unit_id, district_id), digest, (sex, age), _who(unit, person))
                ballots.append(replace(ballot, vector=_answers(instrument, unit.positive, rng)))
    session.execute(
        insert(Response),
        [
            {
                "round_id": round_id, "unit_id": unit_id, "sex": sex, "age_group": age, "service": HOME,
                "status": status, "n": n,
            }
            for (unit_id, sex, age, status), n in cells.items()
        ],
    )  # fmt: skip
    rows = tabulate(round_id, ballots, instruments)
    tables: list[tuple[Any, list[dict[str, Any]]]] = [
        (KeptClass, rows.classes), (ClassMargin, rows.margins), (Answer, rows.answers), (Tally, rows.tallies),
        (CollectionTally, rows.collection),
    ]  # fmt: skip
    for table, data in tables:
        if data:
            session.execute(insert(table), data)


def _who(unit: UnitCase, person: int) -> tuple[Respondent, Helper]:
    if person < unit.proxies:
        return Respondent.PROXY, Helper.RELATIVE
    if person < unit.proxies + unit.with_staff:
        return Respondent.SELF_HELPED, Helper.PROVIDER_STAFF
    return Respondent.SELF, Helper.NONE


def _answers(instrument: Instrument, positive: float, rng: random.Random) -> tuple[int, ...]:
    codes = []
    for question in instrument.choice_questions:
        scale = question.scale
        assert scale is not None
        good = sorted(scale.positive)
        bad = [code for code in scale.base if code not in scale.positive]
        draw: Callable[[list[int]], int] = rng.choice
        share = rng.random()
        if share < 0.03:
            codes.append(-2)
        elif share < 0.09 and scale.offers_not_knowing:
            codes.append(-3)
        else:
            codes.append(draw(good) if rng.random() < positive else draw(bad))
    return tuple(codes)


def _ballot(
    place: tuple[int, int], digest: str, traits: tuple[Sex, AgeGroup], who: tuple[Respondent, Helper]
) -> Ballot:
    return Ballot(
        unit_id=str(place[0]),
        district_id=str(place[1]),
        service=HOME,
        age_group=traits[1],
        sex=traits[0],
        instrument_hash=digest,
        mode=Mode.WEB,
        respondent=who[0],
        helper=who[1],
        interviewer="",
        language="sv",
        vector=(),
        free_texts={},
    )


def correct_an_answer(session: Session) -> None:
    """Move an answer in the largest class from one end of the scale to the other, as a recount would."""
    with writing(session):
        for kept in session.scalars(select(KeptClass.id).order_by(KeptClass.n.desc())).all():
            key = (Tally.kept_class_id == kept, Tally.question_id == "feels_safe")
            codes = list(session.scalars(select(Tally.code).where(*key, Tally.code > 0).order_by(Tally.n.desc())))
            if len(codes) == 5 and codes[0] != 3:
                break
        for code, step in ((codes[0], -1), (6 - codes[0], 1)):
            session.execute(update(Tally).where(*key, Tally.code == code).values(n=Tally.n + step))
