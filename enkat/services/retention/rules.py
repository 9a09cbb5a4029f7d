"""Rules of retention: one per kind of record for the whole city, or for one round."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.retention import RecordKind, RetentionEvent, RetentionRule
from enkat.records.rounds import SurveyRound
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import Fault, NotFoundFault

LONGEST_DAYS = 36_500


@dataclass(frozen=True)
class KindText:
    """A kind of record in plain Swedish, with the events a rule may count from."""

    name: str
    holds: str
    events: tuple[RetentionEvent, ...]


_ROUND_EVENTS = (RetentionEvent.ROUND_CLOSED, RetentionEvent.ROUND_COUNTED, RetentionEvent.ROUND_DESTROYED)
_AFTER_COUNT = (RetentionEvent.ROUND_COUNTED, RetentionEvent.ROUND_DESTROYED)
_RECORDED = (RetentionEvent.RECORDED,)

KINDS: dict[RecordKind, KindText] = {
    RecordKind.DRAFTS: KindText("Utkast", "Påbörjade svar, låsta med brevets kod", (RetentionEvent.ROUND_CLOSED,)),
    RecordKind.INVITATIONS: KindText("Inbjudningar", "Vilka som fick brev och om ett svar har kommit", _AFTER_COUNT),
    RecordKind.CODES: KindText("Koder", "Avtryck av brevens koder", _ROUND_EVENTS),
    RecordKind.LETTER_FILES: KindText("Brevfiler", "Filer till tryckeriet", _RECORDED),
    RecordKind.SEALED_BALLOTS: KindText("Urnan", "Låsta svar före räkningen", (RetentionEvent.ROUND_DESTROYED,)),
    RecordKind.ANSWERS: KindText("Räknade svar", "En rad per svar, utan person", _AFTER_COUNT),
    RecordKind.FREE_TEXTS: KindText("Fritext", "Vad människor skrev med egna ord", _AFTER_COUNT),
    RecordKind.TALLIES: KindText("Räknade tal", "Hur många som valde varje svar", _AFTER_COUNT),
    RecordKind.RELEASES: KindText("Utlämnade tabeller", "Vad som har lämnats ut och vad som doldes", _AFTER_COUNT),
    RecordKind.PROTOCOLS: KindText("Protokoll", "Vad som gjordes med omgången", _AFTER_COUNT),
    RecordKind.REGISTER: KindText("Register", "Brukare som har lämnat registret", _RECORDED),
    RecordKind.IMPORTS: KindText("Inläsningar", "Inlästa filer, rad för rad", _RECORDED),
    RecordKind.AUDIT_DETAILS: KindText("Loggens uppgifter", "Uppgifter i loggen; raderna står kvar", _RECORDED),
    RecordKind.CONTACTS: KindText(
        "Utskickens listor och kontaktuppgifter",
        "Vem som fick vilket utskick; telefon och e-post till dem som inte är med i en pågående omgång",
        _ROUND_EVENTS,
    ),
    RecordKind.CONCERNS: KindText("Oro", "Vad som oroade den som frågade eller skrev in, utan person", _RECORDED),
    RecordKind.DIALOGUES: KindText("Dialog", "Anteckningar från fokusgrupper, intervjuer och möten", _RECORDED),
}

EVENT_TEXTS = {
    RetentionEvent.ROUND_CLOSED: "omgången stängdes",
    RetentionEvent.ROUND_COUNTED: "omgången räknades",
    RetentionEvent.ROUND_DESTROYED: "urnan förstördes",
    RetentionEvent.RECORDED: "uppgiften kom till eller blev inaktuell",
}

DEFAULTS: dict[RecordKind, tuple[RetentionEvent, int | None]] = {
    RecordKind.DRAFTS: (RetentionEvent.ROUND_CLOSED, 0),
    RecordKind.INVITATIONS: (RetentionEvent.ROUND_COUNTED, 180),
    RecordKind.CODES: (RetentionEvent.ROUND_COUNTED, 30),
    RecordKind.LETTER_FILES: (RetentionEvent.RECORDED, 14),
    RecordKind.SEALED_BALLOTS: (RetentionEvent.ROUND_DESTROYED, 0),
    RecordKind.ANSWERS: (RetentionEvent.ROUND_COUNTED, 3652),
    RecordKind.FREE_TEXTS: (RetentionEvent.ROUND_COUNTED, 730),
    RecordKind.TALLIES: (RetentionEvent.ROUND_COUNTED, None),
    RecordKind.RELEASES: (RetentionEvent.ROUND_COUNTED, None),
    RecordKind.PROTOCOLS: (RetentionEvent.ROUND_COUNTED, None),
    RecordKind.REGISTER: (RetentionEvent.RECORDED, 730),
    RecordKind.IMPORTS: (RetentionEvent.RECORDED, 90),
    RecordKind.AUDIT_DETAILS: (RetentionEvent.RECORDED, 1826),
    RecordKind.CONTACTS: (RetentionEvent.ROUND_CLOSED, 30),
    RecordKind.CONCERNS: (RetentionEvent.RECORDED, 1826),
    RecordKind.DIALOGUES: (RetentionEvent.RECORDED, None),
}
"""Proposals: a city decides its own and writes the decision's reference."""


