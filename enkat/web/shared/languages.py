"""The interface language of a request: what was just chosen, else `?lang=`, else the cookie, else Swedish."""

from typing import Any

from flask import Flask, g, request
from flask_babel import get_translations
from werkzeug.exceptions import RequestEntityTooLarge

from enkat.languages import INTERFACE_LANGUAGES, LANGUAGES, Language
from enkat.web.security import cookie_name

COOKIE = "enkat_lang"
CHOICE = "show_lang"
"""The field by which a page's form asks to be shown in another language."""


def chosen() -> str | None:
    """Return the language that this very request chooses, by a button or `?lang=`; None when it chooses none."""
    try:
        wanted = request.form.get(CHOICE) if request.method == "POST" else request.args.get("lang")
    except RequestEntityTooLarge:  # the page that says so has a language too
        return None
    return wanted if wanted in INTERFACE_LANGUAGES else None


def selected_locale() -> str:
    """Return the code of the language that pages are shown in."""
    found: str | None = g.get("enkat_language")
    if found is None:
        wanted = chosen() or request.cookies.get(cookie_name(COOKIE), "")
        found = g.enkat_language = wanted if wanted in INTERFACE_LANGUAGES else "sv"
    return found


def page_language() -> Language:
    """Return the language of the page that is being made."""
    return LANGUAGES[selected_locale()]


def init_app(app: Flask) -> None:
    """Let templates find their texts quickly: Flask-Babel parses the locale anew for every request."""
    catalogues: dict[str, Any] = {}

    def translations() -> Any:
        found = catalogues.get(selected_locale())
        if found is None:
            found = catalogues[selected_locale()] = get_translations()
        return found

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: translations().ugettext(text),
        ngettext=lambda one, many, number: translations().ungettext(one, many, number),
        newstyle=True,
        pgettext=lambda context, text: translations().upgettext(context, text),
    )
