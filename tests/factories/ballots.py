"""A round that takes answers: units, invitations with codes, keys and an instrument of three choices and a text."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from enkat.ballots.codes import new_code
from enkat.ballots.derivation import CodeKeys, derive
from enkat.ballots.sealing import KeyPair, new_key_pair
from enkat.ballots.vocabulary import REGISTER_AGES, REGISTER_SEXES, Helper, Mode, Respondent
from enkat.clock import Clock, today
from enkat.instruments.instrument import Instrument
from enkat.instruments.missing import Missing
from enkat.instruments.question import Question
from enkat.instruments.scale import Option, Scale
from enkat.instruments.snapshot import snapshot, snapshot_hash
from enkat.instruments.vocabulary import ServiceType
from enkat.instruments.wording import Face
from enkat.records.base import random_id
from enkat.records.invitations import CodeKind, Invitation, InvitationCode
from enkat.records.organisations import District, OperatingForm, Provider, Unit
from enkat.records.rounds import InstrumentSnapshot, RoundInstrument, RoundState, RoundUnit, SurveyRound
from enkat.records.writing import writing
from enkat.services.ballots.answering import Answering
from enkat.settings import Environment, Secrets, Settings

SECRET = bytes(range(32))
LOG2_N = 10
HOME = ServiceType.HOME_CARE


def small_instrument(service: ServiceType = HOME, own: int = 1) -> Instrument:
    """Two core questions, `own` of the service's own and one free text."""
    options = (
        *(Option(f"o{code}", code, {Face.PLAIN: {"sv": f"Svar {code}"}}) for code in range(1, 6)),
        Option("dont_know", -3, {Face.PLAIN: {"sv": "Vet inte"}}, Missing.DOES_NOT_KNOW),
    )
    scale = Scale("five", 1, options, frozenset({4, 5}), frozenset({-3}))

    def choice(name: str, source: str) -> Question:
        return Question(name, 1, source, "choice", {Face.PLAIN: {"sv": f"Fråga {name}?"}}, scale)

    text = Question("more", 1, service.value, "text", {Face.PLAIN: {"sv": "Vill du säga mer?"}}, max_length=200)
    core = [choice("feels_safe", "core"), choice("is_heard", "core")]
    own_questions = [choice(f"{service.value}_{number}", service.value) for number in range(own)]
    return Instrument(
        f"i_{service.value}", 1, {"sv": "Om din hjälp"}, service, ("sv",), (Face.PLAIN,), (*core, *own_questions, text)
    )


@dataclass
class OpenRound:
    """What a test needs of a round that takes answers."""

    round_id: int
    pair: KeyPair
    unit_ids: list[int]
    invitation_ids: list[bytes] = field(default_factory=list)
    keys: list[CodeKeys] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


def random_keys() -> CodeKeys:
    """Keys as a code would give them, without the cost of deriving."""
    return CodeKeys(random_id(), random_id(), random_id() + random_id())


def add_round(
    session: Session,
    clock: Clock,
    unit_sizes: Sequence[int] = (12,),
    *,
    districts: int = 1,
    services: Sequence[ServiceType] = (HOME,),
    real_codes: bool = False,
    seed: int = 1,
    own_questions: int = 1,
) -> OpenRound:
    """Write an open round with so many invitations per unit; traits of the people follow `seed`."""
    rng = random.Random(seed)  # noqa: S311 - a simulation
    day = today(clock)
    pair = new_key_pair()
    with writing(session):
        unit_ids, district_ids = _organisation(session, day, len(unit_sizes), districts)
        survey_round = SurveyRound(
            short_name=f"r{rng.randrange(10**9)}",
            title="Undersökning 2026",
            state=RoundState.OPEN,
            reference_date=day,
            opens_on=day,
            closes_on=day + timedelta(days=30),
            public_key=pair.public,
            scrypt_log2_n=LOG2_N,
            phone="08-000 00 00",
        )
        session.add(survey_round)
        session.flush()
        hashes = _instruments(session, survey_round.id, services, own_questions)
        _frozen_units(session, survey_round.id, unit_ids, district_ids)
        made = OpenRound(survey_round.id, pair, unit_ids)
        places = [unit_id for unit_id, size in zip(unit_ids, unit_sizes, strict=True) for _ in range(size)]
        _invite(session, made, places, hashes, rng, real_codes=real_codes)
    return made


