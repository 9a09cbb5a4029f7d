"""The columns of register files: what each is for, what it may be headed, and how headings are matched."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from enkat.records.imports import ImportKind


@dataclass(frozen=True)
class Column:
    """A column of a register file.

    Parameters
    ----------
    field
        The name in code.
    heading
        The name in the file and on pages.
    synonyms
        Other headings that mean the same.
    needed
        Whether a file without the column is refused.
    longest
        The largest number of characters.
    personal
        Whether the content is hidden for people with protected identity.
    hint
        How a value is written.
    """

    field: str
    heading: str
    synonyms: tuple[str, ...] = ()
    needed: bool = True
    longest: int = 200
    personal: bool = False
    hint: str = ""


CLIENT_COLUMNS: Final = (
    Column("reference", "Personref", ("personreferens", "referens", "person-id", "brukar-id", "löpnummer"), longest=40),
    Column("name", "Namn", ("brukarens namn", "för- och efternamn"), personal=True),
    Column("address", "Adress", ("gatuadress", "utdelningsadress"), personal=True),
    Column(
        "postal_code",
        "Postnr",
        ("postnummer", "post nr"),
        longest=40,
        personal=True,
        hint="Fem siffror, till exempel 123 45",
    ),
    Column("town", "Ort", ("postort", "stad"), longest=100, personal=True),
    Column("unit", "Enhet", ("enhetskod", "utförarenhet"), longest=20, hint="Enhetens kod i registret"),
    Column("services", "Insatser", ("insats", "beviljade insatser"), hint="Till exempel hemtjänst+trygghetslarm"),
    Column("sex", "Kön", ("juridiskt kön",), longest=40, hint="K eller M"),
    Column("birth_year", "Födelseår", ("född år", "födelse år"), longest=40, hint="Fyra siffror, till exempel 1941"),
    Column("language", "Språk", ("modersmål", "brevspråk"), longest=40, hint="Till exempel svenska"),
    Column("contact_channel", "Kontaktväg", ("kontaktsätt", "kanal"), longest=20, hint="brev, sms eller e-post"),
    Column(
        "protected",
        "Skydd",
        ("skyddad identitet", "skyddade personuppgifter", "sekretess"),
        longest=40,
        hint="ja eller tomt",
    ),
    Column(
        "phone", "Telefon", ("telefonnummer", "tel", "mobil", "mobiltelefon"), needed=False, longest=40, personal=True
    ),
    Column(
        "email", "E-post", ("epost", "mejl", "mail", "e-mail", "e-postadress"), needed=False, longest=254, personal=True
    ),
    Column(
        "left_reason",
        "Upphört",
        ("upphört på grund av", "avslutsorsak", "avgångsorsak", "orsak till avslut"),
        needed=False,
        longest=40,
        hint="avliden, flyttat eller avslutad; tomt för den som har hjälp",
    ),
)
UNIT_COLUMNS: Final = (
    Column("code", "Enhet", ("enhetskod", "kod"), longest=20),
    Column("name", "Namn", ("enhetens namn", "enhetsnamn")),
    Column("provider", "Utförare", ("utförarens namn", "leverantör", "bolag")),
    Column(
        "organisation_number",
        "Orgnr",
        ("organisationsnummer", "org nr", "org.nr"),
        longest=20,
        hint="Tio siffror, till exempel 212000-0001",
    ),
    Column(
        "operating_form",
        "Regiform",
        ("driftsform", "driftform"),
        longest=40,
        hint="egen regi, entreprenad eller privat",
    ),
    Column("district", "Stadsdel", ("stadsdelsområde", "område", "distrikt"), longest=100),
    Column("services", "Insatser", ("insats", "tjänster"), hint="Till exempel hemtjänst+trygghetslarm"),
    Column(
        "valid_from",
        "Giltig från",
        ("från", "startdatum", "giltig fr.o.m.", "gäller från"),
        longest=40,
        hint="ÅÅÅÅ-MM-DD",
    ),
    Column(
        "valid_to",
        "Giltig till",
        ("till", "slutdatum", "giltig t.o.m.", "gäller till"),
        needed=False,
        longest=40,
        hint="ÅÅÅÅ-MM-DD",
    ),
    Column(
        "manager_email",
        "Enhetschef e-post",
        ("enhetschefens e-post", "chef e-post", "e-post enhetschef"),
        needed=False,
        longest=254,
    ),
)
COLUMNS: Final = {ImportKind.CLIENTS: CLIENT_COLUMNS, ImportKind.UNITS: UNIT_COLUMNS}
IDENTITY: Final = {ImportKind.CLIENTS: "reference", ImportKind.UNITS: "code"}


def columns_by_field(kind: ImportKind) -> dict[str, Column]:
    """Return the columns of a kind of file by their names in code."""
    return {column.field: column for column in COLUMNS[kind]}


def _plain(heading: str) -> str:
    composed = unicodedata.normalize("NFC", heading).casefold()
    return re.sub(r"[\W_]+", "", composed)


def match_headings(kind: ImportKind, headings: Iterable[str]) -> dict[str, str]:
    """Return field → heading for the headings that are recognised, whatever their case, spaces and signs.

    A column's own name wins over its synonyms, and a heading is used once.
    """
    left: dict[str, str] = {}
    for heading in headings:
        left.setdefault(_plain(heading), heading)
    mapping: dict[str, str] = {}
    for column in COLUMNS[kind]:
        if (found := left.pop(_plain(column.heading), None)) is not None:
            mapping[column.field] = found
    for column in COLUMNS[kind]:
        for synonym in column.synonyms:
            if column.field not in mapping and (found := left.pop(_plain(synonym), None)) is not None:
                mapping[column.field] = found
    return mapping


def missing_columns(kind: ImportKind, mapping: Mapping[str, str]) -> list[Column]:
    """Return the columns that a file must have and `mapping` lacks."""
    return [column for column in COLUMNS[kind] if column.needed and column.field not in mapping]
