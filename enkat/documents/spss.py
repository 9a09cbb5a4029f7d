"""SPSS system files (.sav): labels for variables and values, typed missing, Swedish letters, row by row.

The layout follows the public description of the format in the PSPP developers' manual ("System File Format"): a header,
a dictionary of variable records, value labels and extensions, then the cases, uncompressed. Everything is little-endian
and UTF-8. Long names are kept in an extension; the dictionary itself holds names of eight characters.
"""

import math
import re
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from enkat.documents.tables import Cell, is_empty

Measure = Literal["nominal", "ordinal", "scale"]
SYSTEM_MISSING: Final = -sys.float_info.max
HIGHEST: Final = sys.float_info.max
LOWEST: Final = math.nextafter(SYSTEM_MISSING, 0)
"""The second lowest double: what the format calls LOWEST, just above the system missing value."""
WIDEST: Final = 255
LABEL_LIMIT: Final = 255
VALUE_LABEL_LIMIT: Final = 120
FILE_LABEL_LIMIT: Final = 64
WORD: Final = 8
UTF_8: Final = 65001
_MEASURES: Final[Mapping[str, int]] = {"nominal": 1, "ordinal": 2, "scale": 3}
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,62}[A-Za-z0-9_]|[A-Za-z]")
_RESERVED: Final = frozenset(["ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"])
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Three letters in English, whatever the machine's language."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a system file.

    Attributes
    ----------
    name : str
        ASCII letters, digits, underscore and point; a name that the program reserves gets an underscore.
    label : str
        What it is, in words.
    width : int
        0 for numbers, else the longest text in bytes, at most 255.
    decimals : int
        Decimals shown for numbers.
    values : mapping of int to str
        Meaning of codes.
    missing : (int, int) or None
        Codes from and to which stand for missing answers; they keep their value labels.
    measure : "nominal", "ordinal" or "scale"
    """

    name: str
    label: str
    width: int = 0
    decimals: int = 0
    values: Mapping[int, str] = field(default_factory=dict)
    missing: tuple[int, int] | None = None
    measure: Measure = "nominal"

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name of a variable")
        if not 0 <= self.width <= WIDEST:
            raise ValueError(f"{self.name}: a text holds at most {WIDEST} bytes")

    @property
    def words(self) -> int:
        """How many units of eight bytes a value takes."""
        return max(-(-self.width // WORD), 1)


def sav_chunks(
    variables: Sequence[Variable], rows: Iterable[Sequence[Cell]], *, count: int, label: str, created: datetime
) -> Iterator[bytes]:
    """Give a system file piece by piece.

    Parameters
    ----------
    variables : sequence of Variable
    rows : iterable of sequences of Cell
        One value per variable; numbers (and booleans) for numeric ones. Empty cells are system missing.
    count : int
        Number of rows.
    label : str
        What the file is.
    created : datetime
        Moment in the file's header.

    Raises
    ------
    ValueError
        If two variables have the same name, or there are more or fewer rows than said.
    TypeError
        If a numeric variable is given something else.
    """
    names = [variable.name.upper() for variable in variables]
    if len(set(names)) != len(names):
        raise ValueError("two variables have the same name")
    yield _header(variables, count, label, created)
    yield _dictionary(variables)
    layout = struct.Struct("<" + "".join(f"{WORD * one.words}s" if one.width else "d" for one in variables))
    given = 0
    for row in rows:
        yield layout.pack(*(_value(variable, cell) for variable, cell in zip(variables, row, strict=True)))
        given += 1
    if given != count:
        raise ValueError(f"{given} rows instead of {count}")


def _value(variable: Variable, cell: Cell) -> float | bytes:
    if variable.width:
        text = "" if is_empty(cell) else str(cell)
        return _cut(text, variable.width).ljust(WORD * variable.words)
    if is_empty(cell):
        return SYSTEM_MISSING
    if not isinstance(cell, int | float):
        raise TypeError(f"{variable.name} holds numbers, not {cell!r}")
    return float(cell)


def _cut(text: str, limit: int) -> bytes:
    """Encode a text in at most so many bytes, never through a letter."""
    return text.encode()[:limit].decode(errors="ignore").encode()


def _header(variables: Sequence[Variable], count: int, label: str, created: datetime) -> bytes:
    product = b"@(#) SPSS DATA FILE enkat".ljust(60)
    day = f"{created.day:02} {_MONTHS[created.month - 1]} {created.year % 100:02}".encode()
    size = sum(variable.words for variable in variables)
    head = struct.pack("<4s60siiiiid", b"$FL2", product, 2, size, 0, 0, count, 100.0)
    return head + day + f"{created:%H:%M:%S}".encode() + _cut(label, FILE_LABEL_LIMIT).ljust(64) + bytes(3)


def _dictionary(variables: Sequence[Variable]) -> bytes:
    parts = [_variable(number, variable) for number, variable in enumerate(variables, start=1)]
    position = 1
    for variable in variables:
        if variable.values:
            parts.append(_value_labels(variable.values, position))
        position += variable.words
    integers = struct.pack("<8i", 1, 0, 0, -1, 1, 1, 2, UTF_8)
    floats = struct.pack("<3d", SYSTEM_MISSING, HIGHEST, LOWEST)
    shown = b"".join(
        struct.pack("<3i", _MEASURES[one.measure], min(one.width or WORD, 40), 0 if one.width else 1)
        for one in variables
    )
    names = "\t".join(f"{_short(number)}={_long(one)}" for number, one in enumerate(variables, start=1))
    extensions = ((3, 4, integers), (4, 8, floats), (11, 4, shown), (13, 1, names.encode()), (20, 1, b"UTF-8"))
    parts += [struct.pack("<4i", 7, kind, size, len(data) // size) + data for kind, size, data in extensions]
    parts.append(struct.pack("<2i", 999, 0))
    return b"".join(parts)


def _short(number: int) -> str:
    return f"V{number}"


def _long(variable: Variable) -> str:
    return variable.name + "_" if variable.name.upper() in _RESERVED else variable.name


def _variable(number: int, variable: Variable) -> bytes:
    """Write a variable's record, and one more for each further eight bytes of a text."""
    kind, width, decimals = (1, variable.width, 0) if variable.width else (5, WORD, variable.decimals)
    look = kind << 16 | width << 8 | decimals
    label = _cut(variable.label, LABEL_LIMIT)
    ranges = 0 if variable.missing is None else -2
    record = struct.pack(
        "<6i8s", 2, variable.width, int(bool(label)), ranges, look, look, _short(number).encode().ljust(WORD)
    )
    if label:
        record += struct.pack("<i", len(label)) + label.ljust(-(-len(label) // 4) * 4)
    if variable.missing is not None:
        record += struct.pack("<2d", *variable.missing)
    rest = struct.pack("<6i8s", 2, -1, 0, 0, look, look, b" " * WORD)
    return record + rest * (variable.words - 1)


def _value_labels(values: Mapping[int, str], position: int) -> bytes:
    parts = [struct.pack("<2i", 3, len(values))]
    for value, words in values.items():
        label = _cut(words, VALUE_LABEL_LIMIT)
        room = -(-(len(label) + 1) // WORD) * WORD - 1
        parts.append(struct.pack("<dB", value, len(label)) + label.ljust(room))
    parts.append(struct.pack("<3i", 4, 1, position))
    return b"".join(parts)
