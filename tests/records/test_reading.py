"""One row by one statement, and one statement that writes: without BEGIN and ROLLBACK, in step with transactions."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, Select, bindparam, select, update
from sqlalchemy.orm import Session, sessionmaker

from bench.inside import counted
from enkat.records.organisations import District
from enkat.records.reading import read_row
from enkat.records.writing import write_once, writing
from tests.databases import PostgresDatabases

NAME: Select[Any] = select(District.name).where(District.id == bindparam("id"))
RENAME = update(District).where(District.id == bindparam("of_id")).values(name=bindparam("new_name"))
NOBODYS = 404


@pytest.fixture
def district(session: Session) -> int:
    with writing(session):
        made = District(name="Norr", valid_from=date(2020, 1, 1))
        session.add(made)
    return made.id


def name_of(session: Session, district_id: int) -> str | None:
    row = read_row(session, NAME, {"id": district_id})
    return row.name if row else None


def test_a_row_is_read_by_one_statement_and_nothing_is_left_open(session: Session, engine: Engine, district: int):
    with counted(engine) as sent:
        assert name_of(session, district) == "Norr"
        assert name_of(session, NOBODYS) is None
    assert [text.split()[0] for text in sent.texts] == ["SELECT", "SELECT"]
    assert not session.in_transaction()


def test_a_session_in_a_transaction_reads_what_it_has_written(
    session: Session, sessions: sessionmaker[Session], district: int
):
    with writing(session):
        session.execute(update(District).values(name="Norra"))
        assert name_of(session, district) == "Norra"
        with sessions() as other:
            assert name_of(other, district) == "Norr"


def test_one_statement_writes_durably_and_tells_how_many_rows(
    session: Session, sessions: sessionmaker[Session], engine: Engine, district: int
):
    with counted(engine) as sent:
        assert write_once(session, RENAME, {"of_id": district, "new_name": "Norra"}) == 1
        assert write_once(session, RENAME, {"of_id": NOBODYS, "new_name": "Södra"}) == 0
    assert [text.split()[0] for text in sent.texts] == ["UPDATE", "UPDATE"]
    with sessions() as other:
        assert name_of(other, district) == "Norra"


def test_one_statement_inside_writing_is_undone_with_it(session: Session, district: int):
    with writing(session):
        assert write_once(session, RENAME, {"of_id": district, "new_name": "Norra"}) == 1
        session.rollback()
    assert name_of(session, district) == "Norr"


def test_a_connection_that_has_just_ended_is_met_by_no_reader(
    session: Session, engine: Engine, district: int, postgres_databases: PostgresDatabases
):
    if engine.dialect.name == "sqlite":  # a file has no server that could end a connection
        return
    assert name_of(session, district) == "Norr"
    postgres_databases.end_connections(engine)
    assert name_of(session, district) == "Norr"
