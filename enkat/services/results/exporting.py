"""Exports: who may take out what, in which format; what leaves the analysts' room is kept as a release."""

import io
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from itertools import chain
from typing import Literal, get_args

from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.documents.delimited import csv_chunks, write_csv
from enkat.documents.json_tables import write_json
from enkat.documents.workbook import write_workbook
from enkat.records.releases import ReleaseLevel
from enkat.records.rounds import SurveyRound
from enkat.records.writing import writing
from enkat.services.accounts.rights import Actor, Right
from enkat.services.audit.recording import record
from enkat.services.faults import Fault
from enkat.services.results.answer_file import AnswerFile, answer_file
from enkat.services.results.changes import Compared
from enkat.services.results.chart_sheets import chart_sheets
from enkat.services.results.computing import compute_rounds
from enkat.services.results.declaration import declaration_rows
from enkat.services.results.earlier import earlier_of
from enkat.services.results.figures import Past, View
from enkat.services.results.history import listed_kinds
from enkat.services.results.levels import visible_groups
from enkat.services.results.lineage import lineages, successions_of
from enkat.services.results.method import about
from enkat.services.results.quality import quality_of
from enkat.services.results.reading import find_round, require_counted
from enkat.services.results.reading_rounds import counted_before
from enkat.services.results.release_plan import chosen_breakdowns, only
from enkat.services.results.releases import CITY_SCOPE, edition_of, marks_of_rounds, released_marks, store_release
from enkat.services.results.reliability import alphas_of
from enkat.services.results.series import aggregates_before
from enkat.services.results.spss import answer_chunks, result_chunks
from enkat.services.results.tables import long_rows, sheets

Format = Literal["xlsx", "csv", "csv-sv", "json", "sav"]
AnswerFormat = Literal["xlsx", "csv", "csv-sv", "sav"]
PIECE = 64 * 1024
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "csv-sv": "text/csv; charset=utf-8",
    "json": "application/json",
    "sav": "application/x-spss-sav",
    "pdf": "application/pdf",
}
PERCENT_DECIMALS = 1
LEVEL_NAMES = {
    ReleaseLevel.ANALYST: "analytiker",
    ReleaseLevel.INTERNAL: "internt",
    ReleaseLevel.PUBLIC: "oppet",
}


class NotAllowedFault(Fault):
    """The person may not see these results."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A finished file."""

    name: str
    media_type: str
    content: bytes


def allowed_districts(actor: Actor | None, level: ReleaseLevel) -> frozenset[int] | None:
    """Return the districts that somebody's results are limited to; None means the whole city.

    Without an actor the operator of the server asks, through the command line.

    Raises
    ------
    NotAllowedFault
        If the person may not see results of the level at all.
    """
    if actor is None:
        return None
    if level is ReleaseLevel.ANALYST:
        if not actor.may(Right.SEE_ANALYST_RESULTS):
            raise NotAllowedFault("Bara analytiker ser siffror utan spärr. Välj nivån internt.")
        return None
    if not actor.holds(Right.SEE_INTERNAL_RESULTS):
        raise NotAllowedFault("Du har inte rätt att se resultat.")
    if level is ReleaseLevel.PUBLIC:
        return None
    return actor.districts(Right.SEE_INTERNAL_RESULTS)


def view_results(
    session: Session, actor: Actor | None, short_name: str, level: ReleaseLevel, *, history: bool = False
) -> View:
    """Return a counted round's results as a person may see them at a level.

    Parameters
    ----------
    session, actor, short_name, level
    history : bool
        Whether every counted round before is laid beside, for a trend; else the one before alone.

    Raises
    ------
    NotFoundFault, NotCountedFault, NotAllowedFault
    """
    districts = allowed_districts(actor, level)
    survey_round = find_round(session, short_name)
    return make_view(session, survey_round, level, districts, history=history)


def make_view(
    session: Session,
    survey_round: SurveyRound,
    level: ReleaseLevel,
    districts: frozenset[int] | None,
    *,
    history: bool = False,
) -> View:
    """Lay marks and the earlier rounds on a round's results; an earlier one that waits for its search is left out.

    Raises
    ------
    NotCountedFault
    """
    require_counted(survey_round)
    before = counted_before(session, survey_round)
    if not history:
        before = [one for one in before if one.id == survey_round.previous_round_id]
    results, *older = compute_rounds(session, [survey_round, *before])
    marks = released_marks(session, results, level)
    links = successions_of(session) if older else ()
    past = [
        Past(View(old, found, None, visible_groups(old, districts)), lineages(links, results, old))
        for old, found in zip(older, marks_of_rounds(session, older, level), strict=True)
        if found is not None
    ]
    last = past[0] if past and past[0].view.survey_round.id == survey_round.previous_round_id else None
    compared = None if last is None else Compared(last.view.results, last.view.marks)
    earlier = earlier_of(session, Compared(results, marks), compared, last.lines if last else ())
    view = View(results, marks, earlier, visible_groups(results, districts), past=past)
    if not history:
        return view
    return replace(view, aggregates=aggregates_before(session, survey_round, list(view.question_index)))


