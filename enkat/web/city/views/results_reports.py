"""Reports per unit: one at a time, or all of them by a job that leaves an archive to fetch."""

from flask import Response, redirect, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from enkat.records.writing import writing
from enkat.services.accounts.rights import Right
from enkat.services.audit.recording import record
from enkat.services.results.report_batch import order_reports, report_archive, unit_report
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.views.results_files import download
from enkat.web.shared.access import requires
from enkat.web.shared.login import require_actor


@blueprint.post("/resultat/<short_name>/enhet/<int:unit_id>/rapport")
@requires(Right.SEE_INTERNAL_RESULTS)
def results_report(short_name: str, unit_id: int) -> Response:
    """Make the report of one unit."""
    city = context.settings().city_name
    return download(unit_report(context.session(), context.clock(), require_actor(), short_name, unit_id, city=city))


@blueprint.post("/resultat/<short_name>/rapporter")
@requires(Right.SEE_INTERNAL_RESULTS)
def results_reports(short_name: str) -> BaseResponse:
    """Order the reports of all units that the reader may see."""
    job = order_reports(context.session(), context.clock(), require_actor(), short_name)
    return redirect(url_for("city.job", job_id=job.id))


@blueprint.get("/resultat/<short_name>/rapporter/<int:job_id>")
@requires(Right.SEE_INTERNAL_RESULTS)
def results_reports_archive(short_name: str, job_id: int) -> BaseResponse:
    """Hand over an archive that the reader ordered; every time is logged."""
    session, actor = context.session(), require_actor()
    path = report_archive(session, context.settings(), actor, short_name, job_id)
    with writing(session):
        record(
            session,
            context.clock(),
            account_id=actor.account_id,
            action="results.reports_fetched",
            subject=f"job:{job_id}",
        )
    return send_file(path.resolve(), as_attachment=True, download_name=f"rapporter-{short_name}.zip", max_age=0)
