"""Handing over a wave's e-mail and SMS, so that a kill at any moment loses nothing and repeats one message at most.

For some dozens at a time: codes are made, and their look-up ids written, before any message leaves. Then, between two
hand-overs, one write says what became of the last message and which one is on its way now. After a kill only that one
can have left without its note: it is sent again under the same identity, with a fresh code beside the first, and staff
see that it may have come twice. Codes that were prepared but never sent are deleted.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.delivery.sender import DeliveryError, Failure, HandOver, Message, Sender
from enkat.records.clients import ContactChannel
from enkat.records.invitations import InvitationStatus
from enkat.records.rounds import SurveyRound
from enkat.records.waves import ContactWave, RecipientState, WaveKind, WaveState
from enkat.records.waves_queries import MESSAGES
from enkat.records.waves_sending import (
    Due,
    due_messages,
    forget_code,
    keep_wave,
    leave_wave,
    prepare_codes,
    set_row,
    take_wave,
    tidy_after_a_broken_run,
)
from enkat.records.writing import writing
from enkat.services.letters.codes import fresh_codes
from enkat.services.rounds.correcting import STATUS_WORDS
from enkat.services.waves.addressing import CODE_KINDS, address_for
from enkat.services.waves.days import may_contact_now
from enkat.services.waves.wording import language_of, word
from enkat.settings import Secrets, Settings

BATCH = 50
LEASE = timedelta(minutes=5)
"""Longer than any single hand-over: a worker that is only slow keeps its wave."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 720))
"""How long a message waits after each try that the receiver put off; then it is given up."""
UNCERTAIN_WAIT = timedelta(minutes=30)
UNCERTAIN_TRIES = 2
"""A message whose fate nobody told is tried once more under the same identity, then left to staff."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""How long a wave rests when its channel is away; the last one again and again, nothing is given up."""
FAILURES_IN_A_ROW = 5
"""So many refusals or silences one after another are the channel's fault, not the people's."""
NO_ADDRESS = "Personen har inget mobilnummer eller ingen e-postadress i registret längre."
PROTECTED = "Personen har skyddade uppgifter. Utskick görs för hand."
STUCK = "Fem meddelanden i rad gick inte fram. Det sista felet: {fault} Kontrollera inställningarna. Vi försöker igen."

Senders = Mapping[ContactChannel, Sender]
Now = Callable[[], float]


class WaveLostError(RuntimeError):
    """The wave was called off, or another worker has it."""


@dataclass(frozen=True)
class Ready:
    """A message that may leave, with its code, if it carries one."""

    due: Due
    message: Message
    lookup: bytes | None


@dataclass
class _Run:
    """One worker's turn with one wave."""

    session: Session
    clock: Clock
    settings: Settings
    secrets: Secrets
    wave_id: int
    worker: str
    handed: int = 0
    failures: int = 0
    pending: list[tuple[Ready, DeliveryError | str]] = field(default_factory=list)

    def wave(self) -> ContactWave:
        """Return the wave as it is now."""
        return self.session.get_one(ContactWave, self.wave_id)

    def note(self, following: Ready | None) -> None:
        """Write what became of the last message and which one is on its way now, in one transaction.

        Raises
        ------
        WaveLostError
            If the wave is no longer this worker's; nothing further may leave. What had become of the last message is
            written all the same.
        """
        with writing(self.session):
            for ready, outcome in self.pending:
                self._settle(ready, outcome)
            mine = keep_wave(self.session, self.wave_id, self.worker, self.clock() + LEASE)
            if mine and following is not None:
                set_row(
                    self.session,
                    following.due.identity,
                    state=RecipientState.HANDING,
                    attempts=following.due.attempts + 1,
                )
        self.pending.clear()
        if not mine:
            raise WaveLostError

    def _settle(self, ready: Ready, outcome: DeliveryError | str) -> None:
        if isinstance(outcome, str):
            set_row(
                self.session,
                ready.due.identity,
                state=RecipientState.HANDED,
                receipt=outcome,
                fault="",
                lookup=None,
            )
            return
        if outcome.failure is not Failure.UNCERTAIN and ready.lookup is not None:
            forget_code(self.session, ready.lookup)
        set_row(
            self.session,
            ready.due.identity,
            fault=str(outcome),
            lookup=None,
            **_after(ready.due, outcome.failure, self.clock()),
        )


