"""Numbers as Swedish readers write them: decimal comma, thin groups of three, a space before the percent sign."""

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

NO_BREAK: Final = "\N{NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"
DASH: Final = "\N{EN DASH}"


def whole(value: int) -> str:
    """Write a whole number with its digits in groups of three."""
    return f"{value:,}".replace(",", NO_BREAK).replace("-", MINUS)


def rounded(value: float, digits: int) -> Decimal:
    """Round half away from zero, as readers and spreadsheets do, and never to a negative zero."""
    number = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return number or abs(number)


def decimal(value: float, digits: int = 1) -> str:
    """Write a number with a decimal comma; an empty string for NaN."""
    if math.isnan(value):
        return ""
    text = f"{rounded(value, digits):,}"
    return text.replace(",", NO_BREAK).replace(".", ",").replace("-", MINUS)


def percent(share: float, digits: int = 0) -> str:
    """Write a share 0..1 in percent, "83 %"; an empty string for NaN."""
    return "" if math.isnan(share) else f"{decimal(100 * share, digits)}{NO_BREAK}%"


def percent_range(lo: float, hi: float, digits: int = 0) -> str:
    """Write an interval of shares as "72–91 %"; an empty string where a limit is NaN."""
    if math.isnan(lo) or math.isnan(hi):
        return ""
    return f"{decimal(100 * lo, digits)}{DASH}{decimal(100 * hi, digits)}{NO_BREAK}%"
