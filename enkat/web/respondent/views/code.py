"""The code page: from the code in the letter to the questions."""

from dataclasses import dataclass, replace

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from enkat.instruments.routing import accepts
from enkat.services.ballots.code_entry import CodeRefused, Entry, EntryState, enter_code
from enkat.services.ballots.drafting import DraftConflictFault, DraftContent, load_draft, save_draft
from enkat.services.ballots.rounds import Window
from enkat.services.ballots.standing import compiled_instrument
from enkat.services.faults import BusyFault, Fault
from enkat.web import context
from enkat.web.respondent import preferences, wording
from enkat.web.respondent.blueprint import blueprint
from enkat.web.respondent.facts import RoundFacts, round_facts
from enkat.web.respondent.ready_pages import ready_page
from enkat.web.shared import answer_cookie, csrf
from enkat.web.shared.access import open_to_all
from enkat.web.shared.languages import gettext as _


@dataclass(frozen=True)
class Pending:
    """An answer that came when the browser had lost its code: it waits on the code page until the code is typed."""

    question: str = ""
    answer: str = ""


def show_code_page(
    facts: RoundFacts,
    *,
    typed: str = "",
    fault: str = "",
    notice: str = "",
    pending: Pending | None = None,
    status: int = 200,
) -> tuple[str, int]:
    """Return the code page."""
    made = render_template(
        "respondent/code.html",
        round=facts,
        typed=typed,
        fault=fault,
        notice=notice,
        pending=pending or Pending(),
    )
    return made, status


def pending_of_form(question: str = "") -> Pending:
    """Return the answer that the posted form carries beside the code, or that `question`'s own form held."""
    if question:
        return Pending(question, request.form.get("answer", ""))
    return Pending(request.form.get("pending_question", ""), request.form.get("pending_answer", ""))


@blueprint.get("/o/<short_name>")
@open_to_all
def code_page(short_name: str) -> str:
    """Ask for the code."""
    facts = round_facts(short_name)
    kept = _("Dina svar finns kvar. Skriv koden igen för att fortsätta.") if "kvar" in request.args else ""
    return ready_page((kept,), lambda: show_code_page(facts, notice=kept)[0])


@blueprint.post("/o/<short_name>")
@open_to_all
@csrf.answers_itself
def enter(short_name: str) -> Response | tuple[str, int]:
    """Try a code; a right one goes into the encrypted cookie and nowhere else."""
    facts = round_facts(short_name)
    typed, pending = request.form.get("code", ""), pending_of_form()
    if preferences.is_switch():
        return show_code_page(facts, typed=typed, pending=pending)
    if not csrf.passed():
        again = _("Sidan hade varit öppen länge. Tryck på Fortsätt en gång till.")
        return show_code_page(facts, typed=typed, notice=again, pending=pending, status=400)
    if not typed.strip():
        fault = _("Skriv koden från brevet.")
        return show_code_page(facts, fault=fault, pending=pending, status=422)
    try:
        entry = enter_code(
            context.session(),
            context.clock(),
            settings=context.settings(),
            secrets=context.secrets(),
            round_id=facts.id,
            typed=typed,
            address=request.remote_addr or "",
        )
    except CodeRefused as refused:
        # what may be a personnummer is not shown again either
        shown = "" if refused.kind == "personnummer" else typed
        return show_code_page(facts, typed=shown, fault=wording.code_fault(refused), pending=pending, status=422)
    except BusyFault:
        busy = _("Just nu är det många på sidan. Koden är kvar. Tryck på Fortsätt om en stund.")
        return show_code_page(facts, typed=typed, notice=busy, pending=pending, status=503)
    return _let_in(facts, entry, pending)


def _let_in(facts: RoundFacts, entry: Entry, pending: Pending) -> Response:
    places = {EntryState.OPEN: "about", EntryState.SENT: "received"}
    place = places.get(entry.state, "closed")
    address = url_for(f"respondent.{place}", short_name=facts.short_name)
    draft = DraftContent()
    if entry.state is EntryState.OPEN:
        draft = load_draft(context.session(), round_id=facts.id, keys=entry.keys)
        if pending.question and _save_pending(entry, draft, pending):
            address = url_for("respondent.question", short_name=facts.short_name, question_id=pending.question)
    response = redirect(address, code=303)
    answer_cookie.write(response, facts.id, entry.keys)
    if draft.version:
        preferences.remember(response, draft.language, draft.face)
    return response


def _save_pending(entry: Entry, draft: DraftContent, pending: Pending) -> bool:
    """Save the answer that waited, unless the question has one; tell whether it is saved."""
    instrument = compiled_instrument(context.session(), entry.snapshot_sha256)
    found = next((question for question in instrument.questions if question.id == pending.question), None)
    if found is None or pending.question in draft.answers:
        return False
    try:
        answer: int | str = pending.answer if found.kind == "text" else int(pending.answer)
    except ValueError:
        return False
    if not answer or not accepts(found, answer):
        return False
    kept = replace(draft, answers={**draft.answers, pending.question: answer})
    try:
        save_draft(context.session(), context.clock(), round_id=entry.round_id, keys=entry.keys, draft=kept)
    except (DraftConflictFault, Fault):
        return False
    return True


@blueprint.get("/o/<short_name>/stangd")
@open_to_all
def closed(short_name: str) -> Response | str:
    """Tell the holder of a code when the round closed, or when it opens."""
    facts = round_facts(short_name)
    held = answer_cookie.read()
    if held is None or held.round_id != facts.id or facts.window is Window.OPEN:
        return redirect(url_for("respondent.code_page", short_name=short_name), code=303)
    return render_template("respondent/closed.html", round=facts)
