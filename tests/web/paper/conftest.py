"""A round whose paper comes back, an opener and three keyers, each with a browser without script."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from enkat.records.accounts import Role
from enkat.records.rounds import SurveyRound
from enkat.records.writing import writing
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.accounts import log_in_as, make_account
from tests.factories.rounds import SmallRound, small_round
from tests.factories.walking import Walker


@dataclass
class PaperPages:
    """Who sits where."""

    opened: SmallRound
    opener: Walker
    keyers: list[Walker]
    session: Session

    @property
    def base(self) -> str:
        return f"/papper/{self.opened.short_name}"

    def scan(self, person: int) -> Walker:
        return self.opener.get(f"{self.base}/oppna").press("Registrera", {"code": self.opened.codes[person]})

    def pile(self, *people: int) -> None:
        for person in people:
            self.scan(person)
        self.opener.press("Lämna bunten till inskrivning")

    def take(self, person: int, keyer: int = 0) -> Walker:
        walker = self.keyers[keyer].get(f"{self.base}/skriv")
        return walker.press("Öppna bladet", {"code": self.opened.codes[person]})

    def key(self, person: int, typed: str, keyer: int = 0, **texts: str) -> Walker:
        return self.take(person, keyer).press("Spara", {"keys": typed, **texts})

    def set_up(self, **values: int) -> None:
        with writing(self.session):
            self.session.execute(update(SurveyRound).values(**values))


@pytest.fixture
def paper(app: Flask, session: Session, clock: FixedClock, app_settings: Settings) -> PaperPages:
    opened = small_round(session, clock, app_settings, Secrets(app_settings))
    opener = Walker(log_in_as(app, session, clock, make_account(session, clock, Role.OPENER)))
    keyers = [
        Walker(log_in_as(app, session, clock, make_account(session, clock, Role.KEYER, Role.OPENER))) for _ in range(3)
    ]
    session.rollback()
    return PaperPages(opened, opener, keyers, session)
