"""Moves a database up and down the migrations, and describes its shape."""

from typing import Any

import alembic.config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, func, inspect, select

from enkat import paths
from enkat.records.metadata import metadata

Shape = dict[str, dict[str, Any]]


def scripts() -> ScriptDirectory:
    """Return the migration scripts."""
    return ScriptDirectory(str(paths.migrations()))


def migrate(engine: Engine, target: str) -> None:
    """Bring the database to a revision: `head`, `base` or a number."""
    script = scripts()

    def steps(revision: Any, _context: Any) -> Any:
        at = revision[0] if isinstance(revision, tuple) and revision else revision or None
        here = [item.revision for item in script.walk_revisions()][::-1]
        goal = {"base": -1, "head": len(here) - 1}.get(target, here.index(target) if target in here else -1)
        down = at is not None and here.index(at) > goal
        go = script._downgrade_revs if down else script._upgrade_revs  # noqa: SLF001
        return go(target, revision)

    context = EnvironmentContext(alembic.config.Config(), script, fn=steps)
    with engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=metadata, render_as_batch=True, transaction_per_migration=True
        )
        with context.begin_transaction(), context:
            context.run_migrations()
        connection.commit()


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


def _plain(items: list[Any]) -> list[str]:
    return sorted(str(sorted((key, str(value)) for key, value in item.items())) for item in items)


def shape(engine: Engine) -> Shape:
    """Describe every table: columns, keys, indexes, CHECKs and options, as the database itself tells them."""
    seen = inspect(engine)
    return {
        table: {
            "columns": _plain(seen.get_columns(table)),  # type: ignore[arg-type]
            "primary key": seen.get_pk_constraint(table),
            "foreign keys": _plain(seen.get_foreign_keys(table)),  # type: ignore[arg-type]
            "unique": _plain(seen.get_unique_constraints(table)),  # type: ignore[arg-type]
            "indexes": _plain(seen.get_indexes(table)),  # type: ignore[arg-type]
            "checks": _plain(seen.get_check_constraints(table)),  # type: ignore[arg-type]
            "options": seen.get_table_options(table),
        }
        for table in seen.get_table_names()
        if table != "alembic_version"
    }
