"""A small register and a round over it, planned and opened by the real services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat import paths
from enkat.ballots.sealing import KeyPair, new_key_pair
from enkat.ballots.vocabulary import Sex
from enkat.clock import Clock, today
from enkat.instruments.catalogue import Catalogue
from enkat.instruments.loading import load_catalogue
from enkat.instruments.vocabulary import ServiceType
from enkat.records.clients import Client, ClientService, ContactChannel
from enkat.records.invitations import CodeKind, Invitation
from enkat.records.keys import KeyHolder
from enkat.records.organisations import District, OperatingForm, Provider, Unit, UnitPeriod, UnitService
from enkat.records.retention import RecordKind, RetentionEvent, RetentionRule
from enkat.records.rounds import SurveyRound
from enkat.records.writing import writing
from enkat.services.letters.codes import make_codes
from enkat.services.rounds.opening import open_round
from enkat.services.rounds.planning import RoundPlan, plan_round
from enkat.settings import Secrets, Settings

HOME, ALARM, ESCORT = ServiceType.HOME_CARE, ServiceType.SAFETY_ALARM, ServiceType.ESCORT_SERVICE
UNITS = {"BJÖ": ("Björken", "Centrum"), "GRA": ("Granen", "Norra"), "EKE": ("Eken", "Norra")}
BORN = (1930, 1938, 1944, 1950, 1970)


@cache
def catalogue() -> Catalogue:
    """The city's own definitions, read once."""
    return load_catalogue(paths.surveys())


@dataclass
class Register:
    """Ids of what `small_register` wrote."""

    units: dict[str, int] = field(default_factory=dict)
    districts: dict[str, int] = field(default_factory=dict)
    clients: list[int] = field(default_factory=list)


@dataclass
class SmallRound:
    """An opened round with what a test needs to answer in it and count it."""

    round_id: int
    short_name: str
    pair: KeyPair
    register: Register
    invitation_ids: list[bytes]
    codes: list[str]


def add_unit(session: Session, register: Register, code: str, name: str, district: str, **period: Any) -> int:
    """Write a unit valid since 2019; the provider is the city itself."""
    provider = session.scalar(select(Provider)) or Provider(
        organisation_number="2120009994", name="Provkommunens hemtjänst"
    )
    if district not in register.districts:
        row = District(name=district, valid_from=date(2019, 1, 1))
        session.add(row)
        session.flush()
        register.districts[district] = row.id
    unit = Unit(code=code)
    session.add_all([provider, unit])
    session.flush()
    values: dict[str, Any] = {
        "valid_from": date(2019, 1, 1),
        "operating_form": OperatingForm.MUNICIPAL,
        "provider_id": provider.id,
        **period,
    }
    held = UnitPeriod(unit_id=unit.id, name=name, district_id=register.districts[district], **values)
    held.services = [UnitService(service=HOME), UnitService(service=ALARM)]
    session.add(held)
    session.flush()
    register.units[code] = unit.id
    return unit.id


def add_client(session: Session, register: Register, services: Sequence[tuple[str, ServiceType]], **values: Any) -> int:
    """Write a client with services, each from a unit by its code."""
    number = len(register.clients) + 1
    facts: dict[str, Any] = {
        "reference": f"P{number:06d}",
        "name": f"Testperson {number:06d}",
        "address": f"Provgatan {number}",
        "postal_code": "123 45",
        "town": "Provstad",
        "sex": Sex.WOMAN if number % 3 else Sex.MAN,
        "birth_year": BORN[number % len(BORN)],
        "language": "svenska",
        "contact_channel": ContactChannel.LETTER,
        **values,
    }
    client = Client(**facts)
    client.services = [ClientService(unit_id=register.units[code], service=service) for code, service in services]
    session.add(client)
    session.flush()
    register.clients.append(client.id)
    return client.id


