"""One question per page: shown, answered, skipped, changed."""

from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from enkat.ballots.vocabulary import Respondent
from enkat.instruments.question import Question, own_view_id
from enkat.instruments.routing import accepts
from enkat.web.respondent import preferences
from enkat.web.respondent.blueprint import blueprint
from enkat.web.respondent.facts import round_facts
from enkat.web.respondent.journey import (
    Answer,
    Journey,
    TwoVersions,
    from_review,
    held_standing,
    journey_of,
    mark_of,
    open_journey,
    save_answer,
)
from enkat.web.respondent.ready_pages import ready_page
from enkat.web.respondent.views.code import pending_of_form, show_code_page
from enkat.web.respondent.views.who import pause
from enkat.web.shared import csrf
from enkat.web.shared.access import open_to_all
from enkat.web.shared.languages import gettext as _


@dataclass(frozen=True)
class Shown:
    """What a question's page shows beside the question itself."""

    answer: Answer | None
    seen: str
    notice: str = ""
    fault: str = ""
    asked: bool = False
    status: int = 200


@dataclass(frozen=True)
class Place:
    """Where a question stands on the way, and the address before it."""

    number: int
    total: int
    back: str
    from_review: bool


def _find(journey: Journey, question_id: str) -> Question:
    """Return the question; one that the answers have led past leads on to where answering stands."""
    found = next((question for question in journey.instrument.questions if question.id == question_id), None)
    if found is None:
        abort(404)
    if found not in journey.questions:
        abort(redirect(journey.next_step(), code=303))
    return found


def _back(journey: Journey, question: Question) -> str:
    if from_review():
        return url_for("respondent.review", short_name=journey.round.short_name)
    previous = journey.before(question)
    if previous is not None:
        return journey.step(previous)
    if journey.draft.respondent in {Respondent.SELF_HELPED, Respondent.PROXY}:
        return url_for("respondent.helper", short_name=journey.round.short_name)
    return journey.first_page


def _page(journey: Journey, question: Question, shown: Shown, place: Place) -> str:
    lang = preferences.language()
    text = question.text(lang, journey.face)
    return render_template(
        f"respondent/question_{question.kind}.html",
        round=journey.round,
        question=question,
        text=text,
        sound=question.media.sound.get(text.lang),
        film=question.media.film.get(text.lang),
        hint=question.hint(lang),
        presumed=_is_presumed(journey, question),
        options=[(option.code, option.label(lang, journey.face), option.picture) for option in question.scale.options]
        if question.scale
        else (),
        shown=shown,
        place=place,
    )


def _is_presumed(journey: Journey, question: Question) -> bool:
    """Whether the proxy is asked next for an own view, so that this page asks for the person's."""
    return journey.is_proxy and any(other.id == own_view_id(question.id) for other in journey.instrument.questions)


def _place(journey: Journey, question: Question) -> Place:
    questions = journey.questions
    back = _back(journey, question)
    return Place(questions.index(question) + 1, len(questions), back, from_review())


def _show(journey: Journey, question: Question, shown: Shown) -> tuple[str, int]:
    return _page(journey, question, shown, _place(journey, question)), shown.status


@blueprint.get("/o/<short_name>/fraga/<question_id>")
@open_to_all
def question(short_name: str, question_id: str) -> str:
    """Show a question with the saved answer, if there is one."""
    journey = open_journey(short_name)
    found = _find(journey, question_id)
    saved = journey.draft.answers.get(question_id)
    shown, place = Shown(saved, mark_of(saved)), _place(journey, found)
    if isinstance(saved, str):
        return _page(journey, found, shown, place)
    key = (journey.standing.snapshot_sha256, question_id, journey.face, saved, place)
    return ready_page(key, lambda: _page(journey, found, shown, place))


def _typed(question: Question) -> Answer | None:
    """Return what the form says; None where it says nothing."""
    text = request.form.get("mine" if _picks() else "answer", "")
    if question.kind == "text":
        return text.replace("\r\n", "\n").replace("\r", "\n").strip() or None
    try:
        return int(text)
    except ValueError:
        return None


def _picks() -> bool:
    """Whether the form is the one that chooses between two windows' answers."""
    return "versions" in request.form


