"""Reports of all units in one batch: a job makes them into an archive, which is kept as one release."""

import io
import os
import secrets
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.documents.pdf import compile_pdf
from enkat.documents.typesetting import Document, compile_many_apart
from enkat.records.accounts import Account
from enkat.records.jobs import Job, JobState
from enkat.records.releases import ReleaseLevel
from enkat.records.rounds import SurveyRound
from enkat.services.accounts.rights import Actor
from enkat.services.accounts.sessions import actor_of
from enkat.services.faults import ConflictFault, NotFoundFault
from enkat.services.jobs.context import JobContext
from enkat.services.jobs.queue import enqueue
from enkat.services.results.exporting import ExportFile, allowed_districts, view_results
from enkat.services.results.figures import View
from enkat.services.results.reading import find_round, require_counted
from enkat.services.results.releases import CITY_SCOPE, store_release
from enkat.services.results.unit_report import TEMPLATE, Findings, report_units, report_values
from enkat.services.results.unit_sheet import TEMPLATE as SHEET_TEMPLATE
from enkat.services.results.unit_sheet import find_unit, made_on, released_pdf, sheet_values
from enkat.settings import Settings

REPORTS_JOB: Final = "unit_reports"
CHUNK: Final = 20
"""Units set by one child process."""
NEWEST: Final = 5
_FORBIDDEN: Final = str.maketrans(dict.fromkeys('/\\:*?"<>|', "-"))
Progress = Callable[[int, int, str], None]


def unit_report(
    session: Session, clock: Clock, actor: Actor | None, short_name: str, unit_id: int, *, city: str
) -> ExportFile:
    """Make the report of one unit as PDF/UA and keep it as a release.

    Raises
    ------
    NotFoundFault, NotCountedFault, NotAllowedFault
    """
    view = view_results(session, actor, short_name, ReleaseLevel.INTERNAL, history=True)
    return report_from(session, clock, actor, view, unit_id, city=city)


def report_from(
    session: Session, clock: Clock, actor: Actor | None, view: View, unit_id: int, *, city: str
) -> ExportFile:
    """Make the report of a unit from results as somebody may see them, and keep it as a release."""
    index, unit = find_unit(view, unit_id)
    values = report_values(view, index, Findings.of(session, view), city=city)
    content = compile_pdf(TEMPLATE, values, created=made_on(view))
    name = f"rapport-{view.survey_round.short_name}-{unit.code}.pdf"
    return released_pdf(session, clock, actor, view, unit, name=name, content=content)


def released_reports(
    session: Session, clock: Clock, actor: Actor | None, short_name: str, *, city: str, progress: Progress
) -> ExportFile:
    """Make the report and the sheet of every unit that somebody may see, as an archive; keep it as a release.

    Raises
    ------
    NotFoundFault, NotCountedFault, NotAllowedFault
    """
    view = view_results(session, actor, short_name, ReleaseLevel.INTERNAL, history=True)
    content = _archive(view, Findings.of(session, view), city, progress)
    districts = allowed_districts(actor, ReleaseLevel.INTERNAL)
    store_release(
        session,
        clock,
        view.results,
        view.marks,
        account_id=None if actor is None else actor.account_id,
        scope=CITY_SCOPE if districts is None else "district:" + ",".join(map(str, sorted(districts))),
        file_format="zip",
        content=content,
    )
    return ExportFile(f"rapporter-{short_name}.zip", "application/zip", content)


def _archive(view: View, found: Findings, city: str, progress: Progress) -> bytes:
    stream = io.BytesIO()
    moment = made_on(view).timetuple()[:6]
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in _documents(view, found, city, progress):
            archive.writestr(zipfile.ZipInfo(name, moment), content)
    return stream.getvalue()


def _documents(view: View, found: Findings, city: str, progress: Progress) -> Iterator[tuple[str, bytes]]:
    """Give every unit's report and sheet, a chunk at a time, and tell how far it has come."""
    units = report_units(view)
    for start in range(0, len(units), CHUNK):
        names: list[str] = []
        documents: list[Document] = []
        for index in units[start : start + CHUNK]:
            names += _names(view, index)
            documents.append((TEMPLATE, report_values(view, index, found, city=city)))
            documents.append((SHEET_TEMPLATE, sheet_values(view, index)))
        yield from zip(names, compile_many_apart(documents, created=made_on(view)), strict=True)
        done = min(start + CHUNK, len(units))
        progress(done, len(units), f"{done} av {len(units)} enheter är klara.")


def _names(view: View, index: int) -> list[str]:
    group = view.results.grouping.groups[index]
    code = group.unit.code if group.unit else ""
    stem = f"{group.name} {code}".translate(_FORBIDDEN).strip()
    return [f"{stem} rapport.pdf", f"{stem} blad att dela ut.pdf"]


def order_reports(session: Session, clock: Clock, actor: Actor, short_name: str) -> Job:
    """Order the reports of the units that somebody may see; a job makes them.

    Raises
    ------
    NotFoundFault, NotCountedFault, NotAllowedFault
    ConflictFault
        If the same person's order is waiting.
    """
    allowed_districts(actor, ReleaseLevel.INTERNAL)
    survey_round = find_round(session, short_name)
    require_counted(survey_round)
    waiting = {JobState.QUEUED, JobState.RUNNING}
    if any(job.state in waiting for job in report_jobs(session, survey_round.id, actor.account_id)):
        raise ConflictFault("Rapporterna görs redan. Vänta tills de är klara.")
    return enqueue(session, clock, REPORTS_JOB, {"round_id": survey_round.id}, actor.account_id)


def report_jobs(session: Session, round_id: int, account_id: int) -> list[Job]:
    """Return somebody's newest orders of a round's reports, the newest first."""
    rows = session.scalars(
        select(Job).where(Job.kind == REPORTS_JOB, Job.account_id == account_id).order_by(Job.id.desc())
    )
    return [job for job in rows if job.arguments.get("round_id") == round_id][:NEWEST]


def make_reports(context: JobContext) -> dict[str, Any]:
    """Make the ordered reports into an archive that only its owner reads.

    Raises
    ------
    NotFoundFault, NotCountedFault, NotAllowedFault
    """
    session = context.session
    account = session.get_one(Account, context.account_id)
    survey_round = session.get_one(SurveyRound, context.arguments["round_id"])
    short_name, city = survey_round.short_name, context.settings.city_name
    made = released_reports(session, context.clock, actor_of(account), short_name, city=city, progress=context.progress)
    folder = context.settings.reports_dir
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"rapporter-{context.job_id}-{secrets.token_hex(8)}.zip"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(made.content)
    return {"file": path.name}


def report_archive(session: Session, settings: Settings, actor: Actor, short_name: str, job_id: int) -> Path:
    """Return the archive of somebody's own order.

    Raises
    ------
    NotFoundFault
        If it is somebody else's, another round's, not ready or erased.
    """
    survey_round = find_round(session, short_name)
    job = next((one for one in report_jobs(session, survey_round.id, actor.account_id) if one.id == job_id), None)
    if job is not None and job.state is JobState.DONE:
        path = settings.reports_dir / str(job.result.get("file", ""))
        if path.is_file():
            return path
    raise NotFoundFault("Rapporterna finns inte längre. Gör dem igen.")


def erase_old_reports(clock: Clock, settings: Settings) -> int:
    """Erase archives that have lain as long as letter files may; return how many."""
    limit = (clock() - timedelta(days=settings.letter_days)).timestamp()
    old = [path for path in settings.reports_dir.glob("rapporter-*.zip") if path.stat().st_mtime < limit]
    for path in old:
        path.unlink()
    return len(old)
