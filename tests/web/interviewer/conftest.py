"""An open round, people who wish to be asked, and a browser in which somebody who asks is logged in."""

from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.ballots.ballot import Ballot
from enkat.ballots.sealing import open_ballot
from enkat.records.accounts import Account, Role
from enkat.records.ballots import SealedBallot
from enkat.records.calls import Wish
from enkat.services.interviews.booking import Agreed, book
from enkat.services.interviews.profiles import set_profile
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.accounts import log_in_as, make_account
from tests.factories.rounds import SmallRound, small_round
from tests.factories.walking import Walker


@dataclass
class Asking:
    """What tests of interviews' pages need."""

    app: Flask
    session: Session
    clock: FixedClock
    opened: SmallRound
    account: Account
    bookings: list[bytes] = field(default_factory=list)

    def book(self, number: int = 0, wish: Wish = Wish.PHONE, **agreed: object) -> str:
        """Book the person of an invitation and return the address of the call."""
        made = book(
            self.session,
            self.clock,
            self.opened.invitation_ids[number],
            Agreed(wish=wish, **agreed),  # type: ignore[arg-type]
            account_id=self.account.id,
        )
        return f"/intervju/{self.opened.short_name}/samtal/{made.id.hex()}"

    def walker(self, account: Account | None = None) -> Walker:
        """Return a browser in which somebody who asks is logged in."""
        return Walker(log_in_as(self.app, self.session, self.clock, account or self.account))

    def assistant(self) -> Account:
        """Make a bookable assistant who works for nobody that gives help."""
        made = make_account(self.session, self.clock, Role.ASSISTANT, name="Assar Assistent")
        set_profile(self.session, self.clock, made.id, organisation="Frågehjälpen", provider_id=None, by=None)
        return made

    def ballots(self) -> list[Ballot]:
        """Open the box."""
        self.session.rollback()
        contents = self.session.scalars(select(SealedBallot.content)).all()
        return [Ballot.from_bytes(open_ballot(self.opened.pair.private, content)) for content in contents]


@pytest.fixture
def asking(app: Flask, session: Session, clock: FixedClock, app_settings: Settings) -> Asking:
    opened = small_round(session, clock, app_settings, Secrets(app_settings))
    account = make_account(session, clock, Role.INTERVIEWER, name="Ida Intervjuare")
    return Asking(app, session, clock, opened, account)
