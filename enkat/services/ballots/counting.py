"""The count: once, of a closed round, with the holders' key; computed outside the write lock, written in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from enkat.ballots.sealing import DamagedBallot, public_of
from enkat.clock import Clock
from enkat.instruments.instrument import Instrument
from enkat.records.answers import Answer, ClassMargin, CollectionTally, FreeText, KeptClass, Response, Tally
from enkat.records.ballots import box_size
from enkat.records.base import Base
from enkat.records.bulk import PreparedRows, insert_prepared, prepare_rows
from enkat.records.invitations import InvitationStatus, count_by_status, response_cells, sent_by_unit
from enkat.records.paper_queries import waiting_batches
from enkat.records.retention import Protocol, ProtocolKind
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.rounds_queries import snapshots_of, units_of
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.ballots.box_opening import OpenedBox, Progress, open_box
from enkat.services.ballots.code_entry import instrument_of
from enkat.services.ballots.protocol import count_content
from enkat.services.ballots.rounds import find_round
from enkat.services.ballots.tabulating import CountedRows, tabulate
from enkat.services.faults import ConflictFault, Fault
from enkat.services.keys.protocols import write_protocol
from enkat.services.results.pattern_ordering import order_search
from enkat.services.rounds.release_plans import Protection, protection_of

WRITING = "Resultatet skrivs."


class UnreadableBallotsFault(Fault):
    """Some ballots cannot be read; nothing is written until the holders have decided.

    Attributes
    ----------
    number
        How many.
    by_unit
        Sent minus readable, by the unit's name.
    """

    def __init__(self, number: int, by_unit: dict[str, int]) -> None:
        where = ", ".join(f"{name}: {lost}" for name, lost in by_unit.items())
        super().__init__(
            f"{number} valsedlar går inte att läsa ({where}). Inget är räknat. "
            f"Bestäm tillsammans om de andra ska räknas ändå, och ange i så fall antalet {number}."
        )
        self.number = number
        self.by_unit = by_unit


@dataclass(frozen=True)
class _Frame:
    """What the count needs to know of the round, read before the box is opened."""

    short_name: str
    instruments: dict[str, Instrument]
    districts: dict[str, str]
    unit_names: dict[int, str]
    sent: dict[int, int]
    rows: int
    floor: int


def silent(_done: int, _total: int, _sentence: str) -> None:
    """Show no progress."""


def count(
    session: Session,
    clock: Clock,
    round_id: int,
    *,
    private: bytes,
    present: Sequence[str],
    account_id: int | None,
    accept_unreadable: int = 0,
    progress: Progress = silent,
) -> Protocol:
    """Count a closed round and return the protocol. Interrupted at any moment, nothing is changed: start again.

    Parameters
    ----------
    private, present
        The round's private key and the names of the holders who brought it.
    accept_unreadable
        The number of unreadable ballots that the holders present have decided to leave out.

    Raises
    ------
    ConflictFault
        The round is not closed, or paper is still waiting to be keyed.
    UnreadableBallotsFault
        Ballots are damaged and the holders have not accepted just that number.
    Fault
        The box does not hold what was sent.
    """
    frame = _prepare(session, round_id, private)
    box = open_box(
        session,
        round_id,
        private,
        total=frame.rows,
        instruments=frame.instruments,
        districts=frame.districts,
        progress=progress,
    )
    _compare(frame, box, accept_unreadable)
    progress(frame.rows, frame.rows, f"Svaren slås ihop i grupper om minst {frame.floor}.")
    rows = tabulate(round_id, box.ballots, frame.instruments, floor=frame.floor)
    prepared = [*_prepared(rows), prepare_rows(Response, response_cells(session, round_id))]
    progress(frame.rows, frame.rows, WRITING)
    with writing(session):
        survey_round = _lock(session, round_id)
        if box_size(session, round_id) != box.rows or sent_by_unit(session, round_id) != frame.sent:
            raise ConflictFault("Urnan ändrades medan den räknades. Inget är sparat. Räkna igen.")
        for table in prepared:
            insert_prepared(session, table)
        survey_round.state = RoundState.COUNTED
        content = count_content(survey_round, present, sent=frame.sent, unit_names=frame.unit_names, box=box, rows=rows)
        return _put_on_record(session, clock, round_id, content, account_id)


def _put_on_record(
    session: Session, clock: Clock, round_id: int, content: dict[str, Any], account_id: int | None
) -> Protocol:
    if protection_of(find_round(session, round_id).release_plan) is Protection.MILP:
        order_search(session, clock, round_id, account_id)
    protocol = write_protocol(session, clock, round_id, ProtocolKind.COUNT, content)
    details = {"protocol": protocol.id, "sha256": protocol.sha256, "present": content["present"]}
    record(session, clock, account_id=account_id, action="round.counted", subject=f"round:{round_id}", details=details)
    return protocol


def require_ready(session: Session, survey_round: SurveyRound) -> None:
    """Refuse with the next step unless a round can be counted now."""
    if survey_round.state in {RoundState.COUNTED, RoundState.DESTROYED}:
        raise ConflictFault("Omgången är redan räknad. Läs protokollet.")
    if survey_round.state is not RoundState.CLOSED:
        raise ConflictFault("Omgången är inte stängd. Stäng den först, sedan kan den räknas.")
    waiting = count_by_status(session, survey_round.id).get(InvitationStatus.PAPER_RECEIVED, 0)
    if waiting:
        raise ConflictFault(f"{waiting} pappersenkäter väntar på inskrivning. Skriv in dem först.")
    batches = waiting_batches(session, survey_round.id)
    if batches:
        raise ConflictFault(f"{batches} buntar pappersenkäter är inte godkända. Gör klart dem först.")


def _lock(session: Session, round_id: int) -> SurveyRound:
    survey_round = find_round(session, round_id)
    session.refresh(survey_round, with_for_update=True)
    require_ready(session, survey_round)
    return survey_round


def _prepare(session: Session, round_id: int, private: bytes) -> _Frame:
    survey_round = find_round(session, round_id)
    require_ready(session, survey_round)
    try:
        fits = public_of(private) == survey_round.public_key
    except DamagedBallot:
        fits = False
    if not fits:
        raise Fault("Nyckeln hör inte till omgången. Ta fram delarna för den här omgången.")
    snapshots = snapshots_of(session, round_id).values()
    units = units_of(session, round_id)
    frame = _Frame(
        survey_round.short_name,
        {snapshot.sha256: instrument_of(session, snapshot.sha256) for snapshot in snapshots},
        {str(unit.unit_id): str(unit.district_id) for unit in units},
        {unit.unit_id: unit.name for unit in units},
        sent_by_unit(session, round_id),
        box_size(session, round_id),
        survey_round.kind.rules.kept,
    )
    if frame.rows != sum(frame.sent.values()):
        raise Fault(
            f"Urnan har {frame.rows} valsedlar men {sum(frame.sent.values())} svar är skickade. Räkna inte. "
            "Återställ den senaste säkerhetskopian, eller be leverantören om hjälp."
        )
    return frame


def _compare(frame: _Frame, box: OpenedBox, accept_unreadable: int) -> None:
    """Refuse a box whose ballots do not match what was sent, unit by unit."""
    opened = box.opened_by_unit()
    lost = {unit_id: sent - opened[unit_id] for unit_id, sent in frame.sent.items() if sent != opened[unit_id]}
    surplus = [unit_id for unit_id in opened if opened[unit_id] > frame.sent.get(unit_id, 0)]
    if surplus or sum(lost.values()) != box.unreadable:
        names = ", ".join(sorted(frame.unit_names[unit_id] for unit_id in surplus))
        raise Fault(f"Valsedlarna stämmer inte med de skickade svaren ({names}). Inget är räknat.")
    if box.unreadable != accept_unreadable:
        by_name = sorted((frame.unit_names[unit_id], number) for unit_id, number in lost.items())
        raise UnreadableBallotsFault(box.unreadable, dict(by_name))


def _prepared(rows: CountedRows) -> list[PreparedRows]:
    tables: tuple[tuple[type[Base], Sequence[dict[str, Any]]], ...] = (
        (KeptClass, rows.classes),
        (ClassMargin, rows.margins),
        (Answer, rows.answers),
        (Tally, rows.tallies),
        (CollectionTally, rows.collection),
        (FreeText, rows.texts),
    )
    return [prepare_rows(model, found) for model, found in tables]
