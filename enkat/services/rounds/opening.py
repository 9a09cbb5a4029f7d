"""Opening a round: the frame becomes invitations, instruments become snapshots, the promise is frozen."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.instruments.catalogue import Catalogue
from enkat.instruments.instrument import Instrument
from enkat.instruments.snapshot import snapshot, snapshot_hash
from enkat.instruments.vocabulary import ServiceType
from enkat.records.base import random_id
from enkat.records.invitations import Invitation, InvitationStatus
from enkat.records.retention import Protocol, ProtocolKind
from enkat.records.rounds import Design, FrameCount, InstrumentSnapshot, RoundState, RoundUnit, SurveyRound
from enkat.records.rounds_queries import count_invitations, drop_invitations
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import ConflictFault, Fault
from enkat.services.rounds.composing import compose_all
from enkat.services.rounds.finding import RoundFaults, get_round, require_state
from enkat.services.rounds.framing import FramePreview, build_frame
from enkat.services.rounds.particulars import missing_particulars
from enkat.services.rounds.planning import plan_of
from enkat.services.rounds.promise import promise_of
from enkat.settings import MINIMUM_PRODUCTION_LOG2_N, Environment, Secrets, Settings

BATCH = 2000
"""Invitations per write: far below 200 ms."""


def secret_name(round_id: int) -> str:
    """Return the name of the secret that salts the round's codes."""
    return f"round_{round_id}"


def _check_cost(settings: Settings) -> None:
    if settings.environment is Environment.PRODUCTION and settings.scrypt_log2_n < MINIMUM_PRODUCTION_LOG2_N:
        raise Fault(f"Inställningen ENKAT_SCRYPT_LOG2_N är för låg. Den ska vara minst {MINIMUM_PRODUCTION_LOG2_N}.")


def _checked_frame(session: Session, clock: Clock, round_: SurveyRound, catalogue: Catalogue) -> FramePreview:
    """Return the frame of a round that lacks nothing."""
    frame = build_frame(session, round_.id)
    lacks = missing_particulars(session, round_.id, catalogue, frame)
    if round_.closes_on < today(clock):
        lacks.append(f"Omgången skulle ha stängt {round_.closes_on}. Välj ett nytt slutdatum.")
    if lacks:
        raise RoundFaults("Omgången kan inte öppnas än.", lacks)
    return frame


def _write_snapshots(session: Session, round_: SurveyRound, instruments: Mapping[ServiceType, Instrument]) -> None:
    for row in round_.instruments:
        text = snapshot(instruments[row.service])
        digest = snapshot_hash(text)
        if session.get(InstrumentSnapshot, digest) is None:
            session.add(InstrumentSnapshot(sha256=digest, instrument_id=row.instrument_id, content=text))
            session.flush()
        row.snapshot_sha256 = digest
    session.flush()


def _write_frame(session: Session, round_: SurveyRound, frame: FramePreview) -> None:
    units = [
        {
            "round_id": round_.id,
            "unit_id": unit.unit_id,
            "name": period.name,
            "provider_id": period.provider_id,
            "provider_name": period.provider.name,
            "district_id": period.district_id,
            "district_name": period.district.name,
            "operating_form": period.operating_form,
        }
        for unit in frame.units
        for period in [frame.periods[unit.unit_id]]
    ]
    session.execute(insert(RoundUnit), units)
    counts = [
        {"round_id": round_.id, "unit_id": unit, "service": service, "sex": sex, "age_group": age, "n": n}
        for (unit, service, sex, age), n in frame.cells.items()
    ]
    if counts:
        session.execute(insert(FrameCount), counts)


def _invitations(round_: SurveyRound, frame: FramePreview) -> list[dict[str, Any]]:
    """Return the rows of invitations in the order of their random ids, which tells nothing of the frame's."""
    digests = {row.service: row.snapshot_sha256 for row in round_.instruments}
    rows: list[dict[str, Any]] = [
        {
            "id": random_id(),
            "round_id": round_.id,
            "client_id": member.client_id,
            "unit_id": member.unit_id,
            "service": member.service,
            "sex": member.sex,
            "age_group": member.age_group,
            "snapshot_sha256": digests[member.service],
            "status": InvitationStatus.OPEN,
            "protected": member.protected,
        }
        for member in frame.asked
    ]
    return sorted(rows, key=lambda row: bytes(row["id"]))


def _prepare(
    session: Session, round_: SurveyRound, instruments: Mapping[ServiceType, Instrument], frame: FramePreview
) -> None:
    """Write snapshots and invitations of a round that is still planned."""
    while True:
        with writing(session):
            require_state(round_, RoundState.PLANNED)
            if not drop_invitations(session, round_.id, BATCH):
                break
    with writing(session):
        _write_snapshots(session, round_, instruments)
    rows = _invitations(round_, frame)
    for start in range(0, len(rows), BATCH):
        with writing(session):
            require_state(round_, RoundState.PLANNED)
            session.execute(insert(Invitation), rows[start : start + BATCH])


def _protocol(round_: SurveyRound, frame: FramePreview, clock: Clock, account_id: int | None) -> Protocol:
    content: dict[str, Any] = {
        "round": round_.short_name,
        "reference_date": round_.reference_date.isoformat(),
        "frame": len(frame.members),
        "asked": len(frame.asked),
        "frame_hash": frame.frame_hash,
        "sample_seed": round_.sample_seed,
        "instruments": {row.service.value: row.snapshot_sha256 for row in round_.instruments},
        "scrypt_log2_n": round_.scrypt_log2_n,
        "account_id": account_id,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Protocol(
        round_id=round_.id, kind=ProtocolKind.OPENING, written_on=today(clock), content=content, sha256=digest
    )


def open_round(  # noqa: PLR0917  # opening needs the whole surroundings
    session: Session,
    clock: Clock,
    settings: Settings,
    secrets: Secrets,
    round_id: int,
    account_id: int | None,
    catalogue: Catalogue,
) -> SurveyRound:
    """Open a planned round.

    Invitations are written beforehand in short batches, so that nobody has to wait; a round that is not opened after
    all, or a crash, leaves some without codes, which the next opening removes. The round opens in one transaction.

    Raises
    ------
    RoundFaults
        With a sentence for everything that is missing.
    ConflictFault
        If the round is not planned, or its plan changed meanwhile.
    """
    round_ = get_round(session, round_id)
    require_state(round_, RoundState.PLANNED)
    _check_cost(settings)
    plan = plan_of(session, round_)
    frame = _checked_frame(session, clock, round_, catalogue)
    instruments, _ = compose_all(catalogue, round_)
    secrets.create(secret_name(round_id))
    _prepare(session, round_, instruments, frame)
    with writing(session):
        round_ = get_round(session, round_id)
        session.refresh(round_, with_for_update=True)
        require_state(round_, RoundState.PLANNED)
        if plan_of(session, round_) != plan or count_invitations(session, round_id) != len(frame.asked):
            raise ConflictFault("Planen ändrades medan omgången öppnades. Läs igenom den och öppna igen.")
        _write_frame(session, round_, frame)
        round_.state = RoundState.OPEN
        round_.frame_hash = frame.frame_hash
        round_.sample_seed = frame.seed if round_.design is Design.SAMPLE else None
        round_.scrypt_log2_n = settings.scrypt_log2_n
        round_.promise = promise_of(round_)
        protocol = _protocol(round_, frame, clock, account_id)
        session.add(protocol)
        record(
            session,
            clock,
            account_id=account_id,
            action="round.opened",
            subject=f"round:{round_id}",
            details=protocol.content,
        )
    return round_
