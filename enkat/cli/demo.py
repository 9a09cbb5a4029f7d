"""`enkat demo`: a simulated city, built through the real services, shown with its figures and served."""

import socket
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import click
import waitress
from sqlalchemy.orm import Session

from enkat import paths
from enkat.cli._demo_browser import browsers
from enkat.cli.serve import THREADS, keep_ticking
from enkat.clock import STOCKHOLM, system_clock
from enkat.demo.building import build, simulated
from enkat.demo.cities import CITIES, LATER, YEARS, CityPlan
from enkat.demo.place import DemoPlace, MovingClock, Notes, open_place, throw_away
from enkat.demo.reporting import coverage, fresh_codes, login_table, unit_table, write_workbook
from enkat.demo.rounds import yearly
from enkat.demo.staff import one_time_code
from enkat.instruments.loading import load_catalogue
from enkat.web.app import create_app

FOLDER = Path("var/demo")
HOST = "127.0.0.1"
ANOTHER_LINE_SECONDS = 5


class Progress:
    """Shows one sentence at a time: over the last one on a screen, and not too often in a file."""

    def __init__(self) -> None:
        self._started = self._shown = time.monotonic()
        self._on_screen = sys.stdout.isatty()

    def __call__(self, sentence: str) -> None:
        """Show a sentence; one that ends with an ellipsis gives way to the next."""
        passing = sentence.endswith("…")
        now = time.monotonic()
        if passing and not self._on_screen and now - self._shown < ANOTHER_LINE_SECONDS:
            return
        self._shown = now
        line = f"{timedelta(seconds=round(now - self._started))}  {sentence}"
        click.echo(f"\r\033[K{line}" if self._on_screen else line, nl=not (passing and self._on_screen))


@click.command()
@click.option("--city", "name", type=click.Choice(sorted(CITIES)), default="kommun14", show_default=True, help="Stad.")
@click.option("--port", default=8000, show_default=True, envvar="PORT", help="Port för webbplatsen.")
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    show_default=True,
    help="Mapp för demostädernas data.",
)
@click.option("--reset", is_flag=True, help="Kasta demostädernas data och sluta.")
@click.option("--serve/--no-serve", default=True, help="Visa webbplatsen när staden är klar.")
@click.option("--login-code", metavar="E-POST", help="Skriv engångskoden för en inloggning just nu och sluta.")
def demo(name: str, port: int, folder: Path, *, reset: bool, serve: bool, login_code: str | None) -> None:
    """Bygg en påhittad stad, kör den fram till resultat och visa den. Nästa gång används samma data."""
    if reset:
        _reset(folder)
        return
    city = CITIES[name]()
    home = folder / name
    if login_code is not None:
        _show_login_code(home, city, port, login_code)
        return
    if serve:
        _require_free(port)
    place, notes = _ready(home, city, port)
    with place.sessions() as session:
        _report(place, session, notes)
    if serve:
        _serve(place, port)
    place.close()


def _reset(folder: Path) -> None:
    thrown = [part.name for part in (folder.iterdir() if folder.is_dir() else ()) if throw_away(part)]
    click.echo(f"Borttaget: {', '.join(sorted(thrown))}." if thrown else f"Det finns ingen demo i {folder}.")


def _show_login_code(home: Path, city: CityPlan, port: int, email: str) -> None:
    place = open_place(home, title=city.title, port=port)
    notes = place.read_notes()
    found = [login for login in (notes.logins if notes else []) if login.email == email]
    if not found:
        raise click.ClickException(f"Det finns ingen inloggning {email} i {home}. Kör `make demo` först.")
    click.echo(one_time_code(found[0], MovingClock(system_clock())))


def _require_free(port: int) -> None:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except OSError as fault:
            raise click.ClickException(f"Port {port} är upptagen. Välj en annan: make demo PORT={port + 1}") from fault


def _ready(home: Path, city: CityPlan, port: int) -> tuple[DemoPlace, Notes]:
    """Return the city that is there, or build it; one whose building was interrupted is begun anew."""
    place = open_place(home, title=city.title, port=port)
    notes = place.read_notes()
    if notes is not None and notes.finished:
        click.echo(f"Staden finns redan i {home}. Den byggs om efter `make demo-reset`.")
        return place, notes
    if notes is not None:
        click.echo("Förra gången blev staden inte klar. Den byggs om från början.")
        place.close()
        throw_away(home)
        place = open_place(home, title=city.title, port=port)
    place.write_notes(Notes(city=city.name))
    progress = Progress()
    notes = build(place, city, now=system_clock, browsers=browsers, show=progress)
    progress("Resultatet räknas fram …")
    with place.sessions() as session:
        _write_summary(place, session, city)
    place.write_notes(notes)
    progress("Staden är klar.")
    return place, notes


def _write_summary(place: DemoPlace, session: Session, city: CityPlan) -> None:
    truth = simulated(city, load_catalogue(paths.surveys()))
    books = [write_workbook(place, session, system_clock, year) for year in YEARS]
    lines = [
        unit_table(session, LATER),
        "",
        "Täckning: hur många 95-procentsintervall täcker det som alla egentligen tycker?",
    ]
    lines += [coverage(session, year, truth[year]).sentence(yearly(year).title) for year in YEARS]
    lines += [
        "De som svarar är inte ett slumpvis urval, så staden kan ligga under 95 %. Enheternas intervall är bredare.",
        "",
        f"Arbetsbok med alla frågor och enheter: {books[-1]}",
        f"Arbetsbok för omgången före: {books[0]}",
    ]
    place.summary.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _report(place: DemoPlace, session: Session, notes: Notes) -> None:
    clock = MovingClock(system_clock())
    click.echo(f"\n{place.summary.read_text(encoding='utf-8')}")
    click.echo(login_table(notes.logins, clock))
    until = clock.moment.astimezone(STOCKHOLM)
    click.echo(f"Engångskoderna gäller strax efter {until:%H.%M}. En ny: enkat demo --login-code E-POST")
    click.echo(f"Nyckeldelar för omgångarna finns i {place.folder / 'demo.json'}.\n")
    click.echo(f"Tre oanvända koder för {place.settings.public_url}/o/{notes.open_round}")
    for code, about in fresh_codes(place, session, notes.open_round):
        click.echo(f"  {code}   {about}")


def _serve(place: DemoPlace, port: int) -> None:
    stop = threading.Event()
    ticking = threading.Thread(target=keep_ticking, args=(place.settings, stop), name="enkat-tick", daemon=True)
    ticking.start()
    click.echo(
        f"\nWebbplatsen: {place.settings.public_url}   Personal: {place.settings.public_url}/stad\nAvsluta: Ctrl-C."
    )
    try:
        waitress.serve(create_app(place.settings), host=HOST, port=port, threads=THREADS, ident=None)
    finally:
        stop.set()
