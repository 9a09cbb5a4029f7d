"""Planning waves: what, when, by which channel and to whom; saying yes; calling off."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.clients import ContactChannel
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.waves import ContactWave, LetterFile, WaveChannel, WaveKind, WaveRecipient, WaveState
from enkat.records.waves_queries import LIVING, audience, waves_of
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import ConflictFault, Fault, NotFoundFault
from enkat.services.jobs.queue import enqueue
from enkat.services.rounds.finding import get_round, require_state
from enkat.services.rounds.promise import written_date
from enkat.services.waves.addressing import may_message, missing_channel, way_to
from enkat.services.waves.days import contact_day, day_off
from enkat.settings import Settings

BUILD_JOB = "wave"
CHUNK = 500
NEEDS_CODE = (
    "Ett första utskick behöver en kod, och omgången skickar inga koder i sms och e-post. "
    "Välj brev, eller ändra omgångens val om koder."
)
CHANNELS_OF = {
    WaveChannel.SMS: (ContactChannel.SMS,),
    WaveChannel.EMAIL: (ContactChannel.EMAIL,),
    WaveChannel.LETTER: (),
    WaveChannel.WISH: (ContactChannel.SMS, ContactChannel.EMAIL),
}


@dataclass(frozen=True)
class WavePlan:
    """What a member of staff asks for; `after_id` = only those whom that wave did not reach."""

    kind: WaveKind
    channel: WaveChannel
    planned_on: date
    letter_file: LetterFile = LetterFile.PDF
    after_id: int | None = None


def get_wave(session: Session, wave_id: int) -> ContactWave:
    """Return a wave; NotFoundFault where there is none."""
    found = session.get(ContactWave, wave_id)
    if found is None:
        raise NotFoundFault("Utskicket finns inte. Välj ett i listan.")
    return found


def _check_day(clock: Clock, round_: SurveyRound, day: date) -> None:
    if not max(round_.opens_on, today(clock)) <= day <= round_.closes_on:
        first = written_date(max(round_.opens_on, today(clock)), "sv")
        last = written_date(round_.closes_on, "sv")
        raise Fault(f"Välj en dag från {first} till {last}, då omgången tar emot svar.", "planned_on")
    off = day_off(day)
    if off is not None:
        better = written_date(contact_day(day), "sv")
        raise Fault(
            f"{written_date(day, 'sv')} är ledig ({off}). Då skickar vi inget. Välj till exempel {better}.",
            "planned_on",
        )


def _check_channel(settings: Settings, round_: SurveyRound, plan: WavePlan) -> None:
    messages = may_message(plan.kind, codes_in_messages=round_.codes_in_messages)
    if plan.channel in {WaveChannel.SMS, WaveChannel.EMAIL} and not messages:
        raise Fault(NEEDS_CODE, "channel")
    for channel in CHANNELS_OF[plan.channel] if messages else ():
        missing = missing_channel(settings, channel)
        if missing is not None and plan.channel is not WaveChannel.WISH:
            raise Fault(missing, "channel")


def plan_wave(
    session: Session, clock: Clock, settings: Settings, round_id: int, plan: WavePlan, *, account_id: int | None
) -> ContactWave:
    """Plan a wave; on its day `enkat tick` builds its list, and sends once somebody has said yes.

    Raises
    ------
    Fault
        If the day is a holiday or outside the round, or the channel cannot say what the wave has to say.
    ConflictFault
        If the round takes no answers any more, or the same wave is planned for that day.
    """
    round_ = get_round(session, round_id)
    require_state(round_, RoundState.PLANNED, RoundState.OPEN)
    if round_.loose_codes:
        raise Fault("Ingen vet vem som har fått en lös kod. Därför finns inga utskick. Beställ lappar under Brev.")
    _check_day(clock, round_, plan.planned_on)
    _check_channel(settings, round_, plan)
    with writing(session):
        for other in waves_of(session, round_id):
            same = (other.kind, other.channel, other.after_id) == (plan.kind, plan.channel, plan.after_id)
            if same and other.planned_on == plan.planned_on and other.state in LIVING:
                raise ConflictFault("Ett likadant utskick är redan planerat den dagen.")
        if plan.after_id is not None and get_wave(session, plan.after_id).round_id != round_id:
            raise NotFoundFault("Utskicket finns inte. Välj ett i listan.")
        wave = ContactWave(round_id=round_id, account_id=account_id, **vars(plan))
        session.add(wave)
        session.flush()
        _log(session, clock, wave, "wave.planned", account_id)
    return wave


def _log(session: Session, clock: Clock, wave: ContactWave, action: str, account_id: int | None) -> None:
    details = {
        "round": wave.round_id,
        "kind": wave.kind.value,
        "channel": wave.channel.value,
        "day": wave.planned_on.isoformat(),
        "approved_for": wave.approved_for,
        "listed": wave.listed,
    }
    record(session, clock, account_id=account_id, action=action, subject=f"wave:{wave.id}", details=details)


def expected(session: Session, settings: Settings, wave: ContactWave) -> dict[ContactChannel, int]:
    """Return how many people the wave reaches by each channel as things are now."""
    counted = dict.fromkeys(ContactChannel, 0)
    for _, way in ways(session, settings, wave):
        counted[way] += 1
    return {channel: number for channel, number in counted.items() if number}


def ways(session: Session, settings: Settings, wave: ContactWave) -> list[tuple[bytes, ContactChannel]]:
    """Return everybody the wave reaches, with the way to each; a channel that is not set up falls back to letters."""
    round_ = get_round(session, wave.round_id)
    messages = may_message(wave.kind, codes_in_messages=round_.codes_in_messages)
    away = {channel for channel in ContactChannel if missing_channel(settings, channel) is not None}
    found = []
    for person in audience(session, wave):
        own = messages and person.wish not in away
        way = way_to(wave.channel, person.wish, person.phone, person.email, may_message=own)
        if way is not None:
            found.append((person.invitation_id, way))
    return found


def approve_wave(session: Session, clock: Clock, wave_id: int, number: int, account_id: int | None) -> ContactWave:
    """Say yes to a wave of at most so many messages; `enkat tick` sends it on its day.

    Raises
    ------
    ConflictFault
        If the list has become longer than the page showed, or the wave has begun.
    """
    with writing(session):
        wave = get_wave(session, wave_id)
        if wave.state not in {WaveState.PLANNED, WaveState.BUILT}:
            raise ConflictFault("Utskicket kan inte bekräftas nu. Läs sidan igen.")
        if wave.state is WaveState.BUILT and sum(wave.listed.values()) > number:
            raise ConflictFault("Listan har ändrats sedan sidan visades. Läs antalen igen och bekräfta.")
        if number <= 0:
            raise Fault("Utskicket når ingen. Det finns inget att bekräfta.")
        wave.approved_for, wave.approved_by, wave.fault = number, account_id, ""
        _log(session, clock, wave, "wave.approved", account_id)
    return wave


def build_now(session: Session, clock: Clock, wave_id: int, account_id: int | None) -> ContactWave:
    """Have the list built now: the first time, or anew after the register was read again."""
    with writing(session):
        wave = get_wave(session, wave_id)
        if wave.state not in {WaveState.PLANNED, WaveState.BUILT}:
            raise ConflictFault("Listan kan inte byggas nu. Läs sidan igen.")
        require_state(get_round(session, wave.round_id), RoundState.OPEN)
        wave.state, wave.fault, wave.listed = WaveState.BUILDING, "", {}
        wave.job_id = enqueue(session, clock, BUILD_JOB, {"wave_id": wave.id}, account_id).id
    return wave


def cancel_wave(
    session: Session, clock: Clock, wave_id: int, account_id: int | None, reason: str = "Inställt."
) -> ContactWave:
    """Call a wave off. What has left the house has left; nothing more goes out.

    Raises
    ------
    ConflictFault
        If the list is being built just now, or the wave has ended.
    """
    with writing(session):
        wave = get_wave(session, wave_id)
        if wave.state not in {WaveState.PLANNED, WaveState.BUILT, WaveState.SENDING}:
            raise ConflictFault("Utskicket kan inte ställas in nu. Läs sidan igen.")
        begun = wave.state is WaveState.SENDING
        wave.state, wave.fault, wave.worker, wave.leased_until = WaveState.CANCELLED, reason, None, None
        _log(session, clock, wave, "wave.cancelled", account_id)
    if not begun:
        forget_list(session, wave_id)
    return wave


def forget_list(session: Session, wave_id: int) -> None:
    """Erase a wave's list, some rows at a time."""
    while True:
        with writing(session):
            some = select(WaveRecipient.identity).where(WaveRecipient.wave_id == wave_id).limit(CHUNK)
            rows = session.scalars(some).all()
            if not rows:
                return
            session.execute(delete(WaveRecipient).where(WaveRecipient.identity.in_(rows)))


def choose_codes(session: Session, clock: Clock, round_id: int, account_id: int | None, *, carried: bool) -> None:
    """Decide whether a round's e-mail and SMS carry codes.

    Raises
    ------
    ConflictFault
        While a wave is being built or sent, or when the round takes no answers any more.
    """
    with writing(session):
        round_ = get_round(session, round_id)
        require_state(round_, RoundState.PLANNED, RoundState.OPEN)
        if any(wave.state in {WaveState.BUILDING, WaveState.SENDING} for wave in waves_of(session, round_id)):
            raise ConflictFault("Ett utskick pågår. Vänta tills det är klart, eller ställ in det.")
        for wave in waves_of(session, round_id):
            if wave.state in LIVING:  # who said yes said it to other words
                wave.approved_for = wave.approved_by = None
        round_.codes_in_messages = carried
        subject, details = f"round:{round_id}", {"codes_in_messages": carried}
        record(session, clock, account_id=account_id, action="round.changed", subject=subject, details=details)
