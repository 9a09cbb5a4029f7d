"""`enkat backup`: a consistent copy of the database, made while it is used."""

from pathlib import Path

import click

from enkat.cli._database import open_database
from enkat.clock import system_clock
from enkat.services.safety.backup import make_backup


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Fil; annars en ny fil i mappen backups.")
def backup(output: Path | None) -> None:
    """Säkerhetskopiera databasen. Hemligheterna är inte med."""
    with open_database() as (session, settings, _secrets):
        kept = make_backup(session, system_clock, settings, output)
        path = output or settings.backups_dir / kept.file_name
    click.echo(f"{path}\n{sum(kept.row_counts.values())} rader, SHA-256 {kept.sha256}")
    click.echo(f"Prova den: enkat restore --verify {path}")
