"""Erasing what is due, in small steps, with a protocol of each erasure that says by which decision."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, null, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from enkat.clock import Clock, start_of, today
from enkat.records.answers import Answer, ClassMargin, CollectionTally, FreeText, KeptClass, Response, Tally
from enkat.records.audit import AuditEntry
from enkat.records.ballots import Draft, Receipt
from enkat.records.base import Base
from enkat.records.calls import Booking
from enkat.records.clients import Client, ClientService
from enkat.records.concerns import Concern
from enkat.records.dialogues import Dialogue, delete_dialogues
from enkat.records.imports import ImportBatch, ImportRow
from enkat.records.invitations import Invitation, InvitationCode, InvitationCorrection
from enkat.records.paper import PaperSheet
from enkat.records.releases import Release, ReleasePattern
from enkat.records.retention import Protocol, ProtocolKind, RecordKind
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.waves import ContactWave, WaveRecipient
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.keys.protocols import write_protocol
from enkat.services.retention.schedule import Due, schedule
from enkat.settings import Settings

STEP = 500
"""Rows erased in one transaction, so that nobody waits long."""
MARKER = "last-erasure"
"""A file in the data folder with the day of the last run."""

Step = Callable[[Session, Due, date], int]


def _count(result: Any) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0


def _delete(session: Session, model: type[Base], *where: ColumnElement[bool]) -> int:
    statement = delete(model).where(*where).execution_options(synchronize_session=False)
    return _count(session.execute(statement))


def _some(ids: Select[Any], session: Session) -> list[Any]:
    return list(session.scalars(ids.limit(STEP)))


def _drafts(session: Session, due: Due, _cutoff: date) -> int:
    erased = 0
    for model in (Draft, Receipt):
        ids = _some(select(model.id).where(model.round_id == due.round_id), session)
        erased += _delete(session, model, model.id.in_(ids))
    return erased


def _codes(session: Session, due: Due, _cutoff: date) -> int:
    invitations = select(Invitation.id).where(Invitation.round_id == due.round_id)
    waiting = select(PaperSheet.lookup)  # a sheet that has come is keyed by its code
    codes = InvitationCode.invitation_id.in_(invitations) & InvitationCode.lookup.not_in(waiting)
    found = _some(select(InvitationCode.lookup).where(codes), session)
    return _delete(session, InvitationCode, InvitationCode.lookup.in_(found))


def _contacts(session: Session, due: Due, _cutoff: date) -> int:
    """Erase the lists of a round's waves, then how to reach its people, unless a round that is open asks them too."""
    waves = select(ContactWave.id).where(ContactWave.round_id == due.round_id)
    rows = _some(select(WaveRecipient.identity).where(WaveRecipient.wave_id.in_(waves)), session)
    if rows:
        return _delete(session, WaveRecipient, WaveRecipient.identity.in_(rows))
    asked = select(Invitation.client_id).where(Invitation.client_id.is_not(None))
    now = select(SurveyRound.id).where(SurveyRound.state == RoundState.OPEN)
    reachable = or_(Client.phone.is_not(None), Client.email.is_not(None))
    here = Client.id.in_(asked.where(Invitation.round_id == due.round_id))
    elsewhere = Client.id.in_(asked.where(Invitation.round_id.in_(now)))
    people = _some(select(Client.id).where(reachable, here, ~elsewhere), session)
    cleared = update(Client).where(Client.id.in_(people)).values(phone=None, email=None)
    return _count(session.execute(cleared.execution_options(synchronize_session=False)))


def _invitations(session: Session, due: Due, _cutoff: date) -> int:
    ids = _some(select(Invitation.id).where(Invitation.round_id == due.round_id), session)
    _delete(session, WaveRecipient, WaveRecipient.invitation_id.in_(ids))
    _delete(session, InvitationCode, InvitationCode.invitation_id.in_(ids))
    _delete(session, InvitationCorrection, InvitationCorrection.invitation_id.in_(ids))
    _delete(session, Booking, Booking.invitation_id.in_(ids))
    return _delete(session, Invitation, Invitation.id.in_(ids))


def _answers(session: Session, due: Due, _cutoff: date) -> int:
    classes = select(KeptClass.id).where(KeptClass.round_id == due.round_id)
    ids = _some(select(Answer.id).where(Answer.kept_class_id.in_(classes)), session)
    return _delete(session, Answer, Answer.id.in_(ids))


def _free_texts(session: Session, due: Due, _cutoff: date) -> int:
    ids = _some(select(FreeText.id).where(FreeText.round_id == due.round_id), session)
    return _delete(session, FreeText, FreeText.id.in_(ids))


def _tallies(session: Session, due: Due, cutoff: date) -> int:
    erased = _answers(session, due, cutoff)
    if erased:
        return erased
    ids = _some(select(KeptClass.id).where(KeptClass.round_id == due.round_id), session)
    erased = _delete(session, Tally, Tally.kept_class_id.in_(ids))
    erased += _delete(session, ClassMargin, ClassMargin.kept_class_id.in_(ids))
    erased += _delete(session, KeptClass, KeptClass.id.in_(ids))
    rest = _some(select(CollectionTally.id).where(CollectionTally.round_id == due.round_id), session)
    erased += _delete(session, CollectionTally, CollectionTally.id.in_(rest))
    # As long as there are figures they are shown by one pattern only.
    _delete(session, ReleasePattern, ReleasePattern.round_id == due.round_id)
    return erased + _delete(session, Response, Response.round_id == due.round_id)


