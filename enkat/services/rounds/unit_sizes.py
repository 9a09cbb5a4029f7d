"""Units and their sizes from a table that somebody wrote, for planning without a register."""

from collections.abc import Iterator

from enkat.services.faults import Fault
from enkat.services.register.reading import Table
from enkat.statistics.unit_plans import UnitSize

UNIT, CLIENTS, INVITED = "Enhet", "Brukare", "Tillfrågade"


def unit_sizes(table: Table) -> list[UnitSize]:
    """Return the units of a table; "Tillfrågade" may be left out or empty: then everybody is asked.

    Raises
    ------
    Fault
        If a column is missing, or with a sentence per faulty row.
    """
    headings = {heading.casefold(): heading for heading in table.headings}
    for needed in (UNIT, CLIENTS):
        if needed.casefold() not in headings:
            raise Fault(f"Kolumnen {needed} saknas. Filen ska ha kolumnerna {UNIT}, {CLIENTS} och kanske {INVITED}.")
    faults: list[str] = []
    found = list(_sizes(table, headings, faults))
    if faults:
        raise Fault(" ".join(faults))
    return found


def _sizes(table: Table, headings: dict[str, str], faults: list[str]) -> Iterator[UnitSize]:
    for number, cells in table.rows:
        name, people, invited = (cells.get(headings.get(n.casefold(), ""), "") for n in (UNIT, CLIENTS, INVITED))
        wrong = [n for n, text in ((CLIENTS, people), (INVITED, invited or people)) if not text.isdecimal()]
        if not name:
            faults.append(f"Rad {number}, {UNIT}: enhetens namn saknas.")
        elif wrong:
            faults.append(f"Rad {number}, {wrong[0]}: skriv ett helt tal.")
        elif int(invited or people) > int(people):
            faults.append(f"Rad {number}, {INVITED}: fler tillfrågade än brukare. Rätta det ena.")
        else:
            yield UnitSize(name, int(people), int(invited or people))
