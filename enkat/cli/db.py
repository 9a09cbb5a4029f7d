"""`enkat db`: brings the database's schema up and down."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine

from enkat.records.engine import make_engine
from enkat.records.migrating import current_revision, head_revision
from enkat.records.migrating import downgrade as downgrade_schema
from enkat.records.migrating import upgrade as upgrade_schema
from enkat.settings import Settings


@contextmanager
def _engine() -> Iterator[Engine]:
    settings = Settings()
    os.umask(0o077)  # the file holds personal data: nobody else reads it
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.resolved_database_url)
    try:
        yield engine
    finally:
        engine.dispose()


@click.group()
def db() -> None:
    """Databasens schema."""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Uppgradera till det senaste schemat (eller till REVISION)."""
    with _engine() as engine:
        upgrade_schema(engine, revision)
        click.echo(f"Databasen har schema {current_revision(engine)}.")


@db.command()
@click.argument("revision")
@click.confirmation_option("--yes", prompt="Uppgifter kan försvinna. Finns en säkerhetskopia?", help="Fråga inte.")
def downgrade(revision: str) -> None:
    """Ta ner schemat till REVISION (base = inga tabeller)."""
    with _engine() as engine:
        try:
            downgrade_schema(engine, revision)
        except RuntimeError as stop:  # a migration's own sentence about what stands in the way
            raise click.ClickException(str(stop)) from stop
        click.echo(f"Databasen har schema {current_revision(engine) or 'inget'}.")


@db.command()
def current() -> None:
    """Visa vilket schema databasen har och vilket programmet behöver."""
    with _engine() as engine:
        click.echo(f"Databasen: {current_revision(engine) or 'inget schema'}. Programmet: {head_revision()}.")
