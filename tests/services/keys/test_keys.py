import itertools

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from enkat.ballots.key_shares import split
from enkat.ballots.sealing import new_key_pair, public_of
from enkat.records.keys import KeyHolder, all_holders, holders_of
from enkat.records.retention import Protocol, ProtocolKind
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.faults import ConflictFault, Fault, NotFoundFault
from enkat.services.keys.combining import WrongSharesFault, combine_shares
from enkat.services.keys.destroying import confirm_shredded, key_remains
from enkat.services.keys.making import Holder, IssuedShare, make_keys
from enkat.services.keys.rehearsing import rehearse, untested_holders
from enkat.services.keys.replacing import replace_holder
from tests.clocks import FixedClock
from tests.factories.ballots import add_round

HOLDERS = [Holder("Ada"), Holder("Bo"), Holder("Cy")]


@pytest.fixture
def round_id(session: Session, clock: FixedClock) -> int:
    made = add_round(session, clock, (2,))
    set_state(session, RoundState.PLANNED)
    return made.round_id


def set_state(session: Session, state: RoundState) -> None:
    with writing(session):
        session.execute(update(SurveyRound).values(state=state))
    session.expire_all()


def make(session: Session, clock: FixedClock, round_id: int) -> list[IssuedShare]:
    return make_keys(session, clock, round_id, holders=HOLDERS, needed=2, account_id=None)


def words(shares: list[IssuedShare], *numbers: int) -> list[str]:
    return [shares[number].words for number in numbers]


def test_keys_are_made_and_any_two_holders_bring_the_private_one(session: Session, clock: FixedClock, round_id: int):
    shares = make(session, clock, round_id)
    public = session.get_one(SurveyRound, round_id).public_key
    for pair in itertools.permutations(range(3), 2):
        held = combine_shares(session, round_id, words(shares, *pair))
        assert public_of(held.private) == public
        assert held.names == tuple(HOLDERS[number].name for number in pair)


def test_nothing_that_is_stored_holds_a_word_of_a_share(session: Session, clock: FixedClock, round_id: int):
    shares = make(session, clock, round_id)
    stored = str([vars(row) for model in (KeyHolder, Protocol, SurveyRound) for row in session.scalars(select(model))])
    for share in shares:
        words_of = share.words.split()
        assert not any(" ".join(words_of[start : start + 3]) in stored for start in range(len(words_of) - 2))
        assert share.words[:40] not in repr(share)
    assert [holder.share_mark for holder in holders_of(session, round_id)] == [share.mark for share in shares]


def test_new_keys_before_opening_replace_the_old_and_never_after(session: Session, clock: FixedClock, round_id: int):
    old = make(session, clock, round_id)
    make(session, clock, round_id)
    assert len(all_holders(session, round_id)) == 3
    with pytest.raises(WrongSharesFault):
        combine_shares(session, round_id, words(old, 0, 1))
    set_state(session, RoundState.OPEN)
    with pytest.raises(ConflictFault):
        make(session, clock, round_id)


@pytest.mark.parametrize(
    ("names", "needed"), [(["Ada", " "], 2), (["Ada", "ada"], 2), (["Ada", "Bo"], 3), (["Ada", "Bo"], 1), ([], 1)]
)
def test_holders_that_make_no_sense(session: Session, clock: FixedClock, round_id: int, names: list[str], needed: int):
    with pytest.raises(Fault):
        make_keys(session, clock, round_id, holders=[Holder(name) for name in names], needed=needed, account_id=None)


def test_one_holder_alone_is_a_choice(session: Session, clock: FixedClock, round_id: int):
    shares = make_keys(session, clock, round_id, holders=[Holder("Ada")], needed=1, account_id=None)
    assert combine_shares(session, round_id, [shares[0].words]).names == ("Ada",)


def test_wrong_and_missing_shares_are_told(session: Session, clock: FixedClock, round_id: int):
    with writing(session):
        session.execute(update(SurveyRound).values(public_key=None))
    with pytest.raises(WrongSharesFault, match="inga nycklar"):
        combine_shares(session, round_id, ["x"])
    shares = make(session, clock, round_id)
    foreign = split(new_key_pair().private, 2, 3)
    for given, sentence in (
        ([], "Ingen nyckeldel"),
        (["", " "], "Ingen nyckeldel"),
        (words(shares, 0), "Det behövs 2"),
        ([shares[0].words, foreign[1]], "annan nyckel"),
        (foreign, "hör inte till den här omgången"),
    ):
        with pytest.raises(WrongSharesFault, match=sentence):
            combine_shares(session, round_id, given)


