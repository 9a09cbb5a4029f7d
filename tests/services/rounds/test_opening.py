"""Opening: the register becomes a frozen frame, all or nothing."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enkat.ballots.derivation import derive
from enkat.records.invitations import Invitation, InvitationCode, find_by_code
from enkat.records.rounds import FrameCount, RoundState, RoundUnit, SurveyRound
from enkat.services.letters.codes import make_code
from enkat.services.rounds.closing import close_round
from enkat.services.rounds.finding import RoundFaults
from enkat.services.rounds.opening import open_round, secret_name
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.rounds import catalogue, planned_round, small_register, small_round


@pytest.fixture
def secrets(app_settings: Settings) -> Secrets:
    return Secrets(app_settings)


def test_a_round_opens_with_frame_snapshots_promise_and_secret(
    session: Session, clock: FixedClock, app_settings: Settings, secrets: Secrets
) -> None:
    made = small_round(session, clock, app_settings, secrets)
    round_ = session.get_one(SurveyRound, made.round_id)
    assert round_.state is RoundState.OPEN
    assert len(made.invitation_ids) == 17
    assert session.scalar(select(func.sum(FrameCount.n))) == 17
    assert set(session.scalars(select(RoundUnit.name))) == {"Björken", "Granen", "Eken"}
    assert all(row.snapshot_sha256 for row in round_.instruments)
    assert round_.promise is not None
    assert "4 november 2026" in " ".join(round_.promise["sv"]["promise"])
    assert secrets.exists(secret_name(made.round_id))
    assert round_.frame_hash is not None
    assert len(round_.frame_hash) == 64


def test_every_code_opens_its_invitation_and_stands_nowhere(
    session: Session, clock: FixedClock, app_settings: Settings, secrets: Secrets
) -> None:
    made = small_round(session, clock, app_settings, secrets)
    round_ = session.get_one(SurveyRound, made.round_id)
    code = make_code(session, secrets, round_, made.invitation_ids[0])
    secret = secrets.get(secret_name(made.round_id))
    for known, invitation_id in [(code, made.invitation_ids[0]), (made.codes[3], made.invitation_ids[3])]:
        found = find_by_code(session, made.round_id, derive(known, secret, 10).lookup)
        assert found is not None
        assert found.id == invitation_id
    stored = b"".join(row.lookup + row.invitation_id for row in session.scalars(select(InvitationCode)))
    assert code.encode() not in stored


def test_a_round_without_particulars_does_not_open_and_each_is_named(
    session: Session, clock: FixedClock, app_settings: Settings, secrets: Secrets
) -> None:
    small_register(session)
    round_ = planned_round(session, clock, registry_number="", phone="")
    with pytest.raises(RoundFaults) as caught:
        open_round(session, clock, app_settings, secrets, round_.id, None, catalogue())
    assert [sentence.split(".")[0] for sentence in caught.value.sentences] == [
        "Diarienummer saknas",
        "Telefonnummer saknas",
    ]
    assert session.scalar(select(func.count()).select_from(Invitation)) == 0
    assert session.get_one(SurveyRound, round_.id).state is RoundState.PLANNED


def test_a_round_closes_when_its_day_has_passed(
    session: Session, clock: FixedClock, app_settings: Settings, secrets: Secrets
) -> None:
    made = small_round(session, clock, app_settings, secrets)
    clock.advance(days=31)
    assert close_round(session, clock, made.round_id, None).state is RoundState.CLOSED


def test_what_an_interrupted_opening_left_is_removed_by_the_next(
    session: Session, clock: FixedClock, app_settings: Settings, secrets: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: object) -> None:
        raise OSError("the disk is full")

    small_register(session)
    round_ = planned_round(session, clock)
    with monkeypatch.context() as patch:
        patch.setattr("enkat.services.rounds.opening._write_frame", crash)
        with pytest.raises(OSError, match="the disk is full"):
            open_round(session, clock, app_settings, secrets, round_.id, None, catalogue())
    assert session.get_one(SurveyRound, round_.id).state is RoundState.PLANNED
    assert session.scalar(select(func.count()).select_from(FrameCount)) == 0
    open_round(session, clock, app_settings, secrets, round_.id, None, catalogue())
    assert session.scalar(select(func.count()).select_from(Invitation)) == 17
