"""The answer side of the schema holds nothing that can order answers in time or lead back to a person."""

import pytest
from sqlalchemy import Boolean, Date, DateTime, Integer, Interval, LargeBinary, Table, Time

from enkat.records.base import ID_BYTES, random_id
from enkat.records.metadata import metadata

ANSWER_SIDE = (
    "draft",
    "sealed_ballot",
    "receipt",
    "kept_class",
    "class_margin",
    "answer",
    "tally",
    "collection_tally",
    "response",
    "free_text",
    "paper_draft",
    "paper_ballot",
)
PERSONS = {"client", "client_service", "invitation", "invitation_code", "invitation_correction", "account"}
COUNTERS = {"n", "version", "code"}
"""Whole numbers that are sums, option codes or a draft's own version, never a running number."""

tables = pytest.mark.parametrize("table", [metadata.tables[name] for name in ANSWER_SIDE], ids=lambda table: table.name)


@tables
def test_no_time(table: Table):
    assert [column.name for column in table.columns if isinstance(column.type, (Date, DateTime, Time, Interval))] == []


@tables
def test_no_running_number(table: Table):
    numbers = {
        column.name
        for column in table.columns
        if isinstance(column.type, Integer) and not isinstance(column.type, Boolean) and not column.foreign_keys
    }
    assert numbers <= COUNTERS
    assert table.dialect_options["sqlite"]["with_rowid"] is False
    assert table.autoincrement_column is None


@tables
def test_no_key_of_a_person(table: Table):
    assert {key.column.table.name for key in table.foreign_keys} & PERSONS == set()


@tables
def test_nobody_who_is_known_refers_to_it(table: Table):
    referring = {
        other.name for other in metadata.tables.values() for key in other.foreign_keys if key.column.table is table
    }
    assert referring <= set(ANSWER_SIDE)


@tables
def test_own_ids_are_random_bytes(table: Table):
    own = [column for column in table.primary_key.columns if column.name == "id"]
    assert all(isinstance(column.type, LargeBinary) for column in own)
    makers = [getattr(column.default, "arg", None) for column in own if column.default is not None]
    assert all(getattr(maker, "__name__", "") == random_id.__name__ for maker in makers)


def test_random_ids_say_nothing_about_their_order():
    made = [random_id() for _ in range(200)]
    assert {len(each) for each in made} == {ID_BYTES}
    assert sorted(made) != made
    assert len({each[:2] for each in made}) > 150


@pytest.mark.parametrize("name", ["answer", "kept_class", "tally", "free_text", "collection_tally"])
def test_a_counted_row_knows_neither_how_nor_when_it_came(name: str):
    words = ("mode", "helper", "interviewer", "language", "week", "lookup", "draft", "ballot", "invitation")
    assert [column for column in metadata.tables[name].columns.keys() if column in words] == []  # noqa: SIM118


def test_invitations_keep_a_status_and_no_moment():
    kinds = (Date, DateTime, Time)
    for name in ("invitation", "invitation_code"):
        assert not [column.name for column in metadata.tables[name].columns if isinstance(column.type, kinds)]
        assert metadata.tables[name].dialect_options["sqlite"]["with_rowid"] is False
