"""Letters: made by a job, with codes that stand in the file and nowhere else."""

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from enkat.ballots.codes import read_code
from enkat.records.invitations import CodeKind, Invitation, InvitationCode
from enkat.records.jobs import Job, JobState
from enkat.records.letters import BatchState, LetterFormat
from enkat.records.rounds import SurveyRound
from enkat.services.faults import Fault
from enkat.services.jobs.queue import try_again
from enkat.services.letters.erasing import erase_old_files, mark_printed
from enkat.services.letters.reissuing import reissue_batch
from enkat.services.letters.wording import letter_common
from enkat.settings import Settings
from tests.clocks import FixedClock
from tests.factories.letters import World, open_world


@pytest.fixture
def world(session: Session, sessions: sessionmaker[Session], clock: FixedClock, app_settings: Settings) -> World:
    return open_world(session, sessions, clock, app_settings)


def _shop_rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"))


def test_a_print_shop_file_holds_a_working_code_for_everybody_but_protected_people(world: World) -> None:
    _, path = world.made(LetterFormat.PRINT_SHOP)
    rows = _shop_rows(path)
    assert len(rows) == 17
    assert path.stat().st_mode & 0o777 == 0o600
    assert "Skyddad Person" not in path.read_text(encoding="utf-8")
    found = {world.holder_of(row["Kod"]) for row in rows}
    assert None not in found
    assert len(found) == 17
    assert rows[0]["QR-innehåll"].endswith(f"/o/prov26#{read_code(rows[0]['Kod'])}")


def test_no_code_stands_in_a_job(world: World) -> None:
    _, path = world.made(LetterFormat.PRINT_SHOP)
    job = world.session.scalars(select(Job)).one()
    assert job.state is JobState.DONE
    assert (job.progress, job.total) == (17, 17)
    text = f"{job.arguments} {job.message} {job.result}"
    assert not any(read_code(row["Kod"]) in text for row in _shop_rows(path))


def test_a_pdf_has_two_tagged_pages_per_letter(world: World) -> None:
    unit_id = world.session.scalars(select(Invitation.unit_id)).first()
    batch, path = world.made(LetterFormat.PDF, unit_id=unit_id)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert len(names) == 1
        pdf = pikepdf.open(io.BytesIO(archive.read(names[0])))
    assert len(pdf.pages) == 2 * batch.letters
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang).lower().startswith("sv")
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"


def test_an_xlsx_for_the_print_shop_keeps_codes_as_text(world: World) -> None:
    _, path = world.made(LetterFormat.PRINT_SHOP, shop_file="xlsx")
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    headings = [cell.value for cell in sheet[1]]
    value = sheet[2][headings.index("Kod")].value
    assert isinstance(value, str)
    assert world.holder_of(value) is not None


def test_a_reminder_begins_with_thanks_and_carries_a_code_of_its_own(world: World) -> None:
    _, first = world.made(LetterFormat.PRINT_SHOP)
    _, second = world.made(LetterFormat.PRINT_SHOP, kind=CodeKind.REMINDER)
    old, new = ({row["Kod"] for row in _shop_rows(path)} for path in (first, second))
    assert len(old | new) == 34
    assert all(world.holder_of(code) for code in old | new)
    round_ = world.session.get_one(SurveyRound, world.round_id)
    words = letter_common(world.settings, round_, CodeKind.REMINDER, round_.opens_on)
    assert words["opening"][0] == "Har du redan svarat? Tack, då behöver du inte göra något."


def test_nobody_gets_two_first_letters(world: World) -> None:
    world.made(LetterFormat.PRINT_SHOP)
    with pytest.raises(Fault, match="redan fått ett brev"):
        world.order(LetterFormat.PRINT_SHOP)


def test_printed_letters_leave_no_file(world: World) -> None:
    batch, path = world.made(LetterFormat.PRINT_SHOP)
    mark_printed(world.session, world.clock, world.settings, batch.id, None)
    assert not path.exists()
    assert batch.state is BatchState.PRINTED


def test_files_are_erased_after_their_days(world: World) -> None:
    batch, path = world.made(LetterFormat.PRINT_SHOP)
    world.clock.advance(days=13)
    assert erase_old_files(world.session, world.clock, world.settings) == 0
    world.clock.advance(days=1)
    assert erase_old_files(world.session, world.clock, world.settings) == 1
    assert not path.exists()
    assert batch.state is BatchState.ERASED


@pytest.mark.parametrize("some_left", [False, True])
def test_a_jammed_batch_is_made_again_and_its_codes_die_unless_some_left(world: World, some_left: bool) -> None:
    batch, path = world.made(LetterFormat.PRINT_SHOP)
    old = _shop_rows(path)[0]["Kod"]
    again = reissue_batch(world.session, world.clock, world.settings, batch.id, some_left=some_left, account_id=None)
    world.run()
    assert (again.replaces_id, again.letters, again.state) == (batch.id, 17, BatchState.READY)
    assert batch.state is BatchState.JAMMED
    assert not path.exists()
    assert (world.holder_of(old) is not None) is some_left


def test_a_crashed_attempt_leaves_neither_codes_nor_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*args: object) -> None:
        raise MemoryError

    batch = world.order(LetterFormat.PDF)
    with monkeypatch.context() as patch:
        patch.setattr("enkat.services.letters.making.compile_apart", explode)
        world.run()
    job = world.session.get_one(Job, batch.job_id)
    assert job.state is JobState.FAILED
    assert "Något gick fel" in job.message
    assert list(world.settings.letters_dir.iterdir()) == []
    try_again(world.session, world.clock, job.id)
    world.run()
    assert batch.state is BatchState.READY
    assert len(world.session.scalars(select(InvitationCode)).all()) == 17
