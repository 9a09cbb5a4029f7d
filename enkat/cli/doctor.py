"""`enkat doctor`: says how everything is and what to do; exit code 1 when something must be mended."""

import click

from enkat.cli._database import open_database
from enkat.clock import system_clock
from enkat.services.safety.doctor import examine, is_well
from enkat.services.safety.findings import Level

NOT_WELL = 1
MARKS = {Level.GOOD: "✓", Level.WARNING: "!", Level.FAULT: "✕"}


@click.command()
@click.option("--quiet", is_flag=True, help="Visa bara det som behöver åtgärdas.")
def doctor(*, quiet: bool) -> None:
    """Undersök disk, säkerhetskopior, mejl, hemligheter, urnor och schema."""
    with open_database() as (session, settings, secrets):
        found = examine(session, system_clock, settings, secrets)
    for one in found:
        if not quiet or one.level is not Level.GOOD:
            click.echo(f"{MARKS[one.level]} {one.name}: {one.sentence}")
    if not is_well(found):
        raise click.exceptions.Exit(NOT_WELL)
