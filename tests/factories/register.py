"""Register files of an invented town, and a register filled from them."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.clients import Client
from enkat.records.imports import ImportBatch, ImportKind, ImportRow
from enkat.records.organisations import Unit
from enkat.services.register.applying import ImportSummary, apply_import
from enkat.services.register.staging import stage_file

DATA = Path(__file__).resolve().parents[1] / "data"
UNITS, PEOPLE, WORKBOOK, FAULTY = "enheter.csv", "personer.csv", "personer.xlsx", "felaktiga_personer.csv"
HEADINGS = "Personref;Namn;Adress;Postnr;Ort;Enhet;Insatser;Kön;Födelseår;Språk;Kontaktväg;Skydd"
PERSON = "T1;Påhittad Persson;Provgatan 1;123 45;Björkstad;ASP;hemtjänst;K;1941;svenska;brev;"
UNIT_HEADINGS = "Enhet;Namn;Utförare;Orgnr;Regiform;Stadsdel;Insatser;Giltig från;Enhetschef e-post"


def content(name: str) -> bytes:
    """Return a file of the invented town."""
    return (DATA / name).read_bytes()


def csv_of(*rows: str, headings: str = HEADINGS) -> bytes:
    """Return a file of people with these rows."""
    return "\n".join([headings, *rows]).encode()


def stage(
    session: Session,
    clock: Clock,
    what: str | bytes,
    kind: ImportKind = ImportKind.CLIENTS,
    *,
    name: str = "fil.csv",
    complete_list: bool = False,
) -> ImportBatch:
    """Stage a file by its name among the invented town's, or its content."""
    return stage_file(
        session,
        clock,
        kind=kind,
        file_name=what if isinstance(what, str) else name,
        content=content(what) if isinstance(what, str) else what,
        account_id=None,
        complete_list=complete_list,
    )


def apply(
    session: Session,
    clock: Clock,
    what: str | bytes,
    kind: ImportKind = ImportKind.CLIENTS,
    *,
    complete_list: bool = False,
) -> ImportSummary:
    """Stage and apply a file."""
    return apply_import(session, clock, stage(session, clock, what, kind, complete_list=complete_list).id, None)


def fill_register(session: Session, clock: Clock) -> None:
    """Fill the register with five units and forty people, one of them protected."""
    apply(session, clock, UNITS, ImportKind.UNITS)
    apply(session, clock, PEOPLE)


def rows_by_number(session: Session, batch: ImportBatch) -> dict[int, ImportRow]:
    """Return the rows of a staged file."""
    session.rollback()
    session.expire_all()
    found = session.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id))
    return {row.row_number: row for row in found}


def unit(session: Session, code: str) -> Unit:
    """Return a unit by its code."""
    session.rollback()
    session.expire_all()
    return session.scalars(select(Unit).where(Unit.code == code)).one()


def person(session: Session, reference: str) -> Client:
    """Return a person by reference."""
    session.rollback()
    session.expire_all()
    return session.scalars(select(Client).where(Client.reference == reference)).one()
