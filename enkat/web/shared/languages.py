"""The language of a request, and the texts of respondents' pages in it.

The language is what was just chosen, else `?lang=`, else the cookie, else Swedish. A text that the language lacks is
shown in another and carries that one's `lang`, so that a screen reader changes voice. Staff read Swedish.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import Flask, g, request
from markupsafe import Markup
from werkzeug.exceptions import RequestEntityTooLarge

from enkat import catalogues
from enkat.languages import LANGUAGES, SOURCE_LANGUAGE, Language, chain
from enkat.web.security import cookie_name

COOKIE = "enkat_lang"
CHOICE = "show_lang"
"""The field by which a page's form asks to be shown in another language."""
TRANSLATED = frozenset({"interviewer", "paper", "respondent", None})
"""Blueprints whose pages are shown in every language; None is a page that is not there."""


def chosen() -> str | None:
    """Return the language that this very request chooses, by a button or `?lang=`; None when it chooses none."""
    try:
        wanted = request.form.get(CHOICE) if request.method == "POST" else request.args.get("lang")
    except RequestEntityTooLarge:  # the page that says so has a language too
        return None
    return wanted if wanted in LANGUAGES else None


def selected_language() -> str:
    """Return the code of the language that pages are shown in."""
    found: str | None = g.get("enkat_language")
    if found is None:
        wanted = chosen() or request.cookies.get(cookie_name(COOKIE), "")
        allowed = wanted in LANGUAGES and request.blueprint in TRANSLATED
        found = g.enkat_language = wanted if allowed else SOURCE_LANGUAGE
    return found


def selected_locale() -> str:
    """Return the locale of dates and numbers."""
    return catalogues.formatting_locale(selected_language())


def page_language() -> Language:
    """Return the language of the page that is being made."""
    return LANGUAGES[selected_language()]


def gettext(message: str, **values: Any) -> Markup:
    """Return a text in the page's language; values are escaped unless they are markup."""
    found = _markup(message, selected_language())
    return found % values if values else found


def noop(message: str) -> str:
    """Mark a text for the catalogues that `gettext` is asked for elsewhere."""
    return message


@lru_cache(maxsize=4096)
def _markup(message: str, lang: str) -> Markup:
    return _marked(catalogues.find(message, lang), lang)


def _marked(found: catalogues.Text, lang: str) -> Markup:
    text = Markup.escape(found.text)
    return text if found.lang == lang else in_language(text, found.lang)


def in_language(text: str, lang: str) -> Markup:
    """Return a text that carries the language it is in and stands apart from the direction around it."""
    return Markup('<bdi lang="{}" dir="{}">{}</bdi>').format(lang, LANGUAGES[lang].direction, text)


def first_of(texts: Mapping[str, str]) -> Markup:
    """Return the text of the page's language, or of the first of its fallbacks that there is."""
    lang = selected_language()
    return next(_marked(catalogues.Text(texts[code], code), lang) for code in chain(lang) if code in texts)


def init_app(app: Flask) -> None:
    """Let templates find their texts."""

    def counted(one: str, many: str, number: int) -> Markup:
        lang = selected_language()
        return _marked(catalogues.find_counted(one, many, number, lang), lang)

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=gettext, ngettext=counted, newstyle=True
    )
