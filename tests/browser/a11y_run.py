"""Runs an accessibility checker over every page and state of those who answer, in every shipped language, on the demo.

    make demo                                                # or enkat demo --no-serve: the city must stand
    python -m tests.browser.a11y_run CHECKER.js OUT [0sv 1en …]

The checker is `a11y.js` of one's own choice: it takes an address, a flow file and a folder, prints a row of counts per
page and ends with 0 when all are within limits. It looks at a copy of the demo city, served by `enkat serve` as it is.
Between the two stands a relay: the checker tries text spacing with a style of its own, which our policy rightly
refuses, so the relay lets styles of the page's own through. The product's policy is not touched. The result is written
to bench/results/a11y.md.
"""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bench.processes import free_port, wait_for_port
from enkat.cli.demo import FOLDER as DEMO
from enkat.clock import system_clock
from enkat.demo.cities import CITIES
from enkat.demo.place import DemoPlace, open_place
from enkat.instruments.vocabulary import ServiceType
from enkat.records.invitations import CodeKind, Invitation, InvitationStatus
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.letters.codes import make_codes
from enkat.services.rounds.opening import open_round
from enkat.web.security import CONTENT_SECURITY_POLICY
from tests.factories.rounds import catalogue, planned_round

CITY = "kommun14"
FLOW = Path(__file__).with_name("a11y.flow.json")
RESULT = Path(__file__).parents[2] / "bench" / "results" / "a11y.md"
LANGUAGES = ("sv", "en", "fi", "ar")
CHROMIUM = "/usr/bin/chromium"
LONG = "å" * 1010
CODES = 5

Codes = dict[str, list[str]]


def add_rounds(place: DemoPlace, session: Session) -> dict[str, str]:
    """Open a practice round and a round that has closed beside the demo's open one; return their short names."""
    notes = place.read_notes()
    if notes is None or not notes.finished:
        raise SystemExit(f"The demo city does not stand in {place.folder}: run enkat demo first.")
    for name, changes in (("ovning", {"practice": True}), ("stangd", {})):
        planned = planned_round(session, system_clock, short_name=name, languages=list(LANGUAGES), **changes)
        open_round(session, system_clock, place.settings, place.secrets, planned.id, None, catalogue())
    with writing(session):
        session.execute(update(SurveyRound).where(SurveyRound.short_name == "stangd").values(state=RoundState.CLOSED))
    return {"open": notes.open_round, "practice": "ovning", "closed": "stangd"}


def fresh_codes(place: DemoPlace, session: Session, names: dict[str, str]) -> Codes:
    """Make codes of people with home care who have not answered, in each of the rounds."""
    codes = {}
    for kind, name in names.items():
        survey_round = session.scalars(select(SurveyRound).where(SurveyRound.short_name == name)).one()
        people = select(Invitation.id).where(
            Invitation.round_id == survey_round.id,
            Invitation.status == InvitationStatus.OPEN,
            Invitation.service == ServiceType.HOME_CARE,
        )
        ids = session.scalars(people.limit(CODES)).all()
        codes[kind] = make_codes(session, place.secrets, survey_round, ids, CodeKind.PHONE)
    return codes


def filled(part: Any, names: dict[str, str], codes: Codes) -> Any:
    """Return a part of the flow with rounds and codes filled in."""
    text = json.dumps(part, ensure_ascii=False).replace("{long}", LONG)
    text = re.sub(r"\{code:(\w+):(\d+)\}", lambda match: codes[match[1]][int(match[2])], text)
    return json.loads(re.sub(r"\{(\w+)\}", lambda match: names.get(match[1], match[0]), text))


def _prepare(address: str, steps: list[dict[str, Any]]) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        for step in steps:
            if "goto" in step:
                page.goto(address + step["goto"])
            elif "fill" in step:
                page.fill(*step["fill"])
            else:
                page.locator(step["click"]).first.click()
                page.wait_for_load_state()
        browser.close()