def _after(due: Due, failure: Failure, now: datetime) -> dict[str, object]:
    """Return how a row stands after a try that failed."""
    tries = due.attempts + 1
    if failure is Failure.AWAY:
        return {"state": RecipientState.WAITING, "attempts": due.attempts}
    if failure is Failure.UNCERTAIN:
        if tries >= UNCERTAIN_TRIES:
            return {"state": RecipientState.UNCERTAIN}
        return {"state": RecipientState.WAITING, "next_attempt_at": now + UNCERTAIN_WAIT, "repeats": 1}
    if failure is Failure.LATER and tries <= len(WAITS):
        return {"state": RecipientState.WAITING, "next_attempt_at": now + WAITS[tries - 1]}
    return {"state": RecipientState.REFUSED}


def send_wave(
    session: Session,
    clock: Clock,
    settings: Settings,
    secrets: Secrets,
    *,
    wave_id: int,
    senders: Senders,
    worker: str,
    until: float,
    now: Now = time.monotonic,
) -> int:
    """Hand over messages of a wave until none is due or the time is up, and return how many left the house.

    Parameters
    ----------
    worker
        A name no other worker has.
    until
        The moment of `now` after which no further message is begun.
    """
    with writing(session):
        if not take_wave(session, wave_id, worker, clock(), clock() + LEASE):
            return 0
        tidy_after_a_broken_run(session, wave_id)
    run = _Run(session, clock, settings, secrets, wave_id, worker)
    away: DeliveryError | None = None
    try:
        for channel in MESSAGES:
            away = _send_channel(run, channel, senders[channel], lambda: now() < until) or away
    except WaveLostError:
        with writing(session):
            if run.wave().state is WaveState.CANCELLED:
                tidy_after_a_broken_run(session, wave_id)
        return run.handed
    _leave(run, away)
    return run.handed


def _send_channel(
    run: _Run, channel: ContactChannel, sender: Sender, goes_on: Callable[[], bool]
) -> DeliveryError | None:
    """Hand over what is due by one channel; return why it is away, if it is."""
    try:
        with sender.line() as line:
            while goes_on() and may_contact_now(run.clock) and _send_batch(run, channel, line, goes_on):
                pass
    except DeliveryError as away:
        return away
    return None


def _leave(run: _Run, away: DeliveryError | None) -> None:
    """Give the wave back; a channel that is away gives it a rest, longer each time."""
    with writing(run.session):
        wave = run.wave()
        if away is None:
            leave_wave(run.session, run.wave_id, run.worker, next_attempt_at=None, pauses=0, fault="")
            return
        pauses = wave.pauses if run.handed == 0 else 0
        rest = PAUSES[min(pauses, len(PAUSES) - 1)]
        leave_wave(
            run.session,
            run.wave_id,
            run.worker,
            next_attempt_at=run.clock() + rest,
            pauses=pauses + 1,
            fault=str(away),
        )


def _send_batch(run: _Run, channel: ContactChannel, line: HandOver, goes_on: Callable[[], bool]) -> bool:
    """Hand over some dozens of messages; tell whether there may be more.

    Raises
    ------
    DeliveryError
        If the channel is away; what had become of each message is written.
    WaveLostError
        If the wave is no longer this worker's.
    """
    batch = due_messages(run.session, run.wave_id, channel, run.clock(), BATCH)
    if not batch:
        return False
    ready = _prepare(run, channel, batch)
    for position, one in enumerate(ready):
        if not goes_on():
            _put_back(run, ready[position:])
            return False
        run.note(one)
        fault = _hand_over(run, line, one)
        if fault is not None:
            _put_back(run, ready[position + 1 :])
            raise fault
    run.note(None)
    return True


