"""An open round whose letters can be ordered and made."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from enkat.ballots.codes import read_code
from enkat.ballots.derivation import derive
from enkat.records.invitations import Invitation, find_by_code
from enkat.records.letters import BatchState, LetterBatch, LetterFormat
from enkat.records.writing import writing
from enkat.services.jobs.running import run_waiting
from enkat.services.letters.ordering import order_letters
from enkat.services.rounds.opening import open_round, secret_name
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.rounds import HOME, add_client, catalogue, planned_round, small_register


@dataclass
class World:
    """An open round and everything that letters need."""

    session: Session
    sessions: sessionmaker[Session]
    clock: FixedClock
    settings: Settings
    secrets: Secrets
    round_id: int

    def run(self) -> int:
        ran = run_waiting(self.sessions, self.clock, self.settings, self.secrets)
        self.session.expire_all()
        return ran

    def order(self, format_: LetterFormat, **where: Any) -> LetterBatch:
        return order_letters(self.session, self.clock, self.round_id, format_, account_id=None, **where)

    def made(self, format_: LetterFormat, **where: Any) -> tuple[LetterBatch, Path]:
        batch = self.order(format_, **where)
        assert self.run() == 1
        assert batch.state is BatchState.READY
        assert batch.file_name is not None
        return batch, self.settings.letters_dir / batch.file_name

    def holder_of(self, code: str) -> Invitation | None:
        keys = derive(read_code(code), self.secrets.get(secret_name(self.round_id)), 10)
        return find_by_code(self.session, self.round_id, keys.lookup)


def open_world(session: Session, sessions: sessionmaker[Session], clock: FixedClock, app_settings: Settings) -> World:
    """Return an open round of a small register, one person with protected identity in it."""
    register = small_register(session)
    with writing(session):
        add_client(session, register, [("EKE", HOME)], name="Skyddad Person", protected=True)
    secrets = Secrets(app_settings)
    round_ = planned_round(session, clock, languages=["sv"])
    open_round(session, clock, app_settings, secrets, round_.id, None, catalogue())
    return World(session, sessions, clock, app_settings, secrets, round_.id)
