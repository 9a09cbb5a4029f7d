"""`enkat serve`: one process for a small city or a demo; bigger ones use gunicorn and a timer."""

import logging
import threading

import click
import waitress

from enkat.clock import system_clock
from enkat.records.engine import make_engine, make_sessions
from enkat.services.jobs.ticking import tick
from enkat.settings import Secrets, Settings
from enkat.web.app import create_app

SECONDS_BETWEEN_TICKS = 5
THREADS = 8
logger = logging.getLogger(__name__)


def keep_ticking(settings: Settings, stop: threading.Event) -> None:
    """Tick every few seconds until told to stop."""
    engine = make_engine(settings.resolved_database_url)
    sessions, secrets = make_sessions(engine), Secrets(settings)
    while not stop.wait(SECONDS_BETWEEN_TICKS):
        tick(sessions, system_clock, settings, secrets)
    engine.dispose()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adress att lyssna på.")
@click.option("--port", default=8000, show_default=True, envvar="PORT", help="Port (eller miljövariabeln PORT).")
def serve(host: str, port: int) -> None:
    """Visa webbplatsen från en enda process. Avsluta med Ctrl-C."""
    settings = Settings()
    app = create_app(settings)
    stop = threading.Event()
    ticking = threading.Thread(target=keep_ticking, args=(settings, stop), name="enkat-tick", daemon=True)
    if settings.tick_in_serve:
        ticking.start()
    click.echo(f"enkat svarar på http://{host}:{port}")
    try:
        waitress.serve(app, host=host, port=port, threads=THREADS, ident=None)
    finally:
        stop.set()