def rules_of(session: Session, round_id: int | None = None) -> dict[RecordKind, RetentionRule]:
    """Return the rules that hold for a round (its own before the city's), or the city's own."""
    query = select(RetentionRule).where(RetentionRule.round_id.is_(None))
    rules = {rule.record_kind: rule for rule in session.scalars(query)}
    if round_id is not None:
        own = session.scalars(select(RetentionRule).where(RetentionRule.round_id == round_id))
        rules |= {rule.record_kind: rule for rule in own}
    return rules


def set_rule(
    session: Session,
    clock: Clock,
    kind: RecordKind,
    *,
    event: RetentionEvent,
    days: int | None,
    decision: str,
    account_id: int | None,
    round_id: int | None = None,
) -> RetentionRule:
    """Set how long a kind of record is kept; no days = for ever.

    Raises
    ------
    Fault
        If the event does not fit the kind, the days are out of range or the decision is not named.
    """
    decision = decision.strip()
    if event not in KINDS[kind].events:
        raise Fault("Den händelsen passar inte uppgifterna. Välj en annan.", "event")
    if days is not None and not 0 <= days <= LONGEST_DAYS:
        raise Fault(f"Skriv antal dagar mellan 0 och {LONGEST_DAYS}, eller lämna tomt för att bevara.", "days")
    if not decision:
        raise Fault("Skriv vilket beslut regeln bygger på, till exempel nämndens dokumenthanteringsplan.", "decision")
    if round_id is not None and session.get(SurveyRound, round_id) is None:
        raise NotFoundFault("Omgången finns inte.")
    of_round = RetentionRule.round_id.is_(None) if round_id is None else RetentionRule.round_id == round_id
    with writing(session):
        rule = session.scalars(select(RetentionRule).where(RetentionRule.record_kind == kind, of_round)).one_or_none()
        if rule is None:
            rule = RetentionRule(record_kind=kind, round_id=round_id)
            session.add(rule)
        rule.event, rule.days, rule.decision = event, days, decision
        session.flush()
        record(
            session,
            clock,
            account_id=account_id,
            action="retention.rule_set",
            subject=f"retention_rule:{rule.id}",
            details={"kind": kind.value, "event": event.value, "days": days, "decision": decision},
        )
    return rule


def set_missing_defaults(session: Session, clock: Clock, decision: str, *, account_id: int | None) -> int:
    """Give every kind without a rule of the city the proposed one, and return how many that were."""
    missing = [kind for kind in RecordKind if kind not in rules_of(session)]
    with writing(session):
        for kind in missing:
            event, days = DEFAULTS[kind]
            set_rule(session, clock, kind, event=event, days=days, decision=decision, account_id=account_id)
    return len(missing)
