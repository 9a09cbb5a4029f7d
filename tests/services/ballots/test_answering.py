import threading

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session, sessionmaker

from enkat.ballots.ballot import Ballot
from enkat.ballots.sealing import OVERHEAD, open_ballot
from enkat.ballots.vocabulary import Helper, Mode, Respondent
from enkat.records.ballots import Draft, Receipt, SealedBallot
from enkat.records.invitations import CodeKind, Invitation, InvitationCode, InvitationStatus, WeeklyCount
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.ballots.answering import Answering, Sent, send
from enkat.services.ballots.closing import forget_drafts_and_receipts
from enkat.services.ballots.code_entry import CodeRefused
from enkat.services.ballots.drafting import DraftContent, save_draft
from enkat.services.ballots.rounds import RoundClosedFault, open_rounds
from enkat.services.ballots.taking_back import NotTakenBackFault, take_back
from enkat.services.faults import Fault
from tests.clocks import FixedClock
from tests.factories.ballots import OpenRound, add_round, an_answer, random_keys


@pytest.fixture
def made(session: Session, clock: FixedClock) -> OpenRound:
    return add_round(session, clock, (3,))


def post(
    session: Session, clock: FixedClock, made: OpenRound, person: int = 0, answering: Answering | None = None
) -> Sent:
    return send(
        session, clock, round_id=made.round_id, keys=made.keys[person], answering=answering or an_answer(text="Bra!")
    )


def box(session: Session) -> list[bytes]:
    return list(session.scalars(select(SealedBallot.content)))


def weeks(session: Session) -> list[tuple[Mode, int, int, int]]:
    session.expire_all()
    rows = session.scalars(select(WeeklyCount).order_by(WeeklyCount.mode)).all()
    return [(row.mode, row.accepted, row.taken_back, row.duplicate_refused) for row in rows]


def statuses(session: Session, made: OpenRound) -> list[InvitationStatus]:
    session.expire_all()
    found = [session.get(Invitation, invitation_id) for invitation_id in made.invitation_ids]
    return [invitation.status for invitation in found if invitation is not None]


def test_a_sent_answer_is_sealed_marked_and_counted(session: Session, clock: FixedClock, made: OpenRound):
    save_draft(session, clock, round_id=made.round_id, keys=made.keys[0], draft=DraftContent(answers={"feels_safe": 5}))
    assert post(session, clock, made).accepted
    (sealed,) = box(session)
    ballot = Ballot.from_bytes(open_ballot(made.pair.private, sealed))
    assert (ballot.unit_id, ballot.vector, dict(ballot.free_texts)) == (
        str(made.unit_ids[0]),
        (5, 4, 1),
        {"more": "Bra!"},
    )
    assert (ballot.mode, ballot.respondent, ballot.helper) == (Mode.WEB, Respondent.SELF, Helper.NONE)
    assert statuses(session, made)[0] is InvitationStatus.SENT
    assert weeks(session) == [(Mode.WEB, 1, 0, 0)]
    assert session.scalars(select(Draft)).all() == []


def test_every_sealed_ballot_has_the_same_length(session: Session, clock: FixedClock, made: OpenRound):
    post(session, clock, made, 0, an_answer())
    post(session, clock, made, 1, an_answer(text="😀" * 200))
    lengths = {len(sealed) for sealed in box(session)}
    assert len(lengths) == 1
    assert min(lengths) > OVERHEAD


def test_a_second_send_of_the_code_changes_nothing_and_is_no_duplicate(
    session: Session, clock: FixedClock, made: OpenRound
):
    post(session, clock, made)
    before = box(session)
    assert not post(session, clock, made, 0, an_answer(text="annat")).accepted
    assert box(session) == before
    assert weeks(session) == [(Mode.WEB, 1, 0, 0)]


def test_a_later_answer_by_another_code_and_mode_is_refused_and_counted(
    session: Session, clock: FixedClock, made: OpenRound
):
    other = random_keys()
    with writing(session):
        session.execute(
            insert(InvitationCode).values(
                lookup=other.lookup, invitation_id=made.invitation_ids[0], kind=CodeKind.PHONE, live=True
            )
        )
    post(session, clock, made)
    later = Answering({"feels_safe": 1}, Mode.PHONE, Respondent.SELF, Helper.NONE, interviewer="7")
    assert not send(session, clock, round_id=made.round_id, keys=other, answering=later).accepted
    assert len(box(session)) == 1
    assert weeks(session) == [(Mode.PHONE, 0, 0, 1), (Mode.WEB, 1, 0, 0)]
    with pytest.raises(NotTakenBackFault, match="08-000 00 00"):
        take_back(session, clock, round_id=made.round_id, keys=other)


