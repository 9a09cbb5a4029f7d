"""`enkat results`: a counted round's results as a file."""

from collections.abc import Iterable
from pathlib import Path

import click

from enkat.cli._database import open_database
from enkat.clock import system_clock
from enkat.records.releases import ReleaseLevel
from enkat.services.results.exporting import AnswerFormat, Format, export, export_answers

LEVELS = (ReleaseLevel.INTERNAL.value, ReleaseLevel.ANALYST.value)


@click.command()
@click.argument("round_name", metavar="ROUND")
@click.option("--level", type=click.Choice(LEVELS), default=LEVELS[0], show_default=True, help="Vem filen är till för.")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["xlsx", "csv", "csv-sv", "json", "sav"]),
    default="xlsx",
    show_default=True,
    help="csv har komma och decimalpunkt, csv-sv semikolon och decimalkomma, sav är för SPSS.",
)
@click.option("--answers", is_flag=True, help="En rad per svar i stället för resultat; kräver --level analyst.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Fil att skriva.")
def results(round_name: str, level: str, file_format: Format, output: Path, *, answers: bool) -> None:
    """Skriv resultatet av omgången ROUND till en fil.

    Utan --level döljs siffror för små grupper, och filen sparas som ett utlämnande. Med --level analyst skrivs alla
    siffror; filen omfattas då av sekretess.
    """
    if answers and (level != ReleaseLevel.ANALYST.value or file_format == "json"):
        raise click.UsageError(
            "Svarsfilen finns för analytiker, som xlsx, csv, csv-sv eller sav: lägg till --level analyst."
        )
    with open_database() as (session, _settings, _secrets):
        if answers:
            chosen: AnswerFormat = "csv" if file_format == "json" else file_format
            pieces: Iterable[bytes] = export_answers(session, system_clock, None, round_name, file_format=chosen)
        else:
            made = export(session, system_clock, None, round_name, level=ReleaseLevel(level), file_format=file_format)
            pieces = [made.content]
        size = _write(output, pieces)
    click.echo(f"{output}: {size:,} byte".replace(",", " "))


def _write(output: Path, pieces: Iterable[bytes]) -> int:
    """Write beside the target and rename, so that a full disk leaves an older file as it was."""
    part = output.with_name(output.name + ".part")
    size = 0
    try:
        with part.open("wb") as stream:
            for piece in pieces:
                size += stream.write(piece)
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
    return size
