"""Stages register files: read, mask, check and store row by row, so that nothing is applied before somebody decides."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from enkat.clock import Clock, today
from enkat.records.imports import ImportBatch, ImportKind, ImportRow, ImportState, RowState, row_counts
from enkat.records.writing import writing
from enkat.services.audit.recording import record
from enkat.services.faults import ConflictFault, Fault, NotFoundFault
from enkat.services.register.checking import StagedRow, check_clients, check_units
from enkat.services.register.columns import columns_by_field, match_headings, missing_columns
from enkat.services.register.forgetting import CHUNK, forget_decided, forget_rows
from enkat.services.register.masking import mask
from enkat.services.register.reading import OVERFLOW, Table, read_text, refuse_wrong_type
from enkat.services.register.spreadsheets import read_workbook

_PHONE_WORDS: Final = ("tel", "tfn", "mobil")

Progress = Callable[[int, int], None]
"""Told how many rows of how many are done."""


def no_progress(_done: int, _total: int) -> None:
    """Tell nobody."""


def read_file(kind: ImportKind, file_name: str, content: bytes) -> Table:
    """Return a file as a table in which every personal number is masked.

    Raises
    ------
    Fault
        If the file is too large, not what its name says, broken, empty or without rows.
    """
    is_workbook = refuse_wrong_type(file_name, content)
    table = read_workbook(content, kind) if is_workbook else read_text(content)
    headings = [mask(heading) for heading in table.headings]
    if len(set(headings)) < len(headings):
        raise Fault("Filens första rad ser inte ut som rubriker. Lägg till en rad med rubriker.", "file")
    renamed = dict(zip(table.headings, headings, strict=True)) | {OVERFLOW: OVERFLOW}
    phones = {heading for heading in headings if any(word in heading.casefold() for word in _PHONE_WORDS)}
    rows = [
        (number, {renamed[heading]: mask(cell, phone=heading in phones) for heading, cell in cells.items()})
        for number, cells in table.rows
    ]
    return Table(table.encoding, table.separator, headings, rows)


def check_file(
    session: Session, clock: Clock, kind: ImportKind, file_name: str, content: bytes
) -> tuple[Table, dict[str, str], list[StagedRow]]:
    """Return a file's table, which column is which, and its checked rows; nothing is kept."""
    table = read_file(kind, file_name, content)
    chosen = match_headings(kind, table.headings)
    rows = _rows_of(table)
    check_rows(session, clock, kind, chosen, rows)
    return table, chosen, rows


def _rows_of(table: Table) -> list[StagedRow]:
    return [StagedRow(number, cells) for number, cells in table.rows]