def export(
    session: Session,
    clock: Clock,
    actor: Actor | None,
    short_name: str,
    *,
    level: ReleaseLevel,
    file_format: Format,
    breakdowns: Sequence[str] | None = None,
    reason: str = "",
) -> ExportFile:
    """Make a file of a round's results; below analyst level it is audited and stored as a release, above it is logged.

    Parameters
    ----------
    session, clock, actor, short_name
    level, file_format
    breakdowns : sequence of str, optional
        Of the release plan; all of it by default.
    reason : str
        Why the data has changed since the latest release, for a corrected edition.

    Raises
    ------
    NotFoundFault, NotCountedFault, NotAllowedFault
    NotPlannedFault
        If the release plan does not hold a breakdown.
    CorrectedFault
        If the data has changed since the latest release and no reason is given.
    DisclosureFault
        If the file would give something away.
    """
    whole = view_results(session, actor, short_name, level, history=True)
    chosen = chosen_breakdowns(whole.results, breakdowns)
    view = _file_view(session, whole, chosen, reason)
    content = _content(view, file_format)
    account_id = None if actor is None else actor.account_id
    districts = allowed_districts(actor, level)
    if level is ReleaseLevel.ANALYST:
        log_analyst(session, clock, account_id, view.survey_round.id, file_format)
    else:
        scope = CITY_SCOPE if districts is None else "district:" + ",".join(map(str, sorted(districts)))
        store_release(
            session,
            clock,
            whole.results,
            whole.marks,
            account_id=account_id,
            scope=scope,
            file_format=file_format,
            content=content,
            breakdowns=chosen,
            edition=view.edition,
        )
    ending = "csv" if file_format == "csv-sv" else file_format
    own = "-utforarens-egen" if view.survey_round.label else ""
    return ExportFile(f"resultat-{short_name}{own}-{LEVEL_NAMES[level]}.{ending}", MEDIA_TYPES[file_format], content)


def _file_view(session: Session, whole: View, chosen: Sequence[str], reason: str) -> View:
    """Return what a file shows: the chosen breakdowns, with what stands in its explanations."""
    below_analyst = whole.marks.level is not ReleaseLevel.ANALYST
    return replace(
        whole,
        results=only(whole.results, chosen),
        visible=[index for index, _group in whole.groups(*listed_kinds(chosen))],
        alphas=alphas_of(session, whole.results.counted),
        declaration=declaration_rows(whole, quality_of(session, whole)),
        edition=edition_of(session, whole.results, whole.marks, reason) if below_analyst else None,
    )


def log_analyst(session: Session, clock: Clock, account_id: int | None, round_id: int, what: str) -> None:
    """Log that somebody read or took out figures without suppression."""
    with writing(session):
        record(
            session,
            clock,
            account_id=account_id,
            action="results.exported_unsuppressed",
            subject=f"round:{round_id}",
            details={"level": ReleaseLevel.ANALYST.value, "format": what},
        )


def _content(view: View, file_format: Format) -> bytes:
    stream = io.BytesIO()
    if file_format == "xlsx":
        # The closing day instead of the present moment: equal figures give equal bytes.
        created = datetime.combine(view.survey_round.closes_on, time.min, UTC)
        write_workbook(stream, chain(sheets(view), chart_sheets(view)), title=view.survey_round.title, created=created)
    elif file_format == "json":
        write_json(stream, about(view), sheets(view))
    elif file_format == "sav":
        stream.writelines(result_chunks(view))
    else:
        write_csv(stream, long_rows(view), file_format, decimals=PERCENT_DECIMALS)
    return stream.getvalue()


def export_answers(
    session: Session, clock: Clock, actor: Actor | None, short_name: str, *, file_format: AnswerFormat
) -> Iterator[bytes]:
    """Give the answer file piece by piece: one row per counted ballot, for analysts only; the reading is logged.

    Raises
    ------
    NotFoundFault, NotCountedFault, NotAllowedFault
        Before the first piece.
    """
    allowed_districts(actor, ReleaseLevel.ANALYST)
    survey_round = find_round(session, short_name)
    require_counted(survey_round)
    if survey_round.kind.rules.least_for_all:
        raise NotAllowedFault(f"Svar ett och ett lämnas aldrig ut ur en {survey_round.kind.label}.")
    round_id, title = survey_round.id, survey_round.title
    log_analyst(session, clock, None if actor is None else actor.account_id, round_id, f"answers-{file_format}")
    answers = answer_file(session, round_id)
    if file_format == "xlsx":
        return _workbook_pieces(answers, title)
    if file_format == "sav":
        created = datetime.combine(survey_round.closes_on, time.min, UTC)
        return answer_chunks(answers, label=title, created=created)
    return csv_chunks(answers.rows(), file_format)


def _workbook_pieces(answers: AnswerFile, title: str) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as stream:
        write_workbook(stream, answers.sheets(), title=title)
        stream.seek(0)
        while piece := stream.read(PIECE):
            yield piece
