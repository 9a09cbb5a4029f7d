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
from enkat.records.organisations import Provider, Unit
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import (
    Design,
    FormPer,
    RoundHandout,
    RoundInstrument,
    RoundSample,
    RoundState,
    SurveyRound,
)
from enkat.records.rounds_queries import handouts_of, previous_round, sample_sizes, short_name_taken
from enkat.records.writing import writing
from enkat.services.faults import Fault
from enkat.services.rounds.finding import RoundFaults, get_round, require_state
from enkat.services.rounds.release_plans import BREAKDOWNS, Protection, possible_breakdowns

SHORT_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,19}")
OLDEST = 130
PERCENT, PERMILLE = 100, 1000
RESERVED = frozenset({"ny", "tidigare"})
"""Words that stand for pages of their own among the rounds."""
LARGEST_SEED = 2**31


@dataclass(frozen=True, kw_only=True)
class Handout:
    """How many loose codes a unit hands out, and to how many people; None where nobody knows."""

    codes: int
    people: int | None = None


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
    kind: RoundKind = RoundKind.USER_SURVEY
    loose_codes: bool = False
    provider_id: int | None = None
    handouts: dict[int, Handout] = field(default_factory=dict)
    """Unit id → its loose codes."""
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
    """The round this one follows; left out = the latest one of the same kind about any of the same services."""
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
    second_keying_percent: int = 10
    keying_error_permille: int = 5
    key_threshold: int = 2
    key_holders: int = 3


_PARTS = {"instruments", "sample_sizes", "handouts", "previous_round_id", "release_plan"}
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


def _paper_faults(plan: RoundPlan) -> Iterator[tuple[str, str]]:
    if not 0 <= plan.second_keying_percent <= PERCENT:
        yield "second_keying_percent", "Skriv hur många procent som skrivs in två gånger: mellan 0 och 100."
    if not 0 <= plan.keying_error_permille <= PERMILLE:
        yield "keying_error_permille", "Skriv hur många fel per tusen svar som godtas: mellan 0 och 1000."


def _form_faults(plan: RoundPlan) -> Iterator[tuple[str, str]]:
    unknown = [code for code in plan.languages if code not in LANGUAGES]
    if unknown:
        yield "languages", f"Språket {unknown[0]} finns inte i språktabellen."
    if "sv" not in plan.languages:
        yield "languages", "Svenska måste vara med bland språken."
    faces = {face.value for face in Face}
    if "plain" not in plan.faces or not set(plan.faces) <= faces:
        yield "faces", "Välj utformningar som finns. Den vanliga texten måste vara med."
    least = plan.kind.rules.least
    if plan.threshold_internal < least:
        yield "threshold_internal", f"Den lägsta gränsen för att visa resultat är {least} svar ({plan.kind.label})."
    if plan.threshold_public < plan.threshold_internal:
        yield "threshold_public", "Gränsen för offentliga resultat får inte vara lägre än den interna."
    if not 1 <= plan.key_threshold <= plan.key_holders:
        yield "key_threshold", "Antalet nyckeldelar som behövs är minst 1 och högst så många som det finns innehavare."
    strange = set(plan.release_plan.get("breakdowns", [])) - set(BREAKDOWNS)
    if strange:
        yield "release_plan", f"Redovisningen {min(strange)} finns inte. Välj om under Vad som får visas."
    if plan.release_plan.get("protection", Protection.CLOSING) not in set(Protection):
        yield "protection", "Välj hur grupperna bredvid små grupper ska döljas."


