"""No more reminders: chosen with the code, without answering, apart from refusing, and undone."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from enkat.records.invitations import Invitation, InvitationCorrection, InvitationStatus
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from tests.factories.respondents import enter, send_all
from tests.factories.rounds import SmallRound
from tests.factories.walking import Walker


def status(session: Session, opened: SmallRound) -> InvitationStatus:
    session.rollback()
    session.expire_all()
    return session.get_one(Invitation, opened.invitation_ids[0]).status


def to_reminders(walker: Walker, opened: SmallRound) -> Walker:
    enter(walker, opened)
    assert "Inga fler påminnelser" in walker.text
    return walker.get(f"/o/{opened.short_name}/paminnelser")


def test_reminders_are_stopped_without_answering_and_asked_for_again(
    walker: Walker, opened: SmallRound, session: Session
):
    to_reminders(walker, opened).press("Påminn mig inte igen")
    assert walker.title.startswith("Du får inga fler påminnelser")
    assert "Du kan fortfarande svara" in walker.text
    assert status(session, opened) is InvitationStatus.OPTED_OUT
    assert session.scalar(select(func.count()).select_from(InvitationCorrection)) == 0  # no day is kept
    walker.press("Påminn mig igen")
    assert status(session, opened) is InvitationStatus.OPEN


def test_who_wants_no_reminders_may_still_answer(walker: Walker, opened: SmallRound, session: Session):
    to_reminders(walker, opened).press("Påminn mig inte igen")
    send_all(walker, opened)
    assert walker.path.endswith("/tack")
    assert status(session, opened) is InvitationStatus.SENT
    enter(walker, opened).get(f"/o/{opened.short_name}/paminnelser")
    assert walker.path.endswith("/kommit-fram")
    assert status(session, opened) is InvitationStatus.SENT


@pytest.mark.one_database
def test_a_refusal_stays_a_refusal(walker: Walker, opened: SmallRound, session: Session):
    to_reminders(walker, opened)
    with writing(session):
        session.get_one(Invitation, opened.invitation_ids[0]).status = InvitationStatus.REFUSED
    walker.press("Påminn mig inte igen")
    assert status(session, opened) is InvitationStatus.REFUSED


@pytest.mark.one_database
def test_without_a_code_the_page_asks_for_it_and_a_closed_round_says_when(
    walker: Walker, opened: SmallRound, session: Session
):
    walker.get(f"/o/{opened.short_name}/paminnelser")
    assert walker.path == f"/o/{opened.short_name}"
    to_reminders(walker, opened)
    with writing(session):
        session.execute(update(SurveyRound).values(state=RoundState.CLOSED))
    walker.press("Påminn mig inte igen")
    assert walker.path.endswith("/stangd")
    assert status(session, opened) is InvitationStatus.OPEN
