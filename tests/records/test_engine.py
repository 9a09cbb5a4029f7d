"""Connections that the database has ended meanwhile are replaced before a request meets them."""

import pytest
from sqlalchemy import Engine, text

from enkat.records import engine as engines
from tests.databases import PostgresDatabases


def _end_all_others(postgres: PostgresDatabases, engine: Engine) -> None:
    postgres.admin().execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
        [engine.url.database],
    )


def test_a_connection_that_ended_while_it_rested_is_replaced(
    engine: Engine, postgres_databases: PostgresDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.dialect.name == "sqlite":  # a file has no server that could end a connection
        return
    monkeypatch.setattr(engines, "REST_SECONDS", -1.0)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    _end_all_others(postgres_databases, engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
