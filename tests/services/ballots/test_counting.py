import random
from collections import Counter

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from enkat.ballots.sealing import new_key_pair
from enkat.ballots.vocabulary import Helper, KeptLevel, KeptWho, Mode, Respondent
from enkat.instruments.vocabulary import ServiceType
from enkat.records.answers import (
    Answer,
    ClassMargin,
    CollectionDimension,
    CollectionTally,
    FreeText,
    KeptClass,
    Response,
    Tally,
)
from enkat.records.ballots import SealedBallot
from enkat.records.invitations import Invitation, InvitationStatus
from enkat.records.jobs import Job
from enkat.records.retention import Protocol
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.ballots.answering import Answering, send
from enkat.services.ballots.counting import UnreadableBallotsFault, count
from enkat.services.faults import ConflictFault, Fault
from tests.clocks import FixedClock
from tests.factories.ballots import OpenRound, add_round, an_answer

ESCORT = ServiceType.ESCORT_SERVICE


def close(session: Session, made: OpenRound) -> None:
    with writing(session):
        session.execute(update(SurveyRound).values(state=RoundState.CLOSED))


def send_all(session: Session, clock: FixedClock, made: OpenRound, seed: int = 3) -> None:
    rng = random.Random(seed)  # noqa: S311 - a simulation
    for number, (keys, invitation_id) in enumerate(zip(made.keys, made.invitation_ids, strict=True)):
        service = session.get_one(Invitation, invitation_id).service
        answering = an_answer(rng, service=service, text=f"text {number}")
        send(session, clock, round_id=made.round_id, keys=keys, answering=answering)


def count_now(session: Session, clock: FixedClock, made: OpenRound, accept: int = 0) -> Protocol:
    return count(
        session,
        clock,
        made.round_id,
        private=made.pair.private,
        present=["Ada", "Bo"],
        account_id=None,
        accept_unreadable=accept,
    )


