"""The mail server's line: one connection for many, and how each refusal is told apart."""

import smtplib
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from enkat.delivery.sender import DeliveryError, Failure, Message
from enkat.delivery.smtp import SmtpSender


class Post:
    """A mail server that says what it is told to say."""

    def __init__(self) -> None:
        self.received: list[str] = []
        self.connections = 0
        self.at_recipient = self.at_data = "250 OK"
        self.cuts = False

    async def handle_EHLO(  # noqa: N802  # the library's name
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802  # as above
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.at_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # as above
        self.received.append(envelope.content.decode())
        if self.cuts:
            server.transport.abort()
        return self.at_data


@pytest.fixture
def post() -> Iterator[tuple[Post, int]]:
    handler = Post()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


def message(number: int = 1, recipient: str = "") -> Message:
    to = recipient or f"p{number}@a.se"
    return Message(f"enkat-{number}", "Staden <enkat@staden.example>", to, "Ämne", "Hej!\n.\nÅter\n", datetime.now(UTC))


def test_one_connection_serves_many_and_a_dot_alone_survives(post: tuple[Post, int]):
    with SmtpSender("127.0.0.1", post[1]).line() as hand_over:
        for number in range(5):
            hand_over(message(number))
    assert post[0].connections == 1
    assert len(post[0].received) == 5
    assert "Hej!\r\n.\r\nÅter\r\n" in post[0].received[0]


@pytest.mark.parametrize(
    ("at_recipient", "at_data", "failure"),
    [
        ("550 no such mailbox", "250 OK", Failure.REFUSED),
        ("450 try later", "250 OK", Failure.LATER),
        ("250 OK", "554 looks like spam", Failure.REFUSED),
        ("250 OK", "452 full", Failure.LATER),
    ],
)
def test_a_message_that_is_not_taken_stops_only_itself(
    post: tuple[Post, int], at_recipient: str, at_data: str, failure: Failure
):
    handler, port = post
    handler.at_recipient, handler.at_data = at_recipient, at_data
    with SmtpSender("127.0.0.1", port).line() as hand_over:
        with pytest.raises(DeliveryError) as told:
            hand_over(message(1))
        handler.at_recipient = handler.at_data = "250 OK"
        hand_over(message(2))
    assert told.value.failure is failure
    assert handler.connections == 1


def test_a_cut_before_the_server_said_whether_it_took_the_message_is_uncertain(post: tuple[Post, int]):
    handler, port = post
    handler.cuts = True
    with SmtpSender("127.0.0.1", port).line() as hand_over:
        with pytest.raises(DeliveryError) as told:
            hand_over(message(1))
        handler.cuts = False
        hand_over(message(2))
    assert told.value.failure is Failure.UNCERTAIN
    assert handler.connections == 2


def test_a_line_that_was_closed_meanwhile_is_opened_again(post: tuple[Post, int], monkeypatch: pytest.MonkeyPatch):
    made: list[smtplib.SMTP] = []
    connect = SmtpSender.connect

    def remembered(self: SmtpSender) -> smtplib.SMTP:
        made.append(connect(self))
        return made[-1]

    monkeypatch.setattr(SmtpSender, "connect", remembered)
    with SmtpSender("127.0.0.1", post[1]).line() as hand_over:
        hand_over(message(1))
        made[0].sock.shutdown(socket.SHUT_RDWR)
        hand_over(message(2))
    assert len(made) == len(post[0].received) == 2


def test_a_server_that_is_away_or_an_address_that_cannot_be(post: tuple[Post, int]):
    with SmtpSender("127.0.0.1", 9).line() as hand_over, pytest.raises(DeliveryError) as told:
        hand_over(message())
    assert told.value.failure is Failure.AWAY
    with SmtpSender("127.0.0.1", post[1]).line() as hand_over, pytest.raises(DeliveryError) as told:
        hand_over(message(recipient="åsa@a.se"))
    assert told.value.failure is Failure.REFUSED
