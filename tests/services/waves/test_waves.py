"""Waves from plan to end: the frozen list, the register's word, the yes, the hand-over, and what stops it."""

import csv
import io
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from enkat.ballots.codes import read_code
from enkat.ballots.derivation import derive
from enkat.clock import today
from enkat.records.clients import ClientService, ContactChannel, LeavingReason
from enkat.records.imports import ImportBatch
from enkat.records.invitations import Invitation, InvitationCode, InvitationCorrection, InvitationStatus, find_by_code
from enkat.records.letters import LetterBatch
from enkat.records.organisations import UnitPeriod
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.waves import LetterFile, RecipientState, WaveChannel, WaveKind, WaveState
from enkat.records.writing import writing
from enkat.services.faults import ConflictFault, Fault
from enkat.services.letters.erasing import mark_printed
from enkat.services.letters.reissuing import reissue_batch
from enkat.services.rounds.opening import secret_name
from enkat.services.waves.driving import messages_folder
from enkat.services.waves.planning import build_now, cancel_wave, choose_codes, expected
from enkat.settings import Environment, Settings
from tests.clocks import FixedClock
from tests.factories.waves import Waves, open_with_contacts

SMS, EMAIL, LETTER = ContactChannel.SMS, ContactChannel.EMAIL, ContactChannel.LETTER


@pytest.fixture
def waves(session: Session, sessions: sessionmaker[Session], clock: FixedClock, app_settings: Settings) -> Waves:
    return open_with_contacts(session, sessions, clock, app_settings)


def texts(waves: Waves) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in messages_folder(waves.settings).glob("*.eml")]


def test_a_reminder_goes_each_persons_way_and_ends_when_its_letters_are_printed(waves: Waves):
    wave_id = waves.plan(letter_file=LetterFile.CSV)
    assert expected(waves.session, waves.settings, waves.wave(wave_id)) == {LETTER: 6, SMS: 6, EMAIL: 5}
    assert waves.tick() == 0  # the list is built, but nobody has said yes
    wave = waves.wave(wave_id)
    assert (wave.state, wave.listed) == (WaveState.BUILT, {"letter": 6, "sms": 6, "email": 5})
    waves.approve(wave_id, 17)
    assert waves.tick() == 11
    assert len(texts(waves)) == 11
    assert all("Har du redan svarat?" in text or "utf-8" in text for text in texts(waves))
    codes = waves.session.scalars(select(InvitationCode.kind).where(InvitationCode.batch_id.is_(None))).all()
    assert codes == []  # without codes in messages only letters make them
    assert waves.wave(wave_id).state is WaveState.SENDING
    batch_id = waves.wave(wave_id).batch_id
    assert batch_id is not None
    batch = waves.session.get_one(LetterBatch, batch_id)
    made = (waves.settings.letters_dir / str(batch.file_name)).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(made), delimiter=";"))
    assert len(rows) == batch.letters == 6
    mark_printed(waves.session, waves.clock, waves.settings, batch_id, None)
    waves.tick()
    assert waves.wave(wave_id).state is WaveState.DONE
    assert {row.state for row in waves.rows(wave_id)} == {RecipientState.HANDED}


def test_an_earlier_yes_holds_for_as_many_and_no_more(waves: Waves):
    wave_id = waves.plan(planned_on=today(waves.clock) + timedelta(days=1))
    waves.approve(wave_id, 17)
    waves.tick()
    assert waves.wave(wave_id).state is WaveState.PLANNED  # not its day yet
    waves.clock.advance(days=1)
    assert waves.tick() == 11
    shorter = waves.plan(channel=WaveChannel.SMS)
    waves.approve(shorter, 5)
    waves.tick()
    held = waves.wave(shorter)
    assert (held.state, held.approved_for) == (WaveState.BUILT, None)
    assert held.fault.startswith("Listan blev längre än den som bekräftades: 6 mot 5.")
    with pytest.raises(ConflictFault, match="Listan har ändrats"):
        waves.approve(shorter, 5)
    waves.approve(shorter, 6)
    assert waves.tick() == 6


