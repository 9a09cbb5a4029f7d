"""The interface language of a request: what was just chosen, else `?lang=`, else the cookie, else Swedish."""

from flask import request
from flask_babel import get_locale

from enkat.languages import INTERFACE_LANGUAGES, LANGUAGES, Language
from enkat.web.security import cookie_name

COOKIE = "enkat_lang"
CHOICE = "show_lang"
"""The field by which a page's form asks to be shown in another language."""


def chosen() -> str | None:
    """Return the language that this very request chooses, by a button or `?lang=`; None when it chooses none."""
    wanted = request.form.get(CHOICE) if request.method == "POST" else request.args.get("lang")
    return wanted if wanted in INTERFACE_LANGUAGES else None


def selected_locale() -> str:
    """Return the code of the language that pages are shown in."""
    wanted = chosen() or request.cookies.get(cookie_name(COOKIE), "")
    return wanted if wanted in INTERFACE_LANGUAGES else "sv"


def page_language() -> Language:
    """Return the language of the page that is being made."""
    return LANGUAGES[str(get_locale())]
