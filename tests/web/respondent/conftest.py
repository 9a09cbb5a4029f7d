"""A round that is open, and somebody with a browser without script."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.rounds import SmallRound, small_round
from tests.factories.walking import Walker


@pytest.fixture
def opened(session: Session, clock: FixedClock, app_settings: Settings) -> SmallRound:
    made = small_round(session, clock, app_settings, Secrets(app_settings))
    session.rollback()  # ends the read, so that a test sees what the pages write
    return made


@pytest.fixture
def walker(app: Flask) -> Walker:
    return Walker(app.test_client())
