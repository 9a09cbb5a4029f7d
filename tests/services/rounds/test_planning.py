"""Plans: every fault is a sentence with its field, and what is missing before opening is named."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from enkat.instruments.catalogue import Catalogue
from enkat.instruments.comparability import Comparability
from enkat.instruments.wording import Face
from enkat.records.invitations import Invitation
from enkat.records.retention import RecordKind, RetentionRule
from enkat.records.rounds import Design, RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.faults import ConflictFault, Fault
from enkat.services.rounds.bridges import declare_bridge
from enkat.services.rounds.finding import RoundFaults
from enkat.services.rounds.opening import open_round
from enkat.services.rounds.particulars import REQUIRED, missing_particulars
from enkat.services.rounds.planning import change_plan, next_due_year, plan_of, plan_round
from enkat.settings import Environment, Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.rounds import (
    HOME,
    a_plan,
    add_keys,
    catalogue,
    planned_round,
    small_register,
    small_round,
)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"short_name": "Prov 26"}, "short_name"),
        ({"title": " "}, "title"),
        ({"closes_on": "before"}, "closes_on"),
        ({"instruments": []}, "instruments"),
        ({"instruments": [(HOME, "hemtjanst"), (HOME, "hemtjanst")]}, "instruments"),
        ({"minimum_age": 80, "maximum_age": 70}, "maximum_age"),
        ({"languages": ["en"]}, "languages"),
        ({"languages": ["sv", "xx"]}, "languages"),
        ({"faces": ["easy"]}, "faces"),
        ({"threshold_internal": 4}, "threshold_internal"),
        ({"threshold_public": 4}, "threshold_public"),
        ({"interval_years": 0}, "interval_years"),
        ({"sample_sizes": {1: 5}}, "sample_sizes"),
        ({"design": Design.SAMPLE, "sample_sizes": {1: 0}}, "sample_sizes"),
        ({"key_threshold": 4}, "key_threshold"),
        ({"release_plan": {"breakdowns": ["eye_colour"]}}, "release_plan"),
        ({"release_plan": {"protection": "none"}}, "protection"),
    ],
)
@pytest.mark.one_database
def test_a_fault_in_the_plan_is_told_at_its_field(
    session: Session, clock: FixedClock, changes: dict[str, Any], field: str
) -> None:
    plan = a_plan(clock)
    if changes == {"closes_on": "before"}:
        changes = {"closes_on": plan.opens_on - timedelta(days=1)}
    with pytest.raises(RoundFaults) as caught:
        plan_round(session, clock, replace(plan, **changes))
    assert field in caught.value.fields
    assert session.query(SurveyRound).count() == 0


def test_a_plan_can_be_changed_and_read_back(session: Session, clock: FixedClock) -> None:
    round_ = plan_round(session, clock, a_plan(clock))
    changed = a_plan(clock, title="Nytt namn", instruments=[(HOME, "hemtjanst")], interval_years=2)
    change_plan(session, clock, round_.id, changed)
    assert plan_of(session, round_) == changed
    assert next_due_year(round_) == 2028


def test_two_rounds_cannot_share_a_short_name(session: Session, clock: FixedClock) -> None:
    plan_round(session, clock, a_plan(clock))
    with pytest.raises(RoundFaults, match="Det finns redan en omgång"):
        plan_round(session, clock, a_plan(clock))


def test_an_open_round_cannot_be_replanned(session: Session, clock: FixedClock, app_settings: Settings) -> None:
    made = small_round(session, clock, app_settings, Secrets(app_settings))
    with pytest.raises(ConflictFault, match="är öppen"):
        change_plan(session, clock, made.round_id, a_plan(clock))


@pytest.mark.one_database
@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_each_missing_particular_is_a_sentence(session: Session, clock: FixedClock, name: str) -> None:
    small_register(session)
    round_ = planned_round(session, clock, **{name: " "})
    assert missing_particulars(session, round_.id, catalogue()) == [REQUIRED[name]]


def test_a_complete_round_lacks_nothing(session: Session, clock: FixedClock) -> None:
    small_register(session)
    assert missing_particulars(session, planned_round(session, clock).id, catalogue()) == []


@pytest.mark.parametrize("kind", list(RecordKind))
@pytest.mark.one_database
def test_every_kind_of_record_needs_a_retention_rule(session: Session, clock: FixedClock, kind: RecordKind) -> None:
    small_register(session)
    round_ = planned_round(session, clock)
    with writing(session):
        session.execute(delete(RetentionRule).where(RetentionRule.record_kind == kind))
    (sentence,) = missing_particulars(session, round_.id, catalogue())
    assert sentence.startswith("Gallringsregel saknas för ")


def test_every_holder_must_have_tested_the_own_share(session: Session, clock: FixedClock) -> None:
    small_register(session)
    round_ = planned_round(session, clock)
    second = plan_round(session, clock, a_plan(clock, short_name="annan"))
    assert "Nycklarna är inte gjorda" in missing_particulars(session, second.id)[0]
    add_keys(session, clock, second.id, tested=False)
    assert len([s for s in missing_particulars(session, second.id) if "har inte provat" in s]) == 3
    assert missing_particulars(session, round_.id) == []


def test_barring_staff_needs_a_bookable_assistant(session: Session, clock: FixedClock) -> None:
    small_register(session)
    round_ = planned_round(session, clock, staff_may_help=False)
    (sentence,) = missing_particulars(session, round_.id, catalogue())
    assert "frågeassistent" in sentence


def test_a_promised_language_or_face_that_is_missing_blocks(session: Session, clock: FixedClock) -> None:
    small_register(session)
    round_ = planned_round(session, clock, languages=["sv", "so"])
    lacks = missing_particulars(session, round_.id, catalogue())
    assert any("på somaliska" in sentence for sentence in lacks)
    other = planned_round(session, clock, short_name="annan", faces=["plain", "interviewer"])
    assert any(Face.INTERVIEWER.label in sentence for sentence in missing_particulars(session, other.id, catalogue()))


def test_supplements_stand_beside_the_core_and_unknown_ones_block(
    session: Session, clock: FixedClock, app_settings: Settings
) -> None:
    small_register(session)
    lacking = planned_round(session, clock, short_name="annan", supplements=["nosuch"])
    assert any("nosuch" in sentence for sentence in missing_particulars(session, lacking.id, catalogue()))
    round_ = planned_round(session, clock, supplements=["hemtjanst/maltider"])
    open_round(session, clock, app_settings, Secrets(app_settings), round_.id, None, catalogue())
    with_meals, without = (row.snapshot_sha256 for row in round_.instruments)
    assert with_meals != without
    assert session.query(Invitation).count() == 17


def _changed_core(base: Catalogue) -> Catalogue:
    """The catalogue a few years later: the first core question of home care has a new version."""
    instrument = base.instruments["hemtjanst"]
    first = instrument.core_questions[0]
    questions = tuple(replace(q, version=q.version + 1) if q.id == first.id else q for q in instrument.questions)
    later = {**base.instruments, "hemtjanst": replace(instrument, questions=questions)}
    return replace(base, instruments=later)


def test_a_changed_core_question_needs_a_declared_bridge(
    session: Session, clock: FixedClock, app_settings: Settings
) -> None:
    first = small_round(session, clock, app_settings, Secrets(app_settings))
    clock.advance(days=365 * 4)
    round_ = plan_round(session, clock, a_plan(clock, short_name="prov30"))
    add_keys(session, clock, round_.id)
    assert round_.previous_round_id == first.round_id
    later = _changed_core(catalogue())
    question = catalogue().instruments["hemtjanst"].core_questions[0].id
    (sentence,) = missing_particulars(session, round_.id, later)
    assert question in sentence
    with pytest.raises(RoundFaults):
        open_round(session, clock, app_settings, Secrets(app_settings), round_.id, None, later)
    with pytest.raises(Fault, match="Skriv varför"):
        declare_bridge(session, round_.id, question, Comparability.PARTLY, " ")
    declare_bridge(session, round_.id, question, Comparability.PARTLY, "Provad mot den gamla, nämnden 2030-01-10")
    assert missing_particulars(session, round_.id, later) == []
    opened = open_round(session, clock, app_settings, Secrets(app_settings), round_.id, None, later)
    assert opened.state is RoundState.OPEN


def test_a_practice_round_follows_no_other(session: Session, clock: FixedClock, app_settings: Settings) -> None:
    small_round(session, clock, app_settings, Secrets(app_settings))
    clock.advance(days=10)
    practice = plan_round(session, clock, a_plan(clock, short_name="ovning", practice=True))
    assert practice.previous_round_id is None


@pytest.mark.one_database
def test_production_refuses_cheap_codes(session: Session, clock: FixedClock, app_settings: Settings) -> None:
    small_register(session)
    round_ = planned_round(session, clock)
    weak = app_settings.model_copy(update={"environment": Environment.PRODUCTION})
    with pytest.raises(Fault, match="ENKAT_SCRYPT_LOG2_N"):
        open_round(session, clock, weak, Secrets(weak), round_.id, None, catalogue())
