"""Destroying the ballot box once the counted answers are safe in a backup that was restored and verified."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.answers import Answer
from enkat.records.ballots import delete_box
from enkat.records.retention import BackupRecord, Protocol, ProtocolKind
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.ballots.rounds import find_round
from enkat.services.ballots.wiping import wipe
from enkat.services.faults import ConflictFault, Fault
from enkat.services.keys.destroying import key_remains
from enkat.services.keys.protocols import write_protocol
from enkat.settings import Secrets

_BATCH = 500


def verified_backup(session: Session) -> BackupRecord | None:
    """Return the newest backup that was restored and verified and holds every counted answer there is now."""
    answers = session.scalar(select(func.count()).select_from(Answer)) or 0
    backups = session.scalars(
        select(BackupRecord)
        .where(BackupRecord.verified, BackupRecord.restored_at.is_not(None))
        .order_by(BackupRecord.made_at.desc())
    )
    return next((backup for backup in backups if backup.row_counts.get(Answer.__tablename__, -1) >= answers), None)


def destroy_box(session: Session, clock: Clock, secrets: Secrets, round_id: int, *, account_id: int | None) -> Protocol:
    """Delete the sealed ballots and the secret of the codes, wipe, and return the protocol.

    Interrupted, it is started again and goes on where it stopped.

    Raises
    ------
    ConflictFault
        The round is not counted, or its box is destroyed already.
    Fault
        No verified backup holds the counted answers.
    """
    _require_counted(find_round(session, round_id))
    backup = verified_backup(session)
    if backup is None:
        raise Fault(
            "Urnan kan inte förstöras än. Gör en säkerhetskopia, återställ den på prov (enkat backup, enkat restore) "
            "och försök igen."
        )
    content: dict[str, Any] = {"backup": backup.file_name, "backup_sha256": backup.sha256}
    content["ballots_deleted"] = _empty_box(session, round_id)
    secrets.remove(f"round_{round_id}")
    wiped = wipe(session)
    content |= {
        "code_secret_removed": not secrets.exists(f"round_{round_id}"),
        "wiped": wiped.wiped,
        "wipe": wiped.sentence,
        "box_destroyed": True,
    }
    with writing(session):
        return _put_on_record(session, clock, round_id, content, account_id)


def _empty_box(session: Session, round_id: int) -> int:
    """Delete the ballots in short transactions and return how many there were."""
    deleted = 0
    while True:
        with writing(session):
            _require_counted(find_round(session, round_id))
            now = delete_box(session, round_id, _BATCH)
        deleted += now
        if now < _BATCH:
            return deleted


def _put_on_record(
    session: Session, clock: Clock, round_id: int, content: dict[str, Any], account_id: int | None
) -> Protocol:
    survey_round = find_round(session, round_id)
    _require_counted(survey_round)
    survey_round.state = RoundState.DESTROYED
    session.flush()
    content |= {
        "round": survey_round.short_name,
        "title": survey_round.title,
        "key_destroyed": key_remains(session, round_id).destroyed,
    }
    protocol = write_protocol(session, clock, round_id, ProtocolKind.DESTRUCTION, content)
    details = {"protocol": protocol.id, "sha256": protocol.sha256}
    record(
        session,
        clock,
        account_id=account_id,
        action="round.box_destroyed",
        subject=f"round:{round_id}",
        details=details,
    )
    return protocol


def _require_counted(survey_round: SurveyRound) -> None:
    if survey_round.state is RoundState.DESTROYED:
        raise ConflictFault("Urnan är redan förstörd. Läs protokollet.")
    if survey_round.state is not RoundState.COUNTED:
        raise ConflictFault("Omgången är inte räknad. Urnan behövs tills rösterna är räknade.")