def _releases(session: Session, due: Due, _cutoff: date) -> int:
    return _delete(session, Release, Release.round_id == due.round_id)


def _protocols(session: Session, due: Due, _cutoff: date) -> int:
    kept = Protocol.kind != ProtocolKind.ERASURE
    return _delete(session, Protocol, Protocol.round_id == due.round_id, kept)


def _register(session: Session, _due: Due, cutoff: date) -> int:
    living = select(SurveyRound.id).where(SurveyRound.state.in_((RoundState.OPEN, RoundState.CLOSED)))
    asked = select(Invitation.client_id).where(Invitation.round_id.in_(living), Invitation.client_id.is_not(None))
    ids = _some(select(Client.id).where(Client.left_on < cutoff, Client.id.not_in(asked)), session)
    session.execute(
        update(Invitation)
        .where(Invitation.client_id.in_(ids))
        .values(client_id=None)
        .execution_options(synchronize_session=False)
    )
    _delete(session, ClientService, ClientService.client_id.in_(ids))
    return _delete(session, Client, Client.id.in_(ids))


def _imports(session: Session, _due: Due, cutoff: date) -> int:
    moment = start_of(cutoff)
    old = or_(ImportBatch.decided_at < moment, (ImportBatch.decided_at.is_(None)) & (ImportBatch.staged_at < moment))
    rows = _some(select(ImportRow.id).where(ImportRow.batch_id.in_(select(ImportBatch.id).where(old))), session)
    if rows:
        return _delete(session, ImportRow, ImportRow.id.in_(rows))
    return _delete(session, ImportBatch, ImportBatch.id.in_(_some(select(ImportBatch.id).where(old), session)))


def _audit_details(session: Session, _due: Due, cutoff: date) -> int:
    old = AuditEntry.details.is_not(None) & (AuditEntry.happened_at < start_of(cutoff))
    ids = _some(select(AuditEntry.sequence).where(old), session)
    changed = (
        update(AuditEntry)
        .where(AuditEntry.sequence.in_(ids))
        .values(details=null())
        .execution_options(synchronize_session=False)
    )
    return _count(session.execute(changed))


def _concerns(session: Session, _due: Due, cutoff: date) -> int:
    ids = _some(select(Concern.id).where(Concern.registered_on < cutoff), session)
    return _delete(session, Concern, Concern.id.in_(ids))


def _dialogues(session: Session, _due: Due, cutoff: date) -> int:
    return delete_dialogues(session, _some(select(Dialogue.id).where(Dialogue.held_on < cutoff), session))


STEPS: dict[RecordKind, Step] = {
    RecordKind.DRAFTS: _drafts,
    RecordKind.CODES: _codes,
    RecordKind.CONTACTS: _contacts,
    RecordKind.INVITATIONS: _invitations,
    RecordKind.ANSWERS: _answers,
    RecordKind.FREE_TEXTS: _free_texts,
    RecordKind.TALLIES: _tallies,
    RecordKind.RELEASES: _releases,
    RecordKind.PROTOCOLS: _protocols,
    RecordKind.REGISTER: _register,
    RecordKind.IMPORTS: _imports,
    RecordKind.AUDIT_DETAILS: _audit_details,
    RecordKind.CONCERNS: _concerns,
    RecordKind.DIALOGUES: _dialogues,
}


def _erase(session: Session, clock: Clock, due: Due) -> int:
    """Erase everything of one kind that is due, then write the protocol; broken off, the next run goes on."""
    step = STEPS[due.kind]
    cutoff = today(clock) - timedelta(days=due.rule.days or 0)
    kind, round_ = due.kind, due.round
    decision, days, event = due.rule.decision, due.rule.days, due.rule.event
    total = 0
    while True:
        with writing(session):
            erased = step(session, due, cutoff)
            total += erased
            if erased:
                continue
            if total:
                content = {
                    "records": kind.value,
                    "round": round_.short_name if round_ else None,
                    "rows": total,
                    "rule": {"event": event.value, "days": days, "decision": decision},
                }
                protocol = write_protocol(session, clock, due.round_id, ProtocolKind.ERASURE, content)
                subject = f"protocol:{protocol.id}"
                record(session, clock, account_id=None, action="retention.erased", subject=subject, details=content)
        return total


def erase_due(session: Session, clock: Clock) -> dict[RecordKind, int]:
    """Erase what is due and not held; return how many rows of each kind went. Called by `enkat tick`."""
    erased: dict[RecordKind, int] = {}
    for due in schedule(session, clock):
        if due.on <= today(clock) and not due.held:
            number = _erase(session, clock, due)
            if number:
                erased[due.kind] = erased.get(due.kind, 0) + number
    return erased


def last_erasure(settings: Settings) -> date | None:
    """Return the day on which everything due was last erased; None if that never happened here."""
    marker = settings.data_dir / MARKER
    try:
        return date.fromisoformat(marker.read_text(encoding="ascii").strip())
    except (FileNotFoundError, ValueError):
        return None


def erase_daily(session: Session, clock: Clock, settings: Settings) -> int:
    """Erase what is due, once a day, and return how many rows went; a run that fails is tried again."""
    day = today(clock)
    if last_erasure(settings) == day:
        return 0
    erased = erase_due(session, clock)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    (settings.data_dir / MARKER).write_text(day.isoformat(), encoding="ascii")
    return sum(erased.values())
