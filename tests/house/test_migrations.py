"""Migrations: numbered, one head, the same schema as the models, up and down with data on both databases."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from sqlalchemy import Engine

from enkat.records.engine import make_engine
from enkat.records.metadata import metadata
from enkat.records.migrating import downgrade, script_directory, upgrade
from tests.databases import Database, PostgresDatabases, SqliteFiles
from tests.house.sources import ROOT, files
from tests.migrating import counts, revisions, shape
from tests.rows import fill


@pytest.fixture
def empty(database: Database, sqlite_files: SqliteFiles, postgres_databases: PostgresDatabases) -> Iterator[Engine]:
    source: SqliteFiles | PostgresDatabases = sqlite_files if database.kind == "sqlite" else postgres_databases
    with source.fresh(empty=True) as bare:
        engine = make_engine(bare.url)
        yield engine
        engine.dispose()


def test_migrations_are_numbered_in_one_line() -> None:
    assert len(script_directory().get_heads()) == 1
    numbers = revisions()[::-1]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    names = [path.name for path in files("migrations/versions/*.py")]
    assert [name for name in names if not re.match(r"\d{4}_[a-z_]+\.py$", name)] == []
    assert [name[:4] for name in names] == numbers, ROOT


def test_migrations_make_the_schema_of_the_models(empty: Engine, engine: Engine) -> None:
    upgrade(empty)
    migrated, modelled = shape(empty), shape(engine)
    assert set(migrated) == set(modelled)
    differing = {
        f"{table}, {what}: {migrated[table][what]} in migrations, {modelled[table][what]} in models"
        for table in modelled
        for what in modelled[table]
        if migrated[table][what] != modelled[table][what]
    }
    assert differing == set()


def test_up_down_up_leaves_the_same_schema(empty: Engine) -> None:
    upgrade(empty)
    first = shape(empty)
    assert set(first) == set(metadata.tables)
    downgrade(empty)
    assert shape(empty) == {}
    upgrade(empty)
    assert shape(empty) == first


def test_every_step_down_and_up_again_keeps_the_other_tables_rows(empty: Engine) -> None:
    upgrade(empty)
    with empty.connect() as connection:
        written = fill(connection)
        connection.commit()
    assert counts(empty) == written
    for upper, lower in pairwise([*revisions(), "base"]):
        downgrade(empty, lower)
        kept = counts(empty)
        assert kept == {table: written[table] for table in kept}, lower
        upgrade(empty, upper)
        again = counts(empty)
        assert again == {table: kept.get(table, 0) for table in again}, upper
        downgrade(empty, lower)
    assert counts(empty) == {}
