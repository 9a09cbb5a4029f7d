"""What a sender is: takes one message and hands it over, or says why not."""

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


class DeliveryError(RuntimeError):
    """The message was not handed over; `permanent` when another try cannot help."""

    def __init__(self, sentence: str, *, permanent: bool = False) -> None:
        super().__init__(sentence)
        self.permanent = permanent


class Sender(Protocol):
    """Hands messages over."""

    def send(self, message: Message) -> None:
        """Hand over one message.

        Raises
        ------
        DeliveryError
            If it could not be handed over.
        """


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
