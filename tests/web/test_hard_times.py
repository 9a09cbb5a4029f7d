"""A full disk, a locked database, a lost answer and a clock that jumps, met on the real pages of both databases.

Each gets a plain sentence and the next step; nothing is lost, doubled or half done.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, make_url, select, text
from sqlalchemy.orm import Session

from enkat.records import engine as engines
from enkat.records import writing as writings
from enkat.records.accounts import Role
from enkat.records.ballots import Draft, Receipt, SealedBallot
from enkat.records.imports import ImportBatch, ImportRow
from enkat.records.invitations import Invitation, InvitationStatus
from enkat.records.throttle import ThrottleBucket
from enkat.settings import Secrets, Settings
from enkat.web.extensions import db
from tests.clocks import FixedClock
from tests.factories.accounts import staff_client
from tests.factories.register import PERSON, csv_of, fill_register
from tests.factories.respondents import answer_all, enter, send_all, to_first_question
from tests.factories.rounds import SmallRound, small_round
from tests.factories.walking import Walker
from tests.web.city.test_register import post, upload

BACK = "Försök igen om en stund."


@pytest.fixture
def opened(session: Session, clock: FixedClock, app_settings: Settings) -> SmallRound:
    made = small_round(session, clock, app_settings, Secrets(app_settings))
    session.rollback()
    return made


@pytest.fixture
def walker(app: Flask) -> Walker:
    return Walker(app.test_client())


@contextmanager
def full_disk(app: Flask, engine: Engine) -> Iterator[None]:
    """Let the database itself say that its disk is full: no page more for SQLite, SQLSTATE 53100 from PostgreSQL."""
    with app.app_context():
        own = db.engine
    own.dispose()
    if engine.dialect.name == "sqlite":

        def no_page_more(connection: object, _record: object) -> None:
            cursor = connection.cursor()  # type: ignore[attr-defined]
            cursor.execute("PRAGMA max_page_count=1")  # the size that it has now is the least that it takes

        event.listen(own, "connect", no_page_more)
        try:
            yield
        finally:
            event.remove(own, "connect", no_page_more)
            own.dispose()
        return
    raising = "BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END"
    tables = ("draft", "sealed_ballot", "import_row", "client")
    with engine.begin() as connection:
        connection.execute(text(f"CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $${raising}$$"))
        for table in tables:
            when = f"BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION full_disk()"
            connection.execute(text(f"CREATE TRIGGER full_disk {when}"))
    try:
        yield
    finally:
        with engine.begin() as connection:
            for table in tables:
                connection.execute(text(f"DROP TRIGGER full_disk ON {table}"))


def stored(session: Session) -> dict[str, int]:
    """Return how many ballots, receipts, drafts and sent invitations there are."""
    session.rollback()
    sent = select(func.count()).where(Invitation.status == InvitationStatus.SENT)
    counted = {
        model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0
        for model in (SealedBallot, Receipt, Draft)
    }
    counted["sent"] = session.scalar(sent) or 0
    session.rollback()
    return counted


ONE_ANSWER = {"sealed_ballot": 1, "receipt": 1, "draft": 0, "sent": 1}


def to_review(walker: Walker, opened: SmallRound, number: int = 0) -> Walker:
    return answer_all(to_first_question(walker, opened, number))


def test_a_full_disk_stores_nothing_and_the_same_page_sends_afterwards(
    app: Flask, engine: Engine, session: Session, walker: Walker, opened: SmallRound
) -> None:
    to_review(walker, opened)
    with full_disk(app, engine):
        walker.press("Skicka mina svar")
        assert walker.status == 503
        assert (walker.heading, BACK in walker.text) == ("Just nu går det inte att spara", True)
        assert stored(session) == {"sealed_ballot": 0, "receipt": 0, "draft": 1, "sent": 0}
    walker.press("Försök igen")
    assert walker.heading == "Tack! Ditt svar har kommit fram."
    assert stored(session) == ONE_ANSWER


def test_a_full_disk_lets_an_import_leave_nothing_half_done(
    app: Flask, engine: Engine, session: Session, clock: FixedClock
) -> None:
    fill_register(session, clock)
    session.rollback()
    manager = staff_client(app, session, clock, Role.ROUND_MANAGER)
    many = csv_of(*(PERSON.replace("T1", f"T{number}") for number in range(300)))
    upload(manager, "en.csv", csv_of(PERSON))
    way = f"/stad/register/filer/{session.scalar(select(func.max(ImportBatch.id)))}"
    session.rollback()
    with full_disk(app, engine):
        page = upload(manager, "många.csv", many)
        assert page.status_code == 503
        assert BACK in page.text
    assert session.scalar(select(func.count()).select_from(ImportRow)) == 1
    session.rollback()
    assert upload(manager, "många.csv", many).text.count("<tr>") > 20
    assert "1 ny" in post(manager, f"{way}/infor").text


@contextmanager
def locked(engine: Engine, table: str) -> Iterator[None]:
    """Hold what every writer needs: SQLite's file lock as another process does, a table's lock in PostgreSQL."""
    if engine.dialect.name == "sqlite":
        path = Path(f"{make_url(str(engine.url)).database}-writer.lock")
        with path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with engine.begin() as connection:
        connection.execute(text(f"LOCK TABLE {table} IN EXCLUSIVE MODE"))
        yield


def test_a_locked_database_is_not_waited_for_in_vain(
    app: Flask,
    engine: Engine,
    session: Session,
    walker: Walker,
    opened: SmallRound,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    to_review(walker, opened)
    monkeypatch.setattr(writings, "BUSY_TIMEOUT_SECONDS", 0.2)
    with app.app_context():
        own = db.engine

    def impatient(connection: object, _record: object, _proxy: object) -> None:
        connection.cursor().execute("SET lock_timeout = 200")  # type: ignore[attr-defined]

    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == f"{engines.BUSY_TIMEOUT_SECONDS}s"
        event.listen(own, "checkout", impatient)
    with locked(engine, "sealed_ballot"):
        walker.press("Skicka mina svar")
        assert walker.status == 503
        assert (walker.heading, BACK in walker.text) == ("Just nu är det många på sidan", True)
    walker.press("Försök igen")
    assert walker.heading == "Tack! Ditt svar har kommit fram."
    assert stored(session) == ONE_ANSWER


def test_an_answer_whose_thanks_were_lost_is_sent_again_and_stored_once(
    session: Session, walker: Walker, opened: SmallRound
) -> None:
    to_review(walker, opened)
    fields, way = walker.fields(), walker.path
    walker.client.post(way, data=fields)  # the answer to this never arrives
    assert stored(session) == ONE_ANSWER
    again = walker.client.post(way, data=fields, follow_redirects=True)
    assert "Tack! Ditt svar har kommit fram." in again.text
    assert stored(session) == ONE_ANSWER


def test_a_clock_that_jumps_closes_early_and_opens_again_but_loses_nothing(
    session: Session, walker: Walker, opened: SmallRound, clock: FixedClock
) -> None:
    to_review(walker, opened)
    clock.advance(days=400)
    walker.press("Skicka mina svar")
    assert walker.heading == "Det går inte att svara längre"
    assert stored(session) == {"sealed_ballot": 0, "receipt": 0, "draft": 1, "sent": 0}
    clock.advance(days=-400)
    enter(walker, opened).get(f"/o/{opened.short_name}/granska").press("Skicka mina svar")
    assert walker.heading == "Tack! Ditt svar har kommit fram."
    assert stored(session) == ONE_ANSWER


def test_a_clock_that_jumps_neither_bars_who_typed_wrong_nor_keeps_who_was_logged_in(
    app: Flask, session: Session, walker: Walker, opened: SmallRound, clock: FixedClock
) -> None:
    manager = staff_client(app, session, clock, Role.ROUND_MANAGER)
    for _ in range(3):
        walker.get(f"/o/{opened.short_name}").press("Fortsätt", {"code": "3000 0000 0000 0000"})
    for days in (-30, 60):
        clock.advance(days=days)
        assert enter(walker, opened).status == 200
    assert manager.get("/stad/").status_code == 302
    assert (session.scalar(select(func.count()).select_from(ThrottleBucket)) or 0) <= 1
    assert send_all(walker, opened, 1).heading == "Tack! Ditt svar har kommit fram."
