"""A table to protect as a JSON document, as `enkat protect` reads it; every fault is told, in Swedish."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from enkat.statistics.disclosure.linked_tables import InconsistentTableError, LinkedTable
from enkat.statistics.disclosure.suppression import Family

KEYS: Final = ("threshold", "cells", "equations", "primary", "protection")
EQUATION_KEYS: Final = ("total", "parts")
SIDES: Final = ("lower", "upper")


class TableFaults(ValueError):  # noqa: N818 - the domain's word, as in instruments
    """What is wrong with a table, one sentence each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class NamedTable:
    """A linked table whose cells have names, and its threshold."""

    names: Sequence[str]
    table: LinkedTable
    threshold: int


def read_table(text: str) -> NamedTable:
    """Read a table.

    Raises
    ------
    TableFaults
        With every fault that was found.
    """
    document = _parsed(text)
    if not isinstance(document, dict):
        raise TableFaults(["Filen ska innehålla ett JSON-objekt med threshold, cells och equations."])
    reader = _Reader(document)
    if reader.faults:
        raise TableFaults(reader.faults)
    return reader.table()


def read_suppressed(text: str, names: Sequence[str]) -> list[str]:
    """Read a list of hidden cells: a JSON list of names, or an earlier result with the list under "suppressed".

    Raises
    ------
    TableFaults
    """
    document = _parsed(text)
    found = document.get("suppressed") if isinstance(document, dict) else document
    if not isinstance(found, list):
        raise TableFaults(['Listan över dolda rutor ska vara en JSON-lista, eller ett resultat med "suppressed".'])
    unknown = [name for name in found if not isinstance(name, str) or name not in names]
    if unknown:
        raise TableFaults([f"Listan över dolda rutor: rutan {_word(name)} finns inte i cells." for name in unknown])
    return found


def _parsed(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _value in pairs]
        twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
        if twice:
            raise TableFaults([f"{name} står två gånger." for name in twice])
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise TableFaults([f"Filen är inte JSON: rad {error.lineno}, tecken {error.colno}."]) from error
    except RecursionError as error:
        raise TableFaults(["Filen är inte JSON som går att läsa: för många nivåer."]) from error


def _word(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST


LARGEST: Final = 10**7
"""The largest count: beyond it the attacker's linear programs are no longer exact to the unit."""


class _Reader:
    """Reads a document, gathering faults."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.faults: list[str] = []
        self._keys("Filen", document, KEYS, KEYS[:3])
        self.threshold = document.get("threshold")
        if "threshold" in document and not _is_count(self.threshold):
            self.faults.append(f"threshold ska vara ett heltal från 0, inte {_word(self.threshold)}.")
        self.cells = self._cells(document.get("cells", {}))
        self.index = {name: at for at, name in enumerate(self.cells)}
        self.sums = self._equations(document.get("equations", []))
        self.primary = self._primary(document.get("primary"))
        self.protection = self._protection(document.get("protection", {}))

    def _keys(self, where: str, found: Mapping[str, Any], known: Sequence[str], needed: Sequence[str]) -> None:
        for name in found:
            if name not in known:
                self.faults.append(f"{where}: nyckeln {_word(name)} är okänd. Tillåtna: {', '.join(known)}.")
        self.faults += [f"{where}: nyckeln {name} saknas." for name in needed if name not in found]

    def _cells(self, found: object) -> dict[str, int]:
        if not isinstance(found, dict):
            self.faults.append("cells ska vara ett objekt: rutans namn och antal.")
            return {}
        wrong = {name: value for name, value in found.items() if not _is_count(value)}
        self.faults += [
            f"cells: {_word(name)} ska vara ett heltal från 0 till {LARGEST}, inte {_word(value)}."
            for name, value in wrong.items()
        ]
        return {name: 0 if name in wrong else value for name, value in found.items()}

    def _known(self, where: str, name: object) -> bool:
        if isinstance(name, str) and name in self.index:
            return True
        self.faults.append(f"{where}: rutan {_word(name)} finns inte i cells.")
        return False

    def _equations(self, found: object) -> list[Family]:
        if not isinstance(found, list):
            self.faults.append("equations ska vara en lista.")
            return []
        sums = [self._equation(f"equations, nummer {number}", one) for number, one in enumerate(found, 1)]
        return [one for one in sums if one is not None]

    def _equation(self, where: str, found: object) -> Family | None:
        if not isinstance(found, dict):
            self.faults.append(f"{where}: ska vara ett objekt med total och parts.")
            return None
        before = len(self.faults)
        self._keys(where, found, EQUATION_KEYS, EQUATION_KEYS)
        parts = found.get("parts", [])
        if not isinstance(parts, list) or ("parts" in found and not parts):
            self.faults.append(f"{where}: parts ska vara en lista med minst en ruta.")
            parts = []
        names = [found.get("total"), *parts] if "total" in found else parts
        known = [name for name in names if self._known(where, name)]
        if len(set(known)) < len(known):
            self.faults.append(f"{where}: samma ruta står flera gånger.")
        if len(self.faults) > before:
            return None
        return Family(self.index[found["total"]], [self.index[name] for name in parts])

    def _primary(self, found: object) -> list[int] | None:
        if found is None:
            return None
        if not isinstance(found, list):
            self.faults.append("primary ska vara en lista med rutor.")
            return []
        return [self.index[name] for name in found if self._known("primary", name)]

    def _protection(self, found: object) -> dict[int, Mapping[str, int]]:
        if not isinstance(found, dict):
            self.faults.append("protection ska vara ett objekt: rutans namn och skydd.")
            return {}
        result: dict[int, Mapping[str, int]] = {}
        for name, value in found.items():
            where = f"protection, {_word(name)}"
            sides: dict[str, Any] = value if isinstance(value, dict) else dict.fromkeys(SIDES, value)
            self._keys(where, sides, SIDES, ())
            if not all(_is_count(distance) for side, distance in sides.items() if side in SIDES):
                self.faults.append(f"{where}: ska vara ett heltal från 0, eller ett objekt med lower och upper.")
            elif self._known("protection", name):
                result[self.index[name]] = sides
        return result

    def table(self) -> NamedTable:
        """Make the table of a document without faults so far.

        Raises
        ------
        TableFaults
            If a sum does not hold.
        """
        names = list(self.cells)
        secret = None
        counts = np.array(list(self.cells.values()), dtype=np.int64)
        threshold = int(self.threshold or 0)
        if self.primary is None:
            secret = (counts > 0) & (counts < threshold)
        else:
            secret = np.isin(np.arange(len(counts)), self.primary)
        secret[list(self.protection)] = True
        try:
            table = LinkedTable.of(counts, self.sums, threshold, secret=secret)
        except InconsistentTableError as error:
            raise TableFaults([self._wrong_sum(number, names, parts) for number, parts in error.faults]) from error
        at_most, at_least = table.at_most.copy(), table.at_least.copy()
        for cell, sides in self.protection.items():
            if "lower" in sides:
                at_most[cell] = max(counts[cell] - sides["lower"], 0)
            if "upper" in sides:
                at_least[cell] = counts[cell] + sides["upper"]
        return NamedTable(names, table.demanding(at_most, at_least), threshold)

    def _wrong_sum(self, number: int, names: Sequence[str], parts: int) -> str:
        total = names[self.sums[number].parent]
        return (
            f"equations, nummer {number + 1}: summan stämmer inte. Delarna av {_word(total)} blir {parts}, men i cells "
            f"står {self.cells[total]}."
        )
