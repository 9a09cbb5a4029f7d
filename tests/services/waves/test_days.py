"""Days and hours for contact, against the holidays of years that a calendar tells."""

from datetime import UTC, date, datetime, timedelta

import pytest

from enkat.services.waves.days import contact_day, day_off, easter_sunday, holidays, may_contact_now
from tests.clocks import FixedClock


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1954, 4, 18),
        (1981, 4, 19),
        (2000, 4, 23),
        (2008, 3, 23),
        (2024, 3, 31),
        (2026, 4, 5),
        (2027, 3, 28),
        (2038, 4, 25),
    ],
)
def test_easter(year: int, month: int, day: int):
    assert easter_sunday(year) == date(year, month, day)


def test_the_named_days_of_2026():
    named = {day.isoformat()[5:]: name for day, name in sorted(holidays(2026).items())}
    assert named == {
        "01-01": "Nyårsdagen",
        "01-06": "Trettondedag jul",
        "04-03": "Långfredagen",
        "04-04": "Påskafton",
        "04-05": "Påskdagen",
        "04-06": "Annandag påsk",
        "05-01": "Första maj",
        "05-14": "Kristi himmelsfärdsdag",
        "05-24": "Pingstdagen",
        "06-06": "Nationaldagen",
        "06-19": "Midsommarafton",
        "06-20": "Midsommardagen",
        "10-31": "Alla helgons dag",
        "12-24": "Julafton",
        "12-25": "Juldagen",
        "12-26": "Annandag jul",
        "12-27": "Mellandagarna",
        "12-28": "Mellandagarna",
        "12-29": "Mellandagarna",
        "12-30": "Mellandagarna",
        "12-31": "Nyårsafton",
    }


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 5, 15), "Klämdag"),  # the Friday after Kristi himmelsfärdsdag
        (date(2026, 1, 2), "Klämdag"),
        (date(2026, 1, 5), "Klämdag"),
        (date(2027, 1, 7), None),  # Thursday and Friday after Trettondedag jul: two days are no bridge
        (date(2026, 10, 10), "Lördag"),
        (date(2026, 10, 11), "Söndag"),
        (date(2026, 10, 12), None),
        (date(2026, 4, 2), None),
    ],
)
def test_days_between(day: date, why: str | None):
    assert day_off(day) == why


def test_the_next_day_for_contact_is_found_over_christmas():
    assert contact_day(date(2026, 12, 24)) == date(2027, 1, 4)
    assert contact_day(date(2026, 12, 23)) == date(2026, 12, 23)
    assert all(contact_day(date(2026, 1, 1) + timedelta(days=n)).isoweekday() < 6 for n in range(3650))


@pytest.mark.parametrize(
    ("moment", "may"),
    [
        (datetime(2026, 10, 5, 5, 59, tzinfo=UTC), False),  # 07:59 in Stockholm, summer time
        (datetime(2026, 10, 5, 6, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 5, 17, 59, tzinfo=UTC), True),
        (datetime(2026, 10, 5, 18, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 2, 6, 30, tzinfo=UTC), False),  # 07:30, winter time
        (datetime(2026, 10, 10, 10, 0, tzinfo=UTC), False),
    ],
)
def test_hours(moment: datetime, *, may: bool):
    assert may_contact_now(FixedClock(moment)) is may