def test_the_list_is_frozen_but_nobody_who_has_answered_or_left_hears_more(waves: Waves):
    wave_id = waves.plan(channel=WaveChannel.SMS)
    waves.tick()
    answered = waves.set_status(1, InvitationStatus.SENT)
    waves.set_status(4, InvitationStatus.OPTED_OUT)
    waves.set_client(7, phone="08-123 45 00")
    waves.set_client(10, protected=True)
    waves.set_client(0, contact_channel=SMS)  # wished for SMS too late for this list
    waves.approve(wave_id)
    assert waves.tick() == 2
    told = Counter(row.fault for row in waves.rows(wave_id, RecipientState.SKIPPED))
    assert told == {
        "Skickades inte: svar har kommit.": 1,
        "Skickades inte: vill inte bli påmind.": 1,
        "Personen har inget mobilnummer eller ingen e-postadress i registret längre.": 1,
        "Personen har skyddade uppgifter. Utskick görs för hand.": 1,
    }
    assert waves.wave(wave_id).state is WaveState.DONE
    assert waves.status(answered) is InvitationStatus.SENT
    assert sum(waves.wave(wave_id).listed.values()) == 6


def test_only_open_invitations_are_reminded(waves: Waves):
    for number, status in enumerate(status for status in InvitationStatus if status is not InvitationStatus.OPEN):
        waves.set_status(number, status)
    wave_id = waves.plan(channel=WaveChannel.LETTER)
    waves.tick()
    assert len(waves.rows(wave_id)) == 17 - 11


def test_the_register_is_asked_before_each_wave(waves: Waves):
    dead = waves.set_client(0, left_on=date(2026, 10, 1), left_reason=LeavingReason.DECEASED)
    moved = waves.set_client(1, left_on=date(2026, 10, 1), left_reason=LeavingReason.MOVED)
    gone = waves.set_client(2, left_on=date(2026, 10, 1))
    without_help = waves.set_client(3)
    answered = waves.set_client(4, left_on=date(2026, 10, 1), left_reason=LeavingReason.DECEASED)
    waves.set_status(4, InvitationStatus.SENT)
    protected = waves.set_client(5, protected=True)
    with writing(waves.session):
        owner = waves.register.clients[3]
        waves.session.execute(delete(ClientService).where(ClientService.client_id == owner))
        closed = waves.register.units["EKE"]
        period = waves.session.scalars(select(UnitPeriod).where(UnitPeriod.unit_id == closed)).one()
        period.valid_to = date(2026, 10, 1)
    wave_id = waves.plan(channel=WaveChannel.LETTER)
    waves.tick()
    statuses = [waves.status(one) for one in (dead, moved, gone, without_help, answered)]
    assert statuses == [
        InvitationStatus.DECEASED,
        InvitationStatus.MOVED,
        InvitationStatus.NO_LONGER_CLIENT,
        InvitationStatus.NO_LONGER_CLIENT,
        InvitationStatus.SENT,
    ]
    assert waves.session.get_one(Invitation, protected).protected
    checked = waves.wave(wave_id).checked
    assert checked["left"] == {"deceased": 1, "moved": 1, "no_longer_client": 2}
    assert (checked["protected"], checked["back"]) == (1, 0)
    assert checked["closed_units"] == [["Eken", 3]]
    assert len(waves.rows(wave_id)) == 17 - 6
    reasons = {one.reason for one in waves.session.scalars(select(InvitationCorrection))}
    assert "Kontroll mot registret: avliden." in reasons
    waves.set_client(1, left_on=None, left_reason=None)  # the file was wrong about one of them
    waves.clock.advance(days=1)
    again = waves.plan(channel=WaveChannel.LETTER)
    waves.tick()
    assert waves.wave(again).checked["back"] == 1
    assert waves.status(moved) is InvitationStatus.OPEN
    assert waves.status(dead) is InvitationStatus.DECEASED


def test_what_staff_set_by_hand_is_not_undone_by_the_register(waves: Waves):
    by_hand = waves.set_status(0, InvitationStatus.DECEASED)
    waves.plan(channel=WaveChannel.LETTER)
    waves.tick()
    assert waves.status(by_hand) is InvitationStatus.DECEASED


@pytest.mark.one_database
def test_an_old_register_holds_a_wave_until_somebody_says_yes_to_the_built_list(waves: Waves):
    wave_id = waves.plan(channel=WaveChannel.SMS, planned_on=today(waves.clock) + timedelta(days=8))
    waves.approve(wave_id)
    waves.clock.advance(days=8)
    waves.tick()
    held = waves.wave(wave_id)
    assert held.state is WaveState.BUILT
    assert "för 8 dagar sedan. Någon kan ha avlidit" in held.fault
    assert waves.tick() == 0
    with writing(waves.session):
        waves.session.execute(delete(ImportBatch))
    build_now(waves.session, waves.clock, wave_id, None)
    waves.tick()
    assert "Ingen fil med brukare har lästs in" in waves.wave(wave_id).fault
    waves.approve(wave_id)
    assert waves.tick() == 6


