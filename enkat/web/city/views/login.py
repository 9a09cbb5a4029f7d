"""Logging in and out: password, second factor, recovery code, and coupling an app the first time."""

from urllib.parse import urlsplit

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from enkat.records.accounts import StaffSession
from enkat.services.accounts import login as logging_in
from enkat.services.accounts import second_factor, sessions
from enkat.services.audit.recording import record
from enkat.services.faults import Fault
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.login import CodeForm, LoginForm, RecoveryForm
from enkat.web.shared import login
from enkat.web.shared.access import logged_in, open_to_all
from enkat.web.shared.form_faults import tell


def _address() -> str:
    return request.remote_addr or ""


def next_page() -> str:
    """Return the page that was asked for before the login; never one of another site."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    inside = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return wanted if inside else url_for("city.start")


def _half_login() -> StaffSession | None:
    """Return the login that waits for its second factor."""
    found = login.current_login()
    return found if found is not None and found.second_factor_at is None else None


@blueprint.route("/logga-in", methods=["GET", "POST"])
@open_to_all
def log_in() -> str | Response:
    """Ask for e-mail address and password."""
    if login.current_actor() is not None:
        return redirect(next_page())
    form = LoginForm()
    if form.validate_on_submit():
        try:
            token = logging_in.log_in(
                context.session(),
                context.clock(),
                context.secrets(),
                email=form.email.data or "",
                password=form.password.data or "",
                address=_address(),
            )
        except Fault as fault:
            tell(form, fault)
        else:
            return login.remember(redirect(url_for("city.log_in_code", next=request.args.get("next"))), token)
    return render_template("city/login/password.html", form=form, service=context.login_service())


@blueprint.route("/logga-in/kod", methods=["GET", "POST"])
@open_to_all
def log_in_code() -> str | Response:
    """Ask for the code of the app."""
    half = _half_login()
    if half is None:
        return redirect(url_for("city.log_in", next=request.args.get("next")))
    if not half.account.totp_confirmed:
        return redirect(url_for("city.add_second_factor", next=request.args.get("next")))
    return _ask_for_code(half, CodeForm(), recovery=False)


@blueprint.route("/logga-in/reservkod", methods=["GET", "POST"])
@open_to_all
def log_in_recovery() -> str | Response:
    """Ask for a printed recovery code instead."""
    half = _half_login()
    if half is None or not half.account.totp_confirmed:
        return redirect(url_for("city.log_in", next=request.args.get("next")))
    return _ask_for_code(half, RecoveryForm(), recovery=True)


def _ask_for_code(half: StaffSession, form: CodeForm | RecoveryForm, *, recovery: bool) -> str | Response:
    if form.validate_on_submit():
        try:
            token = logging_in.give_second_factor(
                context.session(),
                context.clock(),
                context.secrets(),
                half,
                typed=form.code.data or "",
                address=_address(),
                recovery=recovery,
            )
        except Fault as fault:
            tell(form, fault)
        else:
            return login.remember(redirect(next_page()), token)
    return render_template("city/login/recovery.html" if recovery else "city/login/code.html", form=form)


@blueprint.route("/logga-in/koppla-app", methods=["GET", "POST"])
@open_to_all
def add_second_factor() -> str | Response:
    """Couple an app for one-time codes, then show the recovery codes once."""
    half = _half_login()
    if half is None:
        return redirect(url_for("city.log_in", next=request.args.get("next")))
    account = half.account
    if account.totp_confirmed:
        return redirect(url_for("city.log_in_code", next=request.args.get("next")))
    session, clock, secrets = context.session(), context.clock(), context.secrets()
    secret = second_factor.begin_setup(session, secrets, account)
    form = CodeForm()
    if form.validate_on_submit():
        try:
            codes = second_factor.confirm(session, clock, secrets, account, form.code.data or "")
        except Fault as fault:
            tell(form, fault)
        else:
            token = logging_in.complete(session, clock, half, how="totp")
            page = render_template("city/login/recovery_codes.html", codes=codes, onward=next_page())
            return login.remember(Response(page, mimetype="text/html"), token)
    address = second_factor.address_for_app(secret, account, f"enkat {context.settings().city_name}")
    picture = second_factor.as_picture(address)
    return render_template("city/login/couple.html", form=form, picture=picture, secret=secret)


@blueprint.post("/logga-ut")
@logged_in
def log_out() -> Response:
    """End this login."""
    actor, token = login.require_actor(), login.current_token()
    if token is None:
        abort(403)
    session = context.session()
    sessions.end_session(session, token)
    record(
        session, context.clock(), account_id=actor.account_id, action="logout", subject=f"account:{actor.account_id}"
    )
    return login.forget(redirect(url_for("city.log_in")))