def stage_file(
    session: Session,
    clock: Clock,
    *,
    kind: ImportKind,
    file_name: str,
    content: bytes,
    account_id: int | None,
    mapping: dict[str, str] | None = None,
    complete_list: bool = False,
    unchecked_from: int | None = None,
    progress: Progress = no_progress,
) -> ImportBatch:
    """Read a file and keep its rows, checked but not applied.

    Parameters
    ----------
    mapping
        Field → heading; by the headings themselves when left out.
    complete_list
        Whether those who are missing in the file have left the register.
    unchecked_from
        A file of so many rows is kept unchecked, so that nobody waits: `recheck` then ends its reading.

    Raises
    ------
    Fault
        If the file cannot be read; nothing is kept then.
    """
    table = read_file(kind, file_name, content)
    chosen = _checked_mapping(kind, table.headings, mapping)
    rows = _rows_of(table)
    check = unchecked_from is None or len(rows) < unchecked_from
    if check:
        check_rows(session, clock, kind, chosen, rows)
    else:
        _hide_all(rows)
    forget_decided(session, clock)
    batch = ImportBatch(
        kind=kind,
        file_name=mask(file_name)[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        encoding=table.encoding,
        separator=table.separator,
        headings=table.headings,
        mapping=chosen,
        complete_list=complete_list,
        state=ImportState.READING,
        staged_at=clock(),
        account_id=account_id,
    )
    _keep(session, batch, rows, progress)
    if check:
        _end_reading(session, clock, batch.id)
    return batch


def _keep(session: Session, batch: ImportBatch, rows: list[StagedRow], progress: Progress) -> None:
    """Store a file's rows, some at a time."""
    with writing(session):
        session.add(batch)
        session.flush()
        batch_id = batch.id
    for done, chunk in _chunks(rows):
        with writing(session):
            session.connection().execute(insert(ImportRow), [row.values(batch_id) for row in chunk])
        progress(done, len(rows))


def _end_reading(session: Session, clock: Clock, batch_id: int) -> None:
    """Let a file count as staged: all its rows are there and checked."""
    rows = sum(row_counts(session, batch_id).values())
    with writing(session):
        batch = _staged(session, batch_id, reading=True)
        batch.state = ImportState.STAGED
        details = {"file": batch.file_name, "kind": batch.kind.value, "rows": rows}
        subject = f"import:{batch_id}"
        record(session, clock, account_id=batch.account_id, action="register.staged", subject=subject, details=details)


def _chunks(rows: Sequence[StagedRow]) -> Iterator[tuple[int, Sequence[StagedRow]]]:
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        yield start + len(chunk), chunk


def _hide_all(rows: list[StagedRow]) -> None:
    """Take everybody for protected as long as nobody has looked at the column that tells."""
    for row in rows:
        row.protected = True


def check_rows(
    session: Session, clock: Clock, kind: ImportKind, mapping: Mapping[str, str], rows: list[StagedRow]
) -> None:
    """Check rows against each other and the register; without all needed columns they stay faulty."""
    if missing_columns(kind, mapping):
        _hide_all(rows)
        return
    if kind is ImportKind.CLIENTS:
        check_clients(session, today(clock), mapping, rows)
    else:
        check_units(session, mapping, rows)


def _checked_mapping(kind: ImportKind, headings: Sequence[str], mapping: Mapping[str, str] | None) -> dict[str, str]:
    """Return a mapping whose columns exist and are used once; the one that the headings give, when none is said."""
    if mapping is None:
        return match_headings(kind, headings)
    columns = columns_by_field(kind)
    chosen = {name: heading for name, heading in mapping.items() if heading}
    for name, heading in chosen.items():
        if name not in columns or heading not in headings:
            raise Fault("Kolumnen finns inte i filen. Välj en av filens kolumner.", name)
    used = list(chosen.values())
    for name, heading in chosen.items():
        if used.count(heading) > 1:
            raise Fault(f"Kolumnen ”{heading}” är vald två gånger. Varje kolumn kan bara användas en gång.", name)
    return chosen


def find_batch(session: Session, batch_id: int) -> ImportBatch:
    """Return an import, or raise NotFoundFault."""
    batch = session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFoundFault("Filen finns inte bland inläsningarna.")
    return batch


def _staged(session: Session, batch_id: int, *, reading: bool = False) -> ImportBatch:
    """Return a file that waits for a decision; with `reading` also one whose rows are not yet checked."""
    batch = find_batch(session, batch_id)
    if batch.state is not ImportState.STAGED and not (reading and batch.state is ImportState.READING):
        raise ConflictFault("Inläsningen är redan avgjord. Läs in filen på nytt om något ska ändras.")
    return batch


def staged_rows(session: Session, batch_id: int) -> list[StagedRow]:
    """Return every row of an import as it is staged."""
    query = select(ImportRow.row_number, ImportRow.cells, ImportRow.state).where(ImportRow.batch_id == batch_id)
    return [
        StagedRow(number, cells, left_out=state is RowState.LEFT_OUT)
        for number, cells, state in session.execute(query.order_by(ImportRow.row_number))
    ]


def recheck(session: Session, clock: Clock, batch_id: int, progress: Progress = no_progress) -> None:
    """Check all rows again, for example with a new mapping or after the register has changed.

    Rows that were kept unchecked are checked for the first time, and the file counts as staged.
    """
    batch = _staged(session, batch_id, reading=True)
    rows = staged_rows(session, batch_id)
    revision, mapping, reading = batch.revision, batch.mapping, batch.state is ImportState.READING
    check_rows(session, clock, batch.kind, mapping, rows)
    for done, chunk in _chunks(rows):
        with writing(session):
            if _staged(session, batch_id, reading=True).revision != revision:
                raise ConflictFault("Någon annan rättade filen samtidigt. Försök igen.")
            _store(session, batch_id, chunk)
        progress(done, len(rows))
    if reading:
        _end_reading(session, clock, batch_id)


def _store(session: Session, batch_id: int, rows: Sequence[StagedRow]) -> None:
    """Write rows back by their numbers."""
    ids = {
        number: row_id
        for row_id, number in session.execute(
            select(ImportRow.id, ImportRow.row_number).where(
                ImportRow.batch_id == batch_id, ImportRow.row_number.in_([row.number for row in rows])
            )
        )
    }
    session.execute(update(ImportRow), [row.values(batch_id) | {"id": ids[row.number]} for row in rows])


def set_mapping(session: Session, clock: Clock, batch_id: int, mapping: dict[str, str]) -> None:
    """Say which column of the file holds which field, and check all rows again."""
    choose_columns(session, batch_id, mapping)
    recheck(session, clock, batch_id)


def choose_columns(session: Session, batch_id: int, mapping: dict[str, str]) -> None:
    """Say which column of the file holds which field; the rows are to be checked again."""
    with writing(session):
        batch = _staged(session, batch_id)
        batch.mapping = _checked_mapping(batch.kind, batch.headings, mapping)
        batch.revision += 1


def set_complete_list(session: Session, batch_id: int, *, complete_list: bool) -> None:
    """Say whether those who are missing in the file have left the register."""
    with writing(session):
        batch = _staged(session, batch_id)
        batch.complete_list = complete_list
        batch.revision += 1


def drop_unused_columns(session: Session, clock: Clock, batch_id: int) -> list[str]:
    """Forget the columns that no field uses, with the faults in them; return their headings."""
    with writing(session):
        batch = _staged(session, batch_id)
        used = set(batch.mapping.values())
        dropped = [heading for heading in batch.headings if heading not in used]
        batch.headings = [heading for heading in batch.headings if heading in used]
        batch.revision += 1
    rows = staged_rows(session, batch_id)
    for row in rows:
        row.cells = {heading: cell for heading, cell in row.cells.items() if heading in used or heading == OVERFLOW}
    for _, chunk in _chunks(rows):
        with writing(session):
            _staged(session, batch_id)
            _store_cells(session, batch_id, chunk)
    recheck(session, clock, batch_id)
    return dropped


def _store_cells(session: Session, batch_id: int, rows: Sequence[StagedRow]) -> None:
    numbers = {row.number: row for row in rows}
    query = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.row_number.in_(numbers))
    for stored in session.scalars(query):
        stored.cells = numbers[stored.row_number].cells


