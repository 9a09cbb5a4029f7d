"""`enkat instruments`: check, show and compare definitions; needs no app, settings or database."""

import json
from pathlib import Path

import click

from enkat import paths
from enkat.clock import system_clock, today
from enkat.instruments.checking import compile_catalogue, inspect
from enkat.instruments.comparability import core_differences, question_differences
from enkat.instruments.condition import All, Answered, AnyOf, Condition, In, Not
from enkat.instruments.faults import InstrumentFaults
from enkat.instruments.instrument import Instrument
from enkat.instruments.language_overview import LanguageLine, language_overview
from enkat.instruments.language_template import language_path, language_template
from enkat.instruments.loading import Catalogue, load_catalogue
from enkat.instruments.question import Face, Question
from enkat.instruments.schema import json_schemas
from enkat.instruments.snapshot import from_snapshot

FAULTY = 1
_FILL_IN = "Kör enkat instruments language-template med språkets kod och --write, och fyll i de tomma texterna."


def _default_directory() -> Path:
    here = Path("surveys")
    return here if here.is_dir() else paths.surveys()


def _load(directory: Path | None) -> Catalogue:
    try:
        return load_catalogue(directory or _default_directory())
    except InstrumentFaults as found:
        raise click.ClickException(f"Definitionerna har fel:\n{found}") from found


def _instrument(catalogue: Catalogue, name: str) -> Instrument:
    if name not in catalogue.instruments:
        known = ", ".join(sorted(catalogue.instruments))
        raise click.ClickException(f"Enkäten {name} finns inte. Det finns: {known}.")
    return catalogue.instruments[name]


@click.group()
def instruments() -> None:
    """Enkäternas innehåll: kontrollera, visa och jämföra."""


@instruments.command()
@click.argument("directory", required=False, type=click.Path(path_type=Path))
def check(directory: Path | None) -> None:
    """Kontrollera alla definitioner i DIRECTORY (annars ./surveys). Alla fel och varningar visas, en per rad."""
    at = directory or _default_directory()
    found = inspect(at)
    for fault in found.faults:
        click.echo(str(fault))
    for warning in found.warnings:
        click.echo(f"Varning: {warning}")
    if found.faults:
        files = len({fault.file for fault in found.faults})
        click.echo(f"{len(found.faults)} fel i {files} {'fil' if files == 1 else 'filer'}.", err=True)
        raise click.exceptions.Exit(FAULTY)
    catalogue = compile_catalogue(found)
    for line in language_overview(catalogue):
        if line.missing and line.language.code in catalogue.translated:
            missing = f"{line.missing} texter saknas i {line.definition_id}"
            click.echo(f"Varning: languages/{line.language.code}.toml: {missing}. {_FILL_IN}")
    click.echo(
        f"Inga fel: {len(catalogue.core)} kärnfrågor, {len(catalogue.scales)} skalor, "
        f"{len(catalogue.instruments)} enkäter, {len(catalogue.supplements)} filer med tilläggsfrågor, "
        f"{len(catalogue.translated)} språkfiler."
    )


@instruments.command()
@click.argument("name", required=False)
@click.option("--dir", "directory", type=click.Path(path_type=Path), help="Mapp med definitioner (annars ./surveys).")
@click.option("--lang", default="sv", show_default=True, help="Språk.")
@click.option(
    "--face",
    type=click.Choice([face.value for face in Face]),
    default="plain",
    show_default=True,
    help="Vanlig text, lättläst, ombudets ordalydelse eller intervjuarens.",
)
def show(name: str | None, directory: Path | None, lang: str, face: str) -> None:
    """Visa enkäten NAME med frågor, svar och villkor. Utan NAME: visa vilka som finns."""
    catalogue = _load(directory)
    if name is None:
        for known in catalogue.instruments.values():
            click.echo(
                f"{known.id:<16} version {known.version}  {len(known.questions):>2} frågor  {known.title_in(lang)}"
            )
        for known_id, questions in catalogue.supplements.items():
            click.echo(f"{known_id:<16} tilläggsfrågor: {', '.join(question.id for question in questions)}")
        return
    instrument = _instrument(catalogue, name)
    click.echo(f"{instrument.title_in(lang)} ({instrument.id}, version {instrument.version})")
    for record in catalogue.histories.get(instrument.id, ()):
        click.echo(record)
    for number, question in enumerate(instrument.questions, 1):
        click.echo()
        _show_question(number, question, lang, Face(face))


