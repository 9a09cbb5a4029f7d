"""Retention: what is due goes, by a decision and with a protocol; what is held or alive stays."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import AgeGroup, Sex
from enkat.clock import today
from enkat.instruments.vocabulary import ServiceType
from enkat.records.audit import AuditEntry
from enkat.records.base import Base
from enkat.records.clients import Client, ContactChannel
from enkat.records.invitations import CodeKind, Invitation, InvitationCode, InvitationStatus
from enkat.records.organisations import Unit
from enkat.records.retention import Protocol, ProtocolKind, RecordKind, RetentionEvent, RetentionHold
from enkat.records.rounds import InstrumentSnapshot, RoundState, SurveyRound
from enkat.records.waves import ContactWave, WaveChannel, WaveKind, WaveRecipient, WaveState
from enkat.records.writing import writing
from enkat.services.audit.reading import verify
from enkat.services.audit.recording import record
from enkat.services.faults import Fault
from enkat.services.keys.protocols import write_protocol
from enkat.services.retention.erasing import STEPS, erase_due
from enkat.services.retention.holds import holds, lift_hold, place_hold
from enkat.services.retention.rules import DEFAULTS, KINDS, rules_of, set_missing_defaults, set_rule
from enkat.services.retention.schedule import BY_DAY, BY_ROUND, schedule
from enkat.services.rounds.closing import close_round
from tests.clocks import FixedClock

DECISION = "Dokumenthanteringsplan 2026"


def count(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def departed(number: int, closed: date) -> Client:
    """Return a client who left the register before a round closed."""
    return Client(
        reference=f"K{number}",
        name="Ada Alm",
        address="Gatan 1",
        postal_code="123 45",
        town="Orten",
        sex=Sex.WOMAN,
        birth_year=1940,
        language="sv",
        contact_channel=ContactChannel.LETTER,
        left_on=closed - timedelta(days=10),
    )


def make_round(session: Session, clock: FixedClock, *, state: RoundState, closed: date) -> SurveyRound:
    """Make a round with one invitation, whose client has left the register, and one code."""
    number = count(session, SurveyRound)
    with writing(session):
        if number == 0:
            session.add(InstrumentSnapshot(sha256="a" * 64, instrument_id="hemtjanst", content="{}"))
            session.add(Unit(code="E1"))
        client = departed(number, closed)
        one = SurveyRound(
            short_name=f"r{number}",
            title=f"Omgång {number}",
            state=state,
            reference_date=closed,
            opens_on=closed - timedelta(days=30),
            closes_on=closed,
        )
        session.add_all((client, one))
        session.flush()
        invitation = Invitation(
            round_id=one.id,
            client_id=client.id,
            unit_id=session.scalars(select(Unit.id)).one(),
            service=ServiceType.HOME_CARE,
            sex=Sex.WOMAN,
            age_group=AgeGroup("80-89"),
            snapshot_sha256="a" * 64,
            status=InvitationStatus.SENT,
        )
        session.add(invitation)
        session.flush()
        session.add(InvitationCode(lookup=bytes([number]) * 16, invitation_id=invitation.id, kind=CodeKind.LETTER))
        if state in {RoundState.COUNTED, RoundState.DESTROYED}:
            write_protocol(session, clock, one.id, ProtocolKind.COUNT, {})
    return one


def test_every_kind_has_words_a_default_and_a_way(session: Session) -> None:
    assert set(KINDS) == set(RecordKind) == set(DEFAULTS)
    assert all(DEFAULTS[kind][0] in KINDS[kind].events for kind in RecordKind)
    assert set(BY_ROUND) | set(BY_DAY) == set(STEPS)
    assert set(RecordKind) - set(STEPS) == {RecordKind.LETTER_FILES, RecordKind.SEALED_BALLOTS}


def test_defaults_fill_only_what_is_missing(session: Session, clock: FixedClock) -> None:
    set_rule(
        session, clock, RecordKind.CODES, event=RetentionEvent.ROUND_COUNTED, days=1, decision="B", account_id=None
    )
    assert set_missing_defaults(session, clock, DECISION, account_id=None) == len(RecordKind) - 1
    assert set_missing_defaults(session, clock, DECISION, account_id=None) == 0
    assert rules_of(session)[RecordKind.CODES].days == 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"event": RetentionEvent.RECORDED}, "event"),
        ({"days": -1}, "days"),
        ({"days": 40_000}, "days"),
        ({"decision": "  "}, "decision"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(
    session: Session, clock: FixedClock, change: dict[str, object], field: str
) -> None:
    values = {"event": RetentionEvent.ROUND_COUNTED, "days": 1, "decision": DECISION, **change}
    with pytest.raises(Fault) as told:
        set_rule(session, clock, RecordKind.CODES, account_id=None, **values)  # type: ignore[arg-type]
    assert told.value.field == field


def test_codes_and_invitations_go_in_time_with_a_protocol(session: Session, clock: FixedClock) -> None:
    set_missing_defaults(session, clock, DECISION, account_id=None)
    one = make_round(session, clock, state=RoundState.COUNTED, closed=today(clock) - timedelta(days=5))
    clock.advance(days=29)
    assert erase_due(session, clock) == {}
    clock.advance(days=1)
    assert erase_due(session, clock) == {RecordKind.CODES: 1}
    assert erase_due(session, clock) == {}
    clock.advance(days=150)
    assert erase_due(session, clock)[RecordKind.INVITATIONS] == 1
    assert count(session, Invitation) == 0
    protocols = session.scalars(select(Protocol).where(Protocol.kind == ProtocolKind.ERASURE)).all()
    assert [p.content["records"] for p in protocols] == ["codes", "invitations"]
    assert protocols[0].content["rule"]["decision"] == DECISION
    assert protocols[0].round_id == one.id
    assert verify(session).faults == ()


def test_a_round_that_closed_early_counts_from_the_day_it_closed(session: Session, clock: FixedClock) -> None:
    set_missing_defaults(session, clock, DECISION, account_id=None)
    one = make_round(session, clock, state=RoundState.OPEN, closed=today(clock) + timedelta(days=20))
    close_round(session, clock, one.id, None, early=True)
    due = {found.kind: found.on for found in schedule(session, clock) if found.round_id == one.id}
    events = {kind: rule for kind, rule in rules_of(session, one.id).items() if kind in due}
    assert RecordKind.DRAFTS in events
    assert due == {kind: today(clock) + timedelta(days=rule.days or 0) for kind, rule in events.items()}


def test_a_hold_stops_erasure_until_it_is_lifted(session: Session, clock: FixedClock) -> None:
    set_missing_defaults(session, clock, DECISION, account_id=None)
    one = make_round(session, clock, state=RoundState.COUNTED, closed=today(clock))
    other = make_round(session, clock, state=RoundState.COUNTED, closed=today(clock))
    hold = place_hold(session, clock, reason="Begäran 2026/9", account_id=None, round_id=one.id, kind=RecordKind.CODES)
    clock.advance(days=31)
    assert erase_due(session, clock) == {RecordKind.CODES: 1}
    left = session.scalars(select(InvitationCode.invitation_id)).one()
    assert session.get_one(Invitation, left).round_id == one.id != other.id
    assert any(due.held for due in schedule(session, clock))
    lift_hold(session, clock, hold.id, account_id=None)
    assert erase_due(session, clock) == {RecordKind.CODES: 1}
    assert holds(session) == []
    assert [h.id for h in holds(session, lifted=True)] == [hold.id]
    with pytest.raises(Fault):
        lift_hold(session, clock, hold.id, account_id=None)


def test_a_hold_on_everything_stops_the_register_too(session: Session, clock: FixedClock) -> None:
    set_missing_defaults(session, clock, DECISION, account_id=None)
    make_round(session, clock, state=RoundState.COUNTED, closed=today(clock))
    place_hold(session, clock, reason="Tillsyn", account_id=None)
    clock.advance(days=2000)
    assert erase_due(session, clock) == {}
    assert count(session, RetentionHold) == 1


def test_a_round_that_is_not_counted_keeps_everything(session: Session, clock: FixedClock) -> None:
    set_missing_defaults(session, clock, DECISION, account_id=None)
    make_round(session, clock, state=RoundState.CLOSED, closed=today(clock))
    clock.advance(days=3000)
    erased = erase_due(session, clock)
    assert RecordKind.INVITATIONS not in erased
    assert RecordKind.CODES not in erased
    assert count(session, Client) == 1  # still asked in a living round


def test_who_left_the_register_is_erased_and_the_invitation_forgets_them(session: Session, clock: FixedClock) -> None:
    set_missing_defaults(session, clock, DECISION, account_id=None)
    set_rule(
        session,
        clock,
        RecordKind.INVITATIONS,
        event=RetentionEvent.ROUND_COUNTED,
        days=None,
        decision=DECISION,
        account_id=None,
    )
    make_round(session, clock, state=RoundState.DESTROYED, closed=today(clock))
    clock.advance(days=721)
    assert RecordKind.REGISTER in erase_due(session, clock)
    assert session.scalars(select(Invitation.client_id)).all() == [None]


def test_details_of_the_log_go_and_its_chain_still_holds(session: Session, clock: FixedClock) -> None:
    record(session, clock, account_id=None, action="prov", subject="prov:1", details={"vem": "Ada"})
    set_missing_defaults(session, clock, DECISION, account_id=None)
    clock.advance(days=1828)
    erased = erase_due(session, clock)
    assert erased[RecordKind.AUDIT_DETAILS] == len(RecordKind) + 1
    assert session.get_one(AuditEntry, 1).details is None
    checked = verify(session)
    assert checked.faults == ()
    assert checked.erased == erased[RecordKind.AUDIT_DETAILS]


def test_lists_of_waves_and_ways_to_reach_people_go_after_the_round_unless_an_open_one_asks_them(
    session: Session, clock: FixedClock
) -> None:
    closed = today(clock) - timedelta(days=31)
    set_missing_defaults(session, clock, DECISION, account_id=None)
    old = make_round(session, clock, state=RoundState.CLOSED, closed=closed)
    asked_again = make_round(session, clock, state=RoundState.CLOSED, closed=closed)
    now = make_round(session, clock, state=RoundState.OPEN, closed=today(clock) + timedelta(days=20))
    invitations = {one.round_id: one for one in session.scalars(select(Invitation))}
    with writing(session):
        for one in session.scalars(select(Client)):
            one.phone, one.email = "070-123 45 67", "ada@example.org"
        invitations[now.id].client_id = invitations[asked_again.id].client_id
        for one in (old, now):
            wave = ContactWave(
                round_id=one.id,
                kind=WaveKind.REMINDER,
                channel=WaveChannel.SMS,
                planned_on=closed,
                state=WaveState.DONE,
            )
            session.add(wave)
            session.flush()
            invitation_id = invitations[one.id].id
            session.add(WaveRecipient(wave_id=wave.id, invitation_id=invitation_id, channel=ContactChannel.SMS))
    erase_due(session, clock)
    session.expire_all()
    assert count(session, ContactWave) == 2
    assert session.scalars(select(WaveRecipient.invitation_id)).all() == [invitations[now.id].id]
    reachable = {one.id for one in session.scalars(select(Client)) if one.phone or one.email}
    assert invitations[old.id].client_id not in reachable
    assert invitations[now.id].client_id in reachable
