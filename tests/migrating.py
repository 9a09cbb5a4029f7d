"""Tells which migrations there are, and what a database looks like."""

from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, MetaData, func, inspect, select

from enkat.records.migrating import script_directory

Shape = dict[str, dict[str, Any]]


def revisions() -> list[str]:
    """Return every revision, newest first."""
    return [script.revision for script in script_directory().walk_revisions()]


def stamp(engine: Engine) -> None:
    """Note that a database made from the models stands at the newest revision, which is cheaper than migrating."""
    with engine.begin() as connection:
        MigrationContext.configure(connection).stamp(script_directory(), "head")


def counts(engine: Engine) -> dict[str, int]:
    """Count the rows of every table."""
    reflected = MetaData()
    reflected.reflect(engine)
    with engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in reflected.tables.items()
            if name != "alembic_version"
        }


def _plain(items: Any) -> list[str]:
    return sorted(str(sorted((key, str(value)) for key, value in item.items())) for item in items)


def shape(engine: Engine) -> Shape:
    """Describe every table: columns, keys, indexes, CHECKs and options, as the database itself tells them."""
    seen = inspect(engine)
    return {
        table: {
            "columns": _plain(seen.get_columns(table)),
            "primary key": seen.get_pk_constraint(table),
            "foreign keys": _plain(seen.get_foreign_keys(table)),
            "unique": _plain(seen.get_unique_constraints(table)),
            "indexes": _plain(seen.get_indexes(table)),
            "checks": _plain(seen.get_check_constraints(table)),
            "options": seen.get_table_options(table),
        }
        for table in seen.get_table_names()
        if table != "alembic_version"
    }
