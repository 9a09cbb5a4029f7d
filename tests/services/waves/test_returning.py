"""What comes back, and new codes for who asks: bounces, returned letters, a wave of one, and who is told."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from enkat.clock import today
from enkat.records.accounts import Role, ScopeKind
from enkat.records.clients import ContactChannel
from enkat.records.invitations import InvitationCode, InvitationCorrection, InvitationStatus
from enkat.records.letters import LetterBatch
from enkat.records.waves import RecipientState, WaveChannel, WaveState
from enkat.records.writing import writing
from enkat.services.accounts.rights import Actor, Grant
from enkat.services.duties.gathering import Task, gather
from enkat.services.faults import ConflictFault
from enkat.services.letters.reissuing import report_lost
from enkat.services.safety.findings import Level
from enkat.services.safety.work_checks import check_waves
from enkat.services.waves.on_request import send_new_code
from enkat.services.waves.returning import note_returned_letter, read_bounces, returned_mail
from enkat.settings import Settings
from tests.clocks import FixedClock
from tests.factories.waves import Waves, open_with_contacts

MANAGER = Actor(1, "Mona", "mona@a.se", (Grant(Role.ROUND_MANAGER, ScopeKind.CITY, None),))


@pytest.fixture
def waves(session: Session, sessions: sessionmaker[Session], clock: FixedClock, app_settings: Settings) -> Waves:
    settings = app_settings.model_copy(update={"bounce_dir": app_settings.data_dir / "bounces"})
    return open_with_contacts(session, sessions, clock, settings)


def report(identity: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A report on delivery as mail servers send it (RFC 3464), with the headers of ours."""
    text = (
        "MIME-Version: 1.0\r\nFrom: MAILER-DAEMON@post.se\r\nSubject: Undelivered Mail\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; post.se\r\n\r\n"
        f"Final-Recipient: rfc822; p2@a.se\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{identity}@staden.se>\r\n\r\n--b--\r\n"
    )
    return text.encode()


def put(waves: Waves, name: str, content: bytes) -> Path:
    folder = waves.settings.bounce_dir / "new"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


def sent(waves: Waves) -> int:
    wave_id = waves.plan(channel=WaveChannel.EMAIL)
    waves.approve(wave_id)
    assert waves.tick() == 5
    return wave_id


def test_a_bounce_marks_its_message_and_letters_may_follow(waves: Waves):
    wave_id = sent(waves)
    row, other = waves.rows(wave_id)[:2]
    bounce = put(waves, "1", report(f"enkat-{row.identity.hex()}"))
    late = put(waves, "2", report(f"enkat-{other.identity.hex()}", "4.4.1", "delayed"))
    human = put(waves, "3", b"From: anna@a.se\r\nSubject: Re: En enkat\r\n\r\nJag kan inte svara.\r\n")
    assert read_bounces(waves.session, waves.settings) == 1
    (bounced,) = waves.rows(wave_id, RecipientState.BOUNCED)
    assert (bounced.identity, bounced.fault) == (row.identity, "Mejlet kom i retur (5.1.1).")
    assert not bounce.exists()  # it holds an address
    assert late.exists()
    assert human.exists()  # nothing a person wrote is lost
    assert waves.status(row.invitation_id) is InvitationStatus.OPEN
    letters = waves.plan(channel=WaveChannel.LETTER, after_id=wave_id)
    waves.tick()
    assert [one.invitation_id for one in waves.rows(letters)] == [row.invitation_id]
    told = [one for one in check_waves(waves.session, waves.settings) if one.level is Level.WARNING]
    assert "2 mejl i mappen för returer är inga studsar" in told[0].sentence


