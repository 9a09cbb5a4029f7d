"""Letters in the demo city: a PDF for one unit, a print-shop file for the others; people read their codes in them."""

import csv
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enkat.demo.place import DemoPlace, MovingClock
from enkat.demo.staff import account_id
from enkat.records.accounts import Role
from enkat.records.invitations import CodeKind, Invitation
from enkat.records.letters import LetterBatch, LetterFormat
from enkat.records.rounds import SurveyRound
from enkat.services.faults import Fault
from enkat.services.jobs.running import run_waiting
from enkat.services.letters.codes import make_codes
from enkat.services.letters.files import existing_file
from enkat.services.letters.ordering import order_letters

CODES_AT_ONCE = 200
PDF_UNIT_SIZE = 60
"""About how many people the unit has whose letters are made as PDF."""


def write_letters(place: DemoPlace, session: Session, clock: MovingClock, round_id: int) -> tuple[Path, Path]:
    """Order both kinds of letters and let the jobs make them; return the paths of the PDF and print-shop files.

    Raises
    ------
    Fault
        If a job failed.
    """
    manager = account_id(session, Role.ROUND_MANAGER)
    pdf = order_letters(
        session, clock, round_id, LetterFormat.PDF, unit_id=_pdf_unit(session, round_id), account_id=manager
    )
    run_waiting(place.sessions, clock, place.settings, place.secrets)
    shop = order_letters(session, clock, round_id, LetterFormat.PRINT_SHOP, account_id=manager)
    run_waiting(place.sessions, clock, place.settings, place.secrets)
    return _file_of(place, session, pdf), _file_of(place, session, shop)


def _pdf_unit(session: Session, round_id: int) -> int:
    sizes = select(Invitation.unit_id, func.count()).where(Invitation.round_id == round_id).group_by(Invitation.unit_id)
    return min(session.execute(sizes).all(), key=lambda row: (abs(row[1] - PDF_UNIT_SIZE), row[0]))[0]


def _file_of(place: DemoPlace, session: Session, batch: LetterBatch) -> Path:
    session.refresh(batch)
    path = existing_file(place.settings, batch)
    if path is None:
        raise Fault(f"Breven i utskick {batch.id} blev inte gjorda.")
    return path


def codes_by_number(shop_file: Path) -> dict[int, str]:
    """Return the codes of a print-shop file by the person's number, read as people read their letters."""
    with shop_file.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, delimiter=";")
        return {int(row["Namn"].split()[-1]): row["Kod"].replace(" ", "") for row in rows}


def further_codes(
    place: DemoPlace, session: Session, round_: SurveyRound, invitation_ids: list[bytes]
) -> dict[bytes, str]:
    """Make codes for people who call: those whose letters are pages, and those with protected identity."""
    codes: dict[bytes, str] = {}
    for start in range(0, len(invitation_ids), CODES_AT_ONCE):
        part = invitation_ids[start : start + CODES_AT_ONCE]
        codes.update(zip(part, make_codes(session, place.secrets, round_, part, CodeKind.PHONE), strict=True))
    return codes