def _picked(journey: Journey, question: Question, typed: Answer | None, seen: str) -> Response | None:
    """Do as was chosen between two windows' answers; None when the form is another one."""
    if not _picks():
        return None
    pick = request.form.get("pick")
    if pick == "mine":
        save_answer(journey, question.id, typed, seen)
    if pick not in {"mine", "theirs"}:
        return redirect(journey.step(question), code=303)
    following = None if from_review() else journey.following(question)
    return redirect(journey.step(following), code=303)


def _fault(question: Question, typed: Answer) -> str:
    if accepts(question, typed):
        return ""
    if isinstance(typed, str):
        over = len(typed) - question.max_length
        return _("Texten är för lång. Den har %(length)s tecken. Ta bort minst %(over)s.", length=len(typed), over=over)
    return _("Välj ett av svaren.")


def _skipped_before(journey: Journey, question: Question) -> bool:
    """Whether an earlier question was left unanswered: who knows that one may skip is not told again."""
    questions = journey.questions
    earlier = questions[: questions.index(question)]
    return any(one.id not in journey.draft.answers for one in earlier)


@blueprint.post("/o/<short_name>/fraga/<question_id>")
@open_to_all
@csrf.answers_itself
def answer(short_name: str, question_id: str) -> Response | tuple[str, int]:
    """Save an answer and go on. Nothing typed is ever lost: what cannot be saved is shown again."""
    standing = held_standing(short_name)
    if standing is None:
        kept = _("Sidan behöver din kod igen. Ditt svar finns kvar. Skriv koden för att fortsätta.")
        pending = pending_of_form(question_id)
        return show_code_page(round_facts(short_name), notice=kept, pending=pending, status=403)
    journey = journey_of(*standing)
    found = _find(journey, question_id)
    typed, seen = _typed(found), request.form.get("seen", "")
    if not csrf.passed():
        again = _("Sidan hade varit öppen länge. Ditt svar är kvar. Tryck på Nästa en gång till.")
        return _show(journey, found, Shown(typed, seen, notice=again, asked=True, status=400))
    fault = _fault(found, typed) if typed is not None else ""
    if fault:
        return _show(journey, found, Shown(typed, seen, fault=fault, status=422))
    try:
        return _picked(journey, found, typed, seen) or _save(journey, found, typed, seen)
    except TwoVersions as versions:
        return _show_versions(journey, found, versions)


def _save(journey: Journey, question: Question, typed: Answer | None, seen: str) -> Response | tuple[str, int]:
    short_name, wish = journey.round.short_name, request.form.get("do", "")
    draft = journey.draft
    if typed is not None or wish == "clear" or question.kind == "text":
        draft = save_answer(journey, question.id, None if wish == "clear" else typed, seen)
    if wish == "pause":
        return pause(short_name)
    if preferences.is_switch() or wish == "clear":
        back = "granska" if from_review() else None
        here = url_for("respondent.question", short_name=short_name, question_id=question.id, back=back)
        return redirect(here, code=303)
    told = wish == "skip" or "asked" in request.form or _skipped_before(journey, question)
    if typed is None and question.kind == "choice" and not told:
        notice = _("Du har inte svarat på frågan. Du får hoppa över den.")
        return _show(journey, question, Shown(None, seen, notice=notice, asked=True))
    if from_review():
        return redirect(journey.step(None), code=303)
    return redirect(journey.step(journey.following(question, draft.answers)), code=303)


def _show_versions(journey: Journey, question: Question, versions: TwoVersions) -> tuple[str, int]:
    lang = preferences.language()

    def words(one: Answer | None) -> str:
        if one is None:
            return _("Inget svar")
        return question.scale.label(int(one), lang, journey.face) if question.scale else str(one)

    made = render_template(
        "respondent/two_versions.html",
        round=journey.round,
        question=question,
        text=question.text(lang, journey.face),
        theirs=versions.theirs,
        theirs_words=words(versions.theirs),
        mine="" if versions.mine is None else versions.mine,
        mine_words=words(versions.mine),
        seen=mark_of(versions.theirs),
        from_review=from_review(),
    )
    return made, 409
