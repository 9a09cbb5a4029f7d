"""Finds numbers shaped as a Swedish personal number and takes them out before anything is stored.

Ten or twelve digits of any script with a possible month and day (samordningsnummer included), with or without hyphen,
plus sign or spaces, right check digit or not: a mistyped number tells as much about its owner. Organisation numbers
have a month of 20 or more and postal codes are too short. A telephone number may look alike, as both start with 07: ten
digits that start with 0 count only with a right check digit, and in a telephone column only in the personal number's
own grouping.
"""

import re
import unicodedata
from typing import Final

from stdnum import luhn

MASK: Final = "[personnummer borttaget]"

_CANDIDATE: Final = re.compile(
    r"(?<!\d)(?P<century>18|19|20)?(?P<year>\d{2})(?P<a>[-. ]?)"
    r"(?P<month>0[1-9]|1[0-2])(?P<b>[-. ]?)"
    r"(?P<day>0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
    r"(?P<sign>\s?[-‐‑–−+]\s?|[ \u00a0])?(?P<end>\d{4})(?!\d)"
)


def _is_personal(match: re.Match[str], *, phone: bool) -> bool:
    if match["century"] or not match["year"].startswith("0"):
        return True
    if phone and not ((match["sign"] or "").strip() and not match["a"] and not match["b"]):
        return False
    digits = "".join(digit for digit in match[0] if digit.isdecimal())
    return bool(luhn.is_valid(digits))


def mask(text: str, *, phone: bool = False) -> str:
    """Return `text` with every personal number replaced by `MASK`.

    Parameters
    ----------
    phone
        Whether the text stands where a telephone number belongs.
    """
    if len(text) < 10:  # noqa: PLR2004  # the shortest personal number
        return text
    plain = text if text.isascii() else "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
    done, parts = 0, []
    for match in _CANDIDATE.finditer(plain):
        if _is_personal(match, phone=phone):
            parts += [text[done : match.start()], MASK]
            done = match.end()
    return "".join([*parts, text[done:]]) if parts else text


def is_masked(text: str) -> bool:
    """Whether a personal number was taken out of `text`."""
    return MASK in text
