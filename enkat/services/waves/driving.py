"""What `enkat tick` does with waves: builds what is due, starts what somebody said yes to, hands over, ends."""

import time
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from enkat.clock import Clock, today
from enkat.delivery.files import FileSender
from enkat.delivery.sms import SmsSender
from enkat.records.clients import ContactChannel
from enkat.records.jobs import Job, JobState
from enkat.records.letters import BatchState, LetterBatch, LetterFormat
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.waves import ContactWave, LetterFile, RecipientState, WaveState
from enkat.records.waves_queries import channels_left, waves_in
from enkat.records.waves_sending import settle_letters
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import ConflictFault, Fault
from enkat.services.jobs.running import worker_name
from enkat.services.letters.erasing import shred
from enkat.services.letters.ordering import order_letters
from enkat.services.messages.sending import sender_of
from enkat.services.waves.addressing import CODE_KINDS
from enkat.services.waves.building import CLOSED
from enkat.services.waves.days import may_contact_now
from enkat.services.waves.planning import build_now, cancel_wave
from enkat.services.waves.sending import Senders, send_wave
from enkat.settings import Secrets, Settings

SLICE_SECONDS = 45.0
"""How long one tick hands over messages; the next one goes on."""
NOT_BUILT = "Listan gick inte att bygga: {fault} Bygg den igen."


def senders_of(settings: Settings, secrets: Secrets) -> Senders:
    """Return what hands over e-mail and SMS; without a gateway SMS become files, which production never plans."""
    sms: FileSender | SmsSender = FileSender(messages_folder(settings))
    if settings.sms_url:
        sms = SmsSender(
            url=settings.sms_url,
            authorization=settings.sms_authorization.format(token=secrets.text("sms_token")),
            fields=settings.sms_fields,
            extra=settings.sms_extra,
            as_json=settings.sms_format == "json",
            receipt=settings.sms_receipt,
            echo=settings.sms_echo,
            accepted=settings.sms_accepted,
            timeout=settings.sms_timeout_seconds,
        )
    email = sender_of(settings, secrets) if settings.smtp_host else FileSender(messages_folder(settings))
    return {ContactChannel.EMAIL: email, ContactChannel.SMS: sms}


def messages_folder(settings: Settings) -> Path:
    """Return the folder of messages that no server takes: they hold codes, so they lie and go like letter files."""
    return settings.letters_dir / "messages"


def start_due_waves(sessions: sessionmaker[Session], clock: Clock) -> int:
    """Build the lists that are due and start the waves that somebody said yes to; return how many moved on.

    On days and at hours when nobody is written to everything waits.
    """
    moved = 0
    with sessions() as session:
        for wave in waves_in(session, WaveState.BUILDING, WaveState.PLANNED, WaveState.BUILT):
            moved += _move_on(session, clock, wave)
    return moved


def _move_on(session: Session, clock: Clock, wave: ContactWave) -> bool:
    round_ = session.get_one(SurveyRound, wave.round_id)
    if round_.state not in {RoundState.PLANNED, RoundState.OPEN}:
        if wave.state is not WaveState.BUILDING:
            cancel_wave(session, clock, wave.id, None, CLOSED)
        return False
    if wave.state is WaveState.BUILDING:
        return _note_failed_build(session, wave)
    due = wave.planned_on <= today(clock) and round_.state is RoundState.OPEN and may_contact_now(clock)
    if not due or wave.fault:
        return False
    if wave.state is WaveState.PLANNED:
        build_now(session, clock, wave.id, None)
        return True
    return wave.approved_for is not None and _start(session, clock, wave.id)


def _note_failed_build(session: Session, wave: ContactWave) -> bool:
    job = session.get(Job, wave.job_id) if wave.job_id is not None else None
    if job is None or job.state is not JobState.FAILED:
        return False
    with writing(session):
        wave.state, wave.fault = WaveState.PLANNED, NOT_BUILT.format(fault=job.message)
    return False


def _start(session: Session, clock: Clock, wave_id: int) -> bool:
    """Begin a wave: its letters are ordered, its messages go out from the next hand-over on."""
    try:
        with writing(session):
            wave = session.get_one(ContactWave, wave_id)
            if wave.state is not WaveState.BUILT or wave.approved_for is None:
                return False
            if wave.listed.get(ContactChannel.LETTER.value):
                order_wave_letters(session, clock, wave)
            _begin(session, clock, wave)
    except ConflictFault:  # the same letters are being made: the next tick tries again
        return False
    except Fault as fault:  # everybody who was to get a letter has answered since
        with writing(session):
            settle_letters(session, wave_id, RecipientState.SKIPPED, fault.sentence)
            _begin(session, clock, session.get_one(ContactWave, wave_id))
    return True


def _begin(session: Session, clock: Clock, wave: ContactWave) -> None:
    wave.state = WaveState.SENDING
    details, subject = {"round": wave.round_id, "listed": wave.listed}, f"wave:{wave.id}"
    record(session, clock, account_id=wave.approved_by, action="wave.started", subject=subject, details=details)


def order_wave_letters(session: Session, clock: Clock, wave: ContactWave) -> None:
    """Order the letters of a wave's list; inside `writing`."""
    order_letters(
        session,
        clock,
        wave.round_id,
        LetterFormat.PDF if wave.letter_file is LetterFile.PDF else LetterFormat.PRINT_SHOP,
        kind=CODE_KINDS[wave.kind],
        shop_file="xlsx" if wave.letter_file is LetterFile.XLSX else "csv",
        account_id=wave.approved_by,
        wave=wave,
    )


def send_waves(
    sessions: sessionmaker[Session],
    clock: Clock,
    settings: Settings,
    secrets: Secrets,
    *,
    senders: Senders | None = None,
    seconds: float = SLICE_SECONDS,
) -> int:
    """Hand over what waits in the waves under way, for some time at most, and return how many messages left."""
    handed = 0
    until = time.monotonic() + seconds
    with sessions() as session:
        for wave in waves_in(session, WaveState.SENDING):
            if channels_left(session, wave.id):
                handed += send_wave(
                    session,
                    clock,
                    settings,
                    secrets,
                    wave_id=wave.id,
                    senders=senders or senders_of(settings, secrets),
                    worker=worker_name(),
                    until=until,
                )
            _end_if_done(session, clock, wave.id)
    return handed


def _end_if_done(session: Session, clock: Clock, wave_id: int) -> None:
    """End a wave whose messages have all left or been given up, and whose letters are with the post."""
    with writing(session):
        wave = session.get_one(ContactWave, wave_id)
        if wave.state is not WaveState.SENDING or channels_left(session, wave_id):
            return
        if wave.batch_id is not None:
            state = session.get_one(LetterBatch, wave.batch_id).state
            if state is BatchState.ERASED:
                settle_letters(session, wave_id, RecipientState.REFUSED, "Brevfilen raderades innan den skrevs ut.")
            elif state is not BatchState.PRINTED:
                return
            else:
                settle_letters(session, wave_id, RecipientState.HANDED, "")
        wave.state = WaveState.DONE
        subject = f"wave:{wave_id}"
        record(session, clock, account_id=None, action="wave.done", subject=subject, details={"round": wave.round_id})


def erase_old_messages(settings: Settings, clock: Clock) -> int:
    """Erase message files as old as letter files may be; return how many."""
    oldest = clock().timestamp() - settings.letter_days * 24 * 3600
    old = [path for path in messages_folder(settings).glob("*") if path.stat().st_mtime < oldest]
    for path in old:
        shred(path)
    return len(old)
