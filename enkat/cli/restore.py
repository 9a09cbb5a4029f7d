"""`enkat restore`: a backup into an empty database, or only tried."""

import os
from pathlib import Path

import click

from enkat.cli._database import open_database
from enkat.clock import system_clock
from enkat.records.engine import make_engine
from enkat.services.safety.restore import restore as restore_backup
from enkat.services.safety.restore import verify as verify_backup
from enkat.settings import Secrets, Settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help="Prova bara: återläs till en tillfällig databas och anteckna det.")
def restore(file: Path, *, verify: bool) -> None:
    """Återläs en säkerhetskopia till en tom databas, rad för rad kontrollerad."""
    if verify:
        with open_database() as (session, settings, _secrets):
            tried = verify_backup(session, system_clock, settings, file)
        click.echo(f"Säkerhetskopian håller: {tried.rows} rader stämmer. Din databas är orörd.")
        return
    settings = Settings()
    os.umask(0o077)  # the file holds personal data: nobody else reads it
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.resolved_database_url)
    try:
        outcome = restore_backup(engine, system_clock, Secrets(settings), file)
    finally:
        engine.dispose()
    click.echo(f"{outcome.rows} rader är återlästa och kontrollerade. Kopian gjordes {outcome.manifest.made_at}.")
    for sentence in outcome.aftermath.sentences if outcome.aftermath else ():
        click.echo(f"• {sentence}")
