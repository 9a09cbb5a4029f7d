"""After the code: what the questions are about and the promise; who answers; who helps."""

from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from enkat.ballots.vocabulary import Helper, Respondent
from enkat.web.respondent import preferences, wording
from enkat.web.respondent.blueprint import blueprint
from enkat.web.respondent.journey import Journey, from_review, open_journey, save_who
from enkat.web.respondent.ready_pages import ready_page
from enkat.web.shared import answer_cookie, csrf
from enkat.web.shared.access import open_to_all
from enkat.web.shared.languages import gettext as _


@blueprint.get("/o/<short_name>/om")
@open_to_all
def about(short_name: str) -> str:
    """Say what the questions are about and what is promised."""
    journey = open_journey(short_name)
    return render_template(
        "respondent/about.html",
        round=journey.round,
        service=journey.standing.service.value,
        about=wording.about(journey.standing.service, journey.standing.unit_name),
        started=bool(journey.draft.answers),
        count=len(journey.questions),
        next_step=journey.next_step(),
        taken_back="tillbaka" in request.args,
    )


def pause(short_name: str) -> Response:
    """Take the keys from the browser; the draft waits for the code."""
    response = redirect(url_for("respondent.paused", short_name=short_name), code=303)
    answer_cookie.forget(response)
    return response


@dataclass(frozen=True)
class Step:
    """One of the two questions before the instrument's own: who answers, and who helps or answers in the place.

    Attributes
    ----------
    name
        The form's field, the template and the endpoint of the page.
    vocabulary
        What can be chosen; other values count as nothing chosen.
    """

    name: str
    vocabulary: type[Respondent | Helper]

    def choices(self, journey: Journey) -> list[tuple[str, str]]:
        """Return what stands on the page."""
        return wording.who_answers() if self is WHO else wording.helpers(journey.standing.service)

    def chosen(self, journey: Journey) -> Respondent | Helper | None:
        """Return what the draft holds."""
        return journey.draft.respondent if self is WHO else journey.draft.helper

    def save(self, journey: Journey, chosen: Respondent | Helper) -> None:
        """Save a choice; another respondent has not said who helps yet."""
        if isinstance(chosen, Helper):
            save_who(journey, helper=chosen)
        elif chosen is not journey.draft.respondent:
            save_who(journey, respondent=chosen, helper=Helper.NONE if chosen is Respondent.SELF else None)


WHO = Step("who", Respondent)
HELPER = Step("helper", Helper)


def _asked(short_name: str) -> Journey:
    """Return the journey where it is asked who answers; others are led on."""
    journey = open_journey(short_name)
    if not journey.round.asks_who:
        abort(redirect(journey.next_step(), code=303))
    return journey


def _page(journey: Journey, step: Step, chosen: object, notice: str = "") -> str:
    return render_template(
        f"respondent/{step.name}.html",
        round=journey.round,
        step=step.name,
        choices=step.choices(journey),
        chosen=chosen,
        notice=notice,
        proxy=journey.is_proxy,
        back=from_review(),
    )


def _choose(short_name: str, step: Step) -> Response | tuple[str, int]:
    """Save what was chosen and go on; nothing chosen is told once."""
    journey = _asked(short_name)
    typed = request.form.get(step.name, "")
    chosen = next((choice for choice in step.vocabulary if choice == typed), None)
    if not csrf.passed():
        return _page(journey, step, chosen, _("Sidan hade varit öppen länge. Tryck på Nästa en gång till.")), 400
    if chosen is not None:
        step.save(journey, chosen)
    if preferences.is_switch():
        return redirect(url_for(f"respondent.{step.name}", short_name=short_name), code=303)
    if request.form.get("do") == "pause":
        return pause(short_name)
    if chosen is None and "asked" not in request.form:
        return _page(journey, step, None, _("Du har inte svarat på frågan. Du får hoppa över den.")), 200
    if chosen in {Respondent.SELF_HELPED, Respondent.PROXY}:
        back = "granska" if from_review() else None
        return redirect(url_for("respondent.helper", short_name=short_name, back=back), code=303)
    if from_review():
        return redirect(url_for("respondent.review", short_name=short_name), code=303)
    return redirect(journey.step(journey.following(None)), code=303)


@blueprint.get("/o/<short_name>/vem")
@open_to_all
def who(short_name: str) -> str:
    """Ask who answers."""
    journey = _asked(short_name)
    chosen = WHO.chosen(journey)
    return ready_page((chosen, from_review()), lambda: _page(journey, WHO, chosen))


@blueprint.post("/o/<short_name>/vem")
@open_to_all
@csrf.answers_itself
def choose_who(short_name: str) -> Response | tuple[str, int]:
    """Save who answers."""
    return _choose(short_name, WHO)


@blueprint.get("/o/<short_name>/hjalpare")
@open_to_all
def helper(short_name: str) -> str:
    """Ask who helps, or who answers in the person's place."""
    journey = _asked(short_name)
    return _page(journey, HELPER, HELPER.chosen(journey))


@blueprint.post("/o/<short_name>/hjalpare")
@open_to_all
@csrf.answers_itself
def choose_helper(short_name: str) -> Response | tuple[str, int]:
    """Save who helps."""
    return _choose(short_name, HELPER)