def correct_cell(  # noqa: PLR0917  # the order of the contract
    session: Session, clock: Clock, batch_id: int, row_number: int, field: str, value: str
) -> None:
    """Correct one value of a row in place; the file itself is not touched."""
    correct_row(session, clock, batch_id, row_number, {field: value})


def correct_row(session: Session, clock: Clock, batch_id: int, row_number: int, values: Mapping[str, str]) -> None:
    """Correct values of a row in place, by field or, for unused columns, by heading."""

    def change(batch: ImportBatch, row: ImportRow) -> None:
        cells = dict(row.cells)
        for name, value in values.items():
            heading = batch.mapping.get(name, name)
            if heading not in {*batch.headings, OVERFLOW}:
                raise Fault("Kolumnen finns inte i filen.", name)
            cells[heading] = mask(" ".join(value.split()), phone=name == "phone")
        row.cells = cells

    _change_row(session, clock, batch_id, row_number, change)


def leave_out(session: Session, clock: Clock, batch_id: int, row_number: int) -> None:
    """Mark a row as left out: it changes nothing, and the file can be applied without it."""

    def change(_batch: ImportBatch, row: ImportRow) -> None:
        row.state = RowState.LEFT_OUT

    _change_row(session, clock, batch_id, row_number, change)


def take_back_in(session: Session, clock: Clock, batch_id: int, row_number: int) -> None:
    """Undo `leave_out`."""

    def change(_batch: ImportBatch, row: ImportRow) -> None:
        row.state = RowState.FAULTY

    _change_row(session, clock, batch_id, row_number, change)


def _change_row(
    session: Session,
    clock: Clock,
    batch_id: int,
    row_number: int,
    change: Callable[[ImportBatch, ImportRow], None],
) -> None:
    """Change a row and check again all rows that it may agree or disagree with."""
    with writing(session):
        batch = _staged(session, batch_id)
        query = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.row_number == row_number)
        row = session.scalars(query).one_or_none()
        if row is None:
            raise NotFoundFault("Raden finns inte i filen.")
        before = row.identity
        change(batch, row)
        session.flush()
        batch.revision += 1
        rows = _related(session, batch, row, before)
        check_rows(session, clock, batch.kind, batch.mapping, rows)
        _store(session, batch_id, rows)
    session.expire_all()


def _related(session: Session, batch: ImportBatch, row: ImportRow, before: str) -> list[StagedRow]:
    query = select(ImportRow).where(ImportRow.batch_id == batch.id)
    if batch.kind is ImportKind.CLIENTS:
        after = row.cells.get(batch.mapping.get("reference", ""), "")[:200]
        query = query.where(ImportRow.identity.in_({before, after}))
    found = {related.row_number: related for related in session.scalars(query)} | {row.row_number: row}
    return [
        StagedRow(related.row_number, related.cells, left_out=related.state is RowState.LEFT_OUT)
        for _, related in sorted(found.items())
    ]


def abandon(session: Session, clock: Clock, batch_id: int, account_id: int | None) -> None:
    """Give up a staged file: its rows are erased and nothing is applied."""
    with writing(session):
        batch = _staged(session, batch_id)
        batch.state = ImportState.ABANDONED
        batch.decided_at = clock()
        record(session, clock, account_id=account_id, action="register.abandoned", subject=f"import:{batch_id}")
    forget_rows(session, batch_id)
