"""What every staff page's template may use: formats, page links, who is logged in."""

from flask import Flask
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from enkat.web import context
from enkat.web.shared import formats, login, paging


def page_language() -> str:
    """Return the code of the page's language."""
    return str(get_locale())


def city_name() -> str:
    """Return the city's name."""
    return context.settings().city_name


def csrf_field() -> Markup:
    """Return the hidden field that proves a form came from one of our pages."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def init_app(app: Flask) -> None:
    """Make the filters and functions known to templates."""
    for name in ("sv_number", "sv_percent", "sv_date", "sv_datetime"):
        app.jinja_env.filters[name] = getattr(formats, name)
    app.jinja_env.globals.update(
        csrf_field=csrf_field,
        page_language=page_language,
        city_name=city_name,
        page_link=paging.page_link,
        current_actor=login.current_actor,
    )
