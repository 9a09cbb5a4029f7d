from dataclasses import replace

import pytest
from sqlalchemy import Engine, Update, insert, select, update
from sqlalchemy.orm import Session, sessionmaker

from bench.inside import counted
from enkat.ballots.vocabulary import Helper, Respondent
from enkat.records.ballots import Draft
from enkat.records.base import table_of
from enkat.records.invitations import Invitation, InvitationCode, InvitationStatus
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.ballots.answering import send
from enkat.services.ballots.code_entry import CodeRefused
from enkat.services.ballots.drafting import (
    AlreadyReceivedFault,
    DraftConflictFault,
    DraftContent,
    load_draft,
    save_draft,
)
from enkat.services.ballots.rounds import RoundClosedFault
from enkat.services.ballots.taking_back import take_back
from enkat.services.faults import Fault
from tests.clocks import FixedClock
from tests.factories.ballots import OpenRound, add_round, an_answer, random_keys


@pytest.fixture
def made(session: Session, clock: FixedClock) -> OpenRound:
    return add_round(session, clock, (3,))


def save(session: Session, clock: FixedClock, made: OpenRound, draft: DraftContent, person: int = 0) -> DraftContent:
    return save_draft(session, clock, round_id=made.round_id, keys=made.keys[person], draft=draft)


def load(session: Session, made: OpenRound, person: int = 0) -> DraftContent:
    return load_draft(session, round_id=made.round_id, keys=made.keys[person])


FIRST = DraftContent(0, {"feels_safe": 4, "more": "Åh, tack! 😀"}, Respondent.PROXY, Helper.RELATIVE, "en", "easy")


def test_nothing_saved_is_an_empty_draft(session: Session, made: OpenRound):
    assert load(session, made) == DraftContent()


def test_a_draft_is_read_back_whole_by_its_code_alone(
    session: Session, sessions: sessionmaker[Session], clock: FixedClock, made: OpenRound
):
    assert save(session, clock, made, FIRST).version == 1
    with sessions() as other_device:
        assert load(other_device, made) == replace(FIRST, version=1)
        assert load(other_device, made, person=1) == DraftContent()


def test_what_is_stored_shows_nothing(session: Session, clock: FixedClock, made: OpenRound):
    save(session, clock, made, FIRST)
    save(session, clock, made, DraftContent(), person=1)
    rows = session.scalars(select(Draft)).all()
    assert len({len(row.content) for row in rows}) == 1
    assert all(b"tack" not in row.content for row in rows)


def test_an_older_tab_gets_both_versions_and_overwrites_nothing(session: Session, clock: FixedClock, made: OpenRound):
    one = save(session, clock, made, FIRST)
    two = save(session, clock, made, replace(one, answers={"feels_safe": 1}))
    with pytest.raises(DraftConflictFault) as caught:
        save(session, clock, made, replace(one, answers={"feels_safe": 2}))
    assert caught.value.saved == two
    assert caught.value.own.answers == {"feels_safe": 2}
    assert load(session, made) == two


def test_the_same_form_sent_twice_is_no_conflict(session: Session, clock: FixedClock, made: OpenRound):
    first = save(session, clock, made, FIRST)
    assert save(session, clock, made, FIRST) == first


def test_no_draft_after_sending_closing_or_with_a_dead_code(session: Session, clock: FixedClock, made: OpenRound):
    send(session, clock, round_id=made.round_id, keys=made.keys[0], answering=an_answer())
    with pytest.raises(AlreadyReceivedFault):
        save(session, clock, made, FIRST)
    with pytest.raises(CodeRefused):
        save_draft(session, clock, round_id=made.round_id, keys=random_keys(), draft=FIRST)
    with writing(session):
        session.execute(update(InvitationCode).values(live=False))
    with pytest.raises(CodeRefused):
        save(session, clock, made, FIRST, person=1)
    with writing(session):
        session.execute(update(SurveyRound).values(state=RoundState.CLOSED))
    with pytest.raises(RoundClosedFault):
        save(session, clock, made, FIRST, person=2)
    assert session.scalars(select(Draft)).all() == []


def test_sending_and_taking_back_forget_the_draft_and_an_old_tab_starts_anew(
    session: Session, clock: FixedClock, made: OpenRound
):
    saved = save(session, clock, made, FIRST)
    send(session, clock, round_id=made.round_id, keys=made.keys[0], answering=an_answer())
    take_back(session, clock, round_id=made.round_id, keys=made.keys[0])
    assert load(session, made) == DraftContent()
    assert save(session, clock, made, saved).answers == FIRST.answers


def test_too_long_texts_and_damaged_drafts_are_told(session: Session, clock: FixedClock, made: OpenRound):
    with pytest.raises(Fault, match="för lång"):
        save(session, clock, made, DraftContent(answers={"more": "x" * 70000}))
    save(session, clock, made, FIRST)
    with writing(session):
        session.execute(update(Draft).values(version=7))
    session.expire_all()
    with pytest.raises(Fault, match="går inte att läsa"):
        load(session, made)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (update(SurveyRound).values(state=RoundState.CLOSED), RoundClosedFault),
        (update(SurveyRound).values(closes_on=SurveyRound.opens_on), RoundClosedFault),
        (update(SurveyRound).values(opens_on=SurveyRound.closes_on), RoundClosedFault),
        (update(InvitationCode).values(live=False), CodeRefused),
        (update(Invitation).values(status=InvitationStatus.PAPER_RECEIVED), AlreadyReceivedFault),
        (update(Invitation).values(status=InvitationStatus.DECEASED), AlreadyReceivedFault),
    ],
    ids=["closed", "over", "not yet", "dead code", "came on paper", "ineligible"],
)
def test_a_draft_is_saved_anew_only_while_answers_are_taken(
    session: Session, clock: FixedClock, made: OpenRound, change: Update, fault: type[Fault]
):
    saved = save(session, clock, made, FIRST)
    clock.advance(days=1)
    with writing(session):
        session.execute(change)
    with pytest.raises(fault):
        save(session, clock, made, replace(saved, answers={"feels_safe": 1}))
    assert load(session, made) == saved


def test_a_draft_is_saved_anew_by_one_statement(
    session: Session, engine: Engine, sessions: sessionmaker[Session], clock: FixedClock, made: OpenRound
):
    first = save(session, clock, made, FIRST)
    with counted(engine) as sent:
        second = save(session, clock, made, replace(first, answers={"feels_safe": 1}))
    assert [text.split()[0] for text in sent.texts] == ["UPDATE"]
    with sessions() as other_device:
        assert load(other_device, made) == second == replace(first, version=2, answers={"feels_safe": 1})


def test_a_code_saves_no_draft_in_another_round(session: Session, clock: FixedClock, made: OpenRound):
    saved = save(session, clock, made, FIRST)
    same = session.execute(select(table_of(SurveyRound))).mappings().one()
    other = made.round_id + 1
    with writing(session):
        session.execute(insert(SurveyRound).values(**{**same, "id": other, "short_name": "annan"}))
    with pytest.raises(CodeRefused):
        save_draft(session, clock, round_id=other, keys=made.keys[0], draft=saved)
    assert load(session, made) == saved
