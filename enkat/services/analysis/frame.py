"""The rows of a file with the meaning that the specification gives its cells."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from enkat.instruments.missing import Missing
from enkat.services.analysis.columns import NO_ANSWER, BoolArray, Column, DataFile, FloatArray, as_number, matches
from enkat.services.analysis.spec import Codes, MissingSection, Spec
from enkat.services.faults import Fault

KindArray = npt.NDArray[np.int8]
NAMING: Final = ("unit", "district", "stratum")
"""Keys of [design] that an analysis may name in place of the column's heading."""
OUTSIDE = (Missing.DOES_NOT_KNOW, Missing.NOT_SHOWN)
"""Reasons that put a respondent outside a question: neither in its base nor in the N of its interval."""


class Frame:
    """Rows of a file: columns as texts, as numbers, and why there is no answer.

    Parameters
    ----------
    data : DataFile
    codes : mapping from column to MissingSections
        What stands for no answer in a column, the column's own table first.
    kinds : mapping from column to int8 array
        Reasons that are known beforehand: those of derived columns.
    """

    def __init__(
        self, data: DataFile, codes: Mapping[str, list[MissingSection]], kinds: Mapping[str, KindArray] | None = None
    ) -> None:
        self.data = data
        self._codes = codes
        self._kinds = dict(kinds or {})
        self._numbers: dict[str, FloatArray] = {}

    @classmethod
    def of(cls, data: DataFile, spec: Spec) -> "Frame":
        """Give a file's cells the meaning that a specification says."""
        columns = named_by_role(data.columns, spec)
        codes = {name: missing_tables(spec, column.name) for name, column in columns.items()}
        return cls(replace(data, columns=columns), codes)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.data.rows

    @property
    def columns(self) -> dict[str, Column]:
        """Columns by name, derived ones included."""
        return self.data.columns

    def add(self, name: str, values: FloatArray, kind: KindArray) -> None:
        """Add a derived column; NaN where ``kind`` says why there is no value."""
        known = np.where(kind == 0, values, np.nan)
        levels, codes = np.unique(known, return_inverse=True)
        texts = ["" if np.isnan(value) else repr(float(value)).removesuffix(".0") for value in levels]
        self.data.columns[name] = Column(name, texts, codes.astype(np.int64))
        self._kinds[name] = kind
        self._numbers[name] = known

    def kind(self, name: str) -> KindArray:
        """Say of every row why a column has no answer there: 0 where it has one."""
        if name not in self._kinds:
            self._kinds[name] = self.columns[name].missing(self._codes[name])
        return self._kinds[name]

    def missing(self, name: str) -> BoolArray:
        """Say of every row whether a column has no answer there."""
        return np.asarray(self.kind(name) != 0, dtype=np.bool_)

    def outside(self, name: str) -> BoolArray:
        """Say of every row whether the person is known to stand outside the question."""
        return np.isin(self.kind(name), OUTSIDE)

    def numbers(self, name: str) -> FloatArray:
        """Return a column as numbers, NaN where there is no answer.

        Raises
        ------
        Fault
            Where an answer is no number: names column, row and text.
        """
        if name not in self._numbers:
            column = self.columns[name]
            found = np.where(self.missing(name), np.nan, column.numbers())
            wrong = np.isnan(found) & ~self.missing(name)
            if wrong.any():
                row = int(np.argmax(wrong))
                raise Fault(
                    f"{self.place(row)}, kolumn {name}: ”{column.levels[column.codes[row]][:40]}” är inget tal. "
                    f"Rätta cellen, eller säg i [variables.{name}] att koden betyder att svar saknas."
                )
            self._numbers[name] = found
        return self._numbers[name]

    def indicator(self, name: str, positive: Codes) -> FloatArray:
        """Return 1 where the answer is one of the positive codes, 0 where it is another, NaN where there is none."""
        column = self.columns[name]
        found = column.where(any(matches(level, code) for code in positive) for level in column.levels)
        return np.where(self.missing(name), np.nan, found.astype(np.float64))

    def is_binary(self, name: str) -> bool:
        """Whether every answer of a column is 0 or 1."""
        column = self.columns[name]
        answered = np.zeros(len(column.levels), dtype=np.bool_)
        answered[column.codes[~self.missing(name)]] = True
        return all(as_number(column.levels[level]) in {0.0, 1.0} for level in np.flatnonzero(answered))

    def place(self, row: int) -> str:
        """Name a row as the file counts it: "personer.csv, rad 17"."""
        return f"{self.data.name}, rad {self.data.lines[row]}"

    def taken(self, rows: BoolArray) -> "Frame":
        """Keep some rows."""
        return Frame(self.data.taken(rows), self._codes, {name: kind[rows] for name, kind in self._kinds.items()})


def named_by_role(columns: Mapping[str, Column], spec: Spec) -> dict[str, Column]:
    """Let unit, district and stratum name the columns that [design] says they are, where no heading is so called."""
    told = {role: getattr(spec.design, role) for role in NAMING}
    roles = {role: columns[name] for role, name in told.items() if name in columns and role not in columns}
    return dict(columns) | {role: column for role, column in roles.items() if role not in spec.derived}


def missing_tables(spec: Spec, heading: str) -> list[MissingSection]:
    """Return what stands for no answer in a column of the file, its own table first."""
    return [spec.variables[heading].missing, spec.missing] if heading in spec.variables else [spec.missing]


def yes_or_no(frame: Frame, name: str) -> BoolArray:
    """Read a column of ja/nej, true/false or 1/0.

    Raises
    ------
    Fault
        Where a cell is something else.
    """
    column = frame.columns[name]
    words = [_YES_NO.get(level.casefold()) for level in column.levels]
    unknown = column.where(word is None for word in words)
    if unknown.any():
        row = int(np.argmax(unknown))
        text = column.levels[column.codes[row]]
        raise Fault(f"{frame.place(row)}, kolumn {name}: ”{text[:40]}” är varken ja eller nej. Skriv ja/nej eller 1/0.")
    return column.where(bool(word) for word in words)


_YES_NO = dict.fromkeys(("ja", "j", "yes", "true", "sant", "sann", "1", "1.0", "1,0", "t"), True) | dict.fromkeys(
    ("nej", "n", "no", "false", "falskt", "falsk", "0", "0.0", "0,0", "f", *(text.casefold() for text in NO_ANSWER)),
    False,
)
