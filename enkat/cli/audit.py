"""`enkat audit`: the log and the check of its chain."""

import click

from enkat.cli._database import open_database
from enkat.clock import STOCKHOLM
from enkat.services.audit.reading import LogFilter, read_log
from enkat.services.audit.reading import verify as verify_log

NOT_WELL = 1


@click.group()
def audit() -> None:
    """Loggen: visa den och kontrollera att ingen har ändrat i den."""


@audit.command()
def verify() -> None:
    """Kontrollera hela kedjan. Felkod 1 om något har ändrats, lagts till eller tagits bort."""
    with open_database() as (session, _settings, _secrets):
        checked = verify_log(session)
    click.echo(f"{checked.entries} poster, {checked.erased} med gallrade uppgifter.")
    for sentence in checked.faults:
        click.echo(sentence)
    if checked.faults:
        raise click.exceptions.Exit(NOT_WELL)
    click.echo("Kedjan är hel.")


@audit.command(name="list")
@click.option("--text", default="", help="Visa bara poster med texten.")
@click.option("--action", default="", help="Visa bara händelser som börjar så, till exempel login.")
@click.option("--number", default=50, show_default=True, help="Hur många poster, de nyaste först.")
def list_entries(text: str, action: str, number: int) -> None:
    """Visa poster i loggen."""
    with open_database() as (session, _settings, _secrets):
        rows, total = read_log(session, LogFilter(text=text, action=action), size=number)
        for row in rows:
            when = row.entry.happened_at.astimezone(STOCKHOLM)
            click.echo(
                f"{row.entry.sequence}\t{when:%Y-%m-%d %H:%M:%S}\t{row.who}\t{row.entry.action}\t{row.entry.subject}"
            )
    click.echo(f"{len(rows)} av {total} poster.")