def test_an_answer_on_paper_came_first(session: Session, clock: FixedClock, made: OpenRound):
    with writing(session):
        session.execute(update(Invitation).values(status=InvitationStatus.PAPER_RECEIVED))
    assert not post(session, clock, made).accepted
    assert box(session) == []


def test_refused_answers_are_told_and_write_nothing(session: Session, clock: FixedClock, made: OpenRound):
    wrong = [
        Answering({"feels_safe": 9}, Mode.WEB, Respondent.SELF, Helper.NONE),
        Answering({"more": "x" * 201}, Mode.WEB, Respondent.SELF, Helper.NONE),
    ]
    for answering in wrong:
        with pytest.raises(Fault):
            post(session, clock, made, 0, answering)
    with pytest.raises(CodeRefused):
        send(session, clock, round_id=made.round_id, keys=random_keys(), answering=an_answer())
    assert box(session) == []
    assert statuses(session, made) == [InvitationStatus.OPEN] * 3


def test_a_closed_round_takes_nothing(session: Session, clock: FixedClock, made: OpenRound):
    post(session, clock, made)
    clock.advance(days=31)
    for refused in (
        lambda: post(session, clock, made, 1),
        lambda: take_back(session, clock, round_id=made.round_id, keys=made.keys[0]),
    ):
        with pytest.raises(RoundClosedFault, match="2026-11-04"):
            refused()
    clock.advance(days=-31)
    with writing(session):
        session.execute(update(SurveyRound).values(state=RoundState.CLOSED))
    with pytest.raises(RoundClosedFault):
        post(session, clock, made, 1)
    assert len(box(session)) == 1
    assert open_rounds(session, clock) == []


def test_taking_back_leaves_no_trace_of_the_ballot_and_a_new_answer_can_come(
    session: Session, clock: FixedClock, made: OpenRound
):
    post(session, clock, made)
    take_back(session, clock, round_id=made.round_id, keys=made.keys[0])
    assert (box(session), session.scalars(select(Receipt)).all()) == ([], [])
    assert statuses(session, made)[0] is InvitationStatus.OPEN
    with pytest.raises(NotTakenBackFault):
        take_back(session, clock, round_id=made.round_id, keys=made.keys[0])
    assert post(session, clock, made).accepted
    assert weeks(session) == [(Mode.WEB, 2, 1, 0)]


def test_a_foreign_receipt_takes_nothing_back(session: Session, clock: FixedClock, made: OpenRound):
    post(session, clock, made, 0)
    post(session, clock, made, 1)
    with writing(session):
        foreign = session.get_one(Receipt, made.keys[1].draft_id).content
        session.execute(update(Receipt).where(Receipt.id == made.keys[0].draft_id).values(content=foreign))
    with pytest.raises(NotTakenBackFault):
        take_back(session, clock, round_id=made.round_id, keys=made.keys[0])
    assert len(box(session)) == 2


def test_a_unit_corrected_while_an_answer_is_on_its_way_is_the_one_that_counts(session: Session, clock: FixedClock):
    made = add_round(session, clock, (1, 1))
    with writing(session):
        session.execute(
            update(Invitation).where(Invitation.id == made.invitation_ids[0]).values(unit_id=made.unit_ids[1])
        )
    post(session, clock, made)
    assert Ballot.from_bytes(open_ballot(made.pair.private, box(session)[0])).unit_id == str(made.unit_ids[1])


def test_closing_forgets_drafts_and_receipts_of_its_round_only(session: Session, clock: FixedClock, made: OpenRound):
    post(session, clock, made, 0)
    save_draft(session, clock, round_id=made.round_id, keys=made.keys[1], draft=DraftContent())
    with writing(session):
        assert forget_drafts_and_receipts(session, made.round_id + 1) == (0, 0)
        assert forget_drafts_and_receipts(session, made.round_id) == (1, 1)
    with pytest.raises(NotTakenBackFault):
        take_back(session, clock, round_id=made.round_id, keys=made.keys[0])
    assert len(box(session)) == 1


def test_of_eight_sends_at_once_exactly_one_is_accepted(
    session: Session, sessions: sessionmaker[Session], clock: FixedClock, made: OpenRound
):
    ready, outcomes = threading.Barrier(8), []

    def one(number: int) -> None:
        with sessions() as own:
            ready.wait()
            outcomes.append(post(own, clock, made, 0, an_answer(text=f"nummer {number}")).accepted)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 7 + [True]
    assert session.scalar(select(func.count()).select_from(SealedBallot)) == 1
    assert weeks(session) == [(Mode.WEB, 1, 0, 0)]
