"""What worries those who ask: noted per unit without the person, told to the right ones, received once, erased."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.accounts import AccountState, Role
from enkat.records.audit import AuditEntry
from enkat.records.concerns import Concern, ConcernSource
from enkat.records.metadata import metadata
from enkat.records.outbox import OutboxMessage
from enkat.records.retention import RecordKind, RetentionEvent
from enkat.services.concerns.receiving import concerns, receive_concern, waiting_concerns
from enkat.services.concerns.registering import register_concern
from enkat.services.faults import ConflictFault, Fault
from enkat.services.retention.erasing import erase_due
from enkat.services.retention.rules import set_rule
from tests.clocks import FixedClock
from tests.factories.accounts import make_account
from tests.factories.ballots import OpenRound, add_round


@pytest.fixture
def opened(session: Session, clock: FixedClock) -> OpenRound:
    return add_round(session, clock, (3, 3))


def note(
    session: Session, clock: FixedClock, opened: OpenRound, text: str = "Ingen har öppnat på två dagar."
) -> Concern:
    asker = make_account(session, clock, Role.INTERVIEWER, name="Ida Intervjuare")
    return register_concern(
        session,
        clock,
        round_id=opened.round_id,
        unit_id=opened.unit_ids[1],
        source=ConcernSource.PHONE,
        description=text,
        account_id=asker.id,
    )


def test_a_concern_names_the_unit_and_who_noted_it_and_never_a_person(
    session: Session, clock: FixedClock, opened: OpenRound
) -> None:
    note(session, clock, opened)
    found = concerns(session)
    assert [(one.unit_name, one.registered_by, one.source.label) for one in found] == [
        ("Enhet 2", "Ida Intervjuare", "telefonintervju")
    ]
    refers = {key.column.table.name for key in metadata.tables["concern"].foreign_keys}
    assert refers == {"survey_round", "unit", "account"}


def test_every_open_handler_gets_a_message_without_what_it_says(
    session: Session, clock: FixedClock, opened: OpenRound
) -> None:
    make_account(session, clock, Role.CONCERN_HANDLER, email="sara@staden.example", name="Sara")
    make_account(session, clock, Role.CONCERN_HANDLER, email="borta@staden.example", state=AccountState.CLOSED)
    note(session, clock, opened)
    message = session.scalars(select(OutboxMessage)).one()
    assert message.recipient == "sara@staden.example"
    assert "Enhet 2" in message.body
    assert "öppnat" not in message.subject + message.body
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "concern.registered")).one()
    assert "öppnat" not in str(entry.details)


@pytest.mark.parametrize(
    ("text", "told"), [("  ", "Skriv kort"), ("å" * 1001, "för lång"), ("Hon, 19390112-1234, fryser", "personnummer")]
)
def test_what_cannot_be_noted_is_told(
    session: Session, clock: FixedClock, opened: OpenRound, text: str, told: str
) -> None:
    with pytest.raises(Fault, match=told):
        note(session, clock, opened, text)
    assert concerns(session) == []


def test_a_concern_is_received_once_by_name(session: Session, clock: FixedClock, opened: OpenRound) -> None:
    concern = note(session, clock, opened)
    handler = make_account(session, clock, Role.CONCERN_HANDLER, name="Sara")
    assert waiting_concerns(session) == 1
    receive_concern(session, clock, concern.id, account_id=handler.id)
    assert waiting_concerns(session) == 0
    assert concerns(session)[0].received_by == "Sara"
    with pytest.raises(ConflictFault, match="redan tagit emot"):
        receive_concern(session, clock, concern.id, account_id=handler.id)


def test_concerns_are_erased_by_their_own_rule(session: Session, clock: FixedClock, opened: OpenRound) -> None:
    note(session, clock, opened)
    set_rule(
        session,
        clock,
        RecordKind.CONCERNS,
        event=RetentionEvent.RECORDED,
        days=30,
        decision="Beslut 7",
        account_id=None,
    )
    clock.advance(days=30)
    assert erase_due(session, clock) == {}
    clock.advance(days=1)
    assert erase_due(session, clock) == {RecordKind.CONCERNS: 1}
