"""Headers and cookies of every answer, and the check of where an unsafe request came from."""

from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as BaseResponse

from enkat.web import context

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; connect-src 'self'"
)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class _Sessions(SecureCookieSessionInterface):
    """Flask's sessions, which only staff have: a browser without that cookie costs no keys and no signatures."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the request's session; an empty one where the browser carries none."""
        carried = self.get_cookie_name(app) in request.cookies
        return super().open_session(app, request) if carried else self.session_class()


def _set_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    if context.settings().https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response


def _refuse_other_origins() -> None:
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        abort(403)
    origin = request.headers.get("Origin")
    if origin not in {None, "null"} and urlsplit(origin).netloc != request.host:
        abort(403)


def cookie_name(name: str) -> str:
    """Return the cookie's name; over https it is bound to this host."""
    return f"__Host-{name}" if context.settings().https else name


def set_cookie(response: BaseResponse, name: str, value: str) -> None:
    """Set a cookie for the browser's session that no script reads and no other site sends."""
    response.set_cookie(
        cookie_name(name), value, path="/", httponly=True, samesite="Lax", secure=context.settings().https
    )


def delete_cookie(response: BaseResponse, name: str) -> None:
    """Delete the cookie."""
    response.delete_cookie(cookie_name(name), path="/", httponly=True, samesite="Lax", secure=context.settings().https)


def init_app(app: Flask) -> None:
    """Attach the checks and headers."""
    settings = app.extensions["enkat.settings"]
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    app.config.update(
        SESSION_COOKIE_NAME="__Host-enkat" if settings.https else "enkat",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )
    app.session_interface = _Sessions()
    app.before_request(_refuse_other_origins)
    app.after_request(_set_headers)
