"""The page of concerns: only the lex Sarah function opens it, and receives each one."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from enkat.records.accounts import Role
from enkat.records.concerns import ConcernSource
from enkat.services.concerns.registering import register_concern
from tests.clocks import FixedClock
from tests.factories.accounts import make_account, staff_client
from tests.factories.ballots import add_round
from tests.factories.walking import Walker


@pytest.fixture
def noted(session: Session, clock: FixedClock) -> None:
    opened = add_round(session, clock, (3,))
    register_concern(
        session,
        clock,
        round_id=opened.round_id,
        unit_id=opened.unit_ids[0],
        source=ConcernSource.VISIT,
        description="Det är kallt i lägenheten.",
        account_id=make_account(session, clock, Role.ASSISTANT, name="Assar").id,
    )


@pytest.mark.usefixtures("noted")
def test_the_function_sees_its_duty_reads_and_receives(app: Flask, session: Session, clock: FixedClock) -> None:
    walker = Walker(staff_client(app, session, clock, Role.CONCERN_HANDLER))
    assert "Oro att ta emot: 1" in walker.get("/stad/").text
    page = walker.get("/stad/oro")
    assert "Det är kallt i lägenheten." in page.text
    assert "Assar" in page.text
    assert "Du har tagit emot oron." in page.press("Jag tar emot oron").text
    assert "Oro att ta emot" not in walker.get("/stad/").text


@pytest.mark.usefixtures("noted")
@pytest.mark.parametrize("role", [Role.ROUND_MANAGER, Role.ANALYST, Role.INTERVIEWER, Role.ADMINISTRATOR])
def test_nobody_else_opens_it(app: Flask, session: Session, clock: FixedClock, role: Role) -> None:
    assert staff_client(app, session, clock, role).get("/stad/oro").status_code == 403
