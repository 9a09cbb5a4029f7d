"""Earlier surveys of which only aggregates are known: entered by hand or from a file, all rows or none."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.imports import ImportKind
from enkat.records.organisations import District, Unit
from enkat.records.rounds import HistoricFigure, HistoricRound
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import Fault, NotFoundFault
from enkat.services.register.reading import read_text, refuse_wrong_type
from enkat.services.register.spreadsheets import read_workbook
from enkat.services.rounds.finding import RoundFaults

EARLIEST = 1950
HEADINGS = ("Fråga", "Version", "Stadsdel", "Enhet", "Andel", "Antal svar", "Antal brukare")
NEEDED = ("Fråga", "Andel")
HUNDRED = 100


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


@dataclass(frozen=True)
class _Known:
    questions: frozenset[str]
    districts: Mapping[str, int]
    units: Mapping[str, int]


class _RowFault(Exception):  # noqa: N818  # gathered, told as a sentence
    def __init__(self, heading: str, sentence: str) -> None:
        super().__init__(f"{heading}: {sentence}")


def _share(text: str) -> float:
    try:
        percent = float(text.replace("%", "").replace(",", ".").replace("\N{NO-BREAK SPACE}", "").strip())
    except ValueError:
        raise _RowFault("Andel", f"”{text}” är inget tal. Skriv procent, till exempel 85.") from None
    if not 0 <= percent <= HUNDRED:
        raise _RowFault("Andel", "Andelen ligger mellan 0 och 100 procent.")
    if 0 < percent <= 1:
        raise _RowFault("Andel", f"”{text}” kan läsas på två sätt. Skriv procent, till exempel 85 eller 0,85 %.")
    return percent / HUNDRED


def _whole(heading: str, text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal():
        raise _RowFault(heading, f"”{text}” är inget helt tal. Skriv siffror, eller lämna tomt.")
    return int(text)


def _place(heading: str, text: str, known: Mapping[str, int]) -> int | None:
    if not text:
        return None
    if text.casefold() not in known:
        raise _RowFault(heading, f"”{text}” finns inte i registret. Lägg till den, eller rätta namnet.")
    return known[text.casefold()]


def _figure(row: FigureRow, known: _Known) -> HistoricFigure:
    if row.question not in known.questions:
        raise _RowFault("Fråga", f"”{row.question}” är ingen kärnfråga. Skriv frågans id, till exempel feels_safe.")
    if row.district and row.unit:
        raise _RowFault("Enhet", "Skriv stadsdel eller enhet, inte båda. Tomt betyder hela staden.")
    n, population = _whole("Antal svar", row.n), _whole("Antal brukare", row.population)
    if n is not None and population is not None and n > population:
        raise _RowFault("Antal svar", "Fler svar än brukare. Rätta det ena.")
    return HistoricFigure(
        question_id=row.question,
        question_version=_whole("Version", row.version),
        district_id=_place("Stadsdel", row.district, known.districts),
        unit_id=_place("Enhet", row.unit, known.units),
        share=_share(row.share),
        n=n,
        population=population,
    )


def _known(session: Session, questions: Iterable[str]) -> _Known:
    districts = {name.casefold(): id_ for id_, name in session.execute(select(District.id, District.name))}
    units = {code.casefold(): id_ for id_, code in session.execute(select(Unit.id, Unit.code))}
    return _Known(frozenset(questions), districts, units)


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
    is_workbook = refuse_wrong_type(file_name, content)
    table = read_workbook(content, ImportKind.UNITS) if is_workbook else read_text(content)
    by_heading = {heading.strip().casefold(): heading for heading in table.headings}
    missing = [name for name in NEEDED if name.casefold() not in by_heading]
    if missing:
        raise Fault(f"Kolumnen {missing[0]} saknas. Filen ska ha kolumnerna {', '.join(HEADINGS)}.", "file")

    def value(cells: Mapping[str, str], heading: str) -> str:
        return cells.get(by_heading.get(heading.casefold(), ""), "").strip()

    return [
        (
            number,
            FigureRow(
                question=value(cells, "Fråga"),
                share=value(cells, "Andel"),
                version=value(cells, "Version"),
                district=value(cells, "Stadsdel"),
                unit=value(cells, "Enhet"),
                n=value(cells, "Antal svar"),
                population=value(cells, "Antal brukare"),
            ),
        )
        for number, cells in table.rows
    ]


def _made(rows: Iterable[tuple[int, FigureRow]], known: _Known, faults: list[str]) -> Iterator[HistoricFigure]:
    seen: dict[tuple[str, int | None, int | None], int] = {}
    for number, row in rows:
        try:
            figure = _figure(row, known)
        except _RowFault as fault:
            faults.append(f"Rad {number}, {fault}")
            continue
        key = (figure.question_id, figure.district_id, figure.unit_id)
        if key in seen:
            faults.append(f"Rad {number}, Fråga: samma fråga och plats står redan på rad {seen[key]}. Ta bort den ena.")
            continue
        seen[key] = number
        yield figure


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
    RoundFaults
        A sentence per faulty row; nothing is written.
    """
    faults: list[str] = []
    with writing(session):
        get_historic_round(session, historic_id)
        figures = list(_made(rows, _known(session, questions), faults))
        if faults:
            raise RoundFaults("Filen har fel. Inget är infört.", faults, ["file"] * len(faults))
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
