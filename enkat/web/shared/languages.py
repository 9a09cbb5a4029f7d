"""The interface language of a request: `?lang=`, else the cookie, else Swedish."""

from flask import request

from enkat.languages import INTERFACE_LANGUAGES
from enkat.web.security import cookie_name

COOKIE = "enkat_lang"


def selected_locale() -> str:
    """Return the code of the language that pages are shown in."""
    wanted = request.args.get("lang") or request.cookies.get(cookie_name(COOKIE), "")
    return wanted if wanted in INTERFACE_LANGUAGES else "sv"