class _Relay(BaseHTTPRequestHandler):
    """Hands every request on to the demo and its answer back, with one word added to the policy of styles."""

    protocol_version = "HTTP/1.1"
    port = 0

    def _hand_on(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        upstream = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        upstream.request(self.command, self.path, self.rfile.read(length) or None, dict(self.headers))
        answer = upstream.getresponse()
        content = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name == "Content-Security-Policy":
                if value != CONTENT_SECURITY_POLICY:
                    raise ValueError("The demo's policy is not the product's.")
                value = value.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")  # noqa: PLW2901
            if name not in {"Transfer-Encoding", "Connection", "Content-Length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        upstream.close()

    do_GET = do_POST = do_HEAD = _hand_on  # noqa: N815 - the names that the server asks for

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def _relay(port: int, own: int) -> Iterator[None]:
    handler = type("Relay", (_Relay,), {"port": port})
    with ThreadingHTTPServer(("127.0.0.1", own), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


@contextmanager
def _site() -> Iterator[tuple[str, DemoPlace, Session, dict[str, str]]]:
    """Serve a copy of the demo city with a practice round and a closed round beside the open one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / CITY
        shutil.copytree(Path(os.environ.get("DEMO_DIR", DEMO)) / CITY, folder)
        port, own = free_port(), free_port()
        place = open_place(folder, title=CITIES[CITY]().title, port=own)
        settings = place.settings
        environment = os.environ | {
            "ENKAT_ENVIRONMENT": settings.environment.value,
            "ENKAT_DATA_DIR": str(folder),
            "ENKAT_CITY_NAME": settings.city_name,
            "ENKAT_PUBLIC_URL": settings.public_url,
            "ENKAT_SCRYPT_LOG2_N": str(settings.scrypt_log2_n),
            "ENKAT_CONTACT_EMAIL": settings.contact_email,
        }
        with place.sessions() as session:
            names = add_rounds(place, session)
            command = [str(Path(sys.executable).with_name("enkat")), "serve", "--port", str(port)]
            process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
            try:
                wait_for_port(process, port)
                with _relay(port, own):
                    yield f"http://127.0.0.1:{own}", place, session, names
            finally:
                process.terminate()
                process.wait()
        place.close()


def _check(checker: str, address: str, part: dict[str, Any], out: Path) -> tuple[int, str]:
    out.mkdir(parents=True, exist_ok=True)
    flow = out / "flow.json"
    flow.write_text(json.dumps({key: part[key] for key in ("login", "pages", "complete") if key in part}))
    command = ["node", checker, address, "--flow", str(flow), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rows = [line for line in done.stdout.splitlines() if "details in" not in line]
    return done.returncode, "\n".join(rows) + done.stderr


def _run_part(raw: dict[str, Any], lang: str, checker: str, out: Path, site: tuple[str, dict[str, str], Codes]) -> None:
    """Check one part in one language and leave its exit code and rows in the folder."""
    address, names, codes = site
    part = filled(raw, names, codes)
    _prepare(address, part.get("prepare", []))
    if lang != "sv":
        part["login"] = [{"goto": f"/?lang={lang}"}, *part["login"]]
    code, text = _check(checker, address, part, out)
    verdict = "within limits" if code == 0 else "OVER LIMITS"
    told = f"## {raw['name']}, {lang}: {verdict}\n\n```\n{text.strip()}\n```\n"
    (out / "result.json").write_text(json.dumps({"code": code, "pages": len(part["pages"]), "told": told}))
    sys.stdout.write(told)
    sys.stdout.flush()


def main() -> int:
    """Check all parts in all languages, or those named (`0sv 1en`); write the result when all have been checked."""
    checker, out = sys.argv[1], Path(sys.argv[2])
    parts = json.loads(FLOW.read_text(encoding="utf-8"))["parts"]
    every = [(number, lang) for number in range(len(parts)) for lang in LANGUAGES]
    with _site() as (address, place, session, names):
        for number, lang in every:
            if not sys.argv[3:] or f"{number}{lang}" in sys.argv[3:]:
                site = address, names, fresh_codes(place, session, names)
                _run_part(parts[number], lang, checker, out / f"{number}{lang}", site)
    files = [out / f"{number}{lang}" / "result.json" for number, lang in every]
    if not all(file.exists() for file in files):
        return 1
    results = [json.loads(file.read_text()) for file in files]
    worst, pages = max(result["code"] for result in results), sum(result["pages"] for result in results)
    head = f"# Accessibility of the pages for those who answer\n\n{datetime.now(UTC):%Y-%m-%d}: {pages} pages and "
    head += f"states of the demo city, exit {worst}. Run by hand with `python -m tests.browser.a11y_run`.\n\n"
    RESULT.write_text(head + "\n".join(result["told"] for result in results), encoding="utf-8")
    return int(worst)


if __name__ == "__main__":
    sys.exit(main())
