"""The codes of the letters: 16 digits in four groups, made to be read aloud, typed and never mistaken.

The first digit is 3–9 and the last two are check digits by ISO 7064 MOD 97-10, so every single wrong digit and
every pair of swapped or twin digits is caught before anything is computed.
"""

import secrets
import unicodedata
from enum import StrEnum

from stdnum.iso7064 import mod_97_10

LENGTH = 16
GROUP = 4
_BODY = LENGTH - 2
_CENTURIES = ("18", "19", "20")
_LAST_MONTH = 12
_LAST_DAY = 31
_COORDINATION_SHIFT = 60  # a samordningsnummer carries the day plus sixty


class CodeFaultKind(StrEnum):
    """Why a typed text is no code."""

    PERSONNUMMER = "personnummer"
    LENGTH = "length"
    CHECK_DIGITS = "check_digits"
    CHARACTERS = "characters"


_SENTENCES = {
    CodeFaultKind.PERSONNUMMER: (
        "Det ser ut som ett personnummer. Vi behöver det inte och har inte sparat det. Skriv koden från brevet."
    ),
    CodeFaultKind.LENGTH: "Koden har 16 siffror i fyra grupper. Jämför en grupp siffror i taget med brevet.",
    CodeFaultKind.CHECK_DIGITS: ("Koden stämmer inte. Jämför en grupp siffror i taget med brevet, eller ring oss."),
    CodeFaultKind.CHARACTERS: "Koden har bara siffror. Skriv de 16 siffrorna från brevet.",
}


class CodeFault(ValueError):  # noqa: N818 - the house calls what people did wrong a fault
    """A typed text is no code.

    The text itself is never part of the fault, so that it cannot reach a log.

    Attributes
    ----------
    kind : CodeFaultKind
        What is wrong.
    sentence : str
        The Swedish sentence to show.
    """

    def __init__(self, kind: CodeFaultKind) -> None:
        self.kind = kind
        self.sentence = _SENTENCES[kind]
        super().__init__(self.sentence)


def new_code() -> str:
    """Return a fresh random code of 16 digits (46 bits) that never looks like a personnummer."""
    while True:
        body = str(3 + secrets.randbelow(7)) + "".join(str(secrets.randbelow(10)) for _ in range(_BODY - 1))
        code: str = body + mod_97_10.calc_check_digits(body)
        if not _contains_personnummer(code):
            return code


def read_code(text: str) -> str:
    """Return the 16 digits of a typed or pasted code.

    Spaces, hyphens, dots and invisible direction marks are ignored; digits of every script (Arabic and Persian among
    them) count as digits. A personnummer is recognised before anything else is looked at.

    Raises
    ------
    CodeFault
        With the kind ``personnummer``, ``characters``, ``length`` or ``check_digits``.
    """
    kept = [character for character in text if not _is_separator(character)]
    digits = "".join(str(unicodedata.decimal(character, "")) for character in kept)
    if _is_personnummer(digits):
        raise CodeFault(CodeFaultKind.PERSONNUMMER)
    if len(digits) != len(kept):
        raise CodeFault(CodeFaultKind.CHARACTERS)
    if len(digits) != LENGTH:
        raise CodeFault(CodeFaultKind.LENGTH)
    if digits[0] < "3" or not mod_97_10.is_valid(digits):
        raise CodeFault(CodeFaultKind.CHECK_DIGITS)
    return digits


def in_groups(code: str) -> str:
    """Return a code as people read it: ``"3456 7890 1234 5678"``."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def _is_separator(character: str) -> bool:
    """Tell whether a character may stand between digits: space, dash, dot, plus sign or an invisible mark."""
    return character.isspace() or character in ".+·_" or unicodedata.category(character) in {"Pd", "Cf", "Cc"}


def _is_personnummer(digits: str) -> bool:
    """Tell whether typed digits are shaped as a personnummer or samordningsnummer, correct check digit or not."""
    if len(digits) == 10:  # noqa: PLR2004 - YYMMDDNNNN
        return _is_birth_date(digits[2:6])
    if len(digits) == 12 or (len(digits) > 12 and digits[0] in "12"):  # noqa: PLR2004 - YYYYMMDDNNNN, with more behind
        return digits[:2] in _CENTURIES and _is_birth_date(digits[4:8])
    return False


def _contains_personnummer(code: str) -> bool:
    """Tell whether a code starts as a short personnummer or holds a long one anywhere."""
    return _is_personnummer(code[:10]) or any(_is_personnummer(code[start : start + 12]) for start in range(5))


def _is_birth_date(month_and_day: str) -> bool:
    month, day = int(month_and_day[:2]), int(month_and_day[2:])
    return (
        1 <= month <= _LAST_MONTH
        and 1 <= (day - _COORDINATION_SHIFT if day > _COORDINATION_SHIFT else day) <= _LAST_DAY
    )
