"""`enkat analyse`: the statistics of the house on any file; needs no app, settings or database."""

import json
from pathlib import Path

import click

from enkat.services.analysis.output import write_results
from enkat.services.analysis.r_script import write_r_script
from enkat.services.analysis.running import run
from enkat.services.analysis.schema import SCHEMAS
from enkat.services.faults import Fault


@click.command()
@click.argument("data", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--spec", "spec", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Specifikation i TOML."
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Fil att skriva: .json eller .xlsx."
)
@click.option(
    "--r-script",
    "r_script",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Skriv också ett R-skript som räknar om varje siffra med paketet survey.",
)
@click.option(
    "--schema",
    type=click.Choice(sorted(SCHEMAS)),
    help="Skriv JSON Schema för specifikationen eller resultatet, och gör inget annat.",
)
def analyse(
    data: Path | None, spec: Path | None, output: Path | None, r_script: Path | None, schema: str | None
) -> None:
    """Räkna på filen DATA (CSV eller XLSX) som specifikationen säger, utan app eller databas."""
    if schema is not None:
        click.echo(json.dumps(SCHEMAS[schema](), ensure_ascii=False, indent=2))
        return
    if data is None or spec is None or output is None:
        raise click.UsageError("Ange DATA, --spec och -o. Se enkat analyse --help.")
    if output.suffix.lower() not in {".json", ".xlsx"}:
        raise click.UsageError(f"{output.name}: filens namn ska sluta på .json eller .xlsx.")
    try:
        found = run(data, spec)
        write_results(found, output, data.name)
        if r_script is not None:
            write_r_script(found, data, r_script)
    except Fault as fault:
        raise click.ClickException(fault.sentence) from fault
    for note in found.weigher.notes:
        click.echo(note)
    rows = sum(len(result.rows) for result in found.results)
    click.echo(f"{output}: {len(found.results)} analyser, {rows} rader")
