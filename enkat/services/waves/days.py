"""Days and hours for contact: Swedish holidays, weekends and the days between are left in peace."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from enkat.clock import STOCKHOLM, Clock

DATA = Path(__file__).with_name("days.toml")
_WEEKEND = {6: "Lördag", 7: "Söndag"}
BRIDGE_NAME = "Klämdag"


@dataclass(frozen=True)
class Calendar:
    """The rules of `days.toml`."""

    hours: tuple[int, int]
    bridge: int
    rules: dict[str, Any]


@cache
def calendar() -> Calendar:
    """Return the rules, read once."""
    read = tomllib.loads(DATA.read_text(encoding="utf-8"))
    first, last = read.pop("hours")
    return Calendar((first, last), read.pop("bridge"), read)


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar, by the anonymous algorithm of 1876 (Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _on(year: int, month_and_day: str) -> date:
    return date.fromisoformat(f"{year}-{month_and_day}")


def _named(year: int) -> Iterator[tuple[date, str]]:
    rules = calendar().rules
    for rule in rules["span"]:
        day = _on(year, rule["from"])
        while day <= _on(year, rule["to"]):
            yield day, rule["name"]
            day += timedelta(days=1)
    for rule in rules["fixed"]:
        yield _on(year, rule["on"]), rule["name"]
    for rule in rules["easter"]:
        yield easter_sunday(year) + timedelta(days=rule["days"]), rule["name"]
    for rule in rules["weekday"]:
        first = _on(year, rule["from"])
        yield first + timedelta(days=(rule["weekday"] - first.isoweekday()) % 7), rule["name"]


@cache
def holidays(year: int) -> dict[date, str]:
    """Return a year's named days off."""
    return dict(_named(year))


def _plain_day_off(day: date) -> str | None:
    return holidays(day.year).get(day) or _WEEKEND.get(day.isoweekday())


def day_off(day: date) -> str | None:
    """Return why nobody is written to on a day; None on a working day."""
    plain = _plain_day_off(day)
    if plain is not None:
        return plain
    first = last = day
    longest = calendar().bridge
    while (last - first).days < longest and _plain_day_off(first - timedelta(days=1)) is None:
        first -= timedelta(days=1)
    while (last - first).days < longest and _plain_day_off(last + timedelta(days=1)) is None:
        last += timedelta(days=1)
    return BRIDGE_NAME if (last - first).days < longest else None


def contact_day(day: date) -> date:
    """Return the day itself, or the next one on which people are written to."""
    while day_off(day) is not None:
        day += timedelta(days=1)
    return day


def may_contact_now(clock: Clock) -> bool:
    """Whether messages go out at this moment."""
    now = clock().astimezone(STOCKHOLM)
    first, last = calendar().hours
    return first <= now.hour < last and day_off(now.date()) is None
