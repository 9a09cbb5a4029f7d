"""`enkat round`: plan, look at, open and close rounds, order letters; keys and count hang here too."""

from pathlib import Path

import click
from sqlalchemy.orm import sessionmaker

from enkat import paths
from enkat.cli._database import open_database
from enkat.cli._rounds_count import COMMANDS
from enkat.clock import system_clock
from enkat.instruments.comparability import Comparability
from enkat.instruments.loading import load_catalogue
from enkat.records.invitations import CodeKind
from enkat.records.letters import LetterFormat, QuestionnaireKind
from enkat.records.rounds_queries import rounds_newest_first
from enkat.services.faults import Fault
from enkat.services.jobs.queue import get_job
from enkat.services.jobs.running import run_waiting
from enkat.services.letters.ordering import find_district, find_unit, get_batch, order_letters
from enkat.services.rounds.bridges import declare_bridge
from enkat.services.rounds.closing import close_round
from enkat.services.rounds.finding import STATE_WORDS, RoundFaults, get_round_by_name
from enkat.services.rounds.framing import FramePreview, build_frame
from enkat.services.rounds.opening import open_round
from enkat.services.rounds.particulars import missing_particulars
from enkat.services.rounds.plan_files import read_plan
from enkat.services.rounds.planning import change_plan, next_due_year, plan_round

NOT_READY = 1
_name = click.argument("name", metavar="OMGÅNG")


@click.group(name="round")
def rounds() -> None:
    """Omgångar: planera, öppna, skicka brev, stäng, räkna."""


@rounds.command("list")
def list_rounds() -> None:
    """Visa alla omgångar."""
    with open_database() as (session, _settings, _secrets):
        for found in rounds_newest_first(session):
            practice = "  övning" if found.practice else ""
            click.echo(f"{found.short_name:<20}  {STATE_WORDS[found.state]:<12}  {found.opens_on} – {found.closes_on}"
                       f"  {found.title}{practice}")  # fmt: skip


def _show_lacks(error: RoundFaults) -> None:
    click.echo(error.heading, err=True)
    for sentence in error.sentences:
        click.echo(f"  – {sentence}", err=True)
    raise click.exceptions.Exit(NOT_READY)


@rounds.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--change", is_flag=True, help="Ändra den planerade omgång som har samma kortnamn.")
def plan(file: Path, change: bool) -> None:
    """Planera en omgång från en TOML-fil."""
    with open_database() as (session, _settings, _secrets):
        try:
            wanted = read_plan(session, file)
            if change:
                known = get_round_by_name(session, wanted.short_name)
                made = change_plan(session, system_clock, known.id, wanted)
            else:
                made = plan_round(session, system_clock, wanted)
        except RoundFaults as error:
            _show_lacks(error)
            return
        click.echo(f"Omgången {made.short_name} är planerad. Nästa omgång väntas {next_due_year(made)}.")


def _show_frame(frame: FramePreview) -> None:
    for unit in frame.units:
        click.echo(f"{unit.district_name:<20} {unit.code:<8} {unit.name:<30} {unit.n:>6} {unit.asked:>6}")
    click.echo(f"{'Hela staden':<60} {len(frame.members):>6} {len(frame.asked):>6}")
    for why, n in frame.outside.items():
        click.echo(f"Utanför: {n} {why.label}.")


@rounds.command()
@_name
def frame(name: str) -> None:
    """Visa hur många som skulle frågas per enhet."""
    with open_database() as (session, _settings, _secrets):
        _show_frame(build_frame(session, get_round_by_name(session, name).id))


@rounds.command()
@_name
def show(name: str) -> None:
    """Visa en omgång och vad som saknas innan den kan öppnas."""
    with open_database() as (session, _settings, _secrets):
        found = get_round_by_name(session, name)
        click.echo(f"{found.title} ({found.short_name}), {STATE_WORDS[found.state]}")
        click.echo(f"Mätdag {found.reference_date}, öppen {found.opens_on} – {found.closes_on}")
        click.echo(f"Nästa omgång väntas {next_due_year(found)}")
        if found.state == "planned":
            lacks = missing_particulars(session, found.id, load_catalogue(paths.surveys()))
            click.echo("Inget saknas." if not lacks else "Det här saknas:")
            for sentence in lacks:
                click.echo(f"  – {sentence}")


