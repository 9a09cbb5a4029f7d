"""Finding records of dialogue, and taking them out as a file."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.documents.delimited import write_csv
from enkat.documents.tables import Cell, Column, Sheet
from enkat.documents.workbook import write_workbook
from enkat.records.dialogues import Dialogue, DialogueFilter, count_dialogues, find_dialogues
from enkat.records.organisations import UnitPeriod
from enkat.records.writing import writing
from enkat.services.accounts.rights import Actor, Right
from enkat.services.audit.recording import record

COLUMNS = (
    Column("Dag", "held_on", 12),
    Column("Form", "kind", 22),
    Column("Tema", "theme", 40),
    Column("Stadsdel", "district", 20),
    Column("Enhet", "unit", 28),
    Column("Deltagare", "participants", 10),
    Column("Vad som kom fram", "findings", 80),
    Column("Återkopplat", "feedback_on", 12),
    Column("Hur", "feedback", 40),
)
WHOLE_CITY = "Hela staden"
DialogueFormat = Literal["xlsx", "csv-sv"]


def list_dialogues(
    session: Session, actor: Actor, wanted: DialogueFilter, *, first: int = 0, size: int | None = None
) -> tuple[list[Dialogue], int]:
    """Return the records that a reader may see, and how many there are in all."""
    seen = replace(wanted, districts=actor.districts(Right.KEEP_DIALOGUES))
    return find_dialogues(session, seen, first=first, size=size), count_dialogues(session, seen)


def unit_names(session: Session, rows: Sequence[Dialogue]) -> dict[int, str]:
    """Return the names that the units of some records had on their days, by the record's id."""
    wanted = {row.unit_id for row in rows if row.unit_id is not None}
    periods = session.scalars(select(UnitPeriod).where(UnitPeriod.unit_id.in_(wanted))).all()
    return {
        row.id: period.name
        for row in rows
        for period in periods
        if period.unit_id == row.unit_id
        and period.valid_from <= row.held_on
        and (period.valid_to is None or period.valid_to >= row.held_on)
    }


def export_dialogues(
    session: Session, clock: Clock, actor: Actor, wanted: DialogueFilter, file_format: DialogueFormat
) -> bytes:
    """Return a file of the records that a reader may see; it is logged."""
    rows, total = list_dialogues(session, actor, wanted)
    names = unit_names(session, rows)
    stream = io.BytesIO()
    if file_format == "xlsx":
        write_workbook(stream, [Sheet("Dialog", COLUMNS, _rows(rows, names))], title="Dialog")
    else:
        heading: list[Sequence[Cell]] = [[column.heading for column in COLUMNS]]
        write_csv(stream, iter([*heading, *_rows(rows, names)]), file_format)
    with writing(session):
        details = {"format": file_format, "rows": total}
        record(
            session,
            clock,
            account_id=actor.account_id,
            action="dialogue.exported",
            subject="dialogues",
            details=details,
        )
    return stream.getvalue()


def _rows(rows: Sequence[Dialogue], names: dict[int, str]) -> Iterator[Sequence[Cell]]:
    for row in rows:
        yield (
            row.held_on,
            row.kind.label,
            row.theme,
            row.district.name if row.district else WHOLE_CITY,
            names.get(row.id, ""),
            row.participants,
            row.findings,
            row.feedback_on,
            row.feedback,
        )
