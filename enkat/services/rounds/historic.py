"""Earlier surveys of which only aggregates are known: entered by hand or from a file, all rows or none."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.rounds import HistoricFigure, HistoricRound
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import Fault, Faults, NotFoundFault
from enkat.services.figure_files.rows import Places, RowFault, known_places, made_once, percent, place, read_rows, whole

EARLIEST = 1950
HEADINGS = ("Fråga", "Version", "Stadsdel", "Enhet", "Andel", "Antal svar", "Antal brukare")
NEEDED = ("Fråga", "Andel")


@dataclass(frozen=True)
class FigureRow:
    """A share of an earlier survey as somebody wrote it; empty texts mean that nothing was written."""

    question: str
    share: str
    version: str = ""
    district: str = ""
    unit: str = ""
    n: str = ""
    population: str = ""


def _figure(row: FigureRow, questions: Collection[str], places: Places) -> HistoricFigure:
    if row.question not in questions:
        raise RowFault("Fråga", f"”{row.question}” är ingen kärnfråga. Skriv frågans id, till exempel feels_safe.")
    n, population = whole("Antal svar", row.n), whole("Antal brukare", row.population)
    if n is not None and population is not None and n > population:
        raise RowFault("Antal svar", "Fler svar än brukare. Rätta det ena.")
    district_id, unit_id = place(row.district, row.unit, places)
    return HistoricFigure(
        question_id=row.question,
        question_version=whole("Version", row.version),
        district_id=district_id,
        unit_id=unit_id,
        share=percent("Andel", row.share),
        n=n,
        population=population,
    )


def add_historic_round(
    session: Session, clock: Clock, *, title: str, year: int, source: str, account_id: int | None
) -> HistoricRound:
    """Write an earlier survey; its figures follow."""
    if not title.strip():
        raise Fault("Skriv undersökningens namn.", "title")
    if not source.strip():
        raise Fault("Skriv var siffrorna kommer ifrån, till exempel en rapport.", "source")
    if not EARLIEST <= year <= today(clock).year:
        raise Fault(f"Året ligger mellan {EARLIEST} och i år.", "year")
    with writing(session):
        made = HistoricRound(title=title.strip(), year=year, source=source.strip())
        session.add(made)
        session.flush()
        subject = f"historic_round:{made.id}"
        record(session, clock, account_id=account_id, action="historic_round.added", subject=subject)
    return made


def get_historic_round(session: Session, historic_id: int) -> HistoricRound:
    """Return an earlier survey; NotFoundFault where there is none."""
    found = session.get(HistoricRound, historic_id)
    if found is None:
        raise NotFoundFault("Undersökningen finns inte. Välj en i listan.")
    return found


def read_figures(file_name: str, content: bytes) -> list[tuple[int, FigureRow]]:
    """Return the rows of a CSV or XLSX file with their row numbers.

    Raises
    ------
    Fault
        If the file is of another kind, or a column is missing.
    """
    return [
        (
            number,
            FigureRow(
                question=cells["Fråga"],
                share=cells["Andel"],
                version=cells["Version"],
                district=cells["Stadsdel"],
                unit=cells["Enhet"],
                n=cells["Antal svar"],
                population=cells["Antal brukare"],
            ),
        )
        for number, cells in read_rows(file_name, content, HEADINGS, NEEDED)
    ]


def _key(figure: HistoricFigure) -> object:
    return (figure.question_id, figure.district_id, figure.unit_id)


def replace_figures(
    session: Session,
    clock: Clock,
    historic_id: int,
    rows: Iterable[tuple[int, FigureRow]],
    *,
    questions: Iterable[str],
    account_id: int | None,
) -> int:
    """Write an earlier survey's figures instead of those it has, and return how many.

    Parameters
    ----------
    rows
        Row numbers as the file shows them, and what they say.
    questions
        The ids of the core questions.

    Raises
    ------
    Faults
        A sentence per faulty row; nothing is written.
    """
    faults: list[str] = []
    with writing(session):
        get_historic_round(session, historic_id)
        core, places = frozenset(questions), known_places(session)
        figures = list(made_once(rows, lambda row: _figure(row, core, places), _key, faults))
        if faults:
            raise Faults("Filen har fel. Inget är infört.", faults, ["file"] * len(faults))
        if not figures:
            raise Fault("Det finns inga rader att läsa in.", "file")
        for old in session.scalars(select(HistoricFigure).where(HistoricFigure.historic_round_id == historic_id)):
            session.delete(old)
        session.flush()
        for figure in figures:
            figure.historic_round_id = historic_id
        session.add_all(figures)
        record(
            session,
            clock,
            account_id=account_id,
            action="historic_round.figures",
            subject=f"historic_round:{historic_id}",
            details={"figures": len(figures)},
        )
    return len(figures)
