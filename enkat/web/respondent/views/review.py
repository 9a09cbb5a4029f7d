"""Look through the answers, change any of them, send."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from enkat.ballots.vocabulary import Helper, Mode, Respondent
from enkat.instruments.wording import Wording
from enkat.services.ballots.answering import Answering, send
from enkat.services.ballots.standing import find_standing
from enkat.web import context
from enkat.web.respondent import preferences, wording
from enkat.web.respondent.blueprint import blueprint
from enkat.web.respondent.facts import round_facts
from enkat.web.respondent.journey import Journey, journey_of, open_journey, open_standing
from enkat.web.respondent.ready_pages import ready_page
from enkat.web.respondent.views.who import pause
from enkat.web.shared import answer_cookie, csrf
from enkat.web.shared.access import open_to_all
from enkat.web.shared.languages import gettext as _


@dataclass(frozen=True)
class Line:
    """A question with its answer, as the review shows it."""

    question_id: str
    question: Wording
    answer: str
    answered: bool
    lang: str


def _lines(journey: Journey) -> list[Line]:
    lang, face = preferences.language(), journey.face
    lines = []
    for question in journey.questions:
        found = journey.draft.answers.get(question.id)
        words, words_lang = str(_("Inget svar")), lang
        if found is not None and question.scale is not None:
            label = question.scale.label(int(found), lang, face)
            words, words_lang = str(label), label.lang
        elif found is not None:
            words, words_lang = str(found), ""
        lines.append(Line(question.id, question.text(lang, face), words, found is not None, words_lang))
    return lines


def _show(journey: Journey, notice: str = "", status: int = 200) -> tuple[str, int]:
    lines = _lines(journey)
    last = journey.before(None)
    made = render_template(
        "respondent/review.html",
        round=journey.round,
        lines=lines,
        skipped=sum(not line.answered and line.question_id in _choices(journey) for line in lines),
        who=wording.who_answered(journey.draft.respondent),
        helper=wording.helped_by(journey.draft.helper, journey.standing.service),
        version=journey.draft.version,
        back=journey.step(last) if last else journey.first_page,
        notice=notice,
    )
    return made, status


def _choices(journey: Journey) -> set[str]:
    return {question.id for question in journey.instrument.choice_questions}


@blueprint.get("/o/<short_name>/granska")
@open_to_all
def review(short_name: str) -> tuple[str, int]:
    """Show all answers before they are sent."""
    return _show(open_journey(short_name))


def _journey_or_thanks(short_name: str) -> Journey | Response:
    """Return the journey; or thanks where this very code has sent: the form came twice, or the thanks were lost."""
    if answer_cookie.sent_round() is not None:
        return redirect(url_for("respondent.thanks", short_name=short_name), code=303)
    facts, standing = open_standing(short_name)
    return _thank(facts.id, short_name) if standing.can_take_back else journey_of(facts, standing)


@blueprint.post("/o/<short_name>/granska")
@open_to_all
@csrf.answers_itself
def send_answers(short_name: str) -> Response | tuple[str, int]:
    """Send; thanks come only after the answer is safely stored."""
    journey = _journey_or_thanks(short_name)
    if isinstance(journey, Response):
        return journey
    if preferences.is_switch():
        return redirect(url_for("respondent.review", short_name=short_name), code=303)
    if not csrf.passed():
        return _show(journey, _("Sidan hade varit öppen länge. Tryck på Skicka en gång till."), 400)
    if request.form.get("do") == "pause":
        return pause(short_name)
    if request.form.get("version") != str(journey.draft.version):
        return _show(journey, _("Svaren har ändrats i ett annat fönster. Så här ser de ut nu."), 409)
    draft = journey.draft
    answering = Answering(
        answers=draft.answers,
        mode=Mode.WEB,
        respondent=draft.respondent or Respondent.SELF,
        helper=draft.helper or Helper.NONE,
        language=preferences.language(),
    )
    keys = journey.standing.keys
    sent = send(context.session(), context.clock(), round_id=journey.round.id, keys=keys, answering=answering)
    if not sent.accepted:
        standing = find_standing(context.session(), context.clock(), round_id=journey.round.id, keys=keys)
        if not standing.can_take_back:
            return redirect(url_for("respondent.received", short_name=short_name), code=303)
    return _thank(journey.round.id, short_name)


def _thank(round_id: int, short_name: str) -> Response:
    response = redirect(url_for("respondent.thanks", short_name=short_name), code=303)
    answer_cookie.write_sent(response, round_id)
    return response


@blueprint.get("/o/<short_name>/tack")
@open_to_all
def thanks(short_name: str) -> Response | str:
    """Thank whoever has just sent from this browser."""
    facts = round_facts(short_name)
    if answer_cookie.sent_round() != facts.id:
        return redirect(url_for("respondent.code_page", short_name=short_name), code=303)
    return ready_page((), lambda: render_template("respondent/thanks.html", round=facts))