def test_the_rehearsal_is_passed_when_everybody_has_tried(session: Session, clock: FixedClock, round_id: int):
    shares = make(session, clock, round_id)
    assert untested_holders(session, round_id) == ["Ada", "Bo", "Cy"]
    first = rehearse(session, clock, round_id, words(shares, 0, 1), account_id=None)
    assert (first.tested, first.untested) == (("Ada", "Bo"), ("Cy",))
    assert rehearse(session, clock, round_id, words(shares, 2, 0), account_id=None).untested == ()
    assert untested_holders(session, round_id) == []


def test_all_three_at_once_pass_the_rehearsal(session: Session, clock: FixedClock, round_id: int):
    shares = make(session, clock, round_id)
    assert rehearse(session, clock, round_id, words(shares, 0, 1, 2), account_id=None).untested == ()


def test_a_failed_rehearsal_tests_nobody(session: Session, clock: FixedClock, round_id: int):
    shares = make(session, clock, round_id)
    with pytest.raises(WrongSharesFault):
        rehearse(session, clock, round_id, words(shares, 0), account_id=None)
    assert len(untested_holders(session, round_id)) == 3


def replace_bo(session: Session, clock: FixedClock, round_id: int, shares: list[str]) -> list[IssuedShare]:
    leaving = next(holder.id for holder in holders_of(session, round_id) if holder.name == "Bo")
    return replace_holder(
        session, clock, round_id, leaving_id=leaving, successor=Holder("Di"), shares=shares, account_id=None
    )


def test_a_holder_is_replaced_while_enough_others_remain(session: Session, clock: FixedClock, round_id: int):
    old = make(session, clock, round_id)
    public = session.get_one(SurveyRound, round_id).public_key
    new = replace_bo(session, clock, round_id, words(old, 0, 2))
    assert [share.holder for share in new] == ["Ada", "Di", "Cy"]
    assert public_of(combine_shares(session, round_id, words(new, 1, 2)).private) == public
    with pytest.raises(WrongSharesFault, match="ersatt"):
        combine_shares(session, round_id, words(old, 0, 2))
    with pytest.raises(WrongSharesFault, match="annan nyckel"):
        combine_shares(session, round_id, [old[0].words, new[1].words])
    assert [holder.name for holder in holders_of(session, round_id)] == ["Ada", "Di", "Cy"]
    assert untested_holders(session, round_id) == ["Ada", "Di", "Cy"]


def test_replacing_needs_the_shares_and_a_present_holder(session: Session, clock: FixedClock, round_id: int):
    old = make(session, clock, round_id)
    with pytest.raises(WrongSharesFault):
        replace_bo(session, clock, round_id, words(old, 1))
    with pytest.raises(NotFoundFault):
        replace_holder(
            session, clock, round_id, leaving_id=10**6, successor=Holder("Di"), shares=words(old, 0, 1), account_id=None
        )
    with pytest.raises(Fault, match="två gånger"):
        replace_holder(
            session,
            clock,
            round_id,
            leaving_id=holders_of(session, round_id)[0].id,
            successor=Holder("Bo"),
            shares=words(old, 0, 1),
            account_id=None,
        )
    assert [holder.name for holder in holders_of(session, round_id)] == ["Ada", "Bo", "Cy"]


def test_the_key_is_gone_when_too_few_shares_of_every_split_remain(session: Session, clock: FixedClock, round_id: int):
    old = make(session, clock, round_id)
    replace_bo(session, clock, round_id, words(old, 0, 2))
    set_state(session, RoundState.DESTROYED)
    assert key_remains(session, round_id).missing == {1: 2, 2: 2}
    holders = all_holders(session, round_id)
    for holder in holders[:2]:
        confirm_shredded(session, clock, holder.id, account_id=None)
    assert not key_remains(session, round_id).destroyed
    confirm_shredded(session, clock, holders[3].id, account_id=None)
    confirm_shredded(session, clock, holders[3].id, account_id=None)
    assert key_remains(session, round_id).missing == {2: 1}
    assert confirm_shredded(session, clock, holders[4].id, account_id=None).destroyed
    protocols = session.scalars(select(Protocol).where(Protocol.kind == ProtocolKind.DESTRUCTION)).all()
    assert [protocol.content["key_destroyed"] for protocol in protocols] == [True]


def test_a_share_that_is_still_needed_is_not_confirmed_shredded(session: Session, clock: FixedClock, round_id: int):
    old = make(session, clock, round_id)
    with pytest.raises(ConflictFault, match="behövs ännu"):
        confirm_shredded(session, clock, holders_of(session, round_id)[0].id, account_id=None)
    replace_bo(session, clock, round_id, words(old, 0, 2))
    confirm_shredded(session, clock, all_holders(session, round_id)[0].id, account_id=None)
    with pytest.raises(NotFoundFault):
        confirm_shredded(session, clock, 10**6, account_id=None)
