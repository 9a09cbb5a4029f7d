"""Reads the values of a row in a register file; a value that is not known is refused, never guessed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final, TypeVar

from stdnum.se import orgnr

from enkat.ballots.vocabulary import Sex
from enkat.instruments.vocabulary import CLIENT_SERVICES, ServiceType
from enkat.languages import by_swedish_name
from enkat.records.clients import ContactChannel, LeavingReason
from enkat.records.organisations import OperatingForm
from enkat.services.register.columns import Column
from enkat.services.register.masking import is_masked
from enkat.services.register.reading import OVERFLOW

OLDEST_BIRTH_YEAR: Final = 1880
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2200, 1, 1)
MASKED: Final = (
    "Här stod ett personnummer. Det är borttaget och inte sparat. Skriv ett annat värde, eller ta bort numret ur filen."
)

_SEXES: Final = {"k": Sex.WOMAN, "kvinna": Sex.WOMAN, "m": Sex.MAN, "man": Sex.MAN}
_SERVICES: Final = {service.label: service for service in CLIENT_SERVICES}
_CHANNELS: Final = {channel.label: channel for channel in ContactChannel}
_LEFT: Final = {reason.label: reason for reason in LeavingReason}
_FORMS: Final = {form.label: form for form in OperatingForm}
_PROTECTION: Final = {"ja": True, "nej": False, "": False}
EMAIL: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
PHONE: Final = re.compile(r"\+?[\d\s()./-]{5,30}")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

_BROKEN: Final = re.compile(r"[\n\r\[]")
"""A line break, or what may be the sign of a number that was taken out."""

Known = TypeVar("Known")


@lru_cache(maxsize=1000)
def _read_services(value: str) -> tuple[frozenset[ServiceType], str | None]:
    """Return the services of a cell, and the first part that is none."""
    found = set()
    for part in value.split("+"):
        service = _SERVICES.get(" ".join(part.split()).casefold())
        if service is None:
            return frozenset(), part.strip()
        found.add(service)
    return frozenset(found), None


_language = lru_cache(maxsize=1000)(by_swedish_name)


@dataclass
class Reader:
    """Reads the cells of one row and collects every fault."""

    columns: Mapping[str, Column]
    mapping: Mapping[str, str]
    cells: Mapping[str, str]
    faults: list[dict[str, str]] = field(default_factory=list)

    def refuse(self, name: str, value: str, sentence: str) -> None:
        """Add a fault of a field, or of a heading that is not used."""
        self.faults.append({"field": name, "value": value[:120], "sentence": sentence})

    def check_unused(self) -> None:
        """Refuse personal numbers in columns that are not used, and cells beyond the headings."""
        used = set(self.mapping.values())
        for heading, value in self.cells.items():
            if heading in used:
                continue
            if is_masked(value):
                self.refuse(heading, value, MASKED)
            elif heading == OVERFLOW and value:
                self.refuse(
                    heading, value, "Raden har fler värden än rubriker. Kontrollera raden och töm det här fältet."
                )

    def text(self, name: str, *, may_be_empty: bool = False) -> str:
        """Return a field's text; an empty, masked, too long or broken one is a fault and gives an empty text."""
        heading = self.mapping.get(name)
        if heading is None:
            return ""
        column, value = self.columns[name], self.cells.get(heading)
        label = column.heading
        if value is None:
            self.refuse(
                name, "", f"{label} saknas: raden är kortare än rubrikraden. Fyll i fältet eller spara det tomt."
            )
            return ""
        sentence = self._fault_of(name, label, value, may_be_empty)
        if sentence:
            self.refuse(name, value, sentence)
            return ""
        return value

    def _fault_of(self, name: str, label: str, value: str, may_be_empty: bool) -> str:
        if not value:
            return "" if may_be_empty else f"{label} saknas. Fyll i fältet."
        if is_masked(value):
            return MASKED
        longest = self.columns[name].longest
        if len(value) > longest:
            return f"{label} får ha högst {longest} tecken. Här är det {len(value)}."
        if "\n" in value or "\r" in value:
            return f"{label} har en radbrytning. Skriv allt på en rad."
        return ""

    def coded(self, name: str, known: Mapping[str, Known], words: str, *, may_be_empty: bool = False) -> Known | None:
        """Return what a code stands for."""
        value = self.text(name, may_be_empty=may_be_empty)
        if not value and "" not in known:
            return None
        found = known.get(value.casefold())
        if found is None:
            self.refuse(name, value, f"{self.columns[name].heading} ska vara {words}. Här står ”{value[:60]}”.")
        return found

    def sex(self) -> Sex | None:
        """Return the sex."""
        return self.coded("sex", _SEXES, "K eller M")

    def contact_channel(self) -> ContactChannel | None:
        """Return how the person wishes to be reached."""
        return self.coded("contact_channel", _CHANNELS, "brev, sms eller e-post")

    def left_reason(self) -> LeavingReason | None:
        """Return why the person has left the register; None for who has not."""
        if not self.text("left_reason", may_be_empty=True):
            return None
        return self.coded("left_reason", _LEFT, "avliden, flyttat eller avslutad, eller tomt")

    def operating_form(self) -> OperatingForm | None:
        """Return who runs the unit."""
        return self.coded("operating_form", _FORMS, "egen regi, entreprenad eller privat")

    def protected(self) -> bool | None:
        """Return whether the identity is protected."""
        return self.coded("protected", _PROTECTION, "ja eller tomt", may_be_empty=True)

    def services(self) -> frozenset[ServiceType]:
        """Return the services, which are joined by +."""
        value = self.text("services")
        if not value:
            return frozenset()
        found, unknown = _read_services(value)
        if unknown is not None:
            known = ", ".join(_SERVICES)
            self.refuse("services", value, f"Insatsen ”{unknown[:60]}” finns inte. Insatserna är {known}.")
        return found

    def birth_year(self, this_year: int) -> int | None:
        """Return the year of birth, which has four digits."""
        value = self.text("birth_year")
        if not value:
            return None
        if not re.fullmatch(r"\d{4}", value, re.ASCII):
            self.refuse(
                "birth_year", value, f"Födelseår ska ha fyra siffror, till exempel 1941. Här står ”{value[:60]}”."
            )
            return None
        year = int(value)
        if not OLDEST_BIRTH_YEAR <= year <= this_year:
            sentence = f"Födelseår ska vara mellan {OLDEST_BIRTH_YEAR} och {this_year}. Här står {value}."
            self.refuse("birth_year", value, sentence)
            return None
        return year

    def language(self) -> str | None:
        """Return the language's code."""
        value = self.text("language")
        if not value:
            return None
        found = _language(value)
        if found is None:
            sentence = f"Språket ”{value[:60]}” finns inte i språklistan. Skriv dess svenska namn, eller svenska."
            self.refuse("language", value, sentence)
            return None
        return found.code

    def postal_code(self, *, may_be_empty: bool) -> str:
        """Return the postal code as 123 45."""
        value = self.text("postal_code", may_be_empty=may_be_empty)
        digits = re.sub(r"\s", "", value).upper().removeprefix("SE-")
        if value and not re.fullmatch(r"[1-9]\d{4}", digits, re.ASCII):
            self.refuse(
                "postal_code", value, f"Postnr ska ha fem siffror, till exempel 123 45. Här står ”{value[:60]}”."
            )
            return ""
        return f"{digits[:3]} {digits[3:]}" if digits else ""

    def matching(self, name: str, example: str) -> str | None:
        """Return an e-mail address or telephone number; None where there is none."""
        value = self.text(name, may_be_empty=True)
        pattern = PHONE if name == "phone" else EMAIL
        if value and not pattern.fullmatch(value):
            label = self.columns[name].heading
            self.refuse(name, value, f"{label} ska skrivas som {example}. Här står ”{value[:60]}”.")
            return None
        return value or None

    def organisation_number(self) -> str:
        """Return the ten digits of an organisation number with a right check digit."""
        value = self.text("organisation_number")
        if value and not orgnr.is_valid(value):
            self.refuse(
                "organisation_number",
                value,
                f"Organisationsnumret ”{value[:60]}” stämmer inte. Det har tio siffror, kontrollsiffran sist.",
            )
            return ""
        return str(orgnr.compact(value)) if value else ""

    def day(self, name: str, *, may_be_empty: bool = False) -> date | None:
        """Return a date, which is written YYYY-MM-DD."""
        value = self.text(name, may_be_empty=may_be_empty)
        if not value:
            return None
        day = None
        if _DAY.fullmatch(value):
            try:
                day = date.fromisoformat(value)
            except ValueError:
                day = None
        if day is None or not FIRST_DAY <= day <= LAST_DAY:
            label = self.columns[name].heading
            self.refuse(name, value, f"{label} ska vara ett datum som 2026-01-31. Här står ”{value[:60]}”.")
            return None
        return day
