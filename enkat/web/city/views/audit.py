"""The log: who did what, filtered and searched, and the check that nobody changed it."""

from flask import render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from enkat.services.accounts.rights import Right
from enkat.services.audit import reading
from enkat.web import context
from enkat.web.city.action_words import action_words, subject_words
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.audit import LogFilterForm
from enkat.web.shared.access import requires
from enkat.web.shared.paging import PAGE_SIZE, Page, page_number


@blueprint.get("/logg")
@requires(Right.SEE_AUDIT)
def audit_log() -> str:
    """Show the log, the newest entries first."""
    session = context.session()
    form = LogFilterForm(request.args)
    kinds = sorted(((name, action_words(name)) for name in reading.actions(session)), key=lambda pair: pair[1])
    form.action.choices = [SelectChoice("", _("Alla")), *(SelectChoice(name, words) for name, words in kinds)]
    form.validate()
    wanted = reading.LogFilter(
        text=(form.q.data or "").strip(),
        action=form.action.data or "",
        first_day=form.first_day.data,
        last_day=form.last_day.data,
    )
    rows, total = reading.read_log(session, wanted, page=page_number(), size=PAGE_SIZE)
    return render_template(
        "city/audit/log.html",
        form=form,
        page=Page(rows, page_number(), total),
        action_words=action_words,
        subject_words=subject_words,
    )


@blueprint.get("/logg/kontroll")
@requires(Right.SEE_AUDIT)
def audit_verify() -> str:
    """Check the log's chain and tell."""
    checked = reading.verify(context.session())
    crumbs = [(_("Logg"), url_for("city.audit_log"))]
    return render_template("city/audit/verify.html", checked=checked, breadcrumbs=crumbs)
