"""Telling the city that something does not work."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from enkat.services.fault_reports.receiving import (
    LONGEST_CONTACT,
    LONGEST_DESCRIPTION,
    LONGEST_PAGE,
    receive_report,
)
from enkat.services.faults import BusyFault, Fault
from enkat.web import context
from enkat.web.respondent import preferences
from enkat.web.respondent.blueprint import blueprint
from enkat.web.respondent.views.information import frame_round
from enkat.web.shared import csrf
from enkat.web.shared.access import open_to_all
from enkat.web.shared.languages import gettext as _

_FIELDS = ("page", "description", "contact")


def _fault(typed: dict[str, str]) -> Fault | None:
    """Return what is wrong in the words of the page's language."""
    if not typed["description"].strip():
        return Fault(_("Skriv vad som inte fungerar."), "description")
    if len(typed["description"].replace("\r\n", "\n").strip()) > LONGEST_DESCRIPTION:
        return Fault(_("Texten är för lång. Korta den till 2 000 tecken."), "description")
    if len(typed["contact"].strip()) > LONGEST_CONTACT:
        return Fault(_("Skriv bara en adress eller ett nummer."), "contact")
    if len(typed["page"].strip()) > LONGEST_PAGE:
        return Fault(_("Skriv kortare var felet är."), "page")
    return None


def _show(
    short_name: str | None,
    typed: dict[str, str] | None = None,
    *,
    fault: Fault | None = None,
    notice: str = "",
    status: int = 200,
) -> tuple[str, int]:
    facts = frame_round(short_name)
    values = typed or dict.fromkeys(_FIELDS, "")
    made = render_template("respondent/fault_form.html", round=facts, typed=values, fault=fault, notice=notice)
    return made, status


@blueprint.get("/tillganglighet/fel")
@blueprint.get("/o/<short_name>/tillganglighet/fel")
@open_to_all
def fault_form(short_name: str | None = None) -> tuple[str, int]:
    """Show the form."""
    return _show(short_name)


@blueprint.post("/tillganglighet/fel")
@blueprint.post("/o/<short_name>/tillganglighet/fel")
@open_to_all
@csrf.answers_itself
def report_fault(short_name: str | None = None) -> Response | tuple[str, int]:
    """Receive a report."""
    typed = {name: request.form.get(name, "") for name in _FIELDS}
    if preferences.is_switch():
        return _show(short_name, typed)
    if not csrf.passed():
        return _show(
            short_name, typed, notice=_("Sidan hade varit öppen länge. Tryck på Skicka en gång till."), status=400
        )
    fault = _fault(typed)
    if fault is not None:
        return _show(short_name, typed, fault=fault, status=422)
    try:
        receive_report(context.session(), context.clock(), settings=context.settings(), **typed)
    except BusyFault:
        notice = _("Just nu kommer det många rapporter. Texten är kvar. Försök igen senare, eller ring.")
        return _show(short_name, typed, notice=notice, status=503)
    return redirect(url_for("respondent.fault_reported", short_name=short_name), code=303)


@blueprint.get("/tillganglighet/fel/tack")
@blueprint.get("/o/<short_name>/tillganglighet/fel/tack")
@open_to_all
def fault_reported(short_name: str | None = None) -> str:
    """Thank for a report."""
    return render_template("respondent/fault_reported.html", round=frame_round(short_name))
