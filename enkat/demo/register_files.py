"""Register exports of a demo city, in the shape cities deliver them: semicolons, CRLF, Swedish headings."""

import csv
import io
from collections.abc import Sequence

import numpy as np

from enkat.demo.cities import CityPlan
from enkat.demo.population import CHANNELS, LANGUAGES, NOWHERE, SERVICE_SETS, Population
from enkat.instruments.vocabulary import ServiceType

UNIT_HEADINGS = (
    "Enhet", "Namn", "Utförare", "Orgnr", "Regiform", "Stadsdel", "Insatser", "Giltig från", "Enhetschef e-post",
)  # fmt: skip
CLIENT_HEADINGS = (
    "Personref", "Namn", "Adress", "Postnr", "Ort", "Enhet", "Insatser", "Kön", "Födelseår", "Språk", "Kontaktväg",
    "Skydd",
)  # fmt: skip
TOWN = "Provstad"
_PLAIN_LETTERS = str.maketrans("åäöé", "aaoe")


def reference(number: int) -> str:
    """Return the city's reference of a person."""
    return f"P{number:06d}"


def number_of(personal_reference: str) -> int:
    """Return the person's number of a reference."""
    return int(personal_reference[1:])


def units_file(city: CityPlan, year: int) -> bytes:
    """Return the export of the units that exist in a year."""
    rows = [
        (
            unit.code,
            unit.name,
            unit.provider,
            unit.organisation_number,
            unit.form.label,
            unit.district,
            _services(unit.services),
            unit.valid_from.isoformat(),
            f"chef.{unit.code.lower().translate(_PLAIN_LETTERS)}@example.org",
        )
        for unit in city.in_year(year)
    ]
    return _encoded(city, UNIT_HEADINGS, rows)


def clients_file(city: CityPlan, people: Population) -> bytes:
    """Return the export of the people: one row per person and unit, in no order."""
    rows = []
    for place in range(people.size):
        rows.append(_client_row(city, people, place, int(people.unit[place]), SERVICE_SETS[people.services[place]]))
        if people.second_unit[place] != NOWHERE:
            second = int(people.second_unit[place])
            rows.append(_client_row(city, people, place, second, (ServiceType.ESCORT_SERVICE,)))
    order = np.random.default_rng([city.seed, people.year]).permutation(len(rows))
    return _encoded(city, CLIENT_HEADINGS, [rows[number] for number in order])


def _client_row(
    city: CityPlan, people: Population, place: int, unit: int, services: tuple[ServiceType, ...]
) -> tuple[str, ...]:
    number = int(people.numbers[place])
    flat = f" lgh {1001 + 100 * (number % 7) + number % 6}" if number % 3 else ""
    return (
        reference(number),
        f"Testperson {number:06d}",
        f"Provgatan {1 + number * 7919 % 214}{flat}",
        f"{120 + number % 48} {11 + number % 88:02d}",
        TOWN,
        city.units[unit].code,
        _services(services),
        "K" if people.woman[place] else "M",
        str(people.birth_year[place]),
        LANGUAGES[people.language[place]],
        CHANNELS[people.channel[place]],
        "ja" if people.protected[place] else "",
    )


def _services(services: tuple[ServiceType, ...]) -> str:
    return "+".join(service.label for service in services)


def _encoded(city: CityPlan, headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue().encode(city.encoding)
