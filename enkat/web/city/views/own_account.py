"""One's own account: password, recovery codes, where one is logged in; and the invitation's page."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from enkat.services.accounts import federated, invitation_links, inviting, listing, managing, second_factor, sessions
from enkat.services.faults import Fault
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.login import ChangePasswordForm, CodeForm, NewPasswordForm
from enkat.web.shared import login
from enkat.web.shared.access import logged_in, open_to_all
from enkat.web.shared.form_faults import tell


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Mitt konto"), url_for("city.own_account"))]


@blueprint.get("/mitt-konto")
@logged_in
def own_account() -> str:
    """Show one's own account and logins."""
    session = context.session()
    found = managing.find_account(session, login.require_actor().account_id)
    logins = sessions.sessions_of(session, context.clock(), context.settings(), found.id)
    present = login.current_login()
    service = context.login_service()
    return render_template(
        "city/own_account/account.html",
        account=found,
        grants=listing.grants_of(session, found),
        hints=listing.ROLE_HINTS,
        role_text=listing.role_text,
        service=service,
        coupled=service is not None and federated.is_coupled(session, service, found.id),
        codes_left=second_factor.recovery_codes_left(session, found.id),
        logins=[(one, sessions.mark_of(one), present is not None and one.digest == present.digest) for one in logins],
    )


@blueprint.post("/mitt-konto/avsluta")
@logged_in
def own_account_end_login() -> Response:
    """End one of one's logins elsewhere."""
    ended = sessions.end_own_session(context.session(), login.require_actor().account_id, request.form.get("login", ""))
    flash(_("Inloggningen är avslutad.") if ended else _("Inloggningen var redan avslutad."), "good")
    return redirect(url_for("city.own_account"))


@blueprint.route("/mitt-konto/losenord", methods=["GET", "POST"])
@logged_in
def own_account_password() -> str | Response:
    """Change one's password."""
    session = context.session()
    form = ChangePasswordForm()
    if form.validate_on_submit():
        found = managing.find_account(session, login.require_actor().account_id)
        try:
            managing.change_password(
                session,
                context.clock(),
                found,
                login.current_token() or "",
                present=form.present.data or "",
                new=form.password.data or "",
            )
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("Lösenordet är bytt. Dina andra inloggningar är avslutade."), "good")
            return redirect(url_for("city.own_account"))
    return render_template("city/own_account/password.html", form=form, breadcrumbs=_crumbs())


@blueprint.route("/mitt-konto/reservkoder", methods=["GET", "POST"])
@logged_in
def own_account_recovery_codes() -> str | Response:
    """Make new recovery codes, after a code of the app."""
    session, clock = context.session(), context.clock()
    form = CodeForm()
    if form.validate_on_submit():
        found = managing.find_account(session, login.require_actor().account_id)
        if second_factor.check_code(session, clock, context.secrets(), found, form.code.data or ""):
            codes = second_factor.renew_recovery_codes(session, clock, found)
            onward = url_for("city.own_account")
            return render_template("city/login/recovery_codes.html", codes=codes, onward=onward)
        tell(form, Fault(_("Koden stämmer inte. Vänta tills appen visar en ny kod."), "code"))
    return render_template("city/own_account/recovery_codes.html", form=form, breadcrumbs=_crumbs())


@blueprint.route("/inbjudan/<token>", methods=["GET", "POST"])
@open_to_all
def invitation(token: str) -> str | Response:
    """Let an invited person choose a password; a link that has expired offers a new one to the same address."""
    session, clock = context.session(), context.clock()
    account = invitation_links.account_of(session, token)
    if invitation_links.has_expired(account, clock):
        return _expired(token)
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            inviting.accept(session, clock, token, form.password.data or "")
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("Lösenordet är sparat. Logga in med det."), "good")
            return redirect(url_for("city.log_in"))
    return render_template(
        "city/own_account/invitation.html", form=form, account=account, token=token, service=context.login_service()
    )


def _expired(token: str) -> str:
    sent = request.method == "POST"
    if sent:
        inviting.send_again(context.session(), context.clock(), context.settings(), token)
    return render_template("city/own_account/expired.html", sent=sent)
