"""Something worries whoever asks: the city's routine, and a note about the unit without the person."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from enkat.records.concerns import ConcernSource
from enkat.records.invitations import find_by_code
from enkat.services.accounts.rights import Right
from enkat.services.concerns.registering import register_concern
from enkat.services.faults import Fault
from enkat.web import context
from enkat.web.interviewer.blueprint import blueprint
from enkat.web.interviewer.forms.calls import ConcernForm
from enkat.web.interviewer.interview import Interview, current
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell
from enkat.web.shared.languages import gettext as _
from enkat.web.shared.login import require_actor


def _back(interview: Interview) -> str:
    """Return the address of the question that the page was opened from."""
    wanted = request.args.get("fraga", "")
    if any(question.id == wanted for question in interview.questions):
        return url_for("interviewer.question", question_id=wanted)
    return url_for("interviewer.before")


@blueprint.route("/oro", methods=["GET", "POST"])
@requires(Right.INTERVIEW)
def concern() -> str | Response:
    """Show the routine and note a concern."""
    interview, form = current(), ConcernForm()
    back, begun = _back(interview), interview.begun
    if form.validate_on_submit():
        invitation = find_by_code(context.session(), begun.round_id, begun.keys.lookup)
        try:
            register_concern(
                context.session(),
                context.clock(),
                round_id=begun.round_id,
                unit_id=invitation.unit_id if invitation else 0,
                source=ConcernSource.PHONE if interview.by_phone else ConcernSource.VISIT,
                description=form.description.data or "",
                account_id=require_actor().account_id,
            )
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("Oron är noterad. Den som ansvarar för lex Sarah får veta det."), "good")
            return redirect(back, code=303)
    routine = context.settings().concern_routine
    return render_template("interviewer/concern.html", interview=interview, form=form, routine=routine, back=back)