@pytest.mark.one_database
def test_nobody_is_written_to_on_holidays_or_at_night(waves: Waves):
    with pytest.raises(Fault, match="12 oktober 2026"):
        waves.plan(planned_on=date(2026, 10, 10))
    wave_id = waves.plan(channel=WaveChannel.SMS, planned_on=date(2026, 10, 9))
    waves.approve(wave_id)
    waves.clock.now = waves.clock.now.replace(day=9, hour=19)  # Friday, 21:00
    waves.tick()
    assert waves.wave(wave_id).state is WaveState.PLANNED
    waves.clock.advance(hours=12)  # Saturday morning
    waves.tick()
    assert waves.wave(wave_id).state is WaveState.PLANNED
    waves.clock.advance(days=2)
    assert waves.tick() == 6


@pytest.mark.one_database
def test_plans_that_make_no_sense_are_refused_with_the_way_out(waves: Waves):
    with pytest.raises(Fault, match="då omgången tar emot svar"):
        waves.plan(planned_on=date(2026, 12, 1))
    with pytest.raises(Fault, match="Välj brev, eller ändra omgångens val om koder"):
        waves.plan(WaveKind.INVITATION, WaveChannel.SMS)
    waves.plan()
    with pytest.raises(ConflictFault, match="redan planerat"):
        waves.plan()
    production = waves.settings.model_copy(update={"environment": Environment.PRODUCTION})
    waves.settings = production
    with pytest.raises(Fault, match="ENKAT_SMS_URL"):
        waves.plan(channel=WaveChannel.SMS)


def test_a_wave_is_called_off_before_and_under_way(waves: Waves):
    first = waves.plan(channel=WaveChannel.SMS)
    waves.tick()
    cancel_wave(waves.session, waves.clock, first, None)
    assert (waves.wave(first).state, waves.rows(first)) == (WaveState.CANCELLED, [])
    second = waves.plan(channel=WaveChannel.EMAIL)
    waves.approve(second)
    assert waves.tick(seconds=0) == 0  # begun, but the time was up
    assert waves.wave(second).state is WaveState.SENDING
    cancel_wave(waves.session, waves.clock, second, None)
    assert waves.tick() == 0
    assert len(waves.rows(second, RecipientState.WAITING)) == 5
    with pytest.raises(ConflictFault):
        cancel_wave(waves.session, waves.clock, second, None)


def test_a_round_that_closes_takes_its_waves_with_it(waves: Waves):
    wave_id = waves.plan(channel=WaveChannel.SMS)
    with writing(waves.session):
        waves.session.get_one(SurveyRound, waves.round_id).state = RoundState.CLOSED
    waves.tick()
    wave = waves.wave(wave_id)
    assert (wave.state, wave.fault) == (WaveState.CANCELLED, "Omgången tar inte emot svar längre.")


def test_an_invitation_by_message_carries_a_code_that_is_kept_nowhere_else(waves: Waves):
    choose_codes(waves.session, waves.clock, waves.round_id, None, carried=True)
    wave_id = waves.plan(WaveKind.INVITATION, WaveChannel.SMS)
    waves.approve(wave_id)
    assert waves.tick() == 6
    waves.session.expire_all()
    round_ = waves.session.get_one(SurveyRound, waves.round_id)
    secret = waves.secrets.get(secret_name(round_.id))
    holders = set()
    for path in messages_folder(waves.settings).glob("*.eml"):
        body = path.read_bytes()
        code = body.replace(b"=\n", b"").partition(b"/o/prov26#")[2][:16].decode()
        found = find_by_code(waves.session, round_.id, derive(read_code(code), secret, 10).lookup)
        assert found is not None
        holders.add(found.id)
    assert holders == {row.invitation_id for row in waves.rows(wave_id)}
    assert all(row.lookup is None for row in waves.rows(wave_id))
    again = waves.plan(WaveKind.INVITATION, WaveChannel.WISH)
    assert expected(waves.session, waves.settings, waves.wave(again)) == {LETTER: 6, EMAIL: 5}  # invited ones are left
    choose_codes(waves.session, waves.clock, waves.round_id, None, carried=False)
    assert expected(waves.session, waves.settings, waves.wave(again)) == {LETTER: 11}


def test_a_jammed_batch_of_a_wave_is_made_again_for_the_same_list(waves: Waves):
    wave_id = waves.plan(channel=WaveChannel.WISH, letter_file=LetterFile.CSV)
    waves.approve(wave_id)
    waves.tick()
    first = waves.wave(wave_id).batch_id
    assert first is not None
    again = reissue_batch(waves.session, waves.clock, waves.settings, first, account_id=None)
    assert waves.wave(wave_id).batch_id == again.id
    assert again.letters == 6
