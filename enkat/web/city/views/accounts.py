"""Accounts: who may do what. Invite, give and take roles, close, invite anew."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from enkat.clock import today
from enkat.records.accounts import AccountState, Role
from enkat.services.accounts import listing, managing, second_factor
from enkat.services.accounts.rights import Right
from enkat.services.accounts.scopes import places
from enkat.services.faults import Fault
from enkat.services.interviews.profiles import profile_of
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.accounts import AccountForm, RoleForm
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell
from enkat.web.shared.login import require_actor

STATES = {
    AccountState.ACTIVE: ("Öppet", "good"),
    AccountState.INVITED: ("Inbjuden", "info"),
    AccountState.CLOSED: ("Stängt", "neutral"),
}


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Konton"), url_for("city.accounts"))]


@blueprint.get("/konton")
@requires(Right.MANAGE_ACCOUNTS)
def accounts() -> str:
    """List everybody."""
    text = request.args.get("q", "")
    found = listing.all_accounts(context.session(), text)
    return render_template(
        "city/accounts/list.html", found=found, text=text, states=STATES, role_text=listing.role_text
    )


@blueprint.route("/konton/nytt", methods=["GET", "POST"])
@requires(Right.MANAGE_ACCOUNTS)
def account_new() -> str | Response:
    """Invite somebody."""
    session = context.session()
    form = AccountForm()
    form.offer_places(places(session, today(context.clock())))
    if form.validate_on_submit():
        try:
            account = managing.create_account(
                session,
                context.clock(),
                context.settings(),
                email=form.email.data or "",
                name=form.name.data or "",
                grants=[form.grant()],
                by=require_actor().account_id,
            )
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("Inbjudan skickas till %(email)s.", email=account.email), "good")
            return redirect(url_for("city.account", account_id=account.id))
    return render_template("city/accounts/new.html", form=form, breadcrumbs=_crumbs())


@blueprint.get("/konton/<int:account_id>")
@requires(Right.MANAGE_ACCOUNTS)
def account(account_id: int) -> str:
    """Show one account."""
    session = context.session()
    found = managing.find_account(session, account_id)
    return render_template(
        "city/accounts/account.html",
        account=found,
        grants=(held := listing.grants_of(session, found)),
        asks=any(grant.role in {Role.INTERVIEWER, Role.ASSISTANT} for grant in held),
        employer=profile_of(session, account_id),
        codes_left=second_factor.recovery_codes_left(session, account_id),
        state=STATES[found.state],
        role_text=listing.role_text,
        is_own=account_id == require_actor().account_id,
        breadcrumbs=_crumbs(),
    )


@blueprint.route("/konton/<int:account_id>/roll", methods=["GET", "POST"])
@requires(Right.MANAGE_ACCOUNTS)
def account_role(account_id: int) -> str | Response:
    """Give a role."""
    session = context.session()
    found = managing.find_account(session, account_id)
    form = RoleForm()
    form.offer_places(places(session, today(context.clock())))
    here = url_for("city.account", account_id=account_id)
    if form.validate_on_submit():
        try:
            managing.grant_role(session, context.clock(), account_id, form.grant(), by=require_actor().account_id)
        except Fault as fault:
            tell(form, fault)
        else:
            flash(_("Kontot har fått rollen."), "good")
            return redirect(here)
    crumbs = [*_crumbs(), (found.name, here)]
    return render_template("city/accounts/role.html", form=form, account=found, breadcrumbs=crumbs)


@blueprint.post("/konton/<int:account_id>/roll/<int:grant_id>/ta-bort")
@requires(Right.MANAGE_ACCOUNTS)
def account_role_revoke(account_id: int, grant_id: int) -> Response:
    """Take a role."""
    managing.revoke_role(context.session(), context.clock(), account_id, grant_id, by=require_actor().account_id)
    flash(_("Rollen är borttagen."), "good")
    return redirect(url_for("city.account", account_id=account_id))


@blueprint.route("/konton/<int:account_id>/stang", methods=["GET", "POST"])
@requires(Right.MANAGE_ACCOUNTS)
def account_close(account_id: int) -> str | Response:
    """Close an account, after asking."""
    session = context.session()
    here = url_for("city.account", account_id=account_id)
    if request.method == "POST":
        managing.close_account(session, context.clock(), account_id, by=require_actor().account_id)
        flash(_("Kontot är stängt och alla inloggningar är avslutade."), "good")
        return redirect(here)
    found = managing.find_account(session, account_id)
    crumbs = [*_crumbs(), (found.name, here)]
    return render_template("city/accounts/close.html", account=found, breadcrumbs=crumbs)


@blueprint.route("/konton/<int:account_id>/bjud-in", methods=["GET", "POST"])
@requires(Right.MANAGE_ACCOUNTS)
def account_invite(account_id: int) -> str | Response:
    """Invite anew, after saying what is forgotten."""
    session = context.session()
    here = url_for("city.account", account_id=account_id)
    if request.method == "POST":
        managing.invite_again(session, context.clock(), context.settings(), account_id, by=require_actor().account_id)
        flash(_("En ny inbjudan skickas."), "good")
        return redirect(here)
    found = managing.find_account(session, account_id)
    crumbs = [*_crumbs(), (found.name, here)]
    return render_template("city/accounts/invite.html", account=found, breadcrumbs=crumbs)