def _hand_over(run: _Run, line: HandOver, one: Ready) -> DeliveryError | None:
    """Hand over one message and keep what became of it for the next note; return what stops the whole channel."""
    try:
        run.pending.append((one, line(one.message)))
    except DeliveryError as error:
        run.pending.append((one, error))
        run.failures += 1
        if error.failure is Failure.AWAY:
            return error
        if run.failures >= FAILURES_IN_A_ROW and error.failure is not Failure.LATER:
            return DeliveryError(STUCK.format(fault=error), Failure.AWAY)
        return None
    run.failures = 0
    run.handed += 1
    return None


def _put_back(run: _Run, rest: Sequence[Ready]) -> None:
    """Forget the codes of messages that were prepared and do not leave now, with the note on the last one."""
    with writing(run.session):
        for one in rest:
            if one.lookup is not None:
                forget_code(run.session, one.lookup)
                set_row(run.session, one.due.identity, lookup=None)
    run.note(None)


def _prepare(run: _Run, channel: ContactChannel, batch: Sequence[Due]) -> list[Ready]:
    """Make the messages and codes of those who still wait; the others are marked with the reason."""
    wave = run.wave()
    round_ = run.session.get_one(SurveyRound, wave.round_id)
    reasons = {due.identity: _reason_to_skip(channel, due) for due in batch}
    going = [due for due in batch if reasons[due.identity] is None]
    made: list[tuple[str, bytes]] = []
    if round_.codes_in_messages and going:
        made = fresh_codes(run.session, run.secrets, round_, len(going))
    pairs: list[tuple[str, bytes] | None] = [*made] if made else [None] * len(going)
    kind = wave.kind
    ready = [_ready(run, round_, (kind, channel), due, pair) for due, pair in zip(going, pairs, strict=True)]
    with writing(run.session):
        for identity, reason in reasons.items():
            if reason is not None:
                set_row(run.session, identity, state=RecipientState.SKIPPED, fault=reason)
        if made:
            coded = [(one.due.identity, one.due.invitation_id, one.lookup) for one in ready if one.lookup is not None]
            prepare_codes(run.session, CODE_KINDS[kind], coded)
    return ready


def _reason_to_skip(channel: ContactChannel, due: Due) -> str | None:
    if due.status is not InvitationStatus.OPEN:
        return f"Skickades inte: {STATUS_WORDS[due.status]}."
    if due.protected or due.hidden:
        return PROTECTED
    return None if address_for(channel, due.phone, due.email) else NO_ADDRESS


def _ready(
    run: _Run, round_: SurveyRound, what: tuple[WaveKind, ContactChannel], due: Due, pair: tuple[str, bytes] | None
) -> Ready:
    code, lookup = pair if pair is not None else (None, None)
    kind, channel = what
    language = language_of(due.language or "sv", round_)
    words = word(run.settings, round_, kind, channel, language=language, code=code)
    message = Message(
        identity=f"enkat-{due.identity.hex()}",
        sender=sender_name(run.settings, channel),
        recipient=address_for(channel, due.phone, due.email) or "",
        subject=words.subject,
        body=words.body,
        written_at=run.clock().replace(microsecond=0),
    )
    return Ready(due, message, lookup)


def sender_name(settings: Settings, channel: ContactChannel) -> str:
    """Return whom a message comes from."""
    if channel is ContactChannel.SMS:
        return settings.sms_sender or sms_name(settings.city_name)
    return settings.mail_to_clients_from or settings.mail_from


def sms_name(city: str) -> str:
    """Return a city's name as an SMS can carry it: at most 11 plain letters and digits."""
    plain = city.translate(str.maketrans("åäöÅÄÖéÉ", "aaoAAOeE"))
    return "".join(sign for sign in plain if sign.isascii() and sign.isalnum())[:11]