def _show_question(number: int, question: Question, lang: str, face: Face) -> None:
    text = question.text(lang, face)
    mark = f"  [saknas, visar {text.lang}/{text.face.label}]" if text.is_fallback else ""
    click.echo(f"{number}. {text}{mark}")
    click.echo(f"   {question.ref}  {', '.join(question.criteria)}".rstrip())
    if question.condition is not None:
        click.echo(f"   Visas om {describe(question.condition)}.")
    if question.scale is None:
        click.echo(f"   Fri text, högst {question.max_length} tecken.")
        return
    for option in question.scale.options:
        signs = ("positivt" if option.code in question.scale.positive else "") + (
            "utanför nämnaren" if option.code in question.scale.outside else ""
        )
        click.echo(f"   {option.code:>3}  {option.label(lang, face)}" + (f"  ({signs})" if signs else ""))


def describe(condition: Condition) -> str:
    """Return a condition in Swedish words."""
    match condition:
        case In(question, codes):
            return f"{question} är {' eller '.join(str(code) for code in sorted(codes))}"
        case Answered(question):
            return f"{question} är besvarad"
        case Not(part):
            return f"inte ({describe(part)})"
        case All(parts):
            return " och ".join(f"({describe(part)})" for part in parts)
        case AnyOf(parts):
            return " eller ".join(f"({describe(part)})" for part in parts)


@instruments.command()
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
@click.option("--instrument", "name", help="Bara denna enkät, när mappar jämförs.")
def diff(old: Path, new: Path, name: str | None) -> None:
    """Jämför OLD och NEW: två mappar med definitioner, eller två sparade enkäter (JSON) från rundor."""
    before, after = _instruments_at(old, name), _instruments_at(new, name)
    found = False
    for instrument_id in sorted({*before, *after}):
        if instrument_id not in before or instrument_id not in after:
            side = "ny" if instrument_id in after else "borttagen"
            click.echo(f"{instrument_id}: enkäten är {side}.")
            found = True
            continue
        core = core_differences(before[instrument_id], after[instrument_id])
        for difference in question_differences(before[instrument_id], after[instrument_id]):
            found = True
            needs = " Kärnfråga: rundan behöver en förklaring om jämförbarhet." if difference in core else ""
            click.echo(f"{instrument_id}: {difference.message}{needs}")
    if not found:
        click.echo("Inga skillnader i frågor eller svar.")


def _instruments_at(path: Path, name: str | None) -> dict[str, Instrument]:
    if path.is_file():
        try:
            instrument = from_snapshot(path.read_text(encoding="utf-8"))
        except (ValueError, KeyError, TypeError) as fault:
            raise click.ClickException(f"{path.name} är ingen sparad enkät.") from fault
        return {instrument.id: instrument}
    catalogue = _load(path)
    return {name: _instrument(catalogue, name)} if name else dict(catalogue.instruments)


@instruments.command()
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="Mapp att skriva filerna i.")
def schema(output: Path | None) -> None:
    """Skriv JSON Schema för filerna, till textredigerare som hjälper den som skriver."""
    schemas = json_schemas()
    if output is None:
        click.echo(json.dumps(schemas, ensure_ascii=False, indent=2))
        return
    output.mkdir(parents=True, exist_ok=True)
    for kind, content in schemas.items():
        target = output / f"{kind}.schema.json"
        target.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        click.echo(str(target))


@instruments.command()
@click.option("--dir", "directory", type=click.Path(path_type=Path), help="Mapp med definitioner (annars ./surveys).")
def languages(directory: Path | None) -> None:
    """Visa vilka språk som är kompletta för vilka enkäter, och hur många texter som saknas."""
    shown = ""
    for line in language_overview(_load(directory)):
        if line.language.code != shown:
            shown = line.language.code
            click.echo(f"{line.language.swedish_name.capitalize()} ({shown}), {line.language.own_name}")
        click.echo(f"  {line.definition_id:<16} {_covered(line)}")


def _covered(line: LanguageLine) -> str:
    if not line.missing:
        return "komplett"
    title = ["titeln saknas"] if line.title_missing else []
    return ", ".join([*title, *(f"{face.face.label}: {face.missing} av {face.needed} saknas" for face in line.faces)])


@instruments.command("language-template")
@click.argument("code")
@click.option("--dir", "directory", type=click.Path(path_type=Path), help="Mapp med definitioner (annars ./surveys).")
@click.option("--write", is_flag=True, help="Skriv filen languages/CODE.toml i mappen i stället för att visa den.")
def make_language_template(code: str, directory: Path | None, write: bool) -> None:
    """Gör språket CODE:s fil klar att fylla i, med det svenska ovanför varje text. Texter som finns står kvar."""
    at = directory or _default_directory()
    try:
        text = language_template(at, code, today(system_clock))
    except InstrumentFaults as found:
        raise click.ClickException(str(found)) from found
    if not write:
        click.echo(text, nl=False)
        return
    path = language_path(at, code)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    click.echo(str(path))
