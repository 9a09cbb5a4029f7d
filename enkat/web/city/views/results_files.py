"""Taking out results: files below analyst level are kept as releases, everything is logged."""

from flask import Response, flash, redirect, request, stream_with_context
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice

from enkat.records.releases import ReleaseLevel
from enkat.records.rounds import SurveyRound
from enkat.services.accounts.rights import Right
from enkat.services.results.exporting import MEDIA_TYPES, ExportFile, export, export_answers, view_results
from enkat.services.results.figures import View
from enkat.services.results.method import protection_words
from enkat.services.results.reading import NotCountedFault, find_round
from enkat.services.results.release_audits import DisclosureFault, searched_in
from enkat.services.results.release_plan import NotPlannedFault
from enkat.services.results.releases import CorrectedFault, releases_of
from enkat.services.results.report_batch import report_jobs
from enkat.services.results.unit_sheet import unit_sheet
from enkat.services.rounds.release_plans import BREAKDOWNS, breakdowns_of
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.results import AnswersForm, ExportForm
from enkat.web.city.views.results import address, crumbs, locked_page, render
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell_all
from enkat.web.shared.login import require_actor


@blueprint.get("/resultat/<short_name>/filer")
@requires(Right.SEE_INTERNAL_RESULTS)
def results_files(short_name: str) -> str:
    """Show which files there are, and what has been taken out before."""
    try:
        view = view_results(context.session(), require_actor(), short_name, ReleaseLevel.INTERNAL)
    except NotCountedFault:
        return locked_page(short_name)
    return _page(view, _export_form(view.survey_round))


def _page(view: View, form: ExportForm) -> str:
    survey_round = view.survey_round
    return render(
        "files.html",
        view,
        form=form,
        answers_form=AnswersForm(),
        releases=releases_of(context.session(), survey_round.id),
        searched_in=searched_in,
        protection_words=protection_words,
        report_jobs=report_jobs(context.session(), survey_round.id, require_actor().account_id),
        letter_days=context.settings().letter_days,
        breadcrumbs=crumbs(survey_round),
    )


@blueprint.post("/resultat/<short_name>/filer")
@requires(Right.SEE_INTERNAL_RESULTS)
def results_export(short_name: str) -> str | BaseResponse:
    """Make the file that was asked for; what is not let out is told at the field that can change it."""
    form = _export_form(find_round(context.session(), short_name))
    if form.validate_on_submit():
        try:
            made = export(
                context.session(),
                context.clock(),
                require_actor(),
                short_name,
                level=ReleaseLevel(form.level.data),
                file_format=form.file_format.data,
                breakdowns=form.breakdowns.data,
                reason=form.reason.data or "",
            )
        except (CorrectedFault, DisclosureFault, NotPlannedFault) as fault:
            tell_all(form, fault)
        else:
            return download(made)
    return _page(view_results(context.session(), require_actor(), short_name, ReleaseLevel.INTERNAL), form)


@blueprint.post("/resultat/<short_name>/svarsfil")
@requires(Right.SEE_ANALYST_RESULTS)
def results_answers(short_name: str) -> BaseResponse:
    """Stream the answer file."""
    form = AnswersForm()
    if not form.validate_on_submit():
        flash(_("Välj ett format."), "warning")
        return redirect(address("city.results_files", short_name=short_name))
    chosen = form.file_format.data
    pieces = export_answers(context.session(), context.clock(), require_actor(), short_name, file_format=chosen)
    ending = "csv" if chosen == "csv-sv" else chosen
    response = Response(stream_with_context(pieces), mimetype=MEDIA_TYPES[chosen])
    response.headers.set("Content-Disposition", "attachment", filename=f"svar-{short_name}.{ending}")
    return response


@blueprint.post("/resultat/<short_name>/enhet/<int:unit_id>/blad")
@requires(Right.SEE_INTERNAL_RESULTS)
def results_sheet(short_name: str, unit_id: int) -> BaseResponse:
    """Make the page that a unit gives back to those who answered."""
    return download(unit_sheet(context.session(), context.clock(), require_actor(), short_name, unit_id))


def _export_form(survey_round: SurveyRound) -> ExportForm:
    """Return the form with the levels that the reader may choose and the breakdowns of the round's plan."""
    allowed = breakdowns_of(survey_round.release_plan)
    form = ExportForm(breakdowns=allowed)
    form.breakdowns.choices = [SelectChoice(name, BREAKDOWNS[name]) for name in allowed]
    if not require_actor().may(Right.SEE_ANALYST_RESULTS):
        form.level.choices = [choice for choice in form.level.choices if choice.value != ReleaseLevel.ANALYST.value]
        if request.method == "GET":
            form.level.data = ReleaseLevel.INTERNAL.value
    return form


def download(made: ExportFile) -> Response:
    """Return a file as an attachment."""
    response = Response(made.content, mimetype=made.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=made.name)
    return response
