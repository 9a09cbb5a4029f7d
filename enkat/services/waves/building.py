"""The job that builds a wave's list: checks the register, freezes who is written to and how, and says what it found."""

from typing import Any

from sqlalchemy.orm import Session

from enkat.clock import today
from enkat.records.base import random_id
from enkat.records.bulk import insert_prepared, prepare_rows
from enkat.records.clients import ContactChannel
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.waves import ContactWave, RecipientState, WaveRecipient, WaveState
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.jobs.context import JobContext
from enkat.services.waves.planning import forget_list, ways
from enkat.services.waves.register_check import check_register, stale_register

CHUNK = 1000
"""Rows in one write, well under 200 ms."""
LONGER = "Listan blev längre än den som bekräftades: {now} mot {then}. Läs antalen och bekräfta igen."
CLOSED = "Omgången tar inte emot svar längre."


def _row(wave_id: int, invitation_id: bytes, channel: ContactChannel) -> dict[str, Any]:
    return {
        "identity": random_id(),
        "wave_id": wave_id,
        "invitation_id": invitation_id,
        "channel": channel,
        "state": RecipientState.WAITING,
        "attempts": 0,
        "repeats": 0,
        "next_attempt_at": None,
        "lookup": None,
        "receipt": "",
        "fault": "",
    }


def build_wave(context: JobContext) -> dict[str, Any]:
    """Build the list of a wave; begun again after a crash, it builds a new one from the start."""
    session, wave_id = context.session, int(context.arguments["wave_id"])
    wave = session.get_one(ContactWave, wave_id)
    if wave.state is not WaveState.BUILDING:
        return {"wave_id": wave_id}
    round_id = wave.round_id
    if session.get_one(SurveyRound, round_id).state is not RoundState.OPEN:
        with writing(session):
            session.get_one(ContactWave, wave_id).state = WaveState.CANCELLED
            session.get_one(ContactWave, wave_id).fault = CLOSED
        return {"wave_id": wave_id}
    forget_list(session, wave_id)
    context.progress(0, 1, "Listan jämförs med registret.")
    checked = check_register(session, context.clock, round_id)
    people = ways(session, context.settings, session.get_one(ContactWave, wave_id))
    _write_list(context, wave_id, people)
    listed = {channel.value: sum(way is channel for _, way in people) for channel in ContactChannel}
    with writing(session):
        wave = session.get_one(ContactWave, wave_id)
        wave.state, wave.built_on, wave.checked = WaveState.BUILT, today(context.clock), checked
        wave.listed = {name: number for name, number in listed.items() if number}
        _hold_if_needed(session, context, wave, len(people))
    return {"wave_id": wave_id, "people": len(people)}


def _write_list(context: JobContext, wave_id: int, people: list[tuple[bytes, ContactChannel]]) -> None:
    for start in range(0, len(people), CHUNK):
        rows = prepare_rows(WaveRecipient, [_row(wave_id, *one) for one in people[start : start + CHUNK]])
        with writing(context.session):
            insert_prepared(context.session, rows)
        done = min(start + CHUNK, len(people))
        context.progress(done, len(people), f"{done} av {len(people)} står på listan.")


def _hold_if_needed(session: Session, context: JobContext, wave: ContactWave, number: int) -> None:
    """Take back a yes that was given to another list, or before a register that is too old."""
    if number == 0:
        wave.state, wave.fault = WaveState.DONE, "Ingen behövde något utskick."
    fault = stale_register(wave.checked, today(context.clock))
    if fault is None and wave.approved_for is not None and number > wave.approved_for:
        fault = LONGER.format(now=number, then=wave.approved_for)
    if fault is not None and number:
        wave.approved_for, wave.approved_by, wave.fault = None, None, fault
    record(
        session,
        context.clock,
        account_id=context.account_id,
        action="wave.built",
        subject=f"wave:{wave.id}",
        details={"round": wave.round_id, "listed": wave.listed, "held": fault},
    )
