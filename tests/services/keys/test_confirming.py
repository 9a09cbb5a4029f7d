"""Each holder's yes or no in the last two weeks: told, reminded of once, missed by the doctor, a duty at the start."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from enkat.clock import today
from enkat.records.accounts import Account, Role
from enkat.records.keys import KeyHolder, holders_of
from enkat.records.outbox import OutboxMessage
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.accounts.sessions import actor_of
from enkat.services.duties.gathering import Task, gather
from enkat.services.faults import Fault
from enkat.services.keys.ceremony import CeremonyStep, ceremony_of
from enkat.services.keys.combining import WrongSharesFault
from enkat.services.keys.confirming import confirm_share, remind_holders, unconfirmed
from enkat.services.keys.making import Holder, make_keys, named_holder
from enkat.services.keys.rehearsing import rehearse
from enkat.services.safety.findings import Level
from enkat.services.safety.work_checks import check_key_shares
from enkat.settings import Settings
from tests.clocks import FixedClock
from tests.factories.accounts import make_account
from tests.factories.ballots import add_round


@pytest.fixture
def holder(session: Session, clock: FixedClock) -> Account:
    return make_account(session, clock, Role.KEY_HOLDER, name="Ada", email="ada@staden.example")


@pytest.fixture
def round_(session: Session, clock: FixedClock) -> SurveyRound:
    made = session.get_one(SurveyRound, add_round(session, clock, (6,)).round_id)
    with writing(session):
        made.state = RoundState.PLANNED
        made.closes_on = today(clock) + timedelta(days=30)
    return made


def keys(session: Session, clock: FixedClock, round_: SurveyRound, holder: Account) -> list[str]:
    """Make keys for Ada, Bo and Cy, rehearse with all and open the round."""
    holders = [Holder("Ada", holder.id), Holder("Bo"), Holder("Cy")]
    shares = [one.words for one in make_keys(session, clock, round_.id, holders=holders, needed=2, account_id=None)]
    rehearse(session, clock, round_.id, shares, account_id=None)
    with writing(session):
        round_.state = RoundState.OPEN
    return shares


def test_one_share_gets_a_yes_and_the_words_are_kept_nowhere(
    session: Session, clock: FixedClock, round_: SurveyRound, holder: Account
) -> None:
    shares = keys(session, clock, round_, holder)
    clock.advance(days=20)
    assert [one.name for one in unconfirmed(session, round_)] == ["Ada", "Bo", "Cy"]
    assert confirm_share(session, clock, round_.id, f"  {shares[1].upper()}\n", account_id=None).name == "Bo"
    assert [one.name for one in unconfirmed(session, round_)] == ["Ada", "Cy"]
    stored = " ".join(str(value) for row in session.execute(select(KeyHolder.__table__)) for value in row)
    assert not any(word in stored for word in shares[1].split()[:5])


def test_another_rounds_share_a_replaced_one_and_a_slip_get_a_no(
    session: Session, clock: FixedClock, round_: SurveyRound, holder: Account
) -> None:
    with writing(session):
        round_.state = RoundState.PLANNED
    old = make_keys(session, clock, round_.id, holders=[Holder("Ada"), Holder("Bo")], needed=2, account_id=None)
    shares = keys(session, clock, round_, holder)
    with pytest.raises(WrongSharesFault, match="hör inte till den här omgången eller är ersatt"):
        confirm_share(session, clock, round_.id, old[0].words, account_id=None)
    slipped = shares[0].rsplit(" ", 1)[0]
    with pytest.raises(WrongSharesFault, match="33 ord"):
        confirm_share(session, clock, round_.id, slipped, account_id=None)


def test_holders_are_reminded_once_and_asked_at_the_start_page(
    session: Session,
    sessions: sessionmaker[Session],
    clock: FixedClock,
    round_: SurveyRound,
    holder: Account,
    app_settings: Settings,
) -> None:
    shares = keys(session, clock, round_, holder)
    session.rollback()
    assert remind_holders(sessions, clock, app_settings) == 0  # the last two weeks have not begun
    assert [one.level for one in check_key_shares(session, clock)] == [Level.GOOD]
    clock.advance(days=17)
    session.rollback()
    assert remind_holders(sessions, clock, app_settings) == 1
    assert remind_holders(sessions, clock, app_settings) == 0
    message = session.scalars(select(OutboxMessage)).one()
    assert message.recipient == "ada@staden.example"
    assert f"/stad/omgangar/{round_.short_name}/nycklar/prova" in message.body
    (duty,) = (one for one in gather(session, clock, actor_of(holder)) if one.task is Task.CONFIRM_SHARE)
    assert duty.due == round_.closes_on
    (finding,) = check_key_shares(session, clock)
    assert "Ada, Bo, Cy har inte provat" in finding.sentence
    for share in shares:
        confirm_share(session, clock, round_.id, share, account_id=None)
    assert [one.level for one in check_key_shares(session, clock)] == [Level.GOOD]
    assert Task.CONFIRM_SHARE not in {one.task for one in gather(session, clock, actor_of(holder))}


def test_the_ceremony_knows_its_next_step_and_what_a_lost_share_means(
    session: Session, clock: FixedClock, round_: SurveyRound, holder: Account
) -> None:
    assert ceremony_of(session, clock, round_).now is CeremonyStep.MAKE
    shares = keys(session, clock, round_, holder)
    found = ceremony_of(session, clock, round_)
    assert (found.now, found.spare, found.waiting) == (CeremonyStep.CONFIRM, 1, ())
    clock.advance(days=20)
    assert ceremony_of(session, clock, round_).waiting == ("Ada", "Bo", "Cy")
    for share in shares:
        confirm_share(session, clock, round_.id, share, account_id=None)
    assert ceremony_of(session, clock, round_).now is CeremonyStep.COUNT


def test_an_address_stands_for_its_account(session: Session, clock: FixedClock, holder: Account) -> None:
    assert named_holder(session, " Ada@staden.example ") == Holder("Ada", holder.id)
    assert named_holder(session, "Bo  Berg") == Holder("Bo Berg")
    with pytest.raises(Fault, match="Inget konto"):
        named_holder(session, "okand@staden.example")
    make_account(session, clock, Role.ANALYST, email="annan@staden.example", name="Annan")
    with pytest.raises(Fault, match="Annan har inte rollen nyckelinnehavare"):
        named_holder(session, "annan@staden.example")


def test_the_holders_present_are_those_of_the_newest_split(
    session: Session, clock: FixedClock, round_: SurveyRound, holder: Account
) -> None:
    keys(session, clock, round_, holder)
    assert {one.confirmed_on for one in holders_of(session, round_.id)} == {today(clock)}
