"""The interview: what is read out first, one question per page, the end. Answers given are never shown again."""

from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from enkat.ballots.vocabulary import Helper, Respondent
from enkat.instruments.missing import Missing
from enkat.instruments.question import Question
from enkat.instruments.routing import accepts
from enkat.records.accounts import Role
from enkat.services.accounts.rights import Right
from enkat.services.ballots.standing import promises
from enkat.services.interviews.interviewing import finish
from enkat.web import context
from enkat.web.interviewer import held, wording
from enkat.web.interviewer.blueprint import blueprint, is_switch
from enkat.web.interviewer.interview import Interview, current, save, save_answer
from enkat.web.shared import csrf, languages
from enkat.web.shared.access import requires
from enkat.web.shared.languages import first_of
from enkat.web.shared.languages import gettext as _
from enkat.web.shared.login import require_actor

WILL_NOT_SAY = Missing.WILL_NOT_SAY.value
_WILL_NOT_SAY_KEY = 9


@dataclass(frozen=True)
class Shown:
    """What a question's page shows beside the question: never the saved answer, only what was just typed."""

    typed: int | str | None = None
    notice: str = ""
    fault: str = ""
    status: int = 200


def _before(interview: Interview, *, fault: str = "", status: int = 200) -> tuple[str, int]:
    at, told = promises(context.session(), interview.begun.round_id, languages.selected_language())
    sentences = [*told.get("promise", []), *told.get("helped", [])]
    made = render_template(
        "interviewer/before.html",
        interview=interview,
        about=wording.about(interview.standing.service, interview.standing.unit_name),
        promise=[first_of({at: one}) for one in sentences],
        who=wording.who_answers(),
        helpers=wording.helpers(interview.standing.service),
        staff_may_help=interview.standing.round.staff_may_help,
        chosen=request.form.get("who", ""),
        chosen_helper=request.form.get("helper", ""),
        fault=fault,
    )
    return made, status


@blueprint.get("/fore")
@requires(Right.INTERVIEW)
def before() -> tuple[str, int]:
    """Show what is read out before the first question, and ask who answers."""
    return _before(current())


@blueprint.post("/fore")
@requires(Right.INTERVIEW)
def begin_questions() -> Response | tuple[str, int]:
    """Save who answers and who helps."""
    interview = current()
    who = next((one for one in Respondent if one == request.form.get("who")), None)
    helper = next((one for one in Helper if one == request.form.get("helper")), Helper.NONE)
    if is_switch():
        return _before(interview)
    if who is None:
        return _before(interview, fault=_("Välj vem som svarar."), status=422)
    if who is Respondent.SELF:
        asks_by_booking = Role.ASSISTANT in require_actor().roles()
        who, helper = (Respondent.SELF_HELPED, Helper.ASSISTANT) if asks_by_booking else (who, Helper.NONE)
    save(interview, respondent=who, helper=helper)
    return redirect(current().after(None, interview.draft.answers), code=303)


def _find(interview: Interview, question_id: str) -> Question:
    found = next((question for question in interview.questions if question.id == question_id), None)
    if found is None:
        if all(question.id != question_id for question in interview.instrument.questions):
            abort(404)
        abort(redirect(interview.after(None, interview.draft.answers), code=303))
    return found


def _options(interview: Interview, question: Question) -> list[tuple[int, int, str, str]]:
    """Return the answers: the key that chooses each, its code, label and the label's language."""
    if question.scale is None:
        return []
    lang = languages.selected_language()
    labels = [(option.code, option.label(lang, interview.face)) for option in question.scale.options]
    found = [(number, code, str(label), label.lang) for number, (code, label) in enumerate(labels, 1)]
    if WILL_NOT_SAY not in question.scale.codes:
        found.append((_WILL_NOT_SAY_KEY, WILL_NOT_SAY, _("Vill inte svara"), lang))
    return found


