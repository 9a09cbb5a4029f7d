"""`enkat register`: read register files, check them without keeping anything, list units."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import system_clock, today
from enkat.records.engine import make_engine, make_sessions
from enkat.records.imports import ImportKind, ImportRow, RowState
from enkat.services.faults import Fault
from enkat.services.register import applying, checking, reading, searching, staging
from enkat.services.register.columns import missing_columns
from enkat.settings import Settings

KINDS = {
    "units": ImportKind.UNITS,
    "clients": ImportKind.CLIENTS,
    "enheter": ImportKind.UNITS,
    "personer": ImportKind.CLIENTS,
}
"""English as in code, or the Swedish words."""
FAULTY = 1
_SHOWN_FAULTS = 50


@contextmanager
def _session() -> Iterator[Session]:
    engine = make_engine(Settings().resolved_database_url)
    try:
        with make_sessions(engine)() as session:
            yield session
    finally:
        engine.dispose()


def _content(path: Path) -> bytes:
    if path.stat().st_size > reading.MAX_BYTES:
        raise click.ClickException("Filen är för stor. Dela upp den.")
    return path.read_bytes()


def _told(kind: ImportKind, rows: list[tuple[int, list[dict[str, str]], bool]]) -> None:
    """Write the faults of the first rows, one a line; values of protected people are left out."""
    for number, faults, protected in rows[:_SHOWN_FAULTS]:
        for fault in faults:
            label = checking.row_label(kind, fault["field"])
            click.echo(
                f"Rad {number}, {label}: {'värdet behöver rättas.' if protected else fault['sentence']}", err=True
            )
    if len(rows) > _SHOWN_FAULTS:
        click.echo(f"… och {len(rows) - _SHOWN_FAULTS} rader till.", err=True)


@click.group()
def register() -> None:
    """Registret: läs in enheter och personer, kontrollera filer, visa enheter."""


_kind = click.option("--kind", type=click.Choice(list(KINDS)), required=True, help="Vad filen innehåller.")
_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@register.command(name="import")
@_file
@_kind
@click.option("--complete", is_flag=True, help="Filen är hela registret: de som saknas i den har lämnat registret.")
@click.option("--leave-out-faulty", is_flag=True, help="Lämna felaktiga rader utanför i stället för att avbryta.")
@click.option("--yes", is_flag=True, help="Fråga inte om de som saknas i filen ska lämna registret.")
def import_(file: Path, kind: str, *, complete: bool, leave_out_faulty: bool, yes: bool) -> None:
    """Läs in FILE (CSV eller XLSX) i registret. Finns det fel i filen ändras ingenting."""
    what, content = KINDS[kind], _content(file)
    with _session() as session:
        try:
            batch = staging.stage_file(
                session,
                system_clock,
                kind=what,
                file_name=file.name,
                content=content,
                account_id=None,
                complete_list=complete,
                progress=lambda done, total: click.echo(f"Läst {done} av {total} rader", err=True),
            )
            _decide_faulty(session, batch.id, what, leave_out_faulty=leave_out_faulty)
            leaving = applying.departures(session, system_clock, batch.id)
            if (
                leaving
                and not yes
                and not click.confirm(f"{leaving} saknas i filen och lämnar registret. Är det rätt?")
            ):
                staging.abandon(session, system_clock, batch.id, None)
                raise click.ClickException("Inget är ändrat i registret.")
            summary = applying.apply_import(session, system_clock, batch.id, None)
        except Fault as fault:
            raise click.ClickException(fault.sentence) from fault
    click.echo(
        f"Klart: {summary.new} nya, {summary.changed} ändrade, {summary.same} oförändrade, "
        f"{summary.left_out} rader utanför, {summary.departed} har lämnat registret."
    )


def _decide_faulty(session: Session, batch_id: int, kind: ImportKind, *, leave_out_faulty: bool) -> None:
    """Leave faulty rows out where the caller says so; otherwise tell them, give the file up and stop."""
    if missing := missing_columns(kind, staging.find_batch(session, batch_id).mapping):
        staging.abandon(session, system_clock, batch_id, None)
        raise click.ClickException(f"Filen saknar kolumnen {', '.join(column.heading for column in missing)}.")
    query = select(ImportRow.row_number, ImportRow.faults, ImportRow.protected).where(
        ImportRow.batch_id == batch_id, ImportRow.state == RowState.FAULTY
    )
    faulty = [(row[0], row[1], row[2]) for row in session.execute(query.order_by(ImportRow.row_number))]
    if not faulty:
        return
    _told(kind, faulty)
    if leave_out_faulty:
        for number, _, _ in faulty:
            staging.leave_out(session, system_clock, batch_id, number)
        return
    staging.abandon(session, system_clock, batch_id, None)
    raise click.ClickException(f"{len(faulty)} rader har fel. Inget är ändrat i registret.")


@register.command()
@_file
@_kind
def check(file: Path, kind: str) -> None:
    """Kontrollera FILE mot registret utan att spara något. Slutar med 1 om en rad har fel."""
    what, content = KINDS[kind], _content(file)
    with _session() as session:
        try:
            table, mapping, rows = staging.check_file(session, system_clock, what, file.name, content)
        except Fault as fault:
            raise click.ClickException(fault.sentence) from fault
    if missing := missing_columns(what, mapping):
        raise click.ClickException(f"Filen saknar kolumnen {', '.join(column.heading for column in missing)}.")
    faulty = [(row.number, row.faults, row.protected) for row in rows if row.state is RowState.FAULTY]
    _told(what, faulty)
    click.echo(f"{len(rows)} rader ({table.encoding}), {len(faulty)} med fel.")
    if faulty:
        raise click.exceptions.Exit(FAULTY)


@register.command()
@click.option("--closed", is_flag=True, help="Ta med enheter som har stängt.")
def units(*, closed: bool) -> None:
    """Visa enheterna med kod, namn, stadsdel, utförare och antal personer."""
    with _session() as session:
        wanted = searching.UnitFilter(closed=closed)
        rows = searching.find_units(session, today(system_clock), wanted)
        for row in rows:
            period = row.period
            state = "" if row.is_open else "  (stängd)"
            click.echo(
                f"{row.unit.code:<8} {period.name:<36} {period.district.name:<24} "
                f"{period.operating_form.label:<12} {row.people:>6}  {period.provider.name}{state}"
            )
    click.echo(f"{len(rows)} enheter", err=True)
