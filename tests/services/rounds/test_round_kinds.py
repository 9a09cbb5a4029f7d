"""Rounds that ask others than clients: what each kind allows, where its frame comes from, what it is compared with."""

import tomllib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import AgeGroup, Sex
from enkat.instruments.vocabulary import ServiceType
from enkat.records.invitations import Invitation
from enkat.records.organisations import Provider
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import FrameCount, RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.rounds.finding import RoundFaults
from enkat.services.rounds.framing import build_frame
from enkat.services.rounds.opening import open_round
from enkat.services.rounds.particulars import missing_particulars
from enkat.services.rounds.plan_files import plan_from_values
from enkat.services.rounds.planning import Handout, RoundPlan, plan_of, plan_round
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.loose import FACES, own_survey, staff_plan
from tests.factories.rounds import HOME, a_plan, add_unit, catalogue, planned_round, small_register
from tests.house.sources import ROOT

STAFF, OFFICIALS, RELATIVES = ServiceType.STAFF, ServiceType.OFFICIALS, ServiceType.RELATIVES


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (staff_plan(threshold_internal=9), "threshold_internal"),
        (staff_plan(instruments=[(HOME, "hemtjanst")]), "instruments"),
        (staff_plan(loose_codes=False), "loose_codes"),
        (staff_plan(minimum_age=20), "minimum_age"),
        (staff_plan(handouts={1: Handout(codes=0)}), "handouts"),
        (staff_plan(handouts={1: Handout(codes=5, people=6)}), "handouts"),
        (staff_plan(provider_id=1), "provider_id"),
        ({"loose_codes": True}, "loose_codes"),
        ({"handouts": {1: Handout(codes=5)}}, "handouts"),
        ({"instruments": [(STAFF, "personal")]}, "instruments"),
        ({"kind": RoundKind.PROVIDER_OWN, "loose_codes": True, "instruments": [(HOME, "hemtjanst")]}, "provider_id"),
        ({"kind": RoundKind.PROVIDER_OWN, "loose_codes": True}, "instruments"),
    ],
)
@pytest.mark.one_database
def test_what_a_kind_does_not_allow_is_told_at_its_field(
    session: Session, clock: FixedClock, changes: dict[str, Any], field: str
) -> None:
    small_register(session)
    with pytest.raises(RoundFaults) as found:
        plan_round(session, clock, a_plan(clock, **changes))
    assert field in found.value.fields


def test_the_database_itself_holds_the_least_of_a_staff_round(session: Session, clock: FixedClock) -> None:
    round_ = plan_round(session, clock, a_plan(clock, **staff_plan()))
    with pytest.raises(IntegrityError):
        session.execute(update(SurveyRound).where(SurveyRound.id == round_.id).values(threshold_internal=9))


def test_loose_codes_are_forms_of_nobody_in_particular(
    session: Session, clock: FixedClock, app_settings: Settings
) -> None:
    units = small_register(session).units
    handouts = {units["BJÖ"]: Handout(codes=15, people=12), units["GRA"]: Handout(codes=20)}
    round_ = planned_round(session, clock, **staff_plan(handouts=handouts))
    assert plan_of(session, round_).handouts == handouts
    frame = build_frame(session, round_.id)
    assert {unit.code: (unit.n, unit.asked, unit.counted) for unit in frame.units} == {
        "BJÖ": (12, 15, True),
        "GRA": (20, 20, False),
    }
    assert missing_particulars(session, round_.id, catalogue(), frame) == []
    open_round(session, clock, app_settings, Secrets(app_settings), round_.id, None, catalogue())
    rows = session.scalars(select(Invitation).where(Invitation.round_id == round_.id)).all()
    assert len(rows) == 35
    assert {(row.client_id, row.sex, row.age_group, row.service) for row in rows} == {
        (None, Sex.NOT_STATED, AgeGroup.NOT_STATED, STAFF)
    }
    counts = session.scalars(select(FrameCount).where(FrameCount.round_id == round_.id)).all()
    assert [(row.unit_id, row.n) for row in counts] == [(units["BJÖ"], 12)], "N stands only where it is known"


