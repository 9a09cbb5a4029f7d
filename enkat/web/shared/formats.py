"""Numbers, dates and moments as people read them, in the page's language."""

from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask_babel import get_locale

from enkat.clock import STOCKHOLM

NOTHING = "–"


def sv_number(value: float | Decimal | None, decimals: int = 0) -> str:
    """Return a number with a space between thousands and a decimal comma; a dash for None."""
    if value is None:
        return NOTHING
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=get_locale())


def sv_percent(share: float | None, decimals: int = 0) -> str:
    """Return a share of 1 as percent: `0.853` is `85 %`."""
    return NOTHING if share is None else f"{sv_number(share * 100, decimals)}\N{NO-BREAK SPACE}%"


def sv_date(day: date | datetime | None) -> str:
    """Return a day in words, `5 oktober 2026`; of a moment the day in Stockholm."""
    if day is None:
        return NOTHING
    if isinstance(day, datetime):
        day = day.astimezone(STOCKHOLM).date()
    return format_date(day, "long", locale=get_locale())


def sv_datetime(moment: datetime | None) -> str:
    """Return a moment in Stockholm: `5 oktober 2026 kl. 10.05`."""
    if moment is None:
        return NOTHING
    local = moment.astimezone(STOCKHOLM)
    time = format_datetime(local, "HH.mm", tzinfo=STOCKHOLM, locale=get_locale())
    return f"{sv_date(moment)} kl.\N{NO-BREAK SPACE}{time}"
