"""`enkat results`: a counted round's results as a file."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from sqlalchemy.orm import Session

from enkat.cli._database import open_database
from enkat.clock import system_clock
from enkat.records.releases import ReleaseLevel
from enkat.services.results.computing import compute
from enkat.services.results.exporting import AnswerFormat, Format, export, export_answers
from enkat.services.results.pattern_finding import find_patterns
from enkat.services.results.reading import find_round
from enkat.services.results.release_audits import DisclosureFault
from enkat.services.results.report_batch import released_reports
from enkat.services.rounds.release_plans import Protection, protection_of

LEVELS = (ReleaseLevel.INTERNAL.value, ReleaseLevel.ANALYST.value, ReleaseLevel.PUBLIC.value)
NONE = "none"


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
@click.option(
    "--by",
    "breakdowns",
    multiple=True,
    help="Uppdelning ur redovisningsplanen (sex, operating_form, without_proxies); kan upprepas. none: ingen. "
    "Utan --by: alla i planen.",
)
@click.option("--reason", default="", help="Varför uppgifterna har ändrats sedan förra utlämnandet: en rättad utgåva.")
@click.option("--answers", is_flag=True, help="En rad per svar i stället för resultat; kräver --level analyst.")
@click.option(
    "--reports",
    type=click.Path(file_okay=False, path_type=Path),
    help="Mapp att skriva en rapport och ett blad att dela ut per enhet i, som PDF.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Fil att skriva.")
def results(
    round_name: str,
    level: str,
    file_format: Format,
    output: Path | None,
    *,
    reports: Path | None,
    breakdowns: tuple[str, ...],
    reason: str,
    answers: bool,
) -> None:
    """Skriv resultatet av omgången ROUND till en fil.

    Utan --level döljs siffror för små grupper, och filen sparas som ett utlämnande. Med --level analyst skrivs alla
    siffror; filen omfattas då av sekretess. Med --level public skrivs det som alla får se: hela procent, den högre
    gränsen och färre svarsalternativ. Varje utlämnande prövas mot alla tidigare av en angripare; röjs något skrivs
    ingen fil.
    """
    if (output is None) == (reports is None):
        raise click.UsageError("Säg vart resultatet ska: en fil med --output eller en mapp med --reports.")
    if output is None:
        _write_reports(round_name, level, reports or Path(), answers=answers)
        return
    if answers and (level != ReleaseLevel.ANALYST.value or file_format == "json"):
        raise click.UsageError(
            "Svarsfilen finns för analytiker, som xlsx, csv, csv-sv eller sav: lägg till --level analyst."
        )
    with open_database() as (session, _settings, _secrets):
        if answers:
            chosen: AnswerFormat = "csv" if file_format == "json" else file_format
            pieces: Iterable[bytes] = export_answers(session, system_clock, None, round_name, file_format=chosen)
        else:
            by = [name for name in breakdowns if name != NONE] if breakdowns else None
            pieces = [_exported(session, round_name, ReleaseLevel(level), file_format, by=by, reason=reason)]
        size = _write(output, pieces)
    click.echo(f"{output}: {size:,} byte".replace(",", " "))


def _exported(
    session: Session,
    round_name: str,
    level: ReleaseLevel,
    file_format: Format,
    *,
    by: Sequence[str] | None,
    reason: str,
) -> bytes:
    """Return the file; a refusal says how the nearest permitted table is asked for."""
    if level is not ReleaseLevel.ANALYST:
        _search(session, round_name)
    try:
        made = export(
            session,
            system_clock,
            None,
            round_name,
            level=level,
            file_format=file_format,
            breakdowns=by,
            reason=reason,
        )
    except DisclosureFault as fault:
        if fault.nearest is None:
            raise
        options = " ".join(f"--by {name}" for name in fault.nearest or [NONE])
        raise click.ClickException(f"{fault.sentence} Lägg till {options}.") from fault
    return made.content


def _search(session: Session, round_name: str) -> None:
    """Search for what is to be hidden, where the plan asks for it and nobody has."""
    survey_round = find_round(session, round_name)
    if protection_of(survey_round.release_plan) is Protection.MILP:
        results = compute(session, survey_round.id)
        find_patterns(session, system_clock, results, progress=lambda _done, _total, said: click.echo(said, err=True))


def _write_reports(round_name: str, level: str, folder: Path, *, answers: bool) -> None:
    """Write every unit's report and sheet into a folder."""
    if answers or level != ReleaseLevel.INTERNAL.value:
        raise click.UsageError("Rapporter görs för nivån internal: ta bort --level och --answers.")
    with open_database() as (session, settings, _secrets):
        _search(session, round_name)
        made = released_reports(
            session,
            system_clock,
            None,
            round_name,
            city=settings.city_name,
            progress=lambda _done, _total, sentence: click.echo(sentence),
        )
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        for name in archive.namelist():
            size = _write(folder / name, [archive.read(name)])
            click.echo(f"{folder / name}: {size:,} byte".replace(",", " "))


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