@rounds.command()
@_name
@click.argument("question")
@click.argument("comparability", type=click.Choice([value.value for value in Comparability]))
@click.option("--reason", required=True, help="Varför, och vem som har bedömt det.")
def bridge(name: str, question: str, comparability: str, reason: str) -> None:
    """Säg hur en ändrad kärnfråga kan jämföras med förra omgången."""
    with open_database() as (session, _settings, _secrets):
        found = get_round_by_name(session, name)
        declare_bridge(session, found.id, question, Comparability(comparability), reason)
        click.echo(f"{question}: {Comparability(comparability).label}.")


@rounds.command("open")
@_name
def open_(name: str) -> None:
    """Öppna en planerad omgång."""
    with open_database() as (session, settings, secrets):
        found = get_round_by_name(session, name)
        catalogue = load_catalogue(paths.surveys())
        try:
            made = open_round(session, system_clock, settings, secrets, found.id, None, catalogue)
        except RoundFaults as error:
            _show_lacks(error)
            return
        click.echo(f"Omgången {made.short_name} är öppen. Ramens kontrollsumma: {made.frame_hash}")


@rounds.command()
@_name
@click.option("--early", is_flag=True, help="Stäng fast breven lovar ett senare datum.")
def close(name: str, early: bool) -> None:
    """Stäng en öppen omgång."""
    with open_database() as (session, _settings, _secrets):
        found = get_round_by_name(session, name)
        close_round(session, system_clock, found.id, None, early=early)
        click.echo(f"Omgången {name} är stängd. Svaren kan inte längre ändras eller tas tillbaka.")


@rounds.command()
@_name
@click.option(
    "--format",
    "format_",
    type=click.Choice(["pdf", "csv", "xlsx"]),
    default="csv",
    show_default=True,
    help="Färdiga brev, eller en fil till tryckeriet.",
)
@click.option("--unit", help="Enhetens kod. Utan enhet och stadsdel: hela staden.")
@click.option("--district", help="Stadsdelens namn.")
@click.option(
    "--questionnaire",
    type=click.Choice([kind.value for kind in QuestionnaireKind]),
    help="Pappersformulär med brevets kod, i samma kuvert. Bara med färdiga brev.",
)
@click.option("--reminder", is_flag=True, help="Påminnelse till dem som inte har svarat.")
def letters(
    name: str, *, format_: str, unit: str | None, district: str | None, questionnaire: str | None, reminder: bool
) -> None:
    """Gör brev eller en fil till tryckeriet, och säg var filen ligger."""
    with open_database() as (session, settings, secrets):
        found = get_round_by_name(session, name)
        batch = order_letters(
            session,
            system_clock,
            found.id,
            LetterFormat.PDF if format_ == "pdf" else LetterFormat.PRINT_SHOP,
            unit_id=find_unit(session, found.id, unit) if unit else None,
            district_id=find_district(session, found.id, district) if district else None,
            kind=CodeKind.REMINDER if reminder else CodeKind.LETTER,
            shop_file="xlsx" if format_ == "xlsx" else "csv",
            questionnaire=QuestionnaireKind(questionnaire) if questionnaire else None,
            account_id=None,
        )
        batch_id = batch.id
        run_waiting(sessionmaker(session.get_bind(), expire_on_commit=False), system_clock, settings, secrets)
        session.expire_all()
        batch = get_batch(session, batch_id)
        if batch.file_name is None:
            raise Fault(get_job(session, batch.job_id or 0).message)
        click.echo(f"{batch.letters} brev: {settings.letters_dir / batch.file_name}")
        click.echo("Filen raderas när utskicket märks som utskrivet, annars efter några dagar.")


for _command in COMMANDS:
    rounds.add_command(_command)
