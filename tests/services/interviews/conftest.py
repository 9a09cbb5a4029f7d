"""A round with somebody who asks, somebody who helps to book, and people who wish to be asked."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from enkat.records.accounts import Role
from enkat.records.calls import Wish
from enkat.records.writing import writing
from enkat.services.accounts.rights import Actor
from enkat.services.interviews.booking import Agreed, book
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.accounts import make_actor
from tests.factories.rounds import HOME, SmallRound, add_client, small_round


@dataclass
class Field:
    """What tests of interviews need."""

    session: Session
    clock: FixedClock
    secrets: Secrets
    opened: SmallRound
    manager: Actor
    interviewer: Actor

    def book(self, number: int = 0, wish: Wish = Wish.PHONE, **agreed: object) -> bytes:
        """Book the person of an invitation and return the booking's id."""
        values = Agreed(wish=wish, **agreed)  # type: ignore[arg-type]
        booked = book(
            self.session,
            self.clock,
            self.opened.invitation_ids[number],
            values,
            account_id=self.manager.account_id,
        )
        return booked.id


@pytest.fixture
def field(session: Session, clock: FixedClock, app_settings: Settings) -> Field:
    secrets = Secrets(app_settings)
    opened = small_round(session, clock, app_settings, secrets)
    with writing(session):
        add_client(session, opened.register, [("BJÖ", HOME)], protected=True)
    return Field(
        session,
        clock,
        secrets,
        opened,
        make_actor(session, clock, Role.ROUND_MANAGER),
        make_actor(session, clock, Role.INTERVIEWER),
    )
