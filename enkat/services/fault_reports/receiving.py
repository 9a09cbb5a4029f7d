"""Receiving a report from the accessibility page's form."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.outbox import FaultReport, MessageState, OutboxMessage
from enkat.records.writing import writing
from enkat.services.faults import BusyFault, Fault
from enkat.settings import Settings

LONGEST_DESCRIPTION = 2000
LONGEST_CONTACT = 254
LONGEST_PAGE = 200
MOST_PER_DAY = 200
"""A flood of reports is refused: nobody could read more."""


def receive_report(
    session: Session, clock: Clock, *, settings: Settings, page: str, description: str, contact: str
) -> FaultReport:
    """Keep a report and put a message to the city's contact in the outbox.

    Raises
    ------
    Fault
        The description is missing or something is too long; `field` names which.
    BusyFault
        Too many reports have come within a day.
    """
    page, description, contact = page.strip(), description.replace("\r\n", "\n").strip(), contact.strip()
    if not description:
        raise Fault("Skriv vad som inte fungerar.", "description")
    if len(description) > LONGEST_DESCRIPTION:
        raise Fault("Texten är för lång. Korta den till 2 000 tecken.", "description")
    if len(contact) > LONGEST_CONTACT:
        raise Fault("Skriv bara en adress eller ett nummer.", "contact")
    if len(page) > LONGEST_PAGE:
        raise Fault("Skriv kortare var felet är.", "page")
    now = clock()
    report = FaultReport(page=page, description=description, contact=contact, received_at=now)
    with writing(session):
        recent = select(func.count()).where(FaultReport.received_at > now - timedelta(days=1))
        if (session.scalar(recent) or 0) >= MOST_PER_DAY:
            raise BusyFault("Just nu kommer det många rapporter. Försök igen i morgon, eller ring.")
        session.add(report)
        if settings.contact_email:
            session.add(_message(settings.contact_email, report))
    return report


def _message(recipient: str, report: FaultReport) -> OutboxMessage:
    body = (
        "Någon har rapporterat ett fel i enkäten.\n\n"
        f"Var: {report.page or 'inte angivet'}\n"
        f"Kontakt: {report.contact or 'inte angiven'}\n\n"
        f"{report.description}\n"
    )
    return OutboxMessage(
        recipient=recipient,
        subject="Fel i enkäten: rapport om tillgänglighet",
        body=body,
        queued_at=report.received_at,
        state=MessageState.WAITING,
        next_attempt_at=report.received_at,
    )
