"""What a sender is: opens a line, takes one message after the other over it, and says of each how it went."""

import enum
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """A plain-text message to one person.

    `identity` is the same each time the same message is tried, so that a receiver recognises it when it comes twice.
    """

    identity: str
    sender: str
    recipient: str
    subject: str
    body: str
    written_at: datetime


class Failure(enum.Enum):
    """How a hand-over failed, which decides what happens next."""

    AWAY = "away"
    """The channel takes nothing now; the message never left the house."""
    LATER = "later"
    """This message was not taken; another try may succeed."""
    REFUSED = "refused"
    """This message was not taken and never will be."""
    UNCERTAIN = "uncertain"
    """The message left the house, and nobody said whether it arrived."""


class DeliveryError(RuntimeError):
    """The message was not handed over, or nobody knows; the sentence is for staff."""

    def __init__(self, sentence: str, failure: Failure = Failure.LATER) -> None:
        super().__init__(sentence)
        self.failure = failure

    @property
    def permanent(self) -> bool:
        """Whether another try cannot help."""
        return self.failure is Failure.REFUSED


HandOver = Callable[[Message], str]
"""Hands over one message and returns the receiver's own receipt (may be empty); DeliveryError where it cannot."""


class Sender(Protocol):
    """Hands messages over."""

    def line(self) -> AbstractContextManager[HandOver]:
        """Open a line for any number of messages; it connects with the first one, and again when it was cut."""


def as_email(message: Message) -> EmailMessage:
    """Return the message as e-mail that asks automatic answers to stay away."""
    email = EmailMessage()
    email["From"] = message.sender
    email["To"] = message.recipient
    email["Subject"] = message.subject
    email["Date"] = format_datetime(message.written_at)
    domain = message.sender.rpartition("@")[2].strip("<> ") or "localhost"
    email["Message-ID"] = f"<{message.identity}@{domain}>"
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(message.body)
    return email
