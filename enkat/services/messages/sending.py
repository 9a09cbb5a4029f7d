"""Handing over what waits in the outbox, and clearing it."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, sessionmaker

from enkat.clock import Clock
from enkat.delivery.files import FileSender
from enkat.delivery.sender import DeliveryError, HandOver, Message, Sender
from enkat.delivery.smtp import SmtpSender
from enkat.records.outbox import MessageState, OutboxMessage
from enkat.records.writing import writing
from enkat.services.accounts.invitation_links import LINK, make_link
from enkat.settings import Secrets, Settings

BATCH = 50
LEASE = timedelta(minutes=10)
"""A message that a broken-off process had taken is tried again after so long."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
KEPT = timedelta(days=30)


def sender_of(settings: Settings, secrets: Secrets) -> Sender:
    """Return the sender that the settings name: a mail server, else files in the data folder."""
    if not settings.smtp_host:
        return FileSender(settings.data_dir / "mail")
    return SmtpSender(
        settings.smtp_host,
        settings.smtp_port,
        starttls=settings.smtp_starttls,
        user=settings.smtp_user,
        password=secrets.text("smtp_password"),
    )


def send_waiting(sessions: sessionmaker[Session], clock: Clock, settings: Settings, secrets: Secrets) -> int:
    """Hand over the messages whose turn has come and return how many were; two runs at once never share one."""
    sent = 0
    with sessions() as session, sender_of(settings, secrets).line() as hand_over:
        _clear(session, clock)
        due = select(OutboxMessage.id).where(
            OutboxMessage.state == MessageState.WAITING, OutboxMessage.next_attempt_at <= clock()
        )
        for message_id in session.scalars(due.order_by(OutboxMessage.id).limit(BATCH)).all():
            message = _take(session, clock, message_id)
            if message is not None:
                sent += _send(session, clock, settings, hand_over, message)
    return sent


def _take(session: Session, clock: Clock, message_id: int) -> OutboxMessage | None:
    """Take a message for this run; None when another run was faster."""
    now = clock()
    free = (
        OutboxMessage.id == message_id,
        OutboxMessage.state == MessageState.WAITING,
        OutboxMessage.next_attempt_at <= now,
    )
    with writing(session):
        taken = session.execute(
            update(OutboxMessage)
            .where(*free)
            .values(attempts=OutboxMessage.attempts + 1, next_attempt_at=now + LEASE)
            .execution_options(synchronize_session=False)
        )
        if not isinstance(taken, CursorResult) or taken.rowcount != 1:
            return None
        return session.get(OutboxMessage, message_id, populate_existing=True)


def _send(session: Session, clock: Clock, settings: Settings, hand_over: HandOver, message: OutboxMessage) -> bool:
    try:
        hand_over(_as_message(session, clock, settings, message))
    except DeliveryError as error:
        _note_failure(session, clock, message, error)
        return False
    with writing(session):
        message.state = MessageState.SENT
        message.finished_at = clock()
        message.fault = ""
    return True


def _as_message(session: Session, clock: Clock, settings: Settings, message: OutboxMessage) -> Message:
    body = message.body
    if message.account_id is not None:
        body = body.replace(LINK, make_link(session, clock, settings, message.account_id))
    return Message(
        identity=f"enkat-{message.queued_at:%Y%m%d%H%M%S}-{message.id}",
        sender=settings.mail_from,
        recipient=message.recipient,
        subject=message.subject,
        body=body,
        written_at=_whole_seconds(message.queued_at),
    )


def _whole_seconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _note_failure(session: Session, clock: Clock, message: OutboxMessage, error: DeliveryError) -> None:
    with writing(session):
        message.fault = str(error)
        if error.permanent or message.attempts > len(WAITS):
            message.state = MessageState.FAILED
            message.finished_at = clock()
        else:
            message.next_attempt_at = clock() + WAITS[message.attempts - 1]


def _clear(session: Session, clock: Clock) -> None:
    """Erase messages that were finished a month ago."""
    old = OutboxMessage.finished_at < clock() - KEPT
    if session.scalars(select(OutboxMessage.id).where(old).limit(1)).first() is None:
        return
    with writing(session):
        session.execute(delete(OutboxMessage).where(old))
