"""`enkat backup`: a consistent copy of the database, made while it is used."""

from pathlib import Path

import click

from enkat.cli._database import open_database
from enkat.clock import system_clock
from enkat.services.safety.backup import make_backup, remove_old_backups


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Fil; annars en ny fil i mappen backups.")
@click.option("--keep", type=click.IntRange(min=1), help="Spara bara så många av de nyaste filerna i mappen backups.")
def backup(output: Path | None, keep: int | None) -> None:
    """Säkerhetskopiera databasen. Hemligheterna är inte med."""
    with open_database() as (session, settings, _secrets):
        kept = make_backup(session, system_clock, settings, output)
        path = output or settings.backups_dir / kept.file_name
        removed = remove_old_backups(settings, keep) if keep is not None else []
    click.echo(f"{path}\n{sum(kept.row_counts.values())} rader, SHA-256 {kept.sha256}")
    if removed:
        click.echo(f"Borttagna äldre kopior: {', '.join(removed)}")
    click.echo(f"Prova den: enkat restore --verify {path}")
