"""Connections that the database has ended meanwhile are replaced before a request meets them."""

import pytest
from sqlalchemy import Engine, text

from enkat.records import engine as engines
from tests.databases import PostgresDatabases


def test_a_connection_that_ended_while_it_rested_is_replaced(
    engine: Engine, postgres_databases: PostgresDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.dialect.name == "sqlite":  # a file has no server that could end a connection
        return
    monkeypatch.setattr(engines, "REST_SECONDS", -1.0)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    postgres_databases.end_connections(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1


def test_a_transaction_sees_its_own_moment_where_it_asks_for_one_and_the_next_begins_as_usual(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        return
    moment = text("SELECT current_setting('transaction_isolation')")
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        assert connection.scalar(moment) == "repeatable read"
    for _ in range(2):  # the same connection again: it still begins and undoes
        with engine.connect() as connection:
            connection.execute(text("CREATE TABLE tried (n integer)"))
            connection.rollback()
            assert connection.scalar(text("SELECT to_regclass('tried')")) is None
            assert connection.scalar(moment) == "read committed"
