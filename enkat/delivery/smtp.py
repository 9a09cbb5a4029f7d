"""Sends e-mail through the city's mail server, many messages over one connection."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from enkat.delivery.sender import DeliveryError, Failure, HandOver, Message, as_email

TIMEOUT_SECONDS = 20
FIRST_PERMANENT = 500
CUT = 421
"""The server closes the connection."""
OK = 250
ALSO_OK = (250, 251)


@dataclass(frozen=True)
class SmtpSender:
    """A mail server: host, port, and whether and as whom to log in."""

    host: str
    port: int
    starttls: bool = False
    user: str = ""
    password: str = ""
    timeout: float = TIMEOUT_SECONDS

    @contextmanager
    def line(self) -> Iterator[HandOver]:
        """Keep one connection for all messages; one that the server has closed meanwhile is opened again."""
        line = _Line(self)
        try:
            yield line.hand_over
        finally:
            line.close()

    def connect(self) -> smtplib.SMTP:
        """Return a connection that is ready for a message."""
        server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.starttls:
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


@dataclass
class _Line:
    """One connection at a time, opened when it is needed."""

    sender: SmtpSender
    server: smtplib.SMTP | None = field(default=None)

    def hand_over(self, message: Message) -> str:
        """Hand over one message over the open connection, or over a new one."""
        if not message.recipient.isascii():
            raise DeliveryError("Adressen har bokstäver som e-post inte klarar.", Failure.REFUSED)
        email = as_email(message)
        try:
            server = self._ready(email)
            return self._hand_over(server, email)
        except smtplib.SMTPAuthenticationError as error:
            self.drop()
            raise DeliveryError("Mejlservern godtog inte användare och lösenord.", Failure.AWAY) from error
        except smtplib.SMTPResponseException as error:
            self.drop()
            raise DeliveryError(f"Mejlservern svarade {_told(error)}", Failure.AWAY) from error
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            raise DeliveryError(f"Mejlservern gick inte att nå: {error}", Failure.AWAY) from error

    def _ready(self, email: EmailMessage) -> smtplib.SMTP:
        """Return a connection that has taken the sender's address; nothing of the message has left the house."""
        sender = parseaddr(str(email["From"]))[1]
        if self.server is not None:
            try:
                if self.server.mail(sender)[0] == OK:
                    return self.server
            except (OSError, smtplib.SMTPException):
                pass
            self.drop()
        self.server = self.sender.connect()
        self.server.ehlo_or_helo_if_needed()
        code, text = self.server.mail(sender)
        if code != OK:
            raise smtplib.SMTPResponseException(code, text)
        return self.server

    def _hand_over(self, server: smtplib.SMTP, email: EmailMessage) -> str:
        code, text = server.rcpt(parseaddr(str(email["To"]))[1])
        if code == CUT:
            raise smtplib.SMTPResponseException(code, text)
        if code not in ALSO_OK:
            self._reset(server)
            raise DeliveryError(
                f"Mottagaren togs inte emot: {code} {text.decode(errors='replace')}",
                Failure.REFUSED if code >= FIRST_PERMANENT else Failure.LATER,
            )
        try:
            code, text = server.data(email.as_bytes(policy=SMTP))
        except smtplib.SMTPDataError as error:  # it did not want to hear the text: nothing was handed over
            code, text = error.smtp_code, _as_bytes(error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            raise DeliveryError(
                f"Mejlservern bröt innan den sade om mejlet togs emot: {error}", Failure.UNCERTAIN
            ) from error
        if code != OK:
            self._reset(server)
            raise DeliveryError(
                f"Mejlservern svarade {code} {text.decode(errors='replace')}",
                Failure.REFUSED if code >= FIRST_PERMANENT else Failure.LATER,
            )
        return text.decode(errors="replace")[:100]

    def _reset(self, server: smtplib.SMTP) -> None:
        try:
            server.rset()
        except (OSError, smtplib.SMTPException):
            self.drop()

    def drop(self) -> None:
        """Forget the connection: nobody knows where it stands."""
        if self.server is not None:
            self.server.close()
            self.server = None

    def close(self) -> None:
        """End the connection politely."""
        if self.server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self.server.quit()
            self.drop()


def _as_bytes(answer: bytes | str) -> bytes:
    return answer if isinstance(answer, bytes) else answer.encode()


def _told(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {_as_bytes(error.smtp_error).decode(errors='replace')}"
