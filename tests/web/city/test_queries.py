"""Pages of administration ask the database a bounded number of questions, however many rows there are."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from enkat.records.accounts import Role
from enkat.services.audit.recording import record
from enkat.services.retention.holds import place_hold
from enkat.services.retention.rules import set_missing_defaults
from enkat.services.rounds.planning import plan_round
from enkat.web.extensions import db
from tests.clocks import FixedClock
from tests.factories.accounts import log_in_as, make_account
from tests.factories.rounds import a_plan

MOST = 20
ADDRESSES = (
    "/stad/",
    "/stad/konton",
    "/stad/konton/1",
    "/stad/konton/1/utdrag",
    "/stad/logg",
    "/stad/gallring",
    "/stad/mitt-konto",
    "/stad/enkater",
    "/stad/enkater/sprak",
    "/stad/enkater/hemtjanst/jamfor",
)

pytestmark = pytest.mark.one_database


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_questions_are_few_and_do_not_grow_with_rows(app: Flask, session: Session, clock: FixedClock) -> None:
    account = make_account(session, clock, *(role for role in Role if role is not Role.DISTRICT_READER))
    client = log_in_as(app, session, clock, account)
    set_missing_defaults(session, clock, "B", account_id=account.id)
    numbers = []
    for turn in range(2):
        for number in range(1 + 20 * turn):
            made = make_account(session, clock, Role.ANALYST, Role.KEY_HOLDER)
            record(session, clock, account_id=made.id, action="prov", subject=f"account:{number}")
        place_hold(session, clock, reason="R", account_id=None)
        plan_round(session, clock, a_plan(clock, short_name=f"prov{turn}"))
        asked_by = {}
        for address in ADDRESSES:
            with counted(app) as asked:
                assert client.get(address).status_code == 200
            asked_by[address] = len([s for s in asked if not s.startswith(("BEGIN", "PRAGMA"))])
        numbers.append(asked_by)
    assert {a: n for a, n in numbers[1].items() if n > MOST} == {}
    grown = {a: (numbers[0][a], n) for a, n in numbers[1].items() if n > numbers[0][a]}
    assert set(grown) <= {"/stad/", "/stad/gallring"}, grown  # one or two questions a round
