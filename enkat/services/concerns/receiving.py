"""Concerns before those who answer for lex Sarah: read, and received by name."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from enkat.clock import Clock, today
from enkat.records.accounts import Account
from enkat.records.concerns import Concern, ConcernSource
from enkat.records.rounds import RoundUnit, SurveyRound
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import ConflictFault, NotFoundFault


@dataclass(frozen=True, slots=True)
class ConcernView:
    """A concern as its handler reads it."""

    id: int
    round_title: str
    unit_name: str
    district_name: str
    provider_name: str
    source: ConcernSource
    description: str
    registered_on: date
    registered_by: str
    received_on: date | None
    received_by: str | None


def concerns(session: Session) -> list[ConcernView]:
    """Return every concern: what waits first, then the newest."""
    reporter, receiver = aliased(Account), aliased(Account)
    query = (
        select(
            Concern.id,
            SurveyRound.title,
            RoundUnit.name,
            RoundUnit.district_name,
            RoundUnit.provider_name,
            Concern.source,
            Concern.description,
            Concern.registered_on,
            reporter.name,
            Concern.received_on,
            receiver.name,
        )
        .join(SurveyRound, SurveyRound.id == Concern.round_id)
        .join(RoundUnit, (RoundUnit.round_id == Concern.round_id) & (RoundUnit.unit_id == Concern.unit_id))
        .join(reporter, reporter.id == Concern.registered_by_id)
        .outerjoin(receiver, receiver.id == Concern.received_by_id)
        .order_by(Concern.received_on.is_not(None), Concern.id.desc())
    )
    return [ConcernView(*row) for row in session.execute(query)]


def waiting_concerns(session: Session) -> int:
    """Return how many concerns nobody has received."""
    return session.scalar(select(func.count()).select_from(Concern).where(Concern.received_on.is_(None))) or 0


def receive_concern(session: Session, clock: Clock, concern_id: int, *, account_id: int) -> None:
    """Note who has received a concern; what follows is the city's lex Sarah routine, outside the platform."""
    with writing(session):
        concern = session.get(Concern, concern_id, with_for_update=True)
        if concern is None:
            raise NotFoundFault("Anteckningen finns inte.")
        if concern.received_on is not None:
            raise ConflictFault("Någon har redan tagit emot oron.")
        concern.received_on, concern.received_by_id = today(clock), account_id
        subject = f"unit:{concern.unit_id}"
        details = {"concern": concern_id}
        record(session, clock, account_id=account_id, action="concern.received", subject=subject, details=details)
