"""Whom to call: the open rounds, each one's list, one person, and what came of it."""

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from enkat.languages import LANGUAGES
from enkat.records.accounts import Role
from enkat.records.calls import BookingRow, CallOutcome, Wish
from enkat.services.accounts.rights import Right
from enkat.services.ballots.rounds import open_rounds
from enkat.services.faults import Fault
from enkat.services.interviews.calling import call_list, due_today, find_call, note_outcome
from enkat.services.interviews.interviewing import begin
from enkat.services.rounds.finding import get_round_by_name
from enkat.web import context
from enkat.web.interviewer import held
from enkat.web.interviewer.blueprint import blueprint
from enkat.web.interviewer.forms.calls import OutcomeForm
from enkat.web.security import set_cookie
from enkat.web.shared import languages
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell
from enkat.web.shared.languages import gettext as _
from enkat.web.shared.login import require_actor

_ONLY_ASKING = frozenset({Role.INTERVIEWER, Role.ASSISTANT})


def _stay_in_interview() -> None:
    """Lead back to the interview that this browser is in: whoever holds a tablet sees no list."""
    found = held.read()
    if found is not None and (found.begun is not None or found.tablet):
        where = "interviewer.done" if found.begun is None else "interviewer.before"
        abort(redirect(url_for(where), code=303))


@blueprint.get("/")
@requires(Right.INTERVIEW)
def start() -> str:
    """List the open rounds."""
    _stay_in_interview()
    return render_template("interviewer/start.html", rounds=open_rounds(context.session(), context.clock()))


@blueprint.get("/<short_name>/lista")
@requires(Right.INTERVIEW)
def calls(short_name: str) -> str:
    """Show whom to ask in a round."""
    _stay_in_interview()
    session, language = context.session(), request.args.get("sprak", "")
    round_ = get_round_by_name(session, short_name)
    found = call_list(session, context.clock(), require_actor(), round_.id)
    spoken = sorted({row.booking.language for row in found})
    return render_template(
        "interviewer/list.html",
        round=round_,
        found=[row for row in found if language in {"", row.booking.language}],
        spoken=[(code, LANGUAGES[code].swedish_name) for code in spoken if code in LANGUAGES],
        chosen=language,
        languages=LANGUAGES,
        is_due=lambda row: due_today(context.clock(), row),
        breadcrumbs=[(_("Intervjuer"), url_for("interviewer.start"))],
    )


def _row(key: str) -> BookingRow:
    try:
        booking_id = bytes.fromhex(key)
    except ValueError:
        abort(404)
    return find_call(context.session(), require_actor(), booking_id)


def _may_lend() -> bool:
    """Whether the account can do nothing but ask, so that a tablet may be handed over with it."""
    return require_actor().roles() <= _ONLY_ASKING


@blueprint.route("/<short_name>/samtal/<key>", methods=["GET", "POST"])
@requires(Right.INTERVIEW)
def call(short_name: str, key: str) -> str | Response:
    """Show whom to call, and note what came of it."""
    _stay_in_interview()
    row, form, round_ = _row(key), OutcomeForm(), get_round_by_name(context.session(), short_name)
    here = url_for("interviewer.calls", short_name=short_name)
    if form.validate_on_submit():
        try:
            note_outcome(
                context.session(),
                context.clock(),
                require_actor(),
                row.booking.id,
                CallOutcome(form.outcome.data),
                call_on=form.call_on.data,
                call_from=form.call_from.data or "",
                call_to=form.call_to.data or "",
            )
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("Det är noterat."), "good")
            return redirect(here, code=303)
    return render_template(
        "interviewer/call.html",
        round=round_,
        row=row,
        form=form,
        language=LANGUAGES.get(row.booking.language),
        visit=row.booking.wish is Wish.VISIT,
        may_lend=_may_lend(),
        breadcrumbs=[(_("Intervjuer"), url_for("interviewer.start")), (round_.title, here)],
    )


@blueprint.post("/<short_name>/samtal/<key>/borja")
@requires(Right.INTERVIEW)
def begin_interview(short_name: str, key: str) -> Response:
    """Begin: a fresh code is made and never shown."""
    _stay_in_interview()
    row, tablet = _row(key), request.form.get("tablet") == "1"
    here = url_for("interviewer.call", short_name=short_name, key=key)
    if tablet and not _may_lend():
        flash(_("Logga in med ett konto som bara får fråga, innan du lämnar ifrån dig surfplattan."), "warning")
        return redirect(here, code=303)
    try:
        begun = begin(context.session(), context.clock(), context.secrets(), require_actor(), row.booking.id)
    except Fault as fault:
        flash(fault.sentence, "warning")
        return redirect(here, code=303)
    response = redirect(url_for("interviewer.before"), code=303)
    held.write(response, held.Held(row.booking.id, begun, tablet))
    if begun.language in LANGUAGES:
        set_cookie(response, languages.COOKIE, begun.language)
    return response
