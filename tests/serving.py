"""The app for tests, and a server for it where a browser or another program asks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

from enkat.clock import Clock
from enkat.settings import Settings
from enkat.web.app import create_app
from enkat.web.extensions import db
from tests.page_checks import CheckedClient


def make_app(settings: Settings, clock: Clock) -> Flask:
    """Return the app with a client that checks every page it fetches."""
    app = create_app(settings, clock)
    app.testing = True
    app.test_client_class = CheckedClient
    return app


def dispose(app: Flask) -> None:
    """Close the app's database connections."""
    with app.app_context():
        db.engine.dispose()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the app on a port of its own and yield its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