def rows(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_everything_sent_is_counted_once(session: Session, clock: FixedClock):
    made = add_round(session, clock, (30, 18, 4, 3), districts=2)
    send_all(session, clock, made)
    close(session, made)
    content = count_now(session, clock, made).content
    assert (content["sent"], content["in_box"], content["opened"], content["unreadable"]) == (55, 55, 55, 0)
    assert content["kept"] + content["not_kept"] == 55 == rows(session, Answer) + content["not_kept"]
    assert session.get_one(SurveyRound, made.round_id).state is RoundState.COUNTED
    assert session.scalar(select(func.sum(KeptClass.n))) == content["kept"]
    assert (session.scalar(select(func.min(KeptClass.n))) or 0) >= 5
    assert session.scalar(select(func.sum(ClassMargin.n))) == content["kept"]
    assert session.scalar(select(func.sum(Response.n))) == 55
    with pytest.raises(ConflictFault, match="redan räknad"):
        count_now(session, clock, made)


def test_tallies_are_the_sums_of_the_answers(session: Session, clock: FixedClock):
    made = add_round(session, clock, (25,))
    send_all(session, clock, made)
    close(session, made)
    count_now(session, clock, made)
    from_answers = Counter[tuple[bytes, str, int]]()
    questions = ("feels_safe", "is_heard", "home_care_0")
    for class_id, vector in session.execute(select(Answer.kept_class_id, Answer.vector)):
        codes = [byte - 256 if byte > 127 else byte for byte in vector]
        from_answers.update((class_id, question, code) for question, code in zip(questions, codes, strict=True))
    tallies = session.scalars(select(Tally)).all()
    assert {(row.kept_class_id, row.question_id, row.code): row.n for row in tallies} == dict(from_answers)


def test_small_units_lose_their_id_and_so_do_their_texts(session: Session, clock: FixedClock):
    made = add_round(session, clock, (20, 3, 3), districts=1)
    for number, keys in enumerate(made.keys):
        send(session, clock, round_id=made.round_id, keys=keys, answering=an_answer(text=f"text {number}"))
    close(session, made)
    count_now(session, clock, made)
    levels = dict(session.execute(select(KeptClass.level, func.sum(KeptClass.n)).group_by(KeptClass.level)).all())
    assert levels == {KeptLevel.UNIT: 20, KeptLevel.DISTRICT: 6}
    texts = {text.content: text.unit_id for text in session.scalars(select(FreeText))}
    assert {unit for name, unit in texts.items() if int(name.split()[1]) >= 20} == {None}
    assert {unit for name, unit in texts.items() if int(name.split()[1]) < 20} == {made.unit_ids[0]}


def test_services_in_one_class_share_only_the_questions_both_asked(session: Session, clock: FixedClock):
    made = add_round(session, clock, (12,), services=(ServiceType.HOME_CARE, ESCORT))
    with writing(session):
        hashes = dict(session.execute(select(Invitation.service, Invitation.snapshot_sha256)).all())
        for number, invitation_id in enumerate(made.invitation_ids):
            service = ESCORT if number < 3 else ServiceType.HOME_CARE
            session.execute(
                update(Invitation)
                .where(Invitation.id == invitation_id)
                .values(service=service, snapshot_sha256=hashes[service])
            )
    for number, keys in enumerate(made.keys):
        answering = an_answer(service=ESCORT if number < 3 else ServiceType.HOME_CARE)
        send(session, clock, round_id=made.round_id, keys=keys, answering=answering)
    close(session, made)
    assert count_now(session, clock, made).content["kept"] == 12
    joined = [each for each in session.scalars(select(KeptClass)) if len(each.services) == 2]
    assert joined
    for each in joined:
        vectors = session.scalars(select(Answer.vector).where(Answer.kept_class_id == each.id)).all()
        assert {tuple(vector) for vector in vectors} == {(5, 4, 255)}


def test_how_answers_came_is_told_in_joined_tallies_only(session: Session, clock: FixedClock):
    made = add_round(session, clock, (20, 3))
    for number, keys in enumerate(made.keys):
        mode = Mode.PHONE if number in {0, 1, 20} else Mode.WEB
        answering = Answering({"feels_safe": 3}, mode, Respondent.SELF, Helper.NONE)
        send(session, clock, round_id=made.round_id, keys=keys, answering=answering)
    close(session, made)
    count_now(session, clock, made)
    found = session.scalars(
        select(CollectionTally).where(
            CollectionTally.dimension == CollectionDimension.MODE, CollectionTally.question_id == "feels_safe"
        )
    ).all()
    assert {(row.unit_id, row.category, row.n) for row in found} == {(made.unit_ids[0], "web+phone", 20)}
    assert rows(session, Answer) == 20


def test_answers_with_staff_never_join_others(session: Session, clock: FixedClock):
    made = add_round(session, clock, (20,))
    for number, keys in enumerate(made.keys):
        helper = Helper.PROVIDER_STAFF if number < 6 else Helper.RELATIVE
        answering = Answering({"feels_safe": 3}, Mode.WEB, Respondent.SELF_HELPED, helper)
        send(session, clock, round_id=made.round_id, keys=keys, answering=answering)
    close(session, made)
    count_now(session, clock, made)
    sums = dict(session.execute(select(KeptClass.who, func.sum(KeptClass.n)).group_by(KeptClass.who)).all())
    assert sums == {KeptWho.SELF: 14, KeptWho.WITH_STAFF: 6}


def test_damaged_ballots_are_decided_by_the_holders_or_nothing_is_written(session: Session, clock: FixedClock):
    made = add_round(session, clock, (12,))
    send_all(session, clock, made)
    with writing(session):
        ballot = session.scalars(select(SealedBallot)).first()
        assert ballot is not None
        ballot.content = ballot.content[:-1] + bytes([ballot.content[-1] ^ 1])
    close(session, made)
    with pytest.raises(UnreadableBallotsFault, match="Enhet 1: 1") as caught:
        count_now(session, clock, made)
    assert caught.value.number == 1
    assert rows(session, Answer) == rows(session, KeptClass) == rows(session, Response) == 0
    with pytest.raises(UnreadableBallotsFault):
        count_now(session, clock, made, accept=2)
    content = count_now(session, clock, made, accept=1).content
    assert (content["opened"], content["unreadable"]) == (11, 1)
    assert content["units"] == [{"name": "Enhet 1", "sent": 12, "opened": 11}]


def test_a_box_that_does_not_hold_what_was_sent_is_not_counted(session: Session, clock: FixedClock):
    made = add_round(session, clock, (8,))
    send_all(session, clock, made)
    with writing(session):
        session.delete(session.scalars(select(SealedBallot)).first())
    close(session, made)
    with pytest.raises(Fault, match="7 valsedlar men 8 svar"):
        count_now(session, clock, made)


@pytest.mark.parametrize("state", [RoundState.PLANNED, RoundState.OPEN])
def test_only_a_closed_round_is_counted(session: Session, clock: FixedClock, state: RoundState):
    made = add_round(session, clock, (8,))
    with writing(session):
        session.execute(update(SurveyRound).values(state=state))
    with pytest.raises(ConflictFault, match="inte stängd"):
        count_now(session, clock, made)


def test_paper_that_waits_and_a_wrong_key_stop_the_count(session: Session, clock: FixedClock):
    made = add_round(session, clock, (8,))
    close(session, made)
    with pytest.raises(Fault, match="hör inte till omgången"):
        count(session, clock, made.round_id, private=new_key_pair().private, present=[], account_id=None)
    with writing(session):
        session.execute(
            update(Invitation)
            .where(Invitation.id == made.invitation_ids[0])
            .values(status=InvitationStatus.PAPER_RECEIVED)
        )
    with pytest.raises(ConflictFault, match="1 pappersenkät"):
        count_now(session, clock, made)


def test_an_empty_round_can_be_counted(session: Session, clock: FixedClock):
    made = add_round(session, clock, (8,))
    close(session, made)
    content = count_now(session, clock, made).content
    assert (content["sent"], content["kept"], content["smallest_class"]) == (0, 0, None)


def test_progress_reaches_its_total(session: Session, clock: FixedClock):
    made = add_round(session, clock, (8,))
    send_all(session, clock, made)
    close(session, made)
    seen: list[tuple[int, int, str]] = []
    count(
        session,
        clock,
        made.round_id,
        private=made.pair.private,
        present=["Ada"],
        account_id=None,
        progress=lambda done, total, sentence: seen.append((done, total, sentence)),
    )
    assert seen[-1][:2] == (8, 8)


def test_in_postgresql_all_answers_share_one_transaction_number(session: Session, clock: FixedClock):
    made = add_round(session, clock, (20,))
    send_all(session, clock, made)
    close(session, made)
    count_now(session, clock, made)
    if session.get_bind().dialect.name == "postgresql":
        numbers = session.execute(text("SELECT DISTINCT xmin::text FROM answer")).scalars().all()
        assert len(numbers) == 1


@pytest.mark.parametrize(("plan", "jobs"), [({}, 0), ({"protection": "closing"}, 0), ({"protection": "milp"}, 1)])
def test_the_count_orders_the_search_that_the_plan_asks_for(
    session: Session, clock: FixedClock, plan: dict[str, str], jobs: int
):
    made = add_round(session, clock)
    send_all(session, clock, made)
    close(session, made)
    with writing(session):
        session.execute(update(SurveyRound).values(release_plan=plan))
    count_now(session, clock, made)
    assert [job.kind for job in session.scalars(select(Job))] == ["release_patterns"] * jobs
