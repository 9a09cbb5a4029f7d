"""Tokens against forged forms, checked before every unsafe route.

Staff: Flask-WTF, bound to the login's session. Respondents: a token of our own that is bound to the code whose answers
the page shows, needs no session and never grows old, since somebody may rest for hours between two questions. Each
of these tokens is random, so nothing constant stands in a compressed page.

A view marked `answers_itself` shows its page again with what was typed when `passed()` is false; every other view is
not reached, and the person gets a page with a button that sends the same again.
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import Flask, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError, generate_csrf
from itsdangerous import BadSignature, Signer
from markupsafe import Markup

from enkat.web.extensions import csrf as staff_csrf
from enkat.web.security import SAFE_METHODS
from enkat.web.shared import answer_cookie
from enkat.web.shared.languages import gettext as _

FIELD = "csrf_token"
RESPONDENT = "respondent"
_MARK = "enkat_answers_csrf_itself"
_SALT = "enkat.respondent.csrf"
_NONCE_BYTES = 9
OPEN_TOKEN = secrets.token_hex(16)
"""Stands where a kept page's token goes; random, so that it stands nowhere else."""

View = TypeVar("View", bound=Callable[..., Any])


def answers_itself(view: View) -> View:
    """Mark a view that shows its page again, with everything kept, when the token was bad."""
    setattr(view, _MARK, True)
    return view


def passed() -> bool:
    """Whether the request's token was good."""
    return bool(g.get("enkat_csrf_passed", False))


def _signer() -> Signer:
    held = answer_cookie.read()
    binding = urlsafe_b64encode(held.keys.lookup).decode() if held else ""
    return Signer(current_app.config["SECRET_KEY"], salt=f"{_SALT}|{binding}", digest_method=hashlib.sha256)


def _is_respondents() -> bool:
    return request.blueprint in {RESPONDENT, None}


def token() -> str:
    """Return a fresh token for a form on this page."""
    if _is_respondents():
        return _signer().sign(secrets.token_urlsafe(_NONCE_BYTES)).decode()
    return str(generate_csrf())


@contextmanager
def token_left_open() -> Iterator[None]:
    """Let forms carry `OPEN_TOKEN` meanwhile, for a page that is kept and gets a token each time it is sent."""
    g.enkat_csrf_open = True
    try:
        yield
    finally:
        del g.enkat_csrf_open


def field() -> Markup:
    """Return the hidden field that every form with method post carries."""
    value = OPEN_TOKEN if "enkat_csrf_open" in g else token()
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, value)


def _is_good() -> bool:
    if not _is_respondents():
        try:
            staff_csrf.protect()
        except CSRFError:
            return False
        return True
    try:
        _signer().unsign(request.form.get(FIELD, ""))
    except BadSignature:
        return False
    return True


def retry_fields() -> list[tuple[str, str]]:
    """Return what was posted, for a form that sends it again; without the token, a typed code and files."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in {FIELD, "code"}]


def _check() -> Any:
    if request.method in SAFE_METHODS or request.endpoint is None:
        return None
    g.enkat_csrf_passed = _is_good()
    view = current_app.view_functions[request.endpoint]
    if passed() or getattr(view, _MARK, False):
        return None
    if _is_respondents():
        return render_template("shared/respondent_again.html", fields=retry_fields()), 400
    heading = _("Sidan hade varit öppen för länge")
    sentence = _("Inget har ändrats. Gå tillbaka, ladda om sidan och försök igen.")
    return render_template("shared/error.html", heading=heading, sentence=sentence), 400


def init_app(app: Flask) -> None:
    """Check every unsafe request and give templates `csrf_field()`."""
    app.before_request(_check)
    app.jinja_env.globals["csrf_field"] = field
