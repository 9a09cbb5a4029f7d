"""Holds: while somebody waits for a release of records, nothing of the kind is erased."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.retention import RecordKind, RetentionHold
from enkat.records.rounds import SurveyRound
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import Fault, NotFoundFault


def holds(session: Session, *, lifted: bool = False) -> Sequence[RetentionHold]:
    """Return the holds in force, or with `lifted` every hold there ever was, the newest first."""
    query = select(RetentionHold).order_by(RetentionHold.placed_at.desc(), RetentionHold.id.desc())
    return session.scalars(query if lifted else query.where(RetentionHold.lifted_at.is_(None))).all()


def place_hold(
    session: Session,
    clock: Clock,
    *,
    reason: str,
    account_id: int | None,
    round_id: int | None = None,
    kind: RecordKind | None = None,
) -> RetentionHold:
    """Stop erasure of a kind of record (or of all), of a round (or of all), for a reason."""
    reason = reason.strip()
    if not reason:
        raise Fault("Skriv varför gallringen ska stoppas, till exempel begärans diarienummer.", "reason")
    if round_id is not None and session.get(SurveyRound, round_id) is None:
        raise NotFoundFault("Omgången finns inte.")
    with writing(session):
        hold = RetentionHold(round_id=round_id, record_kind=kind, reason=reason, placed_at=clock())
        session.add(hold)
        session.flush()
        record(
            session,
            clock,
            account_id=account_id,
            action="retention.hold_placed",
            subject=f"retention_hold:{hold.id}",
            details={"round": round_id, "kind": kind.value if kind else None, "reason": reason},
        )
    return hold


def lift_hold(session: Session, clock: Clock, hold_id: int, *, account_id: int | None) -> None:
    """Let erasure go on."""
    with writing(session):
        hold = session.get(RetentionHold, hold_id)
        if hold is None or hold.lifted_at is not None:
            raise NotFoundFault("Stoppet gäller inte längre.")
        hold.lifted_at = clock()
        record(
            session,
            clock,
            account_id=account_id,
            action="retention.hold_lifted",
            subject=f"retention_hold:{hold.id}",
        )


def stops(held: Sequence[RetentionHold], kind: RecordKind, round_id: int | None) -> bool:
    """Whether a hold stops erasure of a kind of record of a round (None: of no round in particular)."""
    return any(
        (hold.record_kind is None or hold.record_kind is kind)
        and (hold.round_id is None or round_id is None or hold.round_id == round_id)
        for hold in held
    )
