"""The interview: a code that nobody sees, one answer, nothing left that says when or by whom."""

import pytest
from sqlalchemy import func, select

from enkat.ballots.ballot import Ballot
from enkat.ballots.sealing import open_ballot
from enkat.ballots.vocabulary import Helper, Mode, Respondent
from enkat.records.accounts import Role
from enkat.records.audit import AuditEntry
from enkat.records.ballots import Draft, SealedBallot
from enkat.records.calls import Booking, CallOutcome, InterviewerCount, Wish
from enkat.records.invitations import CodeKind, InvitationCode, WeeklyCount
from enkat.records.organisations import Provider
from enkat.services.ballots.answering import Answering, send
from enkat.services.ballots.code_entry import CodeRefused
from enkat.services.ballots.drafting import AlreadyReceivedFault, DraftContent, save_draft
from enkat.services.ballots.standing import find_standing
from enkat.services.faults import NotFoundFault
from enkat.services.interviews.interviewing import Begun, abandon, begin, finish
from enkat.services.interviews.profiles import OwnProviderFault, set_profile
from tests.factories.accounts import make_actor
from tests.services.interviews.conftest import Field

ANSWERS = {"feels_safe": 1, "staff_treatment": -4}


def start(field: Field, booking_id: bytes) -> Begun:
    return begin(field.session, field.clock, field.secrets, field.interviewer, booking_id)


def close(field: Field, booking_id: bytes, begun: Begun, who: Respondent = Respondent.SELF) -> bool:
    draft = DraftContent(answers=ANSWERS, respondent=who, helper=Helper.NONE, language="en")
    return finish(field.session, field.clock, field.interviewer, booking_id, begun=begun, draft=draft).accepted


def ballots(field: Field) -> list[Ballot]:
    contents = field.session.scalars(select(SealedBallot.content)).all()
    return [Ballot.from_bytes(open_ballot(field.opened.pair.private, content)) for content in contents]


@pytest.mark.parametrize(("wish", "mode"), [(Wish.PHONE, Mode.PHONE), (Wish.VISIT, Mode.INTERVIEWER)])
def test_an_interview_becomes_a_ballot_with_its_mode_and_interviewer(field: Field, wish: Wish, mode: Mode) -> None:
    booking_id = field.book(0, wish, phone="070-123 45 67")
    begun = start(field, booking_id)
    assert close(field, booking_id, begun)
    (ballot,) = ballots(field)
    assert (ballot.mode, ballot.interviewer) == (mode, str(field.interviewer.account_id))
    assert ballot.language == "en"
    assert -4 in ballot.vector
    count = field.session.scalars(select(InterviewerCount)).one()
    assert (count.outcome, count.n) == (CallOutcome.INTERVIEWED, 1)


def test_what_is_left_says_neither_who_asked_nor_when(field: Field) -> None:
    booking_id = field.book(0, phone="070-123 45 67", interviewer_id=field.interviewer.account_id)
    before = field.session.scalar(select(func.count()).select_from(AuditEntry))
    begun = start(field, booking_id)
    close(field, booking_id, begun)
    assert field.session.scalar(select(func.count()).select_from(AuditEntry)) == before
    booking = field.session.get_one(Booking, booking_id)
    assert (booking.phone, booking.interviewer_id, booking.call_on) == ("", None, None)
    with pytest.raises(NotFoundFault):
        start(field, booking_id)


def test_the_code_is_one_of_the_invitations_own_and_a_letters_code_still_answers_the_same(field: Field) -> None:
    start(field, field.book(0))
    kinds = field.session.scalars(
        select(InvitationCode.kind).where(InvitationCode.invitation_id == field.opened.invitation_ids[0])
    ).all()
    assert sorted(kinds) == [CodeKind.LETTER, CodeKind.PHONE]


@pytest.mark.parametrize("mode", list(Mode))
def test_the_first_answer_wins_whatever_its_mode_and_the_later_is_counted_in_its_own(field: Field, mode: Mode) -> None:
    booking_id = field.book(0)
    first, later = start(field, booking_id), start(field, booking_id)
    assert close(field, booking_id, first)
    answering = Answering({"feels_safe": 5}, mode, Respondent.SELF, Helper.NONE)
    sent = send(field.session, field.clock, round_id=field.opened.round_id, keys=later.keys, answering=answering)
    assert not sent.accepted
    refused = {row.mode: row.duplicate_refused for row in field.session.scalars(select(WeeklyCount))}
    assert refused[mode] == 1
    assert sum(refused.values()) == 1
    assert len(ballots(field)) == 1


def test_an_interview_that_comes_second_keeps_the_first_and_removes_the_booking(field: Field) -> None:
    booking_id = field.book(0)
    other, begun = start(field, booking_id), start(field, booking_id)
    answering = Answering({"feels_safe": 5}, Mode.WEB, Respondent.SELF, Helper.NONE)
    send(field.session, field.clock, round_id=field.opened.round_id, keys=other.keys, answering=answering)
    assert not close(field, booking_id, begun)
    assert field.session.get(Booking, booking_id) is None
    assert field.session.scalars(select(InterviewerCount)).all() == []
    assert [ballot.mode for ballot in ballots(field)] == [Mode.WEB]


def test_a_broken_off_interview_leaves_no_answers_and_no_code(field: Field) -> None:
    booking_id = field.book(0)
    begun = start(field, booking_id)
    draft = DraftContent(answers={"feels_safe": 1}, respondent=Respondent.SELF)
    save_draft(field.session, field.clock, round_id=begun.round_id, keys=begun.keys, draft=draft)
    abandon(field.session, begun)
    assert field.session.scalars(select(Draft)).all() == []
    with pytest.raises(CodeRefused):
        find_standing(field.session, field.clock, round_id=begun.round_id, keys=begun.keys)
    start(field, booking_id)


def test_who_has_answered_is_not_asked_and_a_providers_own_are_refused(field: Field) -> None:
    booking_id = field.book(0)
    provider = field.session.scalars(select(Provider)).one()
    own = make_actor(field.session, field.clock, Role.INTERVIEWER)
    set_profile(
        field.session, field.clock, own.account_id, organisation=provider.name, provider_id=provider.id, by=None
    )
    with pytest.raises(OwnProviderFault):
        begin(field.session, field.clock, field.secrets, own, booking_id)
    begun = start(field, booking_id)
    answering = Answering({}, Mode.WEB, Respondent.SELF, Helper.NONE)
    send(field.session, field.clock, round_id=field.opened.round_id, keys=begun.keys, answering=answering)
    with pytest.raises(AlreadyReceivedFault):
        start(field, booking_id)
