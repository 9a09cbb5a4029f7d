"""Staff book somebody who asks, see the whole list and what interviewers have done; administrators note employers."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.accounts import Role
from enkat.records.calls import Booking, CallOutcome, InterviewerProfile, Wish
from enkat.records.organisations import Provider
from enkat.services.accounts.sessions import actor_of
from enkat.services.interviews.booking import Agreed, book
from enkat.services.interviews.calling import note_outcome
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.accounts import log_in_as, make_account, staff_client
from tests.factories.rounds import SmallRound, small_round
from tests.factories.walking import Walker

CALLS = "/stad/omgangar/prov26/samtal"


@pytest.fixture
def opened(session: Session, clock: FixedClock, app_settings: Settings) -> SmallRound:
    return small_round(session, clock, app_settings, Secrets(app_settings))


@pytest.fixture
def manager(app: Flask, session: Session, clock: FixedClock, opened: SmallRound) -> Walker:
    assert opened.short_name == "prov26"
    return Walker(staff_client(app, session, clock, Role.ROUND_MANAGER))


def test_a_relative_calls_and_an_assistant_is_booked(manager: Walker, session: Session, clock: FixedClock) -> None:
    assistant = make_account(session, clock, Role.ASSISTANT, name="Assar Assistent")
    manager.get(f"{CALLS}?q=000003")
    manager.get(next(address for text, address in manager.links().items() if text == "Testperson 000003"))
    assert manager.heading == "Boka samtal eller besök"
    agreed = {"wish": "visit", "interviewer": str(assistant.id), "language": "fi", "ask_for": "Dottern Eva"}
    manager.press("Spara bokningen", agreed)
    assert "organisation är inte noterad" in manager.text
    session.add(InterviewerProfile(account_id=assistant.id, organisation="Frågehjälpen"))
    session.commit()
    manager.press("Spara bokningen", {**agreed, "call_on": "2026-10-07", "call_from": "13:00"})
    assert manager.heading == "Samtal och besök"
    assert "Testperson 000003besökfinska7 oktober 2026 13:00Assar Assistentinte frågad" in manager.text
    manager.press_form("Ta bort Testperson 000003")
    assert "Ingen är bokad." in manager.text


def test_a_booking_is_opened_again_as_it_was_agreed(manager: Walker, session: Session, opened: SmallRound) -> None:
    key = opened.invitation_ids[0].hex()
    manager.get(f"{CALLS}/{key}").press(
        "Spara bokningen", {"wish": "phone", "phone": "070-123 45 67", "interviewer": "", "language": "sv"}
    )
    manager.get(f"{CALLS}/{key}")
    assert manager.fields()["phone"] == "070-123 45 67"
    assert manager.chosen() == "phone"
    session.rollback()
    assert session.scalars(select(Booking)).one().interviewer_id is None


def test_the_report_counts_calls_by_interviewer(
    manager: Walker, session: Session, clock: FixedClock, opened: SmallRound
) -> None:
    asker = make_account(session, clock, Role.INTERVIEWER, name="Ida Intervjuare")
    for number, outcome in enumerate((CallOutcome.NO_ANSWER, CallOutcome.REFUSED, CallOutcome.NO_ANSWER)):
        booking = book(session, clock, opened.invitation_ids[number], Agreed(wish=Wish.PHONE), account_id=asker.id)
        note_outcome(session, clock, actor_of(asker), booking.id, outcome)
    assert "Ida Intervjuare–320010000" in manager.get(CALLS).text


@pytest.mark.parametrize("role", [Role.INTERVIEWER, Role.ANALYST, Role.ADMINISTRATOR, Role.DISTRICT_READER])
def test_only_round_managers_book(app: Flask, session: Session, clock: FixedClock, opened: SmallRound, role: Role):
    assert opened.codes
    assert staff_client(app, session, clock, role).get(CALLS).status_code == 403


def test_an_administrator_notes_where_somebody_works(
    app: Flask, session: Session, clock: FixedClock, opened: SmallRound
) -> None:
    assert opened.codes
    assistant = make_account(session, clock, Role.ASSISTANT, name="Assar Assistent")
    admin = Walker(log_in_as(app, session, clock, make_account(session, clock, Role.ADMINISTRATOR)))
    provider = session.scalars(select(Provider)).one()
    admin.get(f"/stad/konton/{assistant.id}")
    admin.get(admin.links()["Ändra arbetsgivare"])
    admin.press("Spara", {"organisation": provider.name, "provider_id": ""})
    assert "Organisationen är en utförare i registret." in admin.text
    admin.press("Spara", {"organisation": "Frågehjälpen AB", "provider_id": ""})
    assert "Frågehjälpen AB" in admin.text
