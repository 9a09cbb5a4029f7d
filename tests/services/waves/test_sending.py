"""Handing over: what a kill, a silent or lying gateway and a server that is away do to a wave, and what staff see."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from enkat.delivery.sender import DeliveryError, Failure, HandOver, Message
from enkat.delivery.sms import SmsSender
from enkat.records.clients import ContactChannel
from enkat.records.invitations import InvitationCode, InvitationStatus
from enkat.records.waves import RecipientState, WaveChannel, WaveState
from enkat.services.waves.planning import cancel_wave
from enkat.services.waves.sending import LEASE, PAUSES, UNCERTAIN_WAIT, WAITS
from enkat.settings import Settings
from tests.clocks import FixedClock
from tests.factories.gateway import Gateway, gateway, http
from tests.factories.waves import Waves, open_with_contacts

SMS, EMAIL = ContactChannel.SMS, ContactChannel.EMAIL
EVENING = 18
"""UTC: from then on nothing leaves."""


class KilledError(BaseException):
    """Stands for a process that is killed."""


@dataclass
class Scripted:
    """A sender that does what it is told with each message, and remembers what left the house."""

    plan: list[DeliveryError | None] = field(default_factory=list)
    left: list[Message] = field(default_factory=list)
    killed_at: int | None = None
    killed_before: bool = False
    lines: int = 0

    @contextmanager
    def line(self) -> Iterator[HandOver]:
        self.lines += 1
        yield self._hand_over

    def _hand_over(self, message: Message) -> str:
        told = self.plan.pop(0) if self.plan else None
        if told is not None and told.failure is not Failure.UNCERTAIN:
            raise told
        number = len(self.left) + 1
        if self.killed_at == number and self.killed_before:
            self.killed_at = None
            raise KilledError
        self.left.append(message)
        if self.killed_at == number:
            self.killed_at = None
            raise KilledError
        if told is not None:
            raise told
        return f"kvitto {number}"


@pytest.fixture
def sender() -> Scripted:
    return Scripted()


@pytest.fixture
def waves(
    session: Session, sessions: sessionmaker[Session], clock: FixedClock, app_settings: Settings, sender: Scripted
) -> Waves:
    made = open_with_contacts(session, sessions, clock, app_settings)
    made.senders = {SMS: sender, EMAIL: sender}
    made.codes_in_messages()
    return made


def started(waves: Waves) -> int:
    wave_id = waves.plan(channel=WaveChannel.SMS)
    waves.approve(wave_id)
    return wave_id


def codes(waves: Waves) -> int:
    waves.session.rollback()
    return waves.session.scalar(select(func.count()).select_from(InvitationCode)) or 0


@pytest.mark.parametrize("before", [False, True])
def test_a_kill_repeats_one_message_at_most_with_a_fresh_code_and_says_so(
    waves: Waves, sender: Scripted, *, before: bool
):
    wave_id = started(waves)
    sender.killed_at, sender.killed_before = 3, before
    with pytest.raises(KilledError):
        waves.tick()
    assert codes(waves) == 6  # every look-up id was there before the first message left
    assert waves.tick() == 0  # the lease of the one that was killed still runs
    waves.clock.now += LEASE * 1.01
    assert waves.tick() == 4
    assert waves.wave(wave_id).state is WaveState.DONE
    names = [message.identity for message in sender.left]
    assert len(set(names)) == 6
    assert len(names) == (6 if before else 7)
    repeated = waves.rows(wave_id)
    assert [row.repeats for row in repeated if row.repeats] == [1]
    if not before:
        first, second = (message for message in sender.left if names.count(message.identity) == 2)
        assert first.body != second.body  # a fresh code
        assert first.recipient == second.recipient
    assert codes(waves) == 7  # six that left, and the one that may have
    assert {row.state for row in repeated} == {RecipientState.HANDED}


def test_the_first_code_of_a_repeat_lives(waves: Waves, sender: Scripted):
    wave_id = started(waves)
    sender.killed_at = 2
    with pytest.raises(KilledError):
        waves.tick()
    waves.clock.now += LEASE * 1.01
    waves.tick()
    twice = next(row for row in waves.rows(wave_id) if row.repeats)
    live = select(func.count()).select_from(InvitationCode).where(InvitationCode.live.is_(True))
    assert waves.session.scalar(live.where(InvitationCode.invitation_id == twice.invitation_id)) == 2


def test_two_workers_never_share_a_wave(waves: Waves, sender: Scripted):
    wave_id = started(waves)
    waves.tick(seconds=0)
    inner: list[int] = []

    class Nosy(Scripted):
        def _hand_over(self, message: Message) -> str:
            inner.append(waves.tick())
            return super()._hand_over(message)

    outer = Nosy()
    with waves.sessions() as other:
        from_outside = Waves(
            other,
            waves.sessions,
            waves.clock,
            waves.settings,
            waves.secrets,
            waves.round_id,
            waves.register,
            {SMS: outer, EMAIL: outer},
        )
        assert from_outside.tick() == 6
    assert inner == [0] * 6
    assert sender.left == []
    assert waves.wave(wave_id).state is WaveState.DONE


def test_a_channel_that_is_away_rests_longer_each_time_and_nothing_is_lost(waves: Waves, sender: Scripted):
    wave_id = started(waves)
    sender.plan = [DeliveryError("Mejlservern gick inte att nå: nej", Failure.AWAY)] * 2
    assert waves.tick() == 0
    wave = waves.wave(wave_id)
    assert (wave.fault, wave.next_attempt_at) == ("Mejlservern gick inte att nå: nej", waves.clock() + PAUSES[0])
    assert codes(waves) == 0  # what never left has no code
    assert {(row.state, row.attempts) for row in waves.rows(wave_id)} == {(RecipientState.WAITING, 0)}
    assert waves.tick() == 0
    waves.clock.now += PAUSES[0]
    waves.tick()
    assert waves.wave(wave_id).next_attempt_at == waves.clock() + PAUSES[1]
    waves.clock.now += PAUSES[1]
    assert waves.tick() == 6
    assert (waves.wave(wave_id).state, waves.wave(wave_id).fault) == (WaveState.DONE, "")


def test_a_refused_message_stops_nobody_and_is_shown(waves: Waves, sender: Scripted):
    wave_id = started(waves)
    sender.plan = [None, DeliveryError("Mottagaren togs inte emot: 550", Failure.REFUSED)]
    assert waves.tick() == 5
    (refused,) = waves.rows(wave_id, RecipientState.REFUSED)
    assert refused.fault == "Mottagaren togs inte emot: 550"
    assert codes(waves) == 5
    letters = waves.plan(channel=WaveChannel.LETTER, after_id=wave_id)
    waves.tick()
    assert [row.invitation_id for row in waves.rows(letters)] == [refused.invitation_id]


def test_a_message_that_was_put_off_waits_longer_each_time_and_is_given_up(waves: Waves, sender: Scripted):
    wave_id = started(waves)
    later = DeliveryError("450 senare", Failure.LATER)
    sender.plan = [later]
    assert waves.tick() == 5
    for number, wait in enumerate(WAITS, 1):
        (row,) = waves.rows(wave_id, RecipientState.WAITING)
        assert (row.attempts, row.next_attempt_at) == (number, waves.clock() + wait)
        sender.plan = [later]
        waves.clock.now += wait
        if waves.clock.now.hour >= EVENING:
            waves.clock.advance(hours=12)
        waves.tick()
    assert [row.fault for row in waves.rows(wave_id, RecipientState.REFUSED)] == ["450 senare"]
    assert waves.wave(wave_id).state is WaveState.DONE


def test_a_silence_is_tried_once_more_and_then_left_to_staff(waves: Waves, sender: Scripted):
    wave_id = started(waves)
    silent = DeliveryError("Sms-tjänsten svarade inte. Det är oklart …", Failure.UNCERTAIN)
    sender.plan = [silent]
    assert waves.tick() == 5
    (row,) = waves.rows(wave_id, RecipientState.WAITING)
    assert (row.repeats, row.next_attempt_at) == (1, waves.clock() + UNCERTAIN_WAIT)
    waves.clock.now += UNCERTAIN_WAIT
    sender.plan = [silent]
    waves.tick()
    (row,) = waves.rows(wave_id, RecipientState.UNCERTAIN)
    assert row.fault.startswith("Sms-tjänsten svarade inte.")
    names = [message.identity for message in sender.left]
    assert names.count(f"enkat-{row.identity.hex()}") == 2
    assert codes(waves) == 7  # both codes may be in somebody's hand
    assert waves.wave(wave_id).state is WaveState.DONE


def test_five_failures_in_a_row_are_the_channels_fault(waves: Waves, sender: Scripted):
    wave_id = started(waves)
    sender.plan = [DeliveryError("svar 422", Failure.REFUSED)] * 6
    assert waves.tick() == 0
    wave = waves.wave(wave_id)
    assert wave.fault.startswith("Fem meddelanden i rad gick inte fram. Det sista felet: svar 422")
    assert len(waves.rows(wave_id, RecipientState.REFUSED)) == 5
    assert len(waves.rows(wave_id, RecipientState.WAITING)) == 1


def test_a_wave_called_off_under_way_stops_with_the_message_that_is_leaving(waves: Waves, sender: Scripted):
    wave_id = started(waves)
    waves.tick(seconds=0)

    class CalledOff(Scripted):
        def _hand_over(self, message: Message) -> str:
            receipt = super()._hand_over(message)
            if len(self.left) == 2:
                cancel_wave(waves.session, waves.clock, wave_id, None)
            return receipt

    calling = CalledOff()
    with waves.sessions() as other:
        worker = Waves(
            other,
            waves.sessions,
            waves.clock,
            waves.settings,
            waves.secrets,
            waves.round_id,
            waves.register,
            {SMS: calling, EMAIL: calling},
        )
        worker.tick()
    assert len(calling.left) == 2
    assert len(waves.rows(wave_id, RecipientState.HANDED)) == 2
    assert all(row.lookup is None for row in waves.rows(wave_id))
    assert codes(waves) == 2


@pytest.fixture
def server() -> Iterator[Gateway]:
    with gateway() as state:
        yield state


def by_gateway(waves: Waves, server: Gateway) -> None:
    sms = SmsSender(
        f"http://127.0.0.1:{server.port}/",
        "Bearer x",
        {"to": "to", "text": "text", "reference": "reference"},
        timeout=1,
    )
    waves.senders = {SMS: sms, EMAIL: sms}


def test_a_gateway_that_lies_to_everybody_loses_nothing(waves: Waves, server: Gateway):
    by_gateway(waves, server)
    wave_id = started(waves)
    server.answer = lambda _fields, _number: http({"error": "no credit"})
    assert waves.tick() == 0
    assert waves.wave(wave_id).fault.startswith("Fem meddelanden i rad")
    server.answer = lambda _fields, number: http({"id": f"k{number}"})
    waves.clock.now += UNCERTAIN_WAIT
    assert waves.tick() == 6
    assert {fields["to"] for fields in server.heard} == {f"+46700{n:02d}00{n:02d}" for n in (1, 4, 7, 10, 13, 16)}
    assert sorted(row.repeats for row in waves.rows(wave_id, RecipientState.HANDED)) == [0, 1, 1, 1, 1, 1]
    assert len({row.receipt for row in waves.rows(wave_id)}) == 6


@pytest.mark.one_database
def test_nobody_who_answers_under_way_is_reminded(waves: Waves, sender: Scripted):
    wave_id = started(waves)
    waves.tick(seconds=0)
    for number in (1, 4, 7, 10, 13, 16):
        waves.set_status(number, InvitationStatus.SENT)
    assert waves.tick() == 0
    assert sender.left == []
    assert len(waves.rows(wave_id, RecipientState.SKIPPED)) == 6
