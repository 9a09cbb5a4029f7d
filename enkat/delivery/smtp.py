"""Sends e-mail through the city's mail server."""

import smtplib
import ssl
from dataclasses import dataclass

from enkat.delivery.sender import DeliveryError, Message, as_email

TIMEOUT_SECONDS = 20
FIRST_PERMANENT = 500


@dataclass(frozen=True)
class SmtpSender:
    """A mail server: host, port, and whether and as whom to log in."""

    host: str
    port: int
    starttls: bool = False
    user: str = ""
    password: str = ""

    def send(self, message: Message) -> None:
        """Hand over one message; a refusal of the message itself is permanent."""
        try:
            with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS) as server:
                if self.starttls:
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(as_email(message))
        except smtplib.SMTPRecipientsRefused as refused:
            code, text = next(iter(refused.recipients.values()))
            raise DeliveryError(
                f"Mottagaren togs inte emot: {code} {text.decode(errors='replace')}", permanent=code >= FIRST_PERMANENT
            ) from refused
        except smtplib.SMTPAuthenticationError as error:
            raise DeliveryError("Mejlservern godtog inte användare och lösenord.") from error
        except smtplib.SMTPResponseException as error:
            answer = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else ""
            raise DeliveryError(
                f"Mejlservern svarade {error.smtp_code} {answer}",
                permanent=isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= FIRST_PERMANENT,
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(f"Mejlservern gick inte att nå: {error}") from error
