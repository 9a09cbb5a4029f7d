"""Putting messages in the outbox."""

from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.outbox import MessageState, OutboxMessage
from enkat.records.writing import writing


def queue_message(
    session: Session, clock: Clock, *, recipient: str, subject: str, body: str, account_id: int | None = None
) -> OutboxMessage:
    """Queue a message. Inside `writing` it goes out only if the change around it is kept.

    With `account_id` it is an invitation: `{link}` in the body becomes a fresh link as the message is handed over.
    Never put a respondent's code, an answer or another secret in a body.
    """
    now = clock()
    with writing(session):
        message = OutboxMessage(
            recipient=recipient,
            subject=subject,
            body=body,
            account_id=account_id,
            queued_at=now,
            state=MessageState.WAITING,
            next_attempt_at=now,
        )
        session.add(message)
        session.flush()
    return message