def _show(interview: Interview, question: Question, shown: Shown) -> tuple[str, int]:
    lang, place = languages.selected_language(), interview.questions.index(question)
    presumed = interview.is_presumed(question)
    made = render_template(
        "interviewer/question.html",
        interview=interview,
        question=question,
        text=question.text(lang, interview.face),
        hint=question.hint(lang),
        options=_options(interview, question),
        presumed=presumed,
        probe=wording.probe(question, presumed=presumed),
        shown=shown,
        number=place + 1,
        total=len(interview.questions),
        back=interview.before(question),
    )
    return made, shown.status


@blueprint.get("/fraga/<question_id>")
@requires(Right.INTERVIEW)
def question(question_id: str) -> tuple[str, int]:
    """Ask a question; what was answered to it before is not shown."""
    interview = current()
    return _show(interview, _find(interview, question_id), Shown())


def _typed(question: Question) -> int | str | None:
    text = request.form.get("answer", "")
    if question.kind == "text":
        return text.replace("\r\n", "\n").strip() or None
    try:
        return int(text)
    except ValueError:
        return None


def _fault(question: Question, typed: int | str) -> str:
    if accepts(question, typed) or (question.scale is not None and typed == WILL_NOT_SAY):
        return ""
    if isinstance(typed, str):
        return str(_("Texten är för lång. Korta den till %(most)s tecken.", most=question.max_length))
    return str(_("Välj ett av svaren."))


@blueprint.post("/fraga/<question_id>")
@requires(Right.INTERVIEW)
@csrf.answers_itself
def answer(question_id: str) -> Response | tuple[str, int]:
    """Save an answer and go on."""
    interview = current()
    asked, wish = _find(interview, question_id), request.form.get("do", "")
    typed = _typed(asked)
    if not csrf.passed():
        again = _("Sidan hade varit öppen länge. Tryck på Nästa en gång till.")
        return _show(interview, asked, Shown(typed, notice=again, status=400))
    if is_switch():
        return _show(interview, asked, Shown(typed))
    if wish == "repeat":
        labels = [label for _key, _code, label, _lang in _options(interview, asked)]
        text = asked.text(languages.selected_language(), interview.face)
        return _show(interview, asked, Shown(typed, notice=wording.read_again(text, labels[:-1]) if labels else text))
    if wish == "skip":
        draft = save_answer(interview, asked, None)
        return redirect(interview.after(asked, draft.answers), code=303)
    fault = _fault(asked, typed) if typed is not None else ""
    if fault:
        return _show(interview, asked, Shown(typed, fault=fault, status=422))
    if typed is None and asked.kind == "choice" and asked.id not in interview.draft.answers:
        notice = _("Inget svar är valt. Välj ett, eller tryck på Hoppa över.")
        return _show(interview, asked, Shown(notice=notice))
    draft = interview.draft if typed is None else save_answer(interview, asked, typed)
    return redirect(interview.after(asked, draft.answers), code=303)


@blueprint.get("/slut")
@requires(Right.INTERVIEW)
def end() -> str:
    """Say how many questions were answered, never how; offer to send."""
    interview = current()
    answers = [interview.draft.answers.get(question.id) for question in interview.questions]
    return render_template(
        "interviewer/end.html",
        interview=interview,
        answered=sum(answer is not None and answer != WILL_NOT_SAY for answer in answers),
        unsaid=answers.count(WILL_NOT_SAY),
        skipped=answers.count(None),
        back=interview.before(None),
    )


@blueprint.post("/slut")
@requires(Right.INTERVIEW)
def send_interview() -> Response:
    """Send the answer into the box; afterwards nothing leads back to it."""
    interview = current()
    if is_switch():
        return redirect(url_for("interviewer.end"), code=303)
    save(interview)
    finish(
        context.session(),
        context.clock(),
        require_actor(),
        interview.booking_id,
        begun=interview.begun,
        draft=current().draft,
    )
    response = redirect(url_for("interviewer.done"), code=303)
    held.write(response, held.Held(interview.booking_id, None, interview.tablet))
    return response


@blueprint.get("/klart")
@requires(Right.INTERVIEW)
def done() -> str | Response:
    """Thank, and offer to begin with somebody else."""
    found = held.read()
    if found is None or found.begun is not None:
        return redirect(url_for("interviewer.start"), code=303)
    return render_template("interviewer/done.html", tablet=found.tablet)
