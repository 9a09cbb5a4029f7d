"""The job that makes letters: codes are made, written into the file and forgotten.

A code lives in this process and in the letter file, nowhere else. After a crash the job starts again: the codes of the
broken attempt are deleted, for no letter with them exists.
"""

import os
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from enkat.clock import today
from enkat.documents.delimited import write_csv
from enkat.documents.tables import Column, Sheet
from enkat.documents.typesetting import compile_apart
from enkat.documents.workbook import write_workbook
from enkat.records.letters import BatchState, LetterBatch, LetterFormat
from enkat.records.letters_queries import Recipient, count_recipients, drop_codes, recipients
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.faults import Fault
from enkat.services.jobs.context import JobContext
from enkat.services.letters.codes import make_codes
from enkat.services.letters.files import batch_path, letters_folder
from enkat.services.letters.wording import Letters, about, code_address, typed_address
from enkat.services.questionnaires.enclosing import Enclosing

CHUNK = 100
"""Letters per PDF and per write: about 120 MiB for typst, and a write far below 200 ms."""
ENCLOSED_CHUNK = 25
"""Letters per PDF where a questionnaire lies with each: about 190 MiB for typst."""
SHOP_COLUMNS = (
    Column("Namn", "name", 28),
    Column("Adress", "address", 28),
    Column("Postnr", "postal_code", 10),
    Column("Ort", "town", 18),
    Column("Språk", "language", 12),
    Column("Enhet", "unit", 24),
    Column("Text", "about", 44),
    Column("Kod", "code", 22),
    Column("Webbadress", "address_typed", 32),
    Column("QR-innehåll", "qr", 52),
    Column("Märkning", "practice", 12),
)
PDF_NAMES = {"letter": "brev", "slips": "lappar"}
Written = tuple[Recipient, str]


def _with_codes(context: JobContext, batch: LetterBatch, round_: SurveyRound) -> Iterator[list[Written]]:
    """Yield the batch's letters with fresh codes, a chunk at a time, and tell how far it has come."""
    people = recipients(context.session, batch)
    kind, batch_id, total = batch.kind, batch.id, len(people)
    size = ENCLOSED_CHUNK if batch.questionnaire else CHUNK
    for start in range(0, total, size):
        chunk = people[start : start + size]
        ids = [recipient.invitation_id for recipient in chunk]
        codes = make_codes(context.session, context.secrets, round_, ids, kind, batch_id=batch_id)
        yield list(zip(chunk, codes, strict=True))
        done = start + len(chunk)
        context.progress(done, total, f"{done} av {total} brev är gjorda.")


def _write_pdfs(context: JobContext, round_: SurveyRound, batch: LetterBatch, path: Path) -> int:
    """Write the letters as PDF files of some letters each; more than one lie in a ZIP file."""
    kind = batch.questionnaire
    enclosing = Enclosing(context.session, context.settings, round_, kind) if kind else None
    template = "slips" if round_.loose_codes else "letter"
    words = Letters(context.settings, round_, batch.kind, today(context.clock))
    count = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for number, chunk in enumerate(_with_codes(context, batch, round_), 1):
            letters = [words.one(recipient, code) for recipient, code in chunk]
            values: dict[str, Any] = {"common": words.common(), "letters": letters}
            if enclosing is not None:
                values["forms"], own = enclosing.chunk(chunk)
                values["letters"] = [one | {"questionnaire": form} for one, form in zip(letters, own, strict=True)]
            made = compile_apart(template, values)
            archive.writestr(f"{PDF_NAMES[template]}-{round_.short_name}-{batch.id:04d}-{number:03d}.pdf", made)
            count += len(letters)
    return count


def _shop_rows(
    context: JobContext, round_: SurveyRound, batch: LetterBatch, counted: list[int]
) -> Iterator[Sequence[str]]:
    address = typed_address(context.settings, round_)
    practice = "ÖVNING" if round_.practice else ""
    for chunk in _with_codes(context, batch, round_):
        for recipient, code in chunk:
            counted[0] += 1
            yield (
                recipient.name,
                recipient.address,
                recipient.postal_code,
                recipient.town,
                recipient.language,
                recipient.unit_name,
                about(recipient),
                f"{code[:4]} {code[4:8]} {code[8:12]} {code[12:]}",
                address,
                code_address(context.settings, round_, code),
                practice,
            )


def _write_shop_file(context: JobContext, round_: SurveyRound, batch: LetterBatch, path: Path) -> int:
    """Write one row per letter, as CSV or XLSX."""
    counted = [0]
    rows = _shop_rows(context, round_, batch, counted)
    if context.arguments.get("shop_file") == "xlsx":
        write_workbook(path, [Sheet("Brev", SHOP_COLUMNS, rows)], title=round_.title)
    else:
        with path.open("wb") as stream:
            write_csv(stream, _headed(rows), "csv-sv")
    return counted[0]


def _headed(rows: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
    yield [column.heading for column in SHOP_COLUMNS]
    yield from rows


def _ending(context: JobContext, batch: LetterBatch) -> str:
    if batch.format is LetterFormat.PDF:
        return "zip"
    return "xlsx" if context.arguments.get("shop_file") == "xlsx" else "csv"


def make_letters(context: JobContext) -> dict[str, Any]:
    """Make the letters of a batch into one file that only its owner reads.

    Raises
    ------
    Fault
        If the round is no longer open, or nobody is left to write to.
    """
    session = context.session
    batch = session.get_one(LetterBatch, context.arguments["batch_id"])
    if batch.state is not BatchState.ORDERED:
        return {"batch_id": batch.id}
    round_ = session.get_one(SurveyRound, batch.round_id)
    if round_.state is not RoundState.OPEN:
        raise Fault("Omgången är inte öppen längre. Breven gjordes inte.")
    with writing(session):
        drop_codes(session, batch.id)
    if count_recipients(session, batch) == 0:
        raise Fault("Ingen väntar på ett brev längre. Inget gjordes.")
    folder = letters_folder(context.settings)
    descriptor, name = tempfile.mkstemp(prefix=f"halv-{batch.id}-", dir=folder)
    os.close(descriptor)
    unfinished = Path(name)
    try:
        write = _write_pdfs if batch.format is LetterFormat.PDF else _write_shop_file
        count = write(context, round_, batch, unfinished)
        final = batch_path(context.settings, batch, _ending(context, batch))
        unfinished.rename(final)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    with writing(session):
        batch.state, batch.letters = BatchState.READY, count
        batch.file_name, batch.finished_on = final.name, today(context.clock)
    return {"batch_id": batch.id, "letters": count}
