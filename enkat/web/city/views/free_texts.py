"""Free texts before the named reader: one at a time, masked, released or held back."""

import binascii

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from enkat.records.answers import FreeTextState
from enkat.services.accounts.rights import Right
from enkat.services.faults import ConflictFault, Fault
from enkat.services.free_texts.screening import decide, next_text, readings, worrying_texts
from enkat.services.rounds.finding import get_round_by_name
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.free_texts import ScreeningForm
from enkat.web.shared.access import requires
from enkat.web.shared.login import require_actor


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Fritext"), url_for("city.free_texts"))]


@blueprint.get("/fritext")
@requires(Right.READ_FREE_TEXTS)
def free_texts() -> str:
    """Show which rounds have texts to read."""
    return render_template("city/counting/free_texts.html", readings=readings(context.session()))


@blueprint.route("/fritext/<short_name>", methods=["GET", "POST"])
@requires(Right.READ_FREE_TEXTS)
def free_texts_round(short_name: str) -> str | Response:
    """Show the next text and take the reader's decision."""
    session = context.session()
    survey_round = get_round_by_name(session, short_name)
    form = ScreeningForm()
    if form.validate_on_submit():
        try:
            decide(
                session,
                context.clock(),
                round_id=survey_round.id,
                text_id=_identity(form.text_id.data),
                state=FreeTextState(form.state.data),
                masked=form.masked.data or "",
                account_id=require_actor().account_id,
            )
            return redirect(url_for("city.free_texts_round", short_name=short_name))
        except ConflictFault as fault:
            flash(fault.sentence, "warning")
            return redirect(url_for("city.free_texts_round", short_name=short_name))
        except Fault as fault:
            target = form[fault.field or "masked"]
            target.errors = [*target.errors, fault.sentence]
    text = next_text(session, survey_round.id)
    if text is not None and not form.is_submitted():
        form.text_id.data, form.masked.data = text.id.hex(), text.suggestion
    return render_template(
        "city/counting/free_text.html",
        round=survey_round,
        text=text,
        form=form,
        worrying=worrying_texts(session, survey_round.id),
        breadcrumbs=_crumbs(),
    )


def _identity(text: str | None) -> bytes:
    try:
        return bytes.fromhex(text or "")
    except (ValueError, binascii.Error):
        abort(400)
