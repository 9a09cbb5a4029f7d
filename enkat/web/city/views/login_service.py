"""Logging in by the city's own login service (OpenID Connect): to it, and back with what it vouches for."""

from typing import cast

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from authlib.integrations.flask_client.apps import FlaskOAuth2App
from flask import Flask, abort, current_app, flash, redirect, session, url_for
from flask_babel import gettext as _
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from enkat.services.accounts import federated, managing
from enkat.services.accounts.login_service import LoginService, read_login_service
from enkat.services.faults import Fault
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.views.login import next_page
from enkat.web.shared import login
from enkat.web.shared.access import logged_in, open_to_all

_CLIENT = "enkat.login_client"
_PURPOSE = "login_service"
_SECONDS = 10


def init_app(app: Flask) -> None:
    """Make the app a client of the login service that its settings name, if any."""
    settings, secrets = app.extensions["enkat.settings"], app.extensions["enkat.secrets"]
    if settings.login_service_file is None:
        return
    service = read_login_service(settings.login_service_file)
    app.extensions[_CLIENT] = OAuth(app).register(  # type: ignore[no-untyped-call]
        "login_service",
        client_id=service.client_id,
        client_secret=secrets.text("login_service"),
        server_metadata_url=f"{service.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": " ".join(service.scopes),
            "code_challenge_method": "S256",
            "default_timeout": _SECONDS,
        },
    )


@blueprint.get("/logga-in/tjanst")
@open_to_all
def log_in_by_service() -> Response:
    """Go to the login service."""
    return _leave({"next": next_page()}, url_for("city.log_in"))


@blueprint.get("/inbjudan/<token>/tjanst")
@open_to_all
def invitation_by_service(token: str) -> Response:
    """Go to the login service to accept an invitation without a password."""
    return _leave({"invitation": token}, url_for("city.invitation", token=token))


@blueprint.get("/mitt-konto/tjanst")
@logged_in
def own_account_couple() -> Response:
    """Go to the login service to couple one's account to it."""
    purpose = {"couple": str(login.require_actor().account_id)}
    return _leave(purpose, url_for("city.own_account"))


@blueprint.get("/logga-in/tjanst/svar")
@open_to_all
def log_in_service_answer() -> Response:
    """Take the login service's answer."""
    client, service = _client_and_service()
    purpose: dict[str, str] = session.pop(_PURPOSE, {})
    try:
        claims = client.authorize_access_token().get("userinfo") or {}
        return _use(federated.Vouched(service, claims), purpose)
    except (OAuthError, JoseError, ValueError):
        flash(_("Inloggningen hos %(name)s blev inte klar. Börja om.", name=service.name), "warning")
    except requests.RequestException:
        flash(_unreachable(service), "warning")
    except Fault as fault:
        flash(fault.sentence, "warning")
    return redirect(url_for("city.own_account" if "couple" in purpose else "city.log_in"))


def _client_and_service() -> tuple[FlaskOAuth2App, LoginService]:
    service = context.login_service()
    if service is None:
        abort(404)
    return cast("FlaskOAuth2App", current_app.extensions[_CLIENT]), service


def _leave(purpose: dict[str, str], otherwise: str) -> Response:
    client, service = _client_and_service()
    session[_PURPOSE] = purpose
    answer_here = f"{context.settings().public_url.rstrip('/')}{url_for('city.log_in_service_answer')}"
    try:
        return client.authorize_redirect(answer_here)
    except requests.RequestException:
        flash(_unreachable(service), "warning")
        return redirect(otherwise)


def _unreachable(service: LoginService) -> str:
    text: str = _("%(name)s svarar inte. Försök igen om en stund, eller logga in med lösenord.", name=service.name)
    return text


def _use(vouched: federated.Vouched, purpose: dict[str, str]) -> Response:
    database, clock = context.session(), context.clock()
    if "couple" in purpose:
        actor = login.current_actor()
        if actor is None or str(actor.account_id) != purpose["couple"]:
            abort(403)
        federated.couple(database, clock, vouched, managing.find_account(database, actor.account_id))
        flash(_("Nu kan du logga in med %(name)s.", name=vouched.service.name), "good")
        return redirect(url_for("city.own_account"))
    if "invitation" in purpose:
        federated.accept_invitation(database, clock, vouched, purpose["invitation"])
    token = federated.log_in_by_claims(database, clock, vouched)
    return login.remember(redirect(purpose.get("next") or url_for("city.start")), token)