def _kind_faults(session: Session, plan: RoundPlan) -> Iterator[tuple[str, str]]:
    rules = plan.kind.rules
    strange = [service.label for service, _ in plan.instruments if service not in rules.services]
    if strange:
        yield "instruments", f"En {plan.kind.label} frågar inte om {strange[0]}. Välj en enkät som hör till."
    if plan.loose_codes not in rules.loose:
        how = "har lösa koder" if True in rules.loose else "frågar dem som står i registret"
        yield "loose_codes", f"En {plan.kind.label} {how}. Ändra hur koderna delas ut."
    if (plan.kind is RoundKind.PROVIDER_OWN) is not (plan.provider_id is not None):
        yield "provider_id", "Välj vems egen undersökning det är. Andra omgångar är stadens och har ingen utförare."
    elif plan.provider_id is not None and session.get(Provider, plan.provider_id) is None:
        yield "provider_id", "Utföraren finns inte i registret."
    if plan.previous_round_id is not None:
        before = get_round(session, plan.previous_round_id)
        if before.series != (plan.kind, plan.provider_id):
            yield "previous_round_id", f"Omgången {before.title} är av ett annat slag. De jämförs aldrig."
    yield from _loose_faults(plan)


def _loose_faults(plan: RoundPlan) -> Iterator[tuple[str, str]]:
    if not plan.loose_codes:
        if plan.handouts:
            yield "handouts", "Bara en omgång med lösa koder har koder att dela ut."
        return
    if len(plan.instruments) > 1:
        yield "instruments", "En lös kod säger inte vilken insats någon har. Välj en enda enkät."
    if plan.design is Design.SAMPLE:
        yield "design", "Utan register går det inte att dra ett urval. Välj att fråga alla."
    if plan.minimum_age is not None or plan.maximum_age is not None:
        yield "minimum_age", "Utan register är åldern inte känd. Lämna åldrarna tomma."
    if any(one.codes < 1 or (one.people is not None and one.people < 1) for one in plan.handouts.values()):
        yield "handouts", "En enhet delar ut minst 1 kod, till minst 1 person. Lämna båda tomma om den inte är med."
    if any(one.people is not None and one.people > one.codes for one in plan.handouts.values()):
        yield "handouts", "Det behövs minst en kod till varje person. Skriv fler koder, eller färre personer."


def _faults(session: Session, plan: RoundPlan, round_id: int | None) -> Iterator[tuple[str, str]]:
    if not SHORT_NAME.fullmatch(plan.short_name) or plan.short_name in RESERVED:
        yield "short_name", "Kortnamnet har 2–20 tecken: små bokstäver a–z, siffror och bindestreck."
    elif short_name_taken(session, plan.short_name, round_id):
        yield "short_name", f"Det finns redan en omgång som heter {plan.short_name}. Välj ett annat kortnamn."
    if not plan.title.strip():
        yield "title", "Skriv omgångens namn."
    yield from _period_faults(plan)
    yield from _kind_faults(session, plan)
    yield from _people_faults(plan)
    yield from _form_faults(plan)
    yield from _paper_faults(plan)


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
        services = {service for service, _ in plan.instruments}
        found = previous_round(session, plan.reference_date, services, plan.kind, plan.provider_id)
        previous = found.id if found is not None and found.id != round_.id else None
    round_.previous_round_id = previous
    possible = possible_breakdowns(plan.kind, loose=plan.loose_codes)
    chosen = plan.release_plan.get("breakdowns", possible)
    round_.release_plan = plan.release_plan | {"breakdowns": [name for name in possible if name in chosen]}
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
    _write_handouts(session, round_.id, plan.handouts)
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


def _write_handouts(session: Session, round_id: int, handouts: dict[int, Handout]) -> None:
    for unit_id, row in handouts_of(session, round_id).items():
        if unit_id not in handouts:
            session.delete(row)
    for unit_id, one in handouts.items():
        if session.get(Unit, unit_id) is None:
            raise Fault("En enhet som delar ut koder finns inte i registret.", "handouts")
        session.merge(RoundHandout(round_id=round_id, unit_id=unit_id, codes=one.codes, people=one.people))


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
        handouts={
            unit_id: Handout(codes=row.codes, people=row.people)
            for unit_id, row in handouts_of(session, round_.id).items()
        },
        release_plan=dict(round_.release_plan),
        previous_round_id=round_.previous_round_id,
    )


def next_due_year(round_: SurveyRound) -> int:
    """Return the year in which the next round is due."""
    return round_.reference_date.year + round_.interval_years
