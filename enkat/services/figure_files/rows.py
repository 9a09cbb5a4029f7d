"""The rows of a file with shares: headings found, numbers and places understood or refused with a sentence."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.imports import ImportKind
from enkat.records.organisations import District, Unit
from enkat.services.faults import Fault
from enkat.services.register.reading import read_text, refuse_wrong_type
from enkat.services.register.spreadsheets import read_workbook

HUNDRED: Final = 100

Row = TypeVar("Row")
Made = TypeVar("Made")


class RowFault(Exception):  # noqa: N818  # gathered, told as a sentence
    """What is wrong in one cell of a row."""

    def __init__(self, heading: str, sentence: str) -> None:
        super().__init__(f"{heading}: {sentence}")


@dataclass(frozen=True)
class Places:
    """The places that a row can name: lower-case name or code to id."""

    districts: Mapping[str, int]
    units: Mapping[str, int]


def known_places(session: Session) -> Places:
    """Return every district by name and every unit by code."""
    return Places(
        {name.casefold(): id_ for id_, name in session.execute(select(District.id, District.name))},
        {code.casefold(): id_ for id_, code in session.execute(select(Unit.id, Unit.code))},
    )


def percent(heading: str, text: str) -> float:
    """Return a share 0..1 from percent as somebody wrote it; what can be read in two ways is refused."""
    try:
        value = float(text.replace("%", "").replace(",", ".").replace("\N{NO-BREAK SPACE}", "").strip())
    except ValueError:
        raise RowFault(heading, f"”{text}” är inget tal. Skriv procent, till exempel 85.") from None
    if not 0 <= value <= HUNDRED:
        raise RowFault(heading, "Andelen ligger mellan 0 och 100 procent.")
    if 0 < value <= 1:
        raise RowFault(heading, f"”{text}” kan läsas på två sätt. Skriv procent, till exempel 85 eller 0,85 %.")
    return value / HUNDRED


def whole(heading: str, text: str) -> int | None:
    """Return a whole number, None for an empty cell."""
    if not text:
        return None
    if not text.isdecimal():
        raise RowFault(heading, f"”{text}” är inget helt tal. Skriv siffror, eller lämna tomt.")
    return int(text)


def _place(heading: str, text: str, known: Mapping[str, int]) -> int | None:
    if not text:
        return None
    if text.casefold() not in known:
        raise RowFault(heading, f"”{text}” finns inte i registret. Lägg till den, eller rätta namnet.")
    return known[text.casefold()]


def place(district: str, unit: str, known: Places) -> tuple[int | None, int | None]:
    """Return the ids of a row's district and unit; both None for the whole city."""
    if district and unit:
        raise RowFault("Enhet", "Skriv stadsdel eller enhet, inte båda. Tomt betyder hela staden.")
    return _place("Stadsdel", district, known.districts), _place("Enhet", unit, known.units)


def read_rows(
    file_name: str, content: bytes, headings: Sequence[str], needed: Sequence[str]
) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a CSV or XLSX file with their row numbers; cells by the headings asked for.

    Raises
    ------
    Fault
        If the file is of another kind, or a needed column is missing.
    """
    is_workbook = refuse_wrong_type(file_name, content)
    table = read_workbook(content, ImportKind.UNITS) if is_workbook else read_text(content)
    by_heading = {heading.strip().casefold(): heading for heading in table.headings}
    missing = [name for name in needed if name.casefold() not in by_heading]
    if missing:
        raise Fault(f"Kolumnen {missing[0]} saknas. Filen ska ha kolumnerna {', '.join(headings)}.", "file")

    def value(cells: Mapping[str, str], heading: str) -> str:
        return cells.get(by_heading.get(heading.casefold(), ""), "").strip()

    return [(number, {heading: value(cells, heading) for heading in headings}) for number, cells in table.rows]


def made_once(
    rows: Iterable[tuple[int, Row]],
    make: Callable[[Row], Made],
    key_of: Callable[[Made], object],
    faults: list[str],
) -> Iterator[Made]:
    """Give what each row makes; faulty rows, and rows that say again what another says, become sentences."""
    seen: dict[object, int] = {}
    for number, row in rows:
        try:
            made = make(row)
        except RowFault as fault:
            faults.append(f"Rad {number}, {fault}")
            continue
        key = key_of(made)
        if key in seen:
            faults.append(f"Rad {number}, Fråga: samma fråga och plats står redan på rad {seen[key]}. Ta bort den ena.")
            continue
        seen[key] = number
        yield made
