"""No more reminders: chosen with the code, without answering, and undone the same way."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from enkat.services.ballots.reminders import choose_reminders, is_reminded
from enkat.web import context
from enkat.web.respondent import preferences
from enkat.web.respondent.blueprint import blueprint
from enkat.web.respondent.journey import open_journey
from enkat.web.shared import csrf
from enkat.web.shared.access import open_to_all


def _show(short_name: str, notice: str = "", status: int = 200) -> tuple[str, int]:
    journey = open_journey(short_name)
    reminded = is_reminded(context.session(), round_id=journey.round.id, keys=journey.standing.keys)
    made = render_template("respondent/reminders.html", round=journey.round, reminded=reminded, notice=notice)
    return made, status


@blueprint.get("/o/<short_name>/paminnelser")
@open_to_all
def reminders(short_name: str) -> tuple[str, int]:
    """Say whether reminders may come."""
    return _show(short_name)


@blueprint.post("/o/<short_name>/paminnelser")
@open_to_all
@csrf.answers_itself
def choose(short_name: str) -> Response | tuple[str, int]:
    """Stop reminders, or ask for them again."""
    here = redirect(url_for("respondent.reminders", short_name=short_name), code=303)
    if preferences.is_switch():
        return here
    if not csrf.passed():
        return _show(short_name, _("Sidan hade varit öppen länge. Tryck på knappen en gång till."), 400)
    journey = open_journey(short_name)
    choose_reminders(
        context.session(),
        context.clock(),
        round_id=journey.round.id,
        keys=journey.standing.keys,
        wanted=request.form.get("wanted") == "yes",
    )
    return here
