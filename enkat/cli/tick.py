"""`enkat tick`: does what waits and ends; run it every minute by a timer."""

import click

from enkat.clock import system_clock
from enkat.records.engine import make_engine, make_sessions
from enkat.services.jobs.ticking import tick as run_tick
from enkat.settings import Secrets, Settings

SOMETHING_FAILED = 1


@click.command()
def tick() -> None:
    """Gör det som väntar: brev, meddelanden, gallring. Kör en gång i minuten."""
    settings = Settings()
    engine = make_engine(settings.resolved_database_url)
    try:
        done = run_tick(make_sessions(engine), system_clock, settings, Secrets(settings))
    finally:
        engine.dispose()
    click.echo(f"{done.jobs} arbeten, {done.messages} meddelanden, {done.letter_files} brevfiler raderade.")
    if done.failed:
        click.echo(f"Det här gick inte nu: {', '.join(done.failed)}. Nästa gång försöks det igen.", err=True)
        raise click.exceptions.Exit(SOMETHING_FAILED)
