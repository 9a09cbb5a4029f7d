"""The member of staff behind a request."""

from typing import TypeVar, cast

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from enkat.records.accounts import StaffSession
from enkat.services.accounts import sessions
from enkat.services.accounts.rights import Actor
from enkat.web import context
from enkat.web.security import cookie_name, delete_cookie, set_cookie

COOKIE = "enkat_staff"
AnyResponse = TypeVar("AnyResponse", bound=Response)


def current_token() -> str | None:
    """Return the token that the browser carries."""
    return request.cookies.get(cookie_name(COOKIE))


def current_login() -> StaffSession | None:
    """Return the request's login, with or without second factor."""
    if "enkat_login" not in g:
        token = current_token()
        g.enkat_login = (
            sessions.find_session(context.session(), context.clock(), context.settings(), token) if token else None
        )
    return cast("StaffSession | None", g.enkat_login)


def current_actor() -> Actor | None:
    """Return who acts; None unless logged in with a second factor."""
    if "enkat_actor" not in g:
        login = current_login()
        g.enkat_actor = sessions.actor_of(login.account) if login is not None and login.second_factor_at else None
    return cast("Actor | None", g.enkat_actor)


def require_actor() -> Actor:
    """Return who acts, in a view whose access rule has let somebody in."""
    actor = current_actor()
    if actor is None:
        raise RuntimeError("The view's access rule lets in people who are not logged in.")
    return actor


def remember(response: AnyResponse, token: str) -> AnyResponse:
    """Give the browser the token of a login."""
    set_cookie(response, COOKIE, token)
    g.pop("enkat_login", None)
    g.pop("enkat_actor", None)
    return response


def forget(response: AnyResponse) -> AnyResponse:
    """Take the login's token from the browser."""
    delete_cookie(response, COOKIE)
    g.pop("enkat_login", None)
    g.pop("enkat_actor", None)
    return response


def ask_to_log_in() -> Response:
    """Send the browser to the login page, and back afterwards."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("city.log_in", next=wanted))
