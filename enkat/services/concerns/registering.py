"""Noting a concern and telling those who answer for lex Sarah that it is there."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.accounts import Account, AccountState, Role, RoleGrant
from enkat.records.concerns import Concern, ConcernSource
from enkat.records.rounds import RoundUnit
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import Fault, NotFoundFault
from enkat.services.messages.queueing import queue_message
from enkat.services.register.masking import mask

LONGEST = 1000
SUBJECT = "En oro att ta emot i enkat"
BODY = """Hej {name}!

Någon som frågar eller skriver in svar har noterat en oro om {unit}.
Logga in i enkat och läs den under Oro. Där tar du också emot den.
"""


def register_concern(
    session: Session,
    clock: Clock,
    *,
    round_id: int,
    unit_id: int,
    source: ConcernSource,
    description: str,
    account_id: int,
) -> Concern:
    """Note a concern about a unit and queue a message, without what it says, to every lex Sarah handler.

    Nothing about the person, the invitation or the answer is taken or kept.

    Raises
    ------
    Fault
        The description is missing, too long or holds what looks like a personal number.
    """
    description = description.replace("\r\n", "\n").strip()
    if not description:
        raise Fault("Skriv kort vad som oroar dig.", "description")
    if len(description) > LONGEST:
        raise Fault(f"Texten är för lång. Korta den till {LONGEST} tecken.", "description")
    if mask(description) != description:
        raise Fault("Det står något som ser ut som ett personnummer. Ta bort det.", "description")
    with writing(session):
        unit = session.get(RoundUnit, {"round_id": round_id, "unit_id": unit_id})
        if unit is None:
            raise NotFoundFault("Enheten finns inte i undersökningen.")
        concern = Concern(
            round_id=round_id,
            unit_id=unit_id,
            source=source,
            description=description,
            registered_on=today(clock),
            registered_by_id=account_id,
        )
        session.add(concern)
        for name, email in _handlers(session):
            queue_message(session, clock, recipient=email, subject=SUBJECT, body=BODY.format(name=name, unit=unit.name))
        session.flush()
        subject = f"unit:{unit_id}"
        details = {"concern": concern.id}
        record(session, clock, account_id=account_id, action="concern.registered", subject=subject, details=details)
    return concern


def _handlers(session: Session) -> list[tuple[str, str]]:
    """Return name and address of everybody who holds the role and can log in."""
    query = (
        select(Account.name, Account.email)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.role == Role.CONCERN_HANDLER,
            RoleGrant.revoked_at.is_(None),
            Account.state == AccountState.ACTIVE,
        )
        .distinct()
    )
    return [(name, email) for name, email in session.execute(query)]
