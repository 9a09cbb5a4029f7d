"""Answers the survey with codes of a letter file, through the same pages as everybody else.

For the tutorial only: python answer.py LETTER_FILE HOW_MANY
"""

import csv
import random
import re
import sys
from pathlib import Path

from flask.testing import FlaskClient

from enkat.web.app import create_app

FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
CHOICE = re.compile(r'<input[^>]*type="radio"[^>]*name="(\w+)"[^>]*value="([^"]*)"')
MOST_PAGES = 60
PEOPLE = random.Random(1)  # noqa: S311 - a simulation


def answer(client: FlaskClient, start: str, code: str) -> None:
    """Go from the code page to the thanks, choosing among the first answers."""
    page = client.get(start)
    page = client.post(start, data={**dict(FIELD.findall(page.text)), "code": code}, follow_redirects=True)
    page = client.get(f"{start}/vem")
    for _ in range(MOST_PAGES):
        if page.request.path.endswith("/tack"):
            return
        fields = dict(FIELD.findall(page.text.partition("<main")[2]))
        offered: dict[str, list[str]] = {}
        for name, value in CHOICE.findall(page.text):
            offered.setdefault(name, []).append(value)
        fields |= {name: PEOPLE.choice(values[:2]) for name, values in offered.items()}
        page = client.post(page.request.path, data=fields, follow_redirects=True)
    raise SystemExit(f"Det tog stopp på {page.request.path} ({page.status}).")


def main() -> None:
    """Answer with the first codes of the file."""
    rows = list(csv.DictReader(Path(sys.argv[1]).read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    app = create_app()
    for row in rows[: int(sys.argv[2])]:
        start = "/" + row["QR-innehåll"].partition("#")[0].split("/", 3)[3]
        answer(app.test_client(), start, row["Kod"])
    print(f"{min(len(rows), int(sys.argv[2]))} svar är skickade.")


if __name__ == "__main__":
    main()
