"""Where somebody who asks works, so that nobody asks about an employer of their own."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from enkat.services.accounts import managing
from enkat.services.accounts.rights import Right
from enkat.services.faults import Fault
from enkat.services.interviews import profiles
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.calls import EmployerForm
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell
from enkat.web.shared.login import require_actor


@blueprint.route("/konton/<int:account_id>/arbetsgivare", methods=["GET", "POST"])
@requires(Right.MANAGE_ACCOUNTS)
def account_employer(account_id: int) -> str | Response:
    """Note the employer of an interviewer or assistant."""
    session, form = context.session(), EmployerForm()
    account = managing.find_account(session, account_id)
    form.offer(profiles.providers(session))
    here = url_for("city.account", account_id=account_id)
    if form.validate_on_submit():
        try:
            profiles.set_profile(
                session,
                context.clock(),
                account_id,
                organisation=form.organisation.data or "",
                provider_id=int(form.provider_id.data) if form.provider_id.data else None,
                by=require_actor().account_id,
            )
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("Arbetsgivaren är sparad."), "good")
            return redirect(here)
    elif request.method == "GET":
        profile = profiles.profile_of(session, account_id)
        if profile is not None:
            form.organisation.data, form.provider_id.data = profile.organisation, str(profile.provider_id or "")
    crumbs = [(_("Konton"), url_for("city.accounts")), (account.name, here)]
    return render_template("city/accounts/employer.html", form=form, account=account, breadcrumbs=crumbs)
