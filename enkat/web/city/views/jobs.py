"""Long work: how far it has come, and once more after a failure."""

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from enkat.records.jobs import Job, JobState
from enkat.records.letters_queries import batch_of_job
from enkat.records.rounds import SurveyRound
from enkat.services.accounts.rights import Right
from enkat.services.jobs.queue import get_job, try_again
from enkat.services.letters.ordering import LETTERS_JOB
from enkat.services.register.queueing import APPLY_JOB, CHECK_JOB
from enkat.services.register.staging import find_batch
from enkat.services.results.pattern_ordering import PATTERNS_JOB
from enkat.services.results.report_batch import REPORTS_JOB
from enkat.services.waves.planning import BUILD_JOB, get_wave
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.views.imports import import_address
from enkat.web.shared.access import requires
from enkat.web.shared.login import require_actor

TAGS = {
    JobState.QUEUED: ("info", "Väntar"),
    JobState.RUNNING: ("info", "Pågår"),
    JobState.DONE: ("good", "Klart"),
    JobState.FAILED: ("bad", "Misslyckades"),
}
TITLES = {
    LETTERS_JOB: "Brev görs",
    CHECK_JOB: "Registerfilen kontrolleras",
    APPLY_JOB: "Registerfilen förs in",
    REPORTS_JOB: "Rapporter görs",
    BUILD_JOB: "Utskickets lista byggs",
    PATTERNS_JOB: "Det som ska döljas söks",
}
RESULTS_PAGES = {REPORTS_JOB: "city.results_files", PATTERNS_JOB: "city.results_round"}


def _visible(job_id: int) -> Job:
    job, actor = get_job(context.session(), job_id), require_actor()
    if job.account_id != actor.account_id and not actor.may(Right.MANAGE_ROUNDS):
        abort(403)
    return job


def _goal(job: Job) -> str:
    """Return the address of the page that the work was for."""
    if job.kind == LETTERS_JOB and (batch := batch_of_job(context.session(), job.id)) is not None:
        round_ = context.session().get_one(SurveyRound, batch.round_id)
        return url_for("city.round_letter_batch", short_name=round_.short_name, batch_id=batch.id)
    if job.kind == BUILD_JOB:
        wave = get_wave(context.session(), job.arguments["wave_id"])
        round_ = context.session().get_one(SurveyRound, wave.round_id)
        return url_for("city.round_wave", short_name=round_.short_name, wave_id=wave.id)
    if job.kind in {CHECK_JOB, APPLY_JOB}:
        return import_address(find_batch(context.session(), job.arguments["batch_id"]))
    if job.kind in RESULTS_PAGES:
        round_ = context.session().get_one(SurveyRound, job.arguments["round_id"])
        return url_for(RESULTS_PAGES[job.kind], short_name=round_.short_name)
    return url_for("city.rounds")


@blueprint.get("/arbeten/<int:job_id>")
@requires(Right.MANAGE_LETTERS, Right.MANAGE_ROUNDS, Right.COUNT, Right.MANAGE_REGISTER, Right.SEE_INTERNAL_RESULTS)
def job(job_id: int) -> str:
    """Show how far a piece of work has come."""
    found = _visible(job_id)
    return render_template(
        "city/jobs/job.html",
        job=found,
        tag=TAGS[found.state],
        heading=TITLES.get(found.kind, found.kind),
        running=found.state in {JobState.QUEUED, JobState.RUNNING},
        goal=_goal(found),
    )


@blueprint.post("/arbeten/<int:job_id>/igen")
@requires(Right.MANAGE_LETTERS, Right.MANAGE_ROUNDS, Right.MANAGE_REGISTER, Right.SEE_INTERNAL_RESULTS)
def job_again(job_id: int) -> Response:
    """Put failed work back in the queue."""
    try_again(context.session(), context.clock(), _visible(job_id).id)
    return redirect(url_for("city.job", job_id=job_id))