def _organisation(session: Session, day: date, units: int, districts: int) -> tuple[list[int], list[int]]:
    found = [District(name=f"Stadsdel {number}", valid_from=day) for number in range(districts)]
    made = [Unit(code=f"E{number}") for number in range(units)]
    provider = Provider(organisation_number="5560360793", name="Utföraren AB")
    session.add_all([*found, *made, provider])
    session.flush()
    return [unit.id for unit in made], [district.id for district in found]


def _instruments(session: Session, round_id: int, services: Sequence[ServiceType], own: int) -> dict[ServiceType, str]:
    hashes = {}
    for position, service in enumerate(services):
        text = snapshot(small_instrument(service, own))
        hashes[service] = snapshot_hash(text)
        session.add(InstrumentSnapshot(sha256=hashes[service], instrument_id=f"i_{service.value}", content=text))
        session.flush()
        session.add(
            RoundInstrument(
                round_id=round_id,
                service=service,
                position=position,
                instrument_id=f"i_{service.value}",
                snapshot_sha256=hashes[service],
            )
        )
    session.flush()
    return hashes


def _frozen_units(session: Session, round_id: int, unit_ids: list[int], district_ids: list[int]) -> None:
    provider_id = session.query(Provider.id).scalar()
    for position, unit_id in enumerate(unit_ids):
        district = position % len(district_ids)
        session.add(
            RoundUnit(
                round_id=round_id,
                unit_id=unit_id,
                name=f"Enhet {position + 1}",
                provider_id=provider_id,
                provider_name="Utföraren AB",
                district_id=district_ids[district],
                district_name=f"Stadsdel {district}",
                operating_form=OperatingForm.MUNICIPAL,
            )
        )
    session.flush()


def _invite(
    session: Session,
    made: OpenRound,
    places: list[int],
    hashes: dict[ServiceType, str],
    rng: random.Random,
    *,
    real_codes: bool,
) -> None:
    invitations, codes = [], []
    for unit_id in places:
        service = rng.choice(list(hashes))
        code = new_code() if real_codes else ""
        keys = derive(code, SECRET, LOG2_N) if real_codes else random_keys()
        invitation_id = random_id()
        invitations.append({
            "id": invitation_id,
            "round_id": made.round_id,
            "unit_id": unit_id,
            "service": service,
            "sex": rng.choices(REGISTER_SEXES, (70, 30))[0],
            "age_group": rng.choices(REGISTER_AGES, (5, 25, 40, 30))[0],
            "snapshot_sha256": hashes[service],
        })  # fmt: skip
        codes.append({"lookup": keys.lookup, "invitation_id": invitation_id, "kind": CodeKind.LETTER})
        made.invitation_ids.append(invitation_id)
        made.keys.append(keys)
        made.codes.append(code)
    session.execute(insert(Invitation), invitations)
    session.execute(insert(InvitationCode), codes)


def an_answer(rng: random.Random | None = None, *, service: ServiceType = HOME, text: str = "") -> Answering:
    """An answer; with `rng` a random one from a random kind of respondent."""
    if rng is None:
        answers: dict[str, int | str] = {"feels_safe": 5, "is_heard": 4, f"{service.value}_0": 1}
        return Answering(answers | ({"more": text} if text else {}), Mode.WEB, Respondent.SELF, Helper.NONE)
    drawn: dict[str, int | str] = {
        name: rng.choice((1, 2, 3, 4, 5, -3)) for name in ("feels_safe", "is_heard", f"{service.value}_0")
    }
    respondent, helper = rng.choices(
        (
            (Respondent.SELF, Helper.NONE),
            (Respondent.SELF_HELPED, Helper.RELATIVE),
            (Respondent.PROXY, Helper.RELATIVE),
            (Respondent.SELF_HELPED, Helper.PROVIDER_STAFF),
        ),
        (70, 12, 14, 4),
    )[0]
    mode = rng.choices((Mode.WEB, Mode.PHONE), (9, 1))[0]
    return Answering(drawn | ({"more": text} if text else {}), mode, respondent, helper)


def settings_of(folder: Path) -> tuple[Settings, Secrets]:
    """Settings of a test with its own secrets folder, and the secrets."""
    settings = Settings(environment=Environment.TEST, data_dir=folder, scrypt_log2_n=LOG2_N)
    return settings, Secrets(settings)
