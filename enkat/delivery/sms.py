"""Sends SMS through an HTTP gateway whose field names are settings. What it answers is believed only where it adds up.

A gateway may time out, answer twice or lie. An SMS counts as taken only by a 2xx answer in JSON that says what the
settings expect, with a receipt that no other message got, and our own reference where the gateway repeats it.
"""

import http.client
import json
import select
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from enkat.delivery.sender import DeliveryError, Failure, HandOver, Message

MOST_BYTES = 64 * 1024
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_AWAY = frozenset({401, 402, 403, 404, 405, 408, 425, 429, 503})
"""Statuses that say that the gateway took nothing, and that the next message will fare no better now."""
_SUCCESS = range(200, 300)
_REDIRECT = range(300, 400)
_CALLER = range(400, 500)


@dataclass(frozen=True)
class SmsSender:
    """A gateway: its address, its names of our fields, and what its answer must look like."""

    url: str
    authorization: str
    fields: Mapping[str, str]
    extra: Mapping[str, str] = field(default_factory=dict)
    as_json: bool = True
    receipt: str = "id"
    echo: str = ""
    accepted: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 20

    @contextmanager
    def line(self) -> Iterator[HandOver]:
        """Keep one connection for all messages, as long as nothing unexpected is said on it."""
        line = _Line(self)
        try:
            yield line.hand_over
        finally:
            line.drop()

    def connect(self) -> http.client.HTTPConnection:
        """Return a connection; in clear text to this very machine only."""
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        if parts.scheme == "https":
            return http.client.HTTPSConnection(
                host, parts.port, timeout=self.timeout, context=ssl.create_default_context()
            )
        if parts.scheme == "http" and host in LOOPBACK:
            return http.client.HTTPConnection(host, parts.port, timeout=self.timeout)
        raise DeliveryError("Sms-tjänstens adress ska börja med https://. Rätta ENKAT_SMS_URL.", Failure.AWAY)

    def target(self) -> str:
        """Return the path and query of the gateway's address."""
        parts = urlsplit(self.url)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def request_of(self, message: Message) -> tuple[bytes, dict[str, str]]:
        """Return the body and headers of a message's request."""
        ours = {
            "to": message.recipient,
            "text": message.body,
            "sender": message.sender,
            "reference": message.identity,
        }
        values = {**self.extra, **{theirs: ours[name] for name, theirs in self.fields.items() if name in ours}}
        headers = {"Accept": "application/json", "Idempotency-Key": message.identity}
        if self.authorization:
            headers["Authorization"] = self.authorization
        if self.as_json:
            return json.dumps(values, ensure_ascii=False).encode(), {**headers, "Content-Type": "application/json"}
        return urlencode(values).encode(), {**headers, "Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class _Line:
    """One connection at a time, and the receipts it has given."""

    sender: SmsSender
    connection: http.client.HTTPConnection | None = None
    receipts: dict[str, str] = field(default_factory=dict)

    def hand_over(self, message: Message) -> str:
        """Hand over one SMS and return the gateway's receipt."""
        body, headers = self.sender.request_of(message)
        connection = self._ready()
        # A server that says a byte at a time would outlast every time-out of its socket: the whole answer has one.
        late = threading.Timer(self.sender.timeout, _shut, [connection.sock])
        late.start()
        try:
            connection.request("POST", self.sender.target(), body, headers)
            answer = connection.getresponse()
            content = answer.read(MOST_BYTES + 1)
        except (OSError, http.client.HTTPException) as error:
            self.drop()
            raise DeliveryError(
                f"Sms-tjänsten svarade inte. Det är oklart om meddelandet togs emot: {type(error).__name__}.",
                Failure.UNCERTAIN,
            ) from error
        finally:
            late.cancel()
        if answer.will_close or len(content) > MOST_BYTES:
            self.drop()
        return self._believed(message, answer, content)

    def _ready(self) -> http.client.HTTPConnection:
        """Return a connection that is silent: what waits on it unasked would be taken for the next one's answer."""
        if self.connection is not None and _speaks(self.connection):
            self.drop()
        if self.connection is None:
            connection = self.sender.connect()
            try:
                connection.connect()
            except (OSError, http.client.HTTPException) as error:
                raise DeliveryError(f"Sms-tjänsten gick inte att nå: {error}", Failure.AWAY) from error
            self.connection = connection
        return self.connection

    def _believed(self, message: Message, answer: http.client.HTTPResponse, content: bytes) -> str:
        _check_status(answer.status)
        said = _as_json(answer, content)
        for path, wanted in self.sender.accepted.items():
            if str(_at(said, path)) != wanted:
                shown = str(_at(said, path))[:60]
                raise DeliveryError(f"Sms-tjänsten tog inte emot meddelandet: {path} är {shown!r}.", Failure.REFUSED)
        if self.sender.echo and str(_at(said, self.sender.echo)) != message.identity:
            raise DeliveryError("Sms-tjänsten svarade om ett annat meddelande.", Failure.UNCERTAIN)
        receipt = str(_at(said, self.sender.receipt) or "")[:100]
        if not receipt:
            raise DeliveryError("Sms-tjänsten svarade utan kvitto.", Failure.UNCERTAIN)
        if self.receipts.setdefault(receipt, message.identity) != message.identity:
            raise DeliveryError("Sms-tjänsten gav samma kvitto som för ett annat meddelande.", Failure.UNCERTAIN)
        return receipt

    def drop(self) -> None:
        """Close the connection."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _shut(end: socket.socket) -> None:
    """End a conversation that another thread waits in; closing alone would not wake it."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


def _speaks(connection: http.client.HTTPConnection) -> bool:
    """Whether the other side has said something unasked, or hung up."""
    return connection.sock is None or bool(select.select([connection.sock], [], [], 0)[0])


def _check_status(status: int) -> None:
    if status in _SUCCESS:
        return
    if status in _AWAY or status in _REDIRECT:
        raise DeliveryError(f"Sms-tjänsten tar inte emot meddelanden nu (svar {status}).", Failure.AWAY)
    if status in _CALLER:
        raise DeliveryError(f"Sms-tjänsten tog inte emot meddelandet (svar {status}).", Failure.REFUSED)
    raise DeliveryError(f"Sms-tjänsten fick ett fel (svar {status}). Det är oklart vad som hände.", Failure.UNCERTAIN)


def _as_json(answer: http.client.HTTPResponse, content: bytes) -> Any:
    kind = answer.headers.get_content_type()
    if kind != "application/json" and not kind.endswith("+json"):
        raise DeliveryError(f"Sms-tjänsten svarade med fel slags innehåll ({kind[:40]}).", Failure.UNCERTAIN)
    if len(content) > MOST_BYTES:
        raise DeliveryError("Sms-tjänstens svar är för långt.", Failure.UNCERTAIN)
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise DeliveryError("Sms-tjänstens svar gick inte att läsa.", Failure.UNCERTAIN) from None


def _at(said: Any, path: str) -> Any:
    """Return what stands at a dotted path of an answer; None where nothing does."""
    for name in path.split("."):
        if isinstance(said, dict):
            said = said.get(name)
        elif isinstance(said, list) and name.isdecimal() and int(name) < len(said):
            said = said[int(name)]
        else:
            return None
    return said
