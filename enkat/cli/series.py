"""`enkat series`: others' results, such as the national survey: begin a series, read a file of figures, list."""

from pathlib import Path

import click

from enkat import paths
from enkat.cli._database import open_database
from enkat.clock import system_clock
from enkat.instruments.loading import load_catalogue
from enkat.records.external_series import series_with_extent
from enkat.services.external_series import keeping
from enkat.services.faults import Faults


@click.group()
def series() -> None:
    """Andras undersökningar, till exempel den nationella: lägg till en serie, läs in resultat, lista."""


@series.command(name="list")
def list_() -> None:
    """Visa serierna med år och antal resultat."""
    with open_database() as (session, _settings, _secrets):
        for found, number, first, last in series_with_extent(session):
            years = "–" if first is None else f"{first}–{last}"
            click.echo(f"{found.title}  {found.publisher}  {years}  {number} resultat")


@series.command()
@click.argument("title")
@click.option("--publisher", required=True, help="Vem som gör undersökningen.")
@click.option("--source", required=True, help="Var siffrorna är hämtade och vilka som har frågats.")
def add(title: str, publisher: str, source: str) -> None:
    """Lägg till serien TITLE."""
    with open_database() as (session, _settings, _secrets):
        keeping.add_series(session, system_clock, title=title, publisher=publisher, source=source, account_id=None)
    click.echo(f"Serien ”{title}” är sparad.")


@series.command(name="import")
@click.argument("title")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(title: str, file: Path) -> None:
    """Läs in FILE (CSV eller XLSX) i serien TITLE. Finns det fel i filen ändras ingenting."""
    with open_database() as (session, _settings, _secrets):
        found = keeping.find_series(session, title)
        rows = keeping.read_figures(file.name, file.read_bytes())
        try:
            done = keeping.import_figures(
                session,
                system_clock,
                found.id,
                rows,
                questions=load_catalogue(paths.surveys()).core,
                account_id=None,
            )
        except Faults as fault:
            for sentence in fault.sentences:
                click.echo(sentence, err=True)
            raise click.ClickException(fault.heading) from fault
    click.echo(f"Klart: {done.new} nya, {done.changed} ändrade, {done.same} oförändrade.")
