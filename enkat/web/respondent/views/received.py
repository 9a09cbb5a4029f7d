"""An answer has already come: what that means, and taking it back. And the page after a pause."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from enkat.services.ballots.code_entry import EntryState
from enkat.services.ballots.taking_back import NotTakenBackFault, take_back
from enkat.web import context
from enkat.web.respondent import preferences
from enkat.web.respondent.blueprint import blueprint
from enkat.web.respondent.facts import round_facts
from enkat.web.respondent.journey import open_standing
from enkat.web.shared import csrf
from enkat.web.shared.access import open_to_all
from enkat.web.shared.languages import gettext as _


def _show(short_name: str, notice: str = "", status: int = 200) -> Response | tuple[str, int]:
    facts, standing = open_standing(short_name)
    if standing.state is not EntryState.SENT:
        place = "about" if standing.state is EntryState.OPEN else "closed"
        return redirect(url_for(f"respondent.{place}", short_name=short_name), code=303)
    made = render_template("respondent/received.html", round=facts, can_take_back=standing.can_take_back, notice=notice)
    return made, status


@blueprint.get("/o/<short_name>/kommit-fram")
@open_to_all
def received(short_name: str) -> Response | tuple[str, int]:
    """Say that an answer has come."""
    return _show(short_name)


@blueprint.post("/o/<short_name>/kommit-fram")
@open_to_all
@csrf.answers_itself
def take_answer_back(short_name: str) -> Response | tuple[str, int]:
    """Delete the sent answer, so that a new one can be given."""
    if preferences.is_switch():
        return redirect(url_for("respondent.received", short_name=short_name), code=303)
    if not csrf.passed():
        return _show(short_name, _("Sidan hade varit öppen länge. Tryck på knappen en gång till."), 400)
    facts, standing = open_standing(short_name)
    try:
        take_back(context.session(), context.clock(), round_id=facts.id, keys=standing.keys)
    except NotTakenBackFault:
        return _show(short_name, _("Svaret kan inte tas tillbaka med den här koden. Ring oss."), 409)
    return redirect(url_for("respondent.about", short_name=short_name, tillbaka="1"), code=303)


@blueprint.get("/o/<short_name>/paus")
@open_to_all
def paused(short_name: str) -> str:
    """Say that the answers are kept, once the keys are gone from the browser."""
    return render_template("respondent/paused.html", round=round_facts(short_name))
