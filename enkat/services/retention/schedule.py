"""When each round's records are due for erasure, by the rules and what has happened."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.retention import Protocol, ProtocolKind, RecordKind, RetentionEvent, RetentionRule
from enkat.records.rounds import RoundState, SurveyRound
from enkat.services.retention.holds import holds, stops
from enkat.services.retention.rules import rules_of

BY_ROUND = (
    RecordKind.DRAFTS,
    RecordKind.CODES,
    RecordKind.CONTACTS,
    RecordKind.INVITATIONS,
    RecordKind.ANSWERS,
    RecordKind.FREE_TEXTS,
    RecordKind.TALLIES,
    RecordKind.RELEASES,
    RecordKind.PROTOCOLS,
)
"""Erased round by round. The box goes with its destruction, letter files with their own job."""
BY_DAY = (RecordKind.REGISTER, RecordKind.IMPORTS, RecordKind.AUDIT_DETAILS, RecordKind.CONCERNS, RecordKind.DIALOGUES)
"""Erased as each record grows old."""
_ENDED = frozenset({RoundState.CLOSED, RoundState.COUNTED, RoundState.DESTROYED})
_COUNTED = frozenset({RoundState.COUNTED, RoundState.DESTROYED})
_STATES = {RecordKind.DRAFTS: _ENDED, RecordKind.CODES: _ENDED, RecordKind.CONTACTS: _ENDED}


@dataclass(frozen=True)
class Due:
    """Records that a rule lets go of on a day."""

    kind: RecordKind
    rule: RetentionRule
    round: SurveyRound | None
    on: date
    """The day of erasure; for records without a round: those that were recorded `rule.days` before today go."""
    held: bool

    @property
    def round_id(self) -> int | None:
        """The round's id, if it is a round's records."""
        return self.round.id if self.round else None


def _event_days(session: Session) -> dict[tuple[int, ProtocolKind], date]:
    query = (
        select(Protocol.round_id, Protocol.kind, func.max(Protocol.written_on))
        .where(Protocol.round_id.is_not(None), Protocol.kind.in_((ProtocolKind.COUNT, ProtocolKind.DESTRUCTION)))
        .group_by(Protocol.round_id, Protocol.kind)
    )
    return {(round_id or 0, kind): day for round_id, kind, day in session.execute(query)}


def _happened_on(one: SurveyRound, event: RetentionEvent, days: dict[tuple[int, ProtocolKind], date]) -> date | None:
    if event is RetentionEvent.ROUND_CLOSED:
        return one.closes_on if one.state in _ENDED else None
    if event is RetentionEvent.ROUND_COUNTED:
        return days.get((one.id, ProtocolKind.COUNT))
    if event is RetentionEvent.ROUND_DESTROYED:
        return days.get((one.id, ProtocolKind.DESTRUCTION))
    return None


def schedule(session: Session, clock: Clock) -> list[Due]:
    """Return everything that is or will be due as things stand, the earliest first."""
    held = holds(session)
    days = _event_days(session)
    found: list[Due] = []
    for one in session.scalars(select(SurveyRound).order_by(SurveyRound.id)):
        for kind, rule in rules_of(session, one.id).items():
            happened = _happened_on(one, rule.event, days)
            if kind not in BY_ROUND or rule.days is None or happened is None:
                continue
            if one.state in _STATES.get(kind, _COUNTED):
                due_on = happened + timedelta(days=rule.days)
                found.append(Due(kind, rule, one, due_on, stops(held, kind, one.id)))
    for kind, rule in rules_of(session).items():
        if kind in BY_DAY and rule.days is not None and rule.event is RetentionEvent.RECORDED:
            found.append(Due(kind, rule, None, today(clock), stops(held, kind, None)))
    return sorted(found, key=lambda due: due.on)
