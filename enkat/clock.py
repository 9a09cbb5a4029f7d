"""Time: one clock that is handed to services, and Swedish dates for deadlines.

Moments are aware UTC. Deadlines are dates in Europe/Stockholm and last until 24:00 local time, so that a round that
"closes 30 November" is open until midnight whatever the summer time does.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")

Clock = Callable[[], datetime]
"""A function that returns the present moment as an aware UTC datetime."""


def system_clock() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def require_aware(moment: datetime) -> datetime:
    """Return `moment` in UTC; a naive one is refused with ValueError."""
    if moment.tzinfo is None:
        raise ValueError("A moment without time zone is not accepted.")
    return moment.astimezone(UTC)


def local_date(moment: datetime) -> date:
    """Return the date in Stockholm at `moment`."""
    return require_aware(moment).astimezone(STOCKHOLM).date()


def today(clock: Clock) -> date:
    """Return the present date in Stockholm."""
    return local_date(clock())


def start_of(day: date) -> datetime:
    """Return the UTC moment at which `day` begins in Stockholm."""
    return datetime.combine(day, time.min, STOCKHOLM).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the UTC moment at which `day` ends (24:00) in Stockholm."""
    return start_of(day + timedelta(days=1))


def iso_week(day: date) -> str:
    """Return the ISO week of `day` as `2026-W07`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
