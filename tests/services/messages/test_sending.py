"""The outbox: handed over once, tried again with longer waits, and never a link in a row."""

import email.policy
import re
import socket
import stat
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from enkat.records.accounts import Account, AccountState
from enkat.records.outbox import MessageState, OutboxMessage
from enkat.services.accounts import invitation_links, inviting
from enkat.services.messages.queueing import queue_message
from enkat.services.messages.sending import WAITS, send_waiting
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.accounts import PASSWORD, make_account


class Post:
    """A mail server that keeps what it gets and refuses whom it is told to."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.refuses = ""

    async def handle_RCPT(  # noqa: N802  # the library's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.refuses and self.refuses in address:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # as above
        parsed = BytesParser(policy=email.policy.default).parsebytes(envelope.content)
        assert isinstance(parsed, EmailMessage)
        self.received.append(parsed)
        return "250 OK"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def post() -> Iterator[tuple[Post, int]]:
    handler, port = Post(), _free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


@pytest.fixture
def by_mail(app_settings: Settings, post: tuple[Post, int]) -> Settings:
    return app_settings.model_copy(
        update={"smtp_host": "127.0.0.1", "smtp_port": post[1], "mail_from": "enkat@staden.example"}
    )


def _queue(session: Session, clock: FixedClock, recipient: str = "bo@a.se") -> OutboxMessage:
    return queue_message(session, clock, recipient=recipient, subject="Å, ä och ö", body="Hej på dig!\n")


def test_a_message_goes_out_by_mail_and_once(
    sessions: sessionmaker[Session],
    session: Session,
    clock: FixedClock,
    by_mail: Settings,
    post: tuple[Post, int],
) -> None:
    _queue(session, clock)
    assert send_waiting(sessions, clock, by_mail, Secrets(by_mail)) == 1
    assert send_waiting(sessions, clock, by_mail, Secrets(by_mail)) == 0
    (mail,) = post[0].received
    assert (mail["To"], mail["From"], mail["Subject"]) == ("bo@a.se", "enkat@staden.example", "Å, ä och ö")
    assert "Hej på dig!" in mail.get_content()
    assert mail["Message-ID"].endswith("@staden.example>")
    assert mail["Auto-Submitted"] == "auto-generated"
    session.rollback()
    session.expire_all()
    assert session.scalars(select(OutboxMessage.state)).one() is MessageState.SENT


def test_two_runs_at_once_share_nothing(
    sessions: sessionmaker[Session],
    session: Session,
    clock: FixedClock,
    by_mail: Settings,
    post: tuple[Post, int],
) -> None:
    for number in range(6):
        _queue(session, clock, f"p{number}@a.se")
    counts: list[int] = []
    threads = [
        threading.Thread(target=lambda: counts.append(send_waiting(sessions, clock, by_mail, Secrets(by_mail))))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 6
    assert sorted(mail["To"] for mail in post[0].received) == [f"p{number}@a.se" for number in range(6)]


def test_a_server_that_is_away_is_tried_again_with_longer_waits_and_given_up(
    sessions: sessionmaker[Session], session: Session, clock: FixedClock, app_settings: Settings
) -> None:
    away = app_settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": _free_port()})
    message = _queue(session, clock)
    for number, wait in enumerate(WAITS, 1):
        assert send_waiting(sessions, clock, away, Secrets(away)) == 0
        session.rollback()
        session.refresh(message)
        assert (message.attempts, message.state) == (number, MessageState.WAITING)
        assert message.next_attempt_at == clock() + wait
        assert "gick inte att nå" in message.fault
        assert send_waiting(sessions, clock, away, Secrets(away)) == 0  # not before its turn
        session.rollback()
        session.refresh(message)
        assert message.attempts == number
        clock.now += wait
    send_waiting(sessions, clock, away, Secrets(away))
    session.rollback()
    session.refresh(message)
    assert message.state is MessageState.FAILED


def test_a_mailbox_that_does_not_exist_is_not_tried_again_and_stops_nobody(
    sessions: sessionmaker[Session],
    session: Session,
    clock: FixedClock,
    by_mail: Settings,
    post: tuple[Post, int],
) -> None:
    post[0].refuses = "borta"
    gone = _queue(session, clock, "borta@a.se")
    _queue(session, clock)
    assert send_waiting(sessions, clock, by_mail, Secrets(by_mail)) == 1
    session.rollback()
    session.refresh(gone)
    assert gone.state is MessageState.FAILED
    assert "550" in gone.fault


def test_a_broken_off_run_is_taken_up_after_its_lease(
    sessions: sessionmaker[Session], session: Session, clock: FixedClock, app_settings: Settings
) -> None:
    class BrokenOffError(BaseException):
        """Stands for a process that is killed."""

    folder = app_settings.data_dir / "mail"
    folder.parent.mkdir(parents=True, exist_ok=True)
    message = _queue(session, clock)

    class Clock(FixedClock):
        calls = 0

        def __call__(self) -> Any:
            self.calls += 1
            if self.calls == 4:
                raise BrokenOffError
            return self.now

    broken = Clock(clock.now)
    with pytest.raises(BrokenOffError):
        send_waiting(sessions, broken, app_settings, Secrets(app_settings))
    session.rollback()
    session.refresh(message)
    assert message.state is MessageState.WAITING
    assert send_waiting(sessions, clock, app_settings, Secrets(app_settings)) == 0
    clock.advance(minutes=11)
    assert send_waiting(sessions, clock, app_settings, Secrets(app_settings)) == 1
    assert len(list(folder.glob("*.eml"))) == 1  # the second try replaced the first one's file


def test_an_invitation_gets_its_link_as_it_leaves(
    sessions: sessionmaker[Session], session: Session, clock: FixedClock, app_settings: Settings
) -> None:
    invited = make_account(session, clock, state=AccountState.INVITED)
    inviting.send_invitation(session, clock, app_settings, invited)
    assert send_waiting(sessions, clock, app_settings, Secrets(app_settings)) == 1
    (file,) = (app_settings.data_dir / "mail").glob("*.eml")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    parsed = BytesParser(policy=email.policy.default).parsebytes(file.read_bytes())
    assert isinstance(parsed, EmailMessage)
    found = re.search(r"/stad/inbjudan/(\S+)", parsed.get_content())
    assert found
    session.rollback()
    session.expire_all()
    assert found[1] not in session.scalars(select(OutboxMessage.body)).one()
    inviting.accept(session, clock, found[1], PASSWORD)
    assert session.get_one(Account, invited.id).state is AccountState.ACTIVE


@pytest.mark.one_database
def test_old_messages_are_cleared(
    sessions: sessionmaker[Session], session: Session, clock: FixedClock, app_settings: Settings
) -> None:
    _queue(session, clock)
    send_waiting(sessions, clock, app_settings, Secrets(app_settings))
    clock.advance(days=31)
    send_waiting(sessions, clock, app_settings, Secrets(app_settings))
    session.rollback()
    assert session.scalars(select(OutboxMessage)).all() == []


@pytest.mark.one_database
def test_a_link_is_valid_for_a_week_and_the_newest_only(
    session: Session, clock: FixedClock, app_settings: Settings
) -> None:
    invited = make_account(session, clock, state=AccountState.INVITED)
    first, second = (
        invitation_links.make_link(session, clock, app_settings, invited.id).rpartition("/")[2] for _ in range(2)
    )
    assert invitation_links.account_of(session, second).id == invited.id
    with pytest.raises(Exception, match="gäller inte längre"):
        invitation_links.account_of(session, first)
    clock.advance(days=7)
    assert invitation_links.has_expired(invited, clock)