def small_register(session: Session, sizes: Mapping[str, int] | None = None) -> Register:
    """Write three units in two districts, with so many people with home care in each; every fourth has an alarm too."""
    register = Register()
    with writing(session):
        for code, (name, district) in UNITS.items():
            add_unit(session, register, code, name, district)
        for code, size in (sizes or {"BJÖ": 8, "GRA": 6, "EKE": 3}).items():
            for number in range(size):
                services = [(code, HOME)] + ([(code, ALARM)] if number % 4 == 0 else [])
                add_client(session, register, services)
    return register


def a_plan(clock: Clock, **changes: Any) -> RoundPlan:
    """A plan with every formal particular, open from today and for 30 days."""
    day = today(clock)
    plan = RoundPlan(
        short_name="prov26",
        title="Vad tycker du om din hjälp? 2026",
        reference_date=day - timedelta(days=30),
        opens_on=day,
        closes_on=day + timedelta(days=30),
        instruments=[(HOME, "hemtjanst"), (ALARM, "trygghetslarm")],
        languages=["sv", "en"],
        responsible_board="Äldrenämnden",
        frame_source="Verksamhetssystemet, uttag på mätdagen",
        legal_basis="Uppgift av allmänt intresse, socialtjänstlagen och beslut i nämnden",
        dpo_contact="dataskyddsombud@example.org",
        registry_number="ÄN 2026/123",
        phone="08-123 45 00",
        phone_hours="vardagar 9–16",
        urgent_phone="08-123 45 10",
        complaint_phone="08-123 45 20",
        complaint_address="Äldrenämnden, Provstad",
        results_month="mars 2027",
        return_address="Äldrenämnden\nSvarspost 1\n123 45 Provstad",
    )
    return replace(plan, **changes)


def add_retention_rules(session: Session) -> None:
    """Write the city's rule for every kind of record."""
    with writing(session):
        session.add_all(
            RetentionRule(
                record_kind=kind, event=RetentionEvent.ROUND_CLOSED, days=365, decision="Gallringsbeslut ÄN 2026/7"
            )
            for kind in RecordKind
        )


def add_keys(session: Session, clock: Clock, round_id: int, *, tested: bool = True) -> KeyPair:
    """Give a round a key pair and three holders who have tested their shares."""
    pair = new_key_pair()
    with writing(session):
        round_ = session.get_one(SurveyRound, round_id)
        round_.public_key = pair.public
        session.add_all(
            KeyHolder(
                round_id=round_id,
                name=f"Innehavare {number}",
                share_mark=f"märke {number}",
                tested_on=today(clock) if tested else None,
            )
            for number in range(1, round_.key_holders + 1)
        )
    return pair


def planned_round(session: Session, clock: Clock, **changes: Any) -> SurveyRound:
    """Write rules, a plan and keys: a round that may open as soon as there is a register."""
    if session.scalar(select(RetentionRule).limit(1)) is None:
        add_retention_rules(session)
    round_ = plan_round(session, clock, a_plan(clock, **changes))
    add_keys(session, clock, round_.id)
    return round_


def invitation_ids(session: Session, round_id: int) -> list[bytes]:
    """Return the ids of a round's invitations, unit by unit."""
    statement = select(Invitation.id).where(Invitation.round_id == round_id).order_by(Invitation.unit_id, Invitation.id)
    return list(session.scalars(statement))


def small_round(
    session: Session,
    clock: Clock,
    settings: Settings,
    secrets: Secrets,
    *,
    sizes: Mapping[str, int] | None = None,
    **changes: Any,
) -> SmallRound:
    """Write a register, open a round over it and make one letter code per invitation."""
    register = small_register(session, sizes)
    if session.scalar(select(RetentionRule).limit(1)) is None:
        add_retention_rules(session)
    round_ = plan_round(session, clock, a_plan(clock, **changes))
    pair = add_keys(session, clock, round_.id)
    round_ = open_round(session, clock, settings, secrets, round_.id, None, catalogue())
    ids = invitation_ids(session, round_.id)
    codes = make_codes(session, secrets, round_, ids, CodeKind.LETTER)
    return SmallRound(round_.id, round_.short_name, pair, register, ids, codes)
