"""Planning a round: every choice is a value of the plan and can be changed until the round opens."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.instruments.vocabulary import ServiceType
from enkat.instruments.wording import Face
from enkat.languages import LANGUAGES
from enkat.records.organisations import Unit
from enkat.records.rounds import Design, FormPer, RoundInstrument, RoundSample, RoundState, SurveyRound
from enkat.records.rounds_queries import previous_round, sample_sizes, short_name_taken
from enkat.records.writing import writing
from enkat.services.faults import Fault
from enkat.services.rounds.finding import RoundFaults, get_round, require_state
from enkat.services.rounds.release_plans import BREAKDOWNS, Protection

SHORT_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,19}")
LOWEST_THRESHOLD = 5
OLDEST = 130
RESERVED = frozenset({"ny", "tidigare"})
"""Words that stand for pages of their own among the rounds."""
LARGEST_SEED = 2**31


@dataclass(frozen=True, kw_only=True)
class RoundPlan:
    """Everything that is decided about a round before it opens; the fields mean what they do in `SurveyRound`."""

    short_name: str
    title: str
    reference_date: date
    opens_on: date
    closes_on: date
    instruments: list[tuple[ServiceType, str]]
    """Services in the order that decides a person's form, each with the id of its instrument."""
    practice: bool = False
    interval_years: int = 4
    form_per: FormPer = FormPer.PERSON
    design: Design = Design.CENSUS
    sample_seed: int | None = None
    sample_sizes: dict[int, int] = field(default_factory=dict)
    """Unit id → how many are asked, for sampled units."""
    minimum_age: int | None = None
    maximum_age: int | None = None
    include_only_alarm: bool = False
    languages: list[str] = field(default_factory=lambda: ["sv"])
    faces: list[str] = field(default_factory=lambda: ["plain", "easy", "proxy"])
    staff_may_help: bool = True
    bookable_assistant: str = ""
    threshold_internal: int = 5
    threshold_public: int = 7
    release_plan: dict[str, Any] = field(default_factory=lambda: {"breakdowns": list(BREAKDOWNS)})
    supplements: list[str] = field(default_factory=list)
    previous_round_id: int | None = None
    """The round this one follows; left out = the latest one about any of the same services."""
    responsible_board: str = ""
    frame_source: str = ""
    legal_basis: str = ""
    dpo_contact: str = ""
    registry_number: str = ""
    phone: str = ""
    phone_hours: str = ""
    urgent_phone: str = ""
    complaint_phone: str = ""
    complaint_address: str = ""
    results_month: str = ""
    return_address: str = ""
    key_threshold: int = 2
    key_holders: int = 3


_PARTS = {"instruments", "sample_sizes", "previous_round_id"}
"""Fields of the plan that are rows of their own, or found."""
PLAIN_FIELDS = tuple(item.name for item in fields(RoundPlan) if item.name not in _PARTS)


def _period_faults(plan: RoundPlan) -> Iterator[tuple[str, str]]:
    if plan.closes_on < plan.opens_on:
        yield "closes_on", "Omgången stänger före den öppnar. Ändra ett av datumen."
    if plan.reference_date > plan.closes_on:
        yield "reference_date", "Mätdagen ligger efter att omgången stänger. Välj en tidigare mätdag."
    if plan.interval_years < 1:
        yield "interval_years", "Skriv hur många år det är mellan omgångarna: minst 1."


def _people_faults(plan: RoundPlan) -> Iterator[tuple[str, str]]:
    lowest, highest = plan.minimum_age, plan.maximum_age
    if any(age is not None and not 0 <= age <= OLDEST for age in (lowest, highest)):
        yield "minimum_age", f"Åldrar ligger mellan 0 och {OLDEST} år."
    if lowest is not None and highest is not None and lowest > highest:
        yield "maximum_age", "Den högsta åldern är lägre än den lägsta. Ändra en av dem."
    if not plan.instruments:
        yield "instruments", "Välj minst en insats som omgången frågar om."
    services = [service for service, _ in plan.instruments]
    if len(set(services)) < len(services):
        yield "instruments", "Samma insats står två gånger. Ta bort den ena."
    if any(size < 1 for size in plan.sample_sizes.values()):
        yield "sample_sizes", "Ett urval är minst 1 person. Lämna fältet tomt om alla i enheten ska frågas."
    if plan.design is Design.CENSUS and plan.sample_sizes:
        yield "sample_sizes", "Urval per enhet hör till en urvalsundersökning. Välj urval, eller ta bort talen."