def test_a_relative_answers_the_clients_letter_and_is_not_taken_for_the_client(
    session: Session, clock: FixedClock, app_settings: Settings
) -> None:
    small_register(session)
    plan = {"kind": RoundKind.RELATIVES, "instruments": [(HOME, "anhoriga")]}
    round_ = planned_round(session, clock, **plan)
    assert missing_particulars(session, round_.id, catalogue()) == []
    open_round(session, clock, app_settings, Secrets(app_settings), round_.id, None, catalogue())
    rows = session.scalars(select(Invitation).where(Invitation.round_id == round_.id)).all()
    assert len(rows) == 17
    assert all(row.client_id is not None for row in rows)
    assert {(row.sex, row.age_group, row.service) for row in rows} == {(Sex.NOT_STATED, AgeGroup.NOT_STATED, HOME)}


@pytest.mark.parametrize("kind", [RoundKind.RELATIVES, RoundKind.OFFICIALS])
@pytest.mark.one_database
def test_relatives_and_officials_get_loose_codes_too(
    session: Session, clock: FixedClock, app_settings: Settings, kind: RoundKind
) -> None:
    units = small_register(session).units
    service, instrument = {
        RoundKind.RELATIVES: (RELATIVES, "anhoriga"),
        RoundKind.OFFICIALS: (OFFICIALS, "bestallare"),
    }[kind]
    round_ = planned_round(
        session,
        clock,
        kind=kind,
        loose_codes=True,
        instruments=[(service, instrument)],
        faces=FACES,
        handouts={units["EKE"]: Handout(codes=7)},
    )
    opened = open_round(session, clock, app_settings, Secrets(app_settings), round_.id, None, catalogue())
    assert opened.state is RoundState.OPEN


def test_a_providers_own_survey_has_the_core_unchanged_and_only_own_units(session: Session, clock: FixedClock) -> None:
    register = small_register(session)
    with writing(session):
        other = Provider(organisation_number="5560360793", name="Omsorg AB")
        session.add(other)
        session.flush()
        add_unit(session, register, "OMS", "Omsorgens enhet", "Norra", provider_id=other.id)
    round_ = own_survey(session, clock, register.units)
    assert round_.label == "Utförarens egen undersökning: Provkommunens hemtjänst"
    assert missing_particulars(session, round_.id, catalogue()) == []
    alien = own_survey(
        session, clock, register.units, short_name="egen27", handouts={register.units["OMS"]: Handout(codes=5)}
    )
    assert any("OMS drivs av en annan utförare" in lack for lack in missing_particulars(session, alien.id, catalogue()))


def test_rounds_of_different_kinds_are_never_laid_beside_each_other(session: Session, clock: FixedClock) -> None:
    units = small_register(session).units
    city = planned_round(session, clock, short_name="stad22", reference_date=clock().date() - timedelta(days=1500))
    with writing(session):
        city.state = RoundState.COUNTED
    own = own_survey(session, clock, units)
    assert own.previous_round_id is None, "the city's round about the same service is not found"
    with pytest.raises(RoundFaults) as found:
        plan_round(session, clock, replace(plan_of(session, own), short_name="egen27", previous_round_id=city.id))
    assert found.value.fields == ["previous_round_id"]
    following: RoundPlan = replace(
        plan_of(session, city), short_name="stad26", reference_date=clock().date(), previous_round_id=None
    )
    with writing(session):
        own.state, own.reference_date = RoundState.COUNTED, clock().date() - timedelta(days=300)
    assert plan_round(session, clock, following).previous_round_id == city.id


def test_the_plan_in_the_manual_is_a_plan(session: Session, clock: FixedClock) -> None:
    """The TOML of docs/how-to/other-surveys.md, with its units' codes."""
    register = small_register(session, {})
    with writing(session):
        for code in ("HT01", "HT02"):
            add_unit(session, register, code, f"Enhet {code}", "Norra")
    text = (ROOT / "docs" / "how-to" / "other-surveys.md").read_text(encoding="utf-8")
    values = tomllib.loads(text.split("```toml\n", 1)[1].split("```", 1)[0])
    made = plan_round(session, clock, plan_from_values(session, values))
    assert plan_of(session, made).handouts == {
        register.units["HT01"]: Handout(codes=30, people=28),
        register.units["HT02"]: Handout(codes=15),
    }
    provider = {
        "provider": "Provkommunens hemtjänst",
        "kind": "provider_own",
        "instruments": {"hemtjänst": "hemtjanst"},
    }
    own = plan_from_values(session, values | provider | {"short_name": "egen26"})
    assert plan_round(session, clock, own).label == "Utförarens egen undersökning: Provkommunens hemtjänst"