@pytest.mark.one_database
def test_what_is_no_bounce_of_ours_changes_nothing(waves: Waves):
    wave_id = sent(waves)
    known = waves.rows(wave_id)[0].identity.hex()
    for name, content in {
        "unknown": report("enkat-" + "0" * 32),
        "broken": report(f"enkat-{known}", "5.x"),
        "huge": report(f"enkat-{known}") + b" " * (1 << 20),
        "bytes": bytes(range(256)),
        "empty": b"",
    }.items():
        put(waves, name, content)
    assert read_bounces(waves.session, waves.settings) == 0
    assert waves.rows(wave_id, RecipientState.BOUNCED) == []
    assert sorted(path.name for path in returned_mail(waves.settings)) == ["broken", "bytes", "empty", "huge"]
    assert returned_mail(waves.settings.model_copy(update={"bounce_dir": None})) == []


def test_a_returned_letter_ends_reminders_and_not_the_right_to_answer(waves: Waves):
    invitation_id = waves.set_client(0)
    assert note_returned_letter(waves.session, waves.clock, invitation_id, None)
    assert waves.status(invitation_id) is InvitationStatus.UNDELIVERABLE
    assert InvitationStatus.UNDELIVERABLE.may_send
    wave_id = waves.plan(channel=WaveChannel.LETTER)
    waves.tick()
    assert len(waves.rows(wave_id)) == 16
    answered = waves.set_status(1, InvitationStatus.SENT)
    assert not note_returned_letter(waves.session, waves.clock, answered, None)
    assert waves.status(answered) is InvitationStatus.SENT
    reasons = waves.session.scalars(select(InvitationCorrection.reason)).all()
    assert reasons == ["brevet kom i retur"] * 2


def test_a_new_code_goes_out_by_letter_and_again(waves: Waves):
    invitation_id = waves.set_client(1)  # wishes for SMS, but the round's messages carry no codes
    first = send_new_code(waves.session, waves.clock, waves.settings, invitation_id, None).id
    waves.tick()
    assert waves.wave(first).channel is WaveChannel.LETTER
    codes = select(func.count()).select_from(InvitationCode).where(InvitationCode.live.is_(True))
    assert waves.session.scalar(codes) == 1
    second = send_new_code(waves.session, waves.clock, waves.settings, invitation_id, None).id
    waves.tick()
    assert waves.session.scalar(codes) == 2  # the first one lives on
    assert waves.session.get_one(LetterBatch, waves.wave(second).batch_id).letters == 1
    report_lost(waves.session, waves.clock, invitation_id, None)
    send_new_code(waves.session, waves.clock, waves.settings, invitation_id, None)
    waves.tick()
    assert waves.session.scalar(codes) == 1


def test_a_new_code_goes_by_message_where_the_round_says_so(waves: Waves):
    waves.codes_in_messages()
    invitation_id = waves.set_client(1)
    wave_id = send_new_code(waves.session, waves.clock, waves.settings, invitation_id, None).id
    assert waves.tick() == 1
    assert waves.wave(wave_id).state is WaveState.DONE
    assert waves.rows(wave_id)[0].channel is ContactChannel.SMS


@pytest.mark.one_database
def test_nobody_gets_a_new_code_who_should_not(waves: Waves):
    refused = waves.set_status(0, InvitationStatus.REFUSED)
    protected = waves.set_client(1, protected=True)
    for invitation_id, words in ((refused, "väntar inte på att svara"), (protected, "skyddade uppgifter")):
        with pytest.raises(ConflictFault, match=words):
            send_new_code(waves.session, waves.clock, waves.settings, invitation_id, None)


@pytest.mark.one_database
def test_who_manages_the_round_is_told_of_waves_that_wait_or_have_stopped(waves: Waves):
    def told() -> list[tuple[bool, int]]:
        found = gather(waves.session, waves.clock, MANAGER)
        return [(duty.late, (duty.due - today(waves.clock)).days) for duty in found if duty.task is Task.WAVE]

    wave_id = waves.plan(channel=WaveChannel.SMS)
    assert told() == [(False, 0)]
    waves.approve(wave_id)
    assert told() == []
    waves.tick(seconds=0)
    with writing(waves.session):
        waves.wave(wave_id).fault = "Sms-tjänsten tar inte emot meddelanden nu (svar 401)."
    assert told() == [(False, 0)]
    (finding,) = check_waves(waves.session, waves.settings)
    assert (finding.level, "svar 401" in finding.sentence) == (Level.FAULT, True)