def _form_faults(plan: RoundPlan) -> Iterator[tuple[str, str]]:
    unknown = [code for code in plan.languages if code not in LANGUAGES]
    if unknown:
        yield "languages", f"Språket {unknown[0]} finns inte i språktabellen."
    if "sv" not in plan.languages:
        yield "languages", "Svenska måste vara med bland språken."
    faces = {face.value for face in Face}
    if "plain" not in plan.faces or not set(plan.faces) <= faces:
        yield "faces", "Välj utformningar som finns. Den vanliga texten måste vara med."
    if plan.threshold_internal < LOWEST_THRESHOLD:
        yield "threshold_internal", f"Den lägsta gränsen för att visa resultat är {LOWEST_THRESHOLD} svar."
    if plan.threshold_public < plan.threshold_internal:
        yield "threshold_public", "Gränsen för offentliga resultat får inte vara lägre än den interna."
    if not 1 <= plan.key_threshold <= plan.key_holders:
        yield "key_threshold", "Antalet nyckeldelar som behövs är minst 1 och högst så många som det finns innehavare."
    strange = set(plan.release_plan.get("breakdowns", [])) - set(BREAKDOWNS)
    if strange:
        yield "release_plan", f"Redovisningen {min(strange)} finns inte. Välj om under Vad som får visas."
    if plan.release_plan.get("protection", Protection.CLOSING) not in set(Protection):
        yield "protection", "Välj hur grupperna bredvid små grupper ska döljas."


def _faults(session: Session, plan: RoundPlan, round_id: int | None) -> Iterator[tuple[str, str]]:
    if not SHORT_NAME.fullmatch(plan.short_name) or plan.short_name in RESERVED:
        yield "short_name", "Kortnamnet har 2–20 tecken: små bokstäver a–z, siffror och bindestreck."
    elif short_name_taken(session, plan.short_name, round_id):
        yield "short_name", f"Det finns redan en omgång som heter {plan.short_name}. Välj ett annat kortnamn."
    if not plan.title.strip():
        yield "title", "Skriv omgångens namn."
    yield from _period_faults(plan)
    yield from _people_faults(plan)
    yield from _form_faults(plan)


def _check(session: Session, plan: RoundPlan, round_id: int | None = None) -> None:
    found = list(_faults(session, plan, round_id))
    if found:
        raise RoundFaults(
            "Planen går inte att spara.", [sentence for _, sentence in found], [name for name, _ in found]
        )


def _write(session: Session, round_: SurveyRound, plan: RoundPlan) -> None:
    values = asdict(plan)
    for name in PLAIN_FIELDS:
        setattr(round_, name, values[name])
    if plan.design is Design.SAMPLE and plan.sample_seed is None:
        round_.sample_seed = secrets.randbelow(LARGEST_SEED)
    previous = plan.previous_round_id
    if previous is None and not plan.practice:
        found = previous_round(session, plan.reference_date, {service for service, _ in plan.instruments})
        previous = found.id if found is not None and found.id != round_.id else None
    round_.previous_round_id = previous
    session.add(round_)
    session.flush()
    wanted = dict(plan.instruments)
    for row in list(round_.instruments):
        if row.service not in wanted:
            session.delete(row)
    existing = {row.service: row for row in round_.instruments}
    for position, (service, instrument_id) in enumerate(plan.instruments):
        row = existing.get(service) or RoundInstrument(round_id=round_.id, service=service)
        row.position, row.instrument_id = position, instrument_id
        session.add(row)
    _write_sample(session, round_.id, plan.sample_sizes)
    session.flush()
    session.expire(round_, ["instruments"])


def _write_sample(session: Session, round_id: int, sizes: dict[int, int]) -> None:
    for unit_id in sizes:
        if session.get(Unit, unit_id) is None:
            raise Fault("En enhet i urvalet finns inte i registret.", "sample_sizes")
    for row in session.query(RoundSample).filter_by(round_id=round_id):
        if row.unit_id not in sizes:
            session.delete(row)
    for unit_id, size in sizes.items():
        session.merge(RoundSample(round_id=round_id, unit_id=unit_id, size=size))


def plan_round(session: Session, clock: Clock, plan: RoundPlan) -> SurveyRound:
    """Write a new planned round.

    Raises
    ------
    RoundFaults
        All that is wrong with the plan, a sentence each with its field. Nothing is written.
    """
    del clock
    with writing(session):
        _check(session, plan)
        round_ = SurveyRound(state=RoundState.PLANNED)
        _write(session, round_, plan)
    return round_


def change_plan(session: Session, clock: Clock, round_id: int, plan: RoundPlan) -> SurveyRound:
    """Change a round that is still planned; see `plan_round`."""
    del clock
    with writing(session):
        round_ = get_round(session, round_id)
        require_state(round_, RoundState.PLANNED)
        _check(session, plan, round_id)
        _write(session, round_, plan)
    return round_


def plan_of(session: Session, round_: SurveyRound) -> RoundPlan:
    """Return a round's plan as it stands."""
    values = {name: getattr(round_, name) for name in PLAIN_FIELDS}
    return RoundPlan(
        **values,
        instruments=[(row.service, row.instrument_id) for row in round_.instruments],
        sample_sizes=sample_sizes(session, round_.id),
        previous_round_id=round_.previous_round_id,
    )


def next_due_year(session: Session, round_: SurveyRound) -> int:
    """Return the year in which the next round is due."""
    del session
    return round_.reference_date.year + round_.interval_years
