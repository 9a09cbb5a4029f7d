"""Fixtures for all tests: databases of both kinds, a clock that stands still, a browser where there is one."""

import importlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from enkat.records.engine import make_engine, make_sessions
from enkat.settings import Environment, Secrets, Settings
from tests.clocks import FixedClock
from tests.databases import KINDS, Database, PostgresDatabases, SqliteFiles

# Under CI the same examples every time: a landing does not hang on luck, and new ones are tried on every desk.
hypothesis.settings.register_profile(
    "enkat",
    deadline=None,
    max_examples=int(os.environ.get("ENKAT_EXAMPLES", "40")),
    derandomize=os.environ.get("CI") == "true",
)
hypothesis.settings.load_profile("enkat")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_unseen_browser_tests: list[pytest.Item] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=(*KINDS, "both"), default="both", help="databases to run on (default both)")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" not in metafunc.fixturenames:
        return
    chosen = metafunc.config.getoption("--db")
    one = metafunc.definition.get_closest_marker("one_database") is not None
    kinds = KINDS if chosen == "both" else (chosen,)
    marks = {"postgresql": [pytest.mark.postgresql]}
    kinds = kinds[:1] if one else kinds
    metafunc.parametrize("database", [pytest.param(k, id=k, marks=marks.get(k, [])) for k in kinds], indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if CHROMIUM is not None:
        return
    browser = [item for item in items if item.get_closest_marker("browser")]
    if browser and os.environ.get("CI") == "true":
        raise pytest.UsageError(f"chromium was not found: {len(browser)} browser tests cannot run, and CI needs them.")
    _unseen_browser_tests.extend(browser)
    config.hook.pytest_deselected(items=browser)
    items[:] = [item for item in items if item not in browser]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _unseen_browser_tests:
        terminalreporter.section("browser")
        terminalreporter.write_line(f"{len(_unseen_browser_tests)} browser tests did not run: chromium was not found.")


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    databases = PostgresDatabases()
    yield databases
    databases.stop()


@pytest.fixture
def database(
    request: pytest.FixtureRequest, sqlite_files: SqliteFiles, postgres_databases: PostgresDatabases
) -> Iterator[Database]:
    source: SqliteFiles | PostgresDatabases = sqlite_files if request.param == "sqlite" else postgres_databases
    with source.fresh() as fresh:
        yield fresh


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    engine = make_engine(database.url)
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return make_sessions(engine)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        yield session


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def app_settings(database: Database, tmp_path: Path) -> Settings:
    settings = Settings(
        environment=Environment.TEST,
        data_dir=tmp_path / "data",
        database_url=database.url,
        scrypt_log2_n=10,
        city_name="Provstaden",
        tick_in_serve=False,
    )
    secrets = Secrets(settings)
    for name in Secrets.FIXED:
        secrets.create(name)
    return settings


@pytest.fixture
def app(app_settings: Settings, clock: FixedClock) -> Iterator[Flask]:
    web = importlib.import_module("tests.serving")  # the pure rooms' tests start without Flask's extensions
    app: Flask = web.make_app(app_settings, clock)
    yield app
    web.dispose(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """Serve the app on a port of its own and return its address, for browsers and other programs."""
    with importlib.import_module("tests.serving").served(app) as address:
        yield address


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    """Commands that write personal data narrow the umask of their process; a test must not hand that on."""
    before = os.umask(0o022)
    yield
    os.umask(before)
