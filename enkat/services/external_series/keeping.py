"""Series of others' results: begin one, read a file of figures into it, take a year out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.external_series import ExternalFigure, ExternalSeries, delete_year, figures_of
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import Fault, Faults, NotFoundFault
from enkat.services.figure_files.rows import Places, RowFault, known_places, made_once, percent, place, read_rows, whole
from enkat.statistics.disclosure.marks import FLOOR

EARLIEST: Final = 1990
LONGEST: Final = 300
HEADINGS: Final = ("År", "Fråga", "Kärnfråga", "Stadsdel", "Enhet", "Andel", "Antal svar", "Svarsfrekvens")
NEEDED: Final = ("År", "Fråga", "Andel")


@dataclass(frozen=True)
class Changes:
    """What a file did to a series."""

    new: int
    changed: int
    same: int


def add_series(
    session: Session, clock: Clock, *, title: str, publisher: str, source: str, account_id: int | None
) -> ExternalSeries:
    """Begin a series; its figures follow."""
    told = {"title": title.strip(), "publisher": publisher.strip(), "source": source.strip()}
    lacking = {
        "title": "Skriv vad undersökningen heter.",
        "publisher": "Skriv vem som gör undersökningen.",
        "source": "Skriv var siffrorna är hämtade och vilka som har frågats.",
    }
    missing = [name for name, text in told.items() if not text]
    if missing:
        raise Faults("Serien är inte sparad.", [lacking[name] for name in missing], missing)
    with writing(session):
        if session.scalar(select(ExternalSeries).where(ExternalSeries.title == told["title"])):
            raise Fault("Det finns redan en serie med det namnet. Läs in siffrorna där.", "title")
        made = ExternalSeries(**told)
        session.add(made)
        session.flush()
        record(
            session, clock, account_id=account_id, action="external_series.added", subject=f"external_series:{made.id}"
        )
    return made


def get_series(session: Session, series_id: int) -> ExternalSeries:
    """Return a series; NotFoundFault where there is none."""
    found = session.get(ExternalSeries, series_id)
    if found is None:
        raise NotFoundFault("Serien finns inte. Välj en i listan.")
    return found


def find_series(session: Session, title: str) -> ExternalSeries:
    """Return the series of a title; NotFoundFault where there is none."""
    found = session.scalar(select(ExternalSeries).where(ExternalSeries.title == title))
    if found is None:
        raise NotFoundFault(f"Det finns ingen serie som heter ”{title}”. `enkat series list` visar vilka som finns.")
    return found


def read_figures(file_name: str, content: bytes) -> list[tuple[int, dict[str, str]]]:
    """Return a file's rows with their row numbers.

    Raises
    ------
    Fault
        If the file is of another kind, or a column is missing.
    """
    return read_rows(file_name, content, HEADINGS, NEEDED)


def _figure(cells: Mapping[str, str], questions: Collection[str], places: Places, last_year: int) -> ExternalFigure:
    year = whole("År", cells["År"])
    if year is None or not EARLIEST <= year <= last_year:
        raise RowFault("År", f"Skriv ett år från {EARLIEST} till {last_year}.")
    indicator = cells["Fråga"]
    if not indicator or len(indicator) > LONGEST:
        raise RowFault("Fråga", f"Skriv vad som frågades, med högst {LONGEST} tecken.")
    question = cells["Kärnfråga"]
    if question and question not in questions:
        raise RowFault("Kärnfråga", f"”{question}” är ingen kärnfråga. Skriv dess id, till exempel feels_safe.")
    n = whole("Antal svar", cells["Antal svar"])
    if n is not None and n < FLOOR:
        raise RowFault("Antal svar", f"Färre än {FLOOR} svar. Ta bort raden: så små grupper visas inte.")
    district_id, unit_id = place(cells["Stadsdel"], cells["Enhet"], places)
    rate = cells["Svarsfrekvens"]
    return ExternalFigure(
        year=year,
        indicator=indicator,
        question_id=question or None,
        district_id=district_id,
        unit_id=unit_id,
        share=percent("Andel", cells["Andel"]),
        n=n,
        response_rate=percent("Svarsfrekvens", rate) if rate else None,
    )


def _key(figure: ExternalFigure) -> tuple[object, ...]:
    return (figure.year, figure.indicator, figure.district_id, figure.unit_id)


def _values(figure: ExternalFigure) -> tuple[object, ...]:
    return (figure.question_id, figure.share, figure.n, figure.response_rate)


def import_figures(
    session: Session,
    clock: Clock,
    series_id: int,
    rows: Iterable[tuple[int, Mapping[str, str]]],
    *,
    questions: Collection[str],
    account_id: int | None,
) -> Changes:
    """Write a file's figures into a series: new ones are added, those already there take the file's values.

    Parameters
    ----------
    rows
        Row numbers as the file shows them, and the cells by heading.
    questions
        The ids of the core questions.

    Raises
    ------
    Faults
        A sentence per faulty row; nothing is written.
    """
    faults: list[str] = []
    last_year = today(clock).year
    with writing(session):
        get_series(session, series_id)
        places = known_places(session)
        made = list(made_once(rows, lambda cells: _figure(cells, questions, places, last_year), _key, faults))
        if faults:
            raise Faults("Filen har fel. Inget är infört.", faults, ["file"] * len(faults))
        if not made:
            raise Fault("Det finns inga rader att läsa in.", "file")
        changes = _merge(session, series_id, made)
        record(
            session,
            clock,
            account_id=account_id,
            action="external_series.figures",
            subject=f"external_series:{series_id}",
            details={"new": changes.new, "changed": changes.changed},
        )
    return changes


def _merge(session: Session, series_id: int, made: Iterable[ExternalFigure]) -> Changes:
    present = {_key(figure): figure for figure in figures_of(session, series_id)}
    new = changed = same = 0
    for figure in made:
        old = present.get(_key(figure))
        if old is None:
            figure.series_id = series_id
            session.add(figure)
            new += 1
        elif _values(old) == _values(figure):
            same += 1
        else:
            old.question_id, old.share = figure.question_id, figure.share
            old.n, old.response_rate = figure.n, figure.response_rate
            changed += 1
    return Changes(new, changed, same)


def remove_year(session: Session, clock: Clock, series_id: int, year: int, account_id: int | None) -> None:
    """Take a year's figures out of a series."""
    with writing(session):
        get_series(session, series_id)
        delete_year(session, series_id, year)
        record(
            session,
            clock,
            account_id=account_id,
            action="external_series.year_removed",
            subject=f"external_series:{series_id}",
            details={"year": year},
        )
