"""The SMS gateway: what it is told, and what is believed when it times out, answers twice or lies."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from enkat.delivery.sender import DeliveryError, Failure, Message
from enkat.delivery.sms import MOST_BYTES, SmsSender
from tests.factories.gateway import Gateway, gateway, http


@pytest.fixture
def server() -> Iterator[Gateway]:
    with gateway() as state:
        yield state


def sender(server: Gateway, **changes: Any) -> SmsSender:
    facts: dict[str, Any] = {
        "url": f"http://127.0.0.1:{server.port}/v1/sms?konto=7",
        "authorization": "Bearer hemligt",
        "fields": {"to": "recipient", "text": "body", "sender": "from", "reference": "reference"},
        "extra": {"flash": "no"},
        "accepted": {"status": "queued"},
        "echo": "ref",
        "timeout": 2,
    }
    return SmsSender(**{**facts, **changes})


def message(number: int = 1) -> Message:
    return Message(f"enkat-{number}", "Provstad", f"+4670000000{number}", "", "Hej på dig!", datetime.now(UTC))


def failure_of(one: SmsSender, number: int = 1) -> DeliveryError:
    with one.line() as hand_over, pytest.raises(DeliveryError) as told:
        hand_over(message(number))
    return told.value


def test_fields_and_authorization_are_as_the_settings_say_and_one_connection_serves_all(server: Gateway):
    with sender(server).line() as hand_over:
        assert [hand_over(message(number)) for number in (1, 2, 3)] == ["k1", "k2", "k3"]
    assert server.connections == 1
    assert server.heard[0] == {
        "flash": "no",
        "recipient": "+46700000001",
        "body": "Hej på dig!",
        "from": "Provstad",
        "reference": "enkat-1",
    }
    assert server.headers[0].startswith("POST /v1/sms?konto=7 ")
    assert "Authorization: Bearer hemligt" in server.headers[0]
    assert "Idempotency-Key: enkat-1" in server.headers[0]


@pytest.mark.parametrize(
    ("answer", "failure", "words"),
    [
        (http({"id": "k", "status": "rejected", "ref": "enkat-1"}), Failure.REFUSED, "status är 'rejected'"),
        (http({"error": "no credit"}), Failure.REFUSED, "status är 'None'"),
        (http({"status": "queued", "ref": "enkat-1"}), Failure.UNCERTAIN, "utan kvitto"),
        (http({"id": "k", "status": "queued", "ref": "enkat-9"}), Failure.UNCERTAIN, "ett annat meddelande"),
        (http(b"<h1>OK</h1>", kind="text/html"), Failure.UNCERTAIN, "fel slags innehåll (text/html)"),
        (http(b"{half"), Failure.UNCERTAIN, "gick inte att läsa"),
        (http(b'"' + b"x" * MOST_BYTES + b'"'), Failure.UNCERTAIN, "för långt"),
        (http({}, "500 Internal Server Error"), Failure.UNCERTAIN, "svar 500"),
        (http({}, "503 Service Unavailable"), Failure.AWAY, "svar 503"),
        (http({}, "401 Unauthorized"), Failure.AWAY, "svar 401"),
        (http({}, "302 Found"), Failure.AWAY, "svar 302"),
        (http({}, "422 Unprocessable"), Failure.REFUSED, "svar 422"),
        (b"", Failure.UNCERTAIN, "svarade inte"),
        (b"SMTP 220 hello\r\n", Failure.UNCERTAIN, "svarade inte"),
    ],
)
def test_an_answer_that_does_not_add_up_is_not_believed(server: Gateway, answer: bytes, failure: Failure, words: str):
    server.answer = lambda _fields, _number: answer
    told = failure_of(sender(server))
    assert (told.failure, words in str(told)) == (failure, True), str(told)
    assert len(server.heard) == 1


def test_a_receipt_that_another_message_has_is_not_believed(server: Gateway):
    server.answer = lambda fields, _number: http({"id": "samma", "status": "queued", "ref": fields["reference"]})
    with sender(server).line() as hand_over:
        assert hand_over(message(1)) == "samma"
        assert hand_over(message(1)) == "samma"  # the same message again may have the same receipt
        with pytest.raises(DeliveryError, match="samma kvitto") as told:
            hand_over(message(2))
    assert told.value.failure is Failure.UNCERTAIN


def test_a_second_answer_is_not_taken_for_the_next_messages(server: Gateway):
    server.twice = True
    with sender(server, echo="").line() as hand_over:
        assert hand_over(message(1)) == "k1"
        time.sleep(0.15)
        assert hand_over(message(2)) == "k2"
    assert server.connections == 2


@pytest.mark.parametrize("slow", [{"pause": 1.5}, {"byte_pause": 0.05}])
def test_a_slow_answer_is_waited_for_so_long_and_then_left_open(server: Gateway, slow: dict[str, float]):
    for name, value in slow.items():
        setattr(server, name, value)
    begun = time.monotonic()
    told = failure_of(sender(server, timeout=0.5))
    assert told.failure is Failure.UNCERTAIN
    assert time.monotonic() - begun < 1.4


def test_a_gateway_that_is_away_got_nothing(server: Gateway):
    told = failure_of(sender(server, url="http://127.0.0.1:9/"))
    assert told.failure is Failure.AWAY


@pytest.mark.parametrize("url", ["http://sms.example.org/", "ftp://127.0.0.1/", "127.0.0.1"])
def test_personal_numbers_never_travel_in_clear_text(server: Gateway, url: str):
    assert "https://" in str(failure_of(sender(server, url=url)))


def test_form_fields(server: Gateway):
    body, headers = sender(server, as_json=False).request_of(message())
    assert b"body=Hej+p%C3%A5+dig%21" in body
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
