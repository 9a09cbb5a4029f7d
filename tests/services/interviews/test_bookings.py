"""Bookings and call lists: who is on them for whom, what is refused in words, and what is left when it is done."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from enkat.clock import today
from enkat.records.accounts import Role
from enkat.records.audit import AuditEntry
from enkat.records.calls import Booking, CallOutcome, InterviewerCount
from enkat.records.invitations import Invitation, InvitationStatus
from enkat.records.metadata import metadata
from enkat.records.organisations import Provider
from enkat.records.writing import writing
from enkat.services.faults import ConflictFault, Fault, NotFoundFault
from enkat.services.interviews.booking import all_bookings, find_booking, remove_booking
from enkat.services.interviews.calling import call_list, find_call, note_outcome
from enkat.services.interviews.profiles import OwnProviderFault, set_profile
from enkat.services.interviews.reporting import interviewer_report
from enkat.services.rounds.closing import close_round
from tests.factories.accounts import make_actor
from tests.services.interviews.conftest import Field


def names(field: Field, actor: object = None) -> list[str | None]:
    rows = call_list(field.session, field.clock, actor or field.interviewer, field.opened.round_id)  # type: ignore[arg-type]
    return [row.name for row in rows]


def test_a_list_has_what_is_due_first_and_then_the_rest(field: Field) -> None:
    later = today(field.clock) + timedelta(days=2)
    field.book(0)
    field.book(1, call_on=later, call_from="13:00")
    field.book(2, call_on=later, call_from="09:00", call_to="10:00", ask_for="Dottern Eva")
    rows = call_list(field.session, field.clock, field.interviewer, field.opened.round_id)
    assert [row.booking.call_from for row in rows] == ["09:00", "13:00", ""]
    assert all(row.name for row in rows)
    entry = field.session.scalars(select(AuditEntry).where(AuditEntry.action == "interview.list_read")).one()
    assert entry.subject == f"round:{field.opened.round_id}"


def test_an_assistant_sees_only_own_bookings_and_an_interviewer_also_what_is_for_anybody(field: Field) -> None:
    assistant = make_actor(field.session, field.clock, Role.ASSISTANT)
    other = make_actor(field.session, field.clock, Role.INTERVIEWER)
    set_profile(
        field.session, field.clock, assistant.account_id, organisation="Frågehjälpen", provider_id=None, by=None
    )
    field.book(0, interviewer_id=assistant.account_id)
    field.book(1)
    field.book(2, interviewer_id=field.interviewer.account_id)
    assert [len(names(field, actor)) for actor in (assistant, field.interviewer, other)] == [1, 2, 1]


def test_language_narrows_the_list(field: Field) -> None:
    field.book(0, language="fi")
    field.book(1)
    found = call_list(field.session, field.clock, field.interviewer, field.opened.round_id, language="fi")
    assert [row.booking.language for row in found] == ["fi"]


def test_a_protected_person_is_on_no_list_but_the_named_roles(field: Field) -> None:
    booking_id = field.book(0)
    with writing(field.session):
        field.session.get_one(Invitation, field.opened.invitation_ids[0]).protected = True
    assert names(field) == []
    assert all_bookings(field.session, field.manager, field.opened.round_id) == []
    with pytest.raises(NotFoundFault, match="finns inte längre"):
        find_call(field.session, field.interviewer, booking_id)
    with pytest.raises(NotFoundFault):
        find_booking(field.session, field.manager, booking_id)
    named = make_actor(field.session, field.clock, Role.INTERVIEWER, Role.PROTECTED_IDENTITY_HANDLER)
    assert len(names(field, named)) == 1


def test_whoever_works_for_the_provider_is_refused_in_words(field: Field) -> None:
    assistant = make_actor(field.session, field.clock, Role.ASSISTANT)
    with pytest.raises(Fault, match="organisation är inte noterad"):
        field.book(0, interviewer_id=assistant.account_id)
    provider = field.session.scalars(select(Provider)).one()
    with pytest.raises(Fault, match="är en utförare i registret"):
        set_profile(
            field.session, field.clock, assistant.account_id, organisation=provider.name, provider_id=None, by=None
        )
    set_profile(
        field.session, field.clock, assistant.account_id, organisation=provider.name, provider_id=provider.id, by=None
    )
    with pytest.raises(OwnProviderFault, match="arbetar hos Provkommunens hemtjänst, som ger hjälpen"):
        field.book(0, interviewer_id=assistant.account_id)
    assert field.session.scalars(select(Booking)).all() == []


@pytest.mark.parametrize(
    ("agreed", "told", "where"),
    [
        ({"call_from": "9.30"}, "Skriv klockslaget som 09:30.", "call_from"),
        ({"call_from": "09:30"}, "Skriv också vilken dag.", "call_on"),
        ({"days": -1}, "Dagen har redan varit", "call_on"),
        ({"days": 1, "call_from": "10:00", "call_to": "09:00"}, "slutar innan", "call_to"),
        ({"language": "xx"}, "Språket finns inte", "language"),
        ({"phone": "19390112-1234"}, "personnummer", "phone"),
        ({"note": "Hon är 19390112-1234"}, "utan personnummer", "note"),
        ({"interviewer_id": 9999}, "har inte rollen", "interviewer"),
    ],
)
def test_what_cannot_be_booked_is_told_at_its_field(
    field: Field, agreed: dict[str, object], told: str, where: str
) -> None:
    days = agreed.get("days")
    if isinstance(days, int):
        others = {name: value for name, value in agreed.items() if name != "days"}
        agreed = {**others, "call_on": today(field.clock) + timedelta(days=days)}
    with pytest.raises(Fault, match=told) as raised:
        field.book(0, **agreed)
    assert raised.value.field == where


def test_a_call_back_needs_a_day_and_moves_the_booking(field: Field) -> None:
    booking_id = field.book(0)
    back = {"outcome": CallOutcome.CALL_BACK}
    with pytest.raises(Fault, match="vilken dag"):
        note_outcome(field.session, field.clock, field.interviewer, booking_id, **back)
    day = today(field.clock) + timedelta(days=1)
    note_outcome(field.session, field.clock, field.interviewer, booking_id, **back, call_on=day, call_from="10:00")
    booking = field.session.get_one(Booking, booking_id)
    assert (booking.call_on, booking.call_from, booking.tries) == (day, "10:00", 1)
    assert len(names(field)) == 1


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(CallOutcome.REFUSED, InvitationStatus.REFUSED), (CallOutcome.UNABLE, InvitationStatus.UNABLE)],
)
def test_a_refusal_is_noted_once_and_empties_the_booking(
    field: Field, outcome: CallOutcome, status: InvitationStatus
) -> None:
    booking_id = field.book(0, phone="070-123 45 67", ask_for="Eva", note="Ring på porttelefonen")
    note_outcome(field.session, field.clock, field.interviewer, booking_id, outcome)
    assert field.session.get_one(Invitation, field.opened.invitation_ids[0]).status is status
    booking = field.session.get_one(Booking, booking_id)
    assert (booking.phone, booking.ask_for, booking.note, booking.interviewer_id) == ("", "", "", None)
    assert names(field) == []


def test_a_wrong_number_goes_back_to_staff_and_a_new_booking_to_the_list(field: Field) -> None:
    booking_id = field.book(0, phone="070-123 45 67")
    note_outcome(field.session, field.clock, field.interviewer, booking_id, CallOutcome.WRONG_NUMBER)
    assert names(field) == []
    (row,) = all_bookings(field.session, field.manager, field.opened.round_id)
    assert row.booking.outcome is CallOutcome.WRONG_NUMBER
    assert field.book(0, phone="070-765 43 21") == booking_id
    assert len(names(field)) == 1


def test_nobody_says_by_hand_that_somebody_was_interviewed(field: Field) -> None:
    booking_id = field.book(0)
    with pytest.raises(Fault, match="bara intervjun"):
        note_outcome(field.session, field.clock, field.interviewer, booking_id, CallOutcome.INTERVIEWED)


def test_the_report_is_made_of_counters_and_they_outlive_the_bookings(field: Field) -> None:
    for number, outcome in enumerate((CallOutcome.NO_ANSWER, CallOutcome.NO_ANSWER, CallOutcome.WANTS_PAPER)):
        note_outcome(field.session, field.clock, field.interviewer, field.book(number), outcome)
    close_round(field.session, field.clock, field.opened.round_id, None, early=True)
    assert field.session.scalars(select(Booking)).all() == []
    (line,) = interviewer_report(field.session, field.opened.round_id)
    assert (line.calls, line.outcomes[CallOutcome.NO_ANSWER], line.interviewed) == (3, 2, 0)


def test_no_table_of_calls_keeps_a_moment() -> None:
    assert {key.column.table.name for key in metadata.tables["interviewer_count"].foreign_keys} == {
        "survey_round",
        "account",
    }
    moments = {
        f"{table}.{column.name}"
        for table in ("booking", "interviewer_count")
        for column in metadata.tables[table].columns
        if "DATE" in str(column.type) or "TIME" in str(column.type)
    }
    assert moments == {"booking.call_on"}
    assert metadata.tables["booking"].dialect_options["sqlite"]["with_rowid"] is False


def test_a_booking_of_somebody_who_has_answered_is_refused_and_can_be_removed(field: Field) -> None:
    booking_id = field.book(0)
    with writing(field.session):
        field.session.get_one(Invitation, field.opened.invitation_ids[0]).status = InvitationStatus.SENT
    assert names(field) == []
    with pytest.raises(ConflictFault, match="redan kommit"):
        field.book(0)
    remove_booking(field.session, field.clock, booking_id, account_id=field.manager.account_id)
    with pytest.raises(NotFoundFault):
        remove_booking(field.session, field.clock, booking_id, account_id=field.manager.account_id)
    assert field.session.scalars(select(InterviewerCount)).all() == []
