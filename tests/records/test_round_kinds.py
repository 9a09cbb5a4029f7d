"""The step that brought kinds of rounds: earlier rounds are user surveys, and other kinds bar the way back."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from enkat.records.engine import make_engine
from enkat.records.migrating import downgrade, upgrade
from tests.databases import Database, PostgresDatabases, SqliteFiles
from tests.rows import fill

STAFF = """UPDATE survey_round
    SET kind = 'staff', loose_codes = :yes, threshold_internal = 10, threshold_public = 10"""


@pytest.fixture
def filled(database: Database, sqlite_files: SqliteFiles, postgres_databases: PostgresDatabases) -> Iterator[Engine]:
    """A database of the newest schema with a row in every table."""
    source: SqliteFiles | PostgresDatabases = sqlite_files if database.kind == "sqlite" else postgres_databases
    with source.fresh(empty=True) as bare:
        engine = make_engine(bare.url)
        upgrade(engine)
        with engine.connect() as connection:
            fill(connection)
            connection.commit()
        yield engine
        engine.dispose()


def test_earlier_rounds_become_user_surveys_and_other_kinds_bar_the_way_back(filled: Engine) -> None:
    downgrade(filled, "0013")
    upgrade(filled, "0014")
    with filled.begin() as connection:
        kinds = connection.execute(text("SELECT kind, loose_codes FROM survey_round")).all()
        assert [(kind, bool(loose)) for kind, loose in kinds] == [("user_survey", False)]
        connection.execute(text(STAFF), {"yes": True})
    with pytest.raises(RuntimeError, match="andra slag"):
        downgrade(filled, "0013")
    with filled.connect() as connection:
        assert connection.scalar(text("SELECT kind FROM survey_round")) == "staff", "nothing was lost"
