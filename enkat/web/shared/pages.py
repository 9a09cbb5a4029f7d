"""What every staff page's template may use: formats, page links, who is logged in."""

from flask import Flask

from enkat.web import context
from enkat.web.shared import formats, languages, login, paging
from enkat.web.shared.markdown import markdown


def language_code() -> str:
    """Return the code of the page's language."""
    return languages.selected_language()


def page_direction() -> str:
    """Return the direction that the page's language is written in."""
    return languages.page_language().direction


def city_name() -> str:
    """Return the city's name."""
    return context.settings().city_name


def init_app(app: Flask) -> None:
    """Make the filters and functions known to templates."""
    for name in ("sv_number", "sv_percent", "sv_date", "sv_datetime"):
        app.jinja_env.filters[name] = getattr(formats, name)
    app.jinja_env.filters["markdown"] = markdown
    app.jinja_env.globals.update(
        language_code=language_code,
        page_direction=page_direction,
        city_name=city_name,
        page_link=paging.page_link,
        current_actor=login.current_actor,
    )
