"""After the code: what the questions are about and the promise; who answers; who helps."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from enkat.ballots.vocabulary import Helper, Respondent
from enkat.web.respondent import preferences, wording
from enkat.web.respondent.blueprint import blueprint
from enkat.web.respondent.journey import Journey, from_review, open_journey, save_who
from enkat.web.respondent.ready_pages import ready_page
from enkat.web.shared import answer_cookie, csrf
from enkat.web.shared.access import open_to_all


@blueprint.get("/o/<short_name>/om")
@open_to_all
def about(short_name: str) -> str:
    """Say what the questions are about and what is promised."""
    journey = open_journey(short_name)
    return render_template(
        "respondent/about.html",
        round=journey.round,
        about=wording.about(journey.standing.service, journey.standing.unit_name),
        started=bool(journey.draft.answers),
        count=len(journey.questions),
        next_step=journey.next_step(),
        taken_back="tillbaka" in request.args,
    )


def _first_question(journey: Journey) -> str:
    return journey.step(journey.following(None))


def _after(journey: Journey, address: str) -> str:
    """Return the review's address where the page was opened from there, else `address`."""
    if from_review():
        return url_for("respondent.review", short_name=journey.round.short_name)
    return address


def _wants_notice(chosen: object) -> bool:
    """Whether to say that nothing was chosen; it is said once."""
    return chosen is None and "asked" not in request.form


def pause(short_name: str) -> Response:
    """Take the keys from the browser; the draft waits for the code."""
    response = redirect(url_for("respondent.paused", short_name=short_name), code=303)
    answer_cookie.forget(response)
    return response


def _who_page(journey: Journey, chosen: str | None, notice: str = "") -> str:
    return render_template(
        "respondent/who.html",
        round=journey.round,
        choices=wording.who_answers(),
        chosen=chosen,
        notice=notice,
        back=from_review(),
    )


@blueprint.get("/o/<short_name>/vem")
@open_to_all
def who(short_name: str) -> str:
    """Ask who answers."""
    journey = open_journey(short_name)
    chosen = journey.draft.respondent
    return ready_page((chosen, from_review()), lambda: _who_page(journey, chosen))


@blueprint.post("/o/<short_name>/vem")
@open_to_all
@csrf.answers_itself
def choose_who(short_name: str) -> Response | tuple[str, int]:
    """Save who answers."""
    journey = open_journey(short_name)
    typed = request.form.get("who", "")
    chosen = next((choice for choice in Respondent if choice == typed), None)
    if not csrf.passed():
        return _who_page(journey, chosen, _("Sidan hade varit öppen länge. Tryck på Nästa en gång till.")), 400
    if chosen is not None and chosen is not journey.draft.respondent:
        helper = Helper.NONE if chosen is Respondent.SELF else None
        save_who(journey, respondent=chosen, helper=helper)
    if preferences.is_switch():
        return redirect(url_for("respondent.who", short_name=short_name), code=303)
    if request.form.get("do") == "pause":
        return pause(short_name)
    if _wants_notice(chosen):
        return _who_page(journey, None, _("Du har inte svarat på frågan. Du får hoppa över den.")), 200
    if chosen in {Respondent.SELF_HELPED, Respondent.PROXY}:
        back = "granska" if from_review() else None
        return redirect(url_for("respondent.helper", short_name=short_name, back=back), code=303)
    return redirect(_after(journey, _first_question(journey)), code=303)


def _show_helper(journey: Journey, chosen: str | None, notice: str = "", status: int = 200) -> tuple[str, int]:
    made = render_template(
        "respondent/helper.html",
        round=journey.round,
        choices=wording.helpers(journey.standing.service),
        chosen=chosen,
        notice=notice,
        proxy=journey.draft.respondent is Respondent.PROXY,
        back=from_review(),
    )
    return made, status


@blueprint.get("/o/<short_name>/hjalpare")
@open_to_all
def helper(short_name: str) -> tuple[str, int]:
    """Ask who helps, or who answers in the person's place."""
    journey = open_journey(short_name)
    return _show_helper(journey, journey.draft.helper)


@blueprint.post("/o/<short_name>/hjalpare")
@open_to_all
@csrf.answers_itself
def choose_helper(short_name: str) -> Response | tuple[str, int]:
    """Save who helps."""
    journey = open_journey(short_name)
    typed = request.form.get("helper", "")
    chosen = next((choice for choice in Helper if choice == typed), None)
    if not csrf.passed():
        return _show_helper(journey, chosen, _("Sidan hade varit öppen länge. Tryck på Nästa en gång till."), 400)
    if chosen is not None:
        save_who(journey, helper=chosen)
    if preferences.is_switch():
        return redirect(url_for("respondent.helper", short_name=short_name), code=303)
    if request.form.get("do") == "pause":
        return pause(short_name)
    if _wants_notice(chosen):
        return _show_helper(journey, None, _("Du har inte svarat på frågan. Du får hoppa över den."))
    return redirect(_after(journey, _first_question(journey)), code=303)
