"""Runs an accessibility checker over every page and state of those who answer, in Swedish and English.

    python -m tests.browser.a11y_run CHECKER.js OUT

The checker is `a11y.js` of one's own choice: it takes an address, a flow file and a folder, prints a row of counts per
page and ends with 0 when all are within limits. The result is written to bench/results/a11y.md.
"""

import json
import logging
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Response
from playwright.sync_api import sync_playwright
from sqlalchemy import update
from sqlalchemy.orm import Session

from enkat.clock import system_clock
from enkat.records.engine import make_engine, make_sessions
from enkat.records.invitations import CodeKind
from enkat.records.metadata import metadata
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.writing import writing
from enkat.services.letters.codes import make_codes
from enkat.services.rounds.opening import open_round
from enkat.settings import Environment, Secrets, Settings
from enkat.web.security import CONTENT_SECURITY_POLICY
from tests.factories.rounds import catalogue, invitation_ids, planned_round, small_round
from tests.serving import make_app, served

FLOW = Path(__file__).with_name("a11y.flow.json")
RESULT = Path(__file__).parents[2] / "bench" / "results" / "a11y.md"
LANGUAGES = ("sv", "en")
CHROMIUM = "/usr/bin/chromium"
LONG = "å" * 1010

Codes = dict[str, list[str]]


def _another_round(session: Session, settings: Settings, secrets: Secrets, name: str, **changes: Any) -> list[str]:
    round_ = planned_round(session, system_clock, short_name=name, **changes)
    round_ = open_round(session, system_clock, settings, secrets, round_.id, None, catalogue())
    return make_codes(session, secrets, round_, invitation_ids(session, round_.id)[:3], CodeKind.LETTER)


def make_rounds(session: Session, settings: Settings, secrets: Secrets) -> tuple[dict[str, str], Codes]:
    """Write an open, a practice and a closed round; return their short names and codes."""
    first = small_round(session, system_clock, settings, secrets)
    names = {"open": first.short_name, "practice": "ovning", "closed": "stangd"}
    codes = {
        "open": first.codes,
        "practice": _another_round(session, settings, secrets, "ovning", practice=True),
        "closed": _another_round(session, settings, secrets, "stangd"),
    }
    with writing(session):
        session.execute(update(SurveyRound).where(SurveyRound.short_name == "stangd").values(state=RoundState.CLOSED))
    return names, codes


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


def _let_checker_style(response: Response) -> Response:
    """Let the checker try text spacing: it does so with a style of its own, which our policy rightly refuses."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
        "style-src 'self'", "style-src 'self' 'unsafe-inline'"
    )
    return response


@contextmanager
def _site() -> Iterator[tuple[str, dict[str, str], Codes]]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            environment=Environment.TEST, data_dir=Path(folder), scrypt_log2_n=10, city_name="Provstaden"
        )
        secrets = Secrets(settings)
        for name in Secrets.FIXED:
            secrets.create(name)
        engine = make_engine(settings.resolved_database_url)
        metadata.create_all(engine)
        with make_sessions(engine)() as session:
            names, codes = make_rounds(session, settings, secrets)
        app = make_app(settings, system_clock)
        app.after_request(_let_checker_style)
        with served(app) as address:
            yield address, names, codes
        engine.dispose()


def _check(checker: str, address: str, part: dict[str, Any], out: Path) -> tuple[int, str]:
    out.mkdir(parents=True, exist_ok=True)
    flow = out / "flow.json"
    flow.write_text(json.dumps({key: part[key] for key in ("login", "pages", "complete") if key in part}))
    command = ["node", checker, address, "--flow", str(flow), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rows = [line for line in done.stdout.splitlines() if "details in" not in line]
    return done.returncode, "\n".join(rows) + done.stderr


def _run_part(number: int, raw: dict[str, Any], lang: str, checker: str, out: Path) -> None:
    """Check one part in one language and leave its exit code and rows in the folder."""
    with _site() as (address, names, codes):
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
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    checker, out = sys.argv[1], Path(sys.argv[2])
    parts = json.loads(FLOW.read_text(encoding="utf-8"))["parts"]
    every = [(number, lang) for number in range(len(parts)) for lang in LANGUAGES]
    for number, lang in every:
        if not sys.argv[3:] or f"{number}{lang}" in sys.argv[3:]:
            _run_part(number, parts[number], lang, checker, out / f"{number}{lang}")
    files = [out / f"{number}{lang}" / "result.json" for number, lang in every]
    if not all(file.exists() for file in files):
        return 1
    results = [json.loads(file.read_text()) for file in files]
    worst, pages = max(result["code"] for result in results), sum(result["pages"] for result in results)
    head = f"# Accessibility of the pages for those who answer\n\n{datetime.now(UTC):%Y-%m-%d}: {pages} pages and "
    head += f"states, exit {worst}. Run by hand with `python -m tests.browser.a11y_run`.\n\n"
    RESULT.write_text(head + "\n".join(result["told"] for result in results), encoding="utf-8")
    return int(worst)


if __name__ == "__main__":
    sys.exit(main())
