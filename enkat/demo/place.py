"""Where a demo city lives: a folder of its own with database, secrets, letters, and what the demo has to remember."""

import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from enkat.clock import STOCKHOLM, require_aware
from enkat.records.engine import make_engine, make_sessions
from enkat.records.migrating import upgrade
from enkat.settings import Environment, Secrets, Settings

NOTES_FILE = "demo.json"
SUMMARY_FILE = "sammanfattning.txt"
DEMO_LOG2_N = 10
"""scrypt's cost in the demo: codes there protect nobody."""


@dataclass
class MovingClock:
    """A clock that stands where it was put: rounds of earlier years run in their own time."""

    moment: datetime

    def __call__(self) -> datetime:
        """Return the moment in UTC."""
        return require_aware(self.moment)

    def go_to(self, day: Any, hour: int = 9) -> None:
        """Stand at an hour of a day in Stockholm."""
        self.moment = datetime.combine(day, time(hour), STOCKHOLM).astimezone(UTC)


@dataclass(frozen=True)
class Login:
    """An invented member of staff; the password and the seed of the one-time codes stand in the demo's notes."""

    email: str
    name: str
    role: str
    password: str
    totp_secret: str
    recovery_codes: list[str]


@dataclass
class Notes:
    """What the demo remembers between runs, in a file that only its owner reads.

    Attributes
    ----------
    shares
        Words of the key shares by the round's short name: in the demo one person plays all key holders.
    open_round
        Short name of the round that takes answers.
    """

    city: str
    finished: bool = False
    logins: list[Login] = field(default_factory=list)
    shares: dict[str, list[str]] = field(default_factory=dict)
    open_round: str = ""


@dataclass(frozen=True)
class DemoPlace:
    """A demo city's folder with everything opened."""

    folder: Path
    settings: Settings
    secrets: Secrets
    engine: Engine
    sessions: sessionmaker[Session]

    @property
    def summary(self) -> Path:
        """The text that is printed at every run."""
        return self.folder / SUMMARY_FILE

    def read_notes(self) -> Notes | None:
        """Return what an earlier run remembered; None where there was none."""
        path = self.folder / NOTES_FILE
        if not path.is_file():
            return None
        data = json.loads(path.read_text(encoding="utf-8"))
        data["logins"] = [Login(**login) for login in data["logins"]]
        return Notes(**data)

    def write_notes(self, notes: Notes) -> None:
        """Remember for the next run."""
        path = self.folder / NOTES_FILE
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(notes), file, ensure_ascii=False, indent=2)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def demo_settings(folder: Path, *, title: str, port: int) -> Settings:
    """Return the settings of a demo city; what the environment says about the database holds."""
    return Settings(
        environment=Environment.DEMO,
        data_dir=folder,
        city_name=title,
        public_url=f"http://127.0.0.1:{port}",
        https=False,
        scrypt_log2_n=DEMO_LOG2_N,
        contact_email="undersokning@example.org",
    )


def open_place(folder: Path, *, title: str, port: int) -> DemoPlace:
    """Open a demo city's folder, made if need be, with secrets and a database at the newest schema."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings = demo_settings(folder, title=title, port=port)
    secrets = Secrets(settings)
    for name in Secrets.FIXED:
        secrets.create(name)
    engine = make_engine(settings.resolved_database_url)
    upgrade(engine)
    return DemoPlace(folder, settings, secrets, engine, make_sessions(engine))


def throw_away(folder: Path) -> bool:
    """Remove a demo city's folder and tell whether there was one; a folder that holds no demo is left alone."""
    if not (folder / NOTES_FILE).is_file():
        return False
    shutil.rmtree(folder)
    return True
