"""Builds the Flask app from settings."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from enkat import paths
from enkat.clock import Clock, system_clock
from enkat.records.engine import engine_options, prepare_engine
from enkat.settings import Secrets, Settings
from enkat.web import city, interviewer, paper, provider, respondent, security
from enkat.web.city.views import login_service
from enkat.web.extensions import babel, csrf, db
from enkat.web.shared import access, assets, bounds, compression, errors, languages, pages
from enkat.web.shared import csrf as protection

AUDIENCES = {respondent: None, city: "/stad", provider: "/utforare", interviewer: "/intervju", paper: "/papper"}
"""Where each audience's pages lie."""


class _App(Flask):
    """Flask without its question, at every hook of every request, whether the function is a coroutine: none is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func


def create_app(settings: Settings | None = None, clock: Clock = system_clock) -> Flask:
    """Return the app with all audiences.

    Parameters
    ----------
    settings
        The settings; read from the environment when left out.
    clock
        The clock that services are handed.
    """
    settings = settings or Settings()
    secrets = Secrets(settings)
    for name in Secrets.FIXED:  # a missing or weak secret stops the start, not the first who needs it
        secrets.get(name)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    app = _App(__name__, static_folder=None, template_folder="shared/templates")
    url = settings.resolved_database_url
    app.config.update(
        SECRET_KEY=secrets.get("session"),
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(url),
        BABEL_DEFAULT_LOCALE="sv",
        BABEL_DEFAULT_TIMEZONE="Europe/Stockholm",
        BABEL_TRANSLATION_DIRECTORIES=str(paths.translations()),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        MAX_CONTENT_LENGTH=settings.upload_megabytes * 1024 * 1024,
    )
    app.extensions.update({"enkat.settings": settings, "enkat.secrets": secrets, "enkat.clock": clock})
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    babel.init_app(app, locale_selector=languages.selected_locale)
    languages.init_app(app)
    csrf.init_app(app)
    security.init_app(app)
    bounds.init_app(app)
    assets.init_app(app)
    access.init_app(app)
    protection.init_app(app)
    compression.init_app(app)
    errors.init_app(app)
    pages.init_app(app)
    login_service.init_app(app)
    for audience, prefix in AUDIENCES.items():
        app.register_blueprint(audience.blueprint, url_prefix=prefix)
    return app
