"""A browser for the demo city's people: the app's own test client, which keeps cookies and follows redirects."""

from collections.abc import Mapping

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from enkat.clock import Clock
from enkat.demo.pages import Page
from enkat.settings import Settings
from enkat.web.app import create_app
from enkat.web.extensions import db


class ClientBrowser:
    """One person's browser."""

    def __init__(self, app: Flask, origin: str) -> None:
        self._client: FlaskClient = app.test_client()
        self._origin = origin

    def get(self, address: str) -> Page:
        """Fetch a page."""
        return _page(self._client.get(address, base_url=self._origin, follow_redirects=True))

    def post(self, address: str, fields: Mapping[str, str]) -> Page:
        """Send a form as the site's own page does."""
        headers = {"Origin": self._origin, "Sec-Fetch-Site": "same-origin"}
        sent = self._client.post(
            address, data=dict(fields), base_url=self._origin, headers=headers, follow_redirects=True
        )
        return _page(sent)


def _page(response: TestResponse) -> Page:
    return Page(response.status_code, response.request.path, response.get_data(as_text=True))


class ClientBrowsers:
    """Makes browsers that all visit one app; closing lets go of the app's database."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._app = create_app(settings, clock)
        self._origin = settings.public_url

    def new(self) -> ClientBrowser:
        """Return a browser of one person's own."""
        return ClientBrowser(self._app, self._origin)

    def close(self) -> None:
        """Let go of the database."""
        with self._app.app_context():
            db.engine.dispose()


def browsers(settings: Settings, clock: Clock) -> ClientBrowsers:
    """Return a maker of browsers; a function of this module, so that another process can be told to call it."""
    return ClientBrowsers(settings, clock)
