"""Whatever is sent to any address of the golden list, nobody meets a fault of the program: at most a polite "wait"."""

import io
import json
import os
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from enkat.records.accounts import Role
from enkat.records.calls import Wish
from enkat.records.imports import ImportKind
from enkat.records.letters import LetterFormat
from enkat.services.accounts import throttling as login_throttling
from enkat.services.ballots import throttling
from enkat.services.interviews.booking import Agreed, book
from enkat.services.letters.ordering import order_letters
from enkat.services.retention.holds import place_hold
from enkat.services.retention.rules import set_missing_defaults
from enkat.settings import Secrets, Settings
from tests.clocks import FixedClock
from tests.factories.accounts import log_in_as, make_account
from tests.factories.interviewing import begin
from tests.factories.register import PERSON, csv_of, stage
from tests.factories.respondents import to_first_question
from tests.factories.rounds import SmallRound, planned_round, small_round
from tests.factories.walking import Walker
from tests.house.routes import GOLDEN

EXAMPLES = int(os.environ.get("ENKAT_REQUESTS", "250"))
ROUTES = [
    (method, route["path"])
    for route in json.loads(GOLDEN.read_text(encoding="utf-8"))
    for method in route["methods"].split()
    if route["path"] not in {"/stad/logga-ut", "/stad/mitt-konto/avsluta"}  # what they do ends the visit
]
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
FIELD = re.compile(r"<(?:input|select|textarea|button)\b[^>]*\bname=\"([^\"]+)\"[^>]*>")
VALUE = re.compile(r"\bvalue=\"([^\"]*)\"")
NASTY = (
    *("", " ", "0", "-1", "1", "2", "007", "9" * 30, "-" + "9" * 30, "1e400", "NaN", "1,5", "٣", "½", "²"),
    *("2026-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "2026-11-25", "in/../ut", "%00", "'; --", "{{ 7 }}"),
    *("\0", "a\0b", "\r\n", "\x1b[0m", "\u202e", "\ud7ff", "\ufffe", "😀" * 50, "å" * 300, "x" * 20_000),
    *("on", "yes", "ja", "true", "null", "<script>", "=1+1", "a@b", "a@b.se", "[]", "{}", "home_care", "[0]"),
)
values = st.one_of(st.sampled_from(NASTY), st.text(max_size=30), st.integers().map(str))
paths = st.one_of(st.sampled_from([text for text in NASTY if text]), st.text(min_size=1, max_size=20))
numbers = st.one_of(st.just(1), st.integers(0, 5), st.sampled_from([2**31, 2**63, 10**30]))


@dataclass
class Place:
    """An app with a round, a register and staff, and what stands in its addresses."""

    guest: FlaskClient
    member: FlaskClient
    asker: FlaskClient
    """Somebody in the middle of an interview."""
    known: dict[str, list[str]]
    forms: dict[str, dict[str, str]] = field(default_factory=dict)

    def client(self, path: str) -> FlaskClient:
        """Return the browser that visits an address."""
        if path.startswith("/intervju"):
            return self.asker
        return self.member if path.startswith("/stad") else self.guest

    def form(self, path: str) -> dict[str, str]:
        """Return the fields that the page of an address has, with their values; read once."""
        if path not in self.forms:
            page = self.client(path).get(path)
            text = page.text if page.mimetype == "text/html" else ""
            found = {match[1]: (VALUE.search(match[0]) or [""] * 2)[1] for match in FIELD.finditer(text)}
            home = self.client(path).get("/stad/mitt-konto" if path.startswith(("/stad", "/intervju")) else "/")
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', home.text)
            self.forms[path] = ({"csrf_token": token[1]} if token else {}) | found
        return self.forms[path]


@pytest.fixture
def opened(session: Session, clock: FixedClock, app_settings: Settings) -> SmallRound:
    return small_round(session, clock, app_settings, Secrets(app_settings))


@pytest.fixture
def place(
    app: Flask, session: Session, clock: FixedClock, opened: SmallRound, monkeypatch: pytest.MonkeyPatch
) -> Place:
    for module in (throttling, login_throttling):
        monkeypatch.setattr(module, "delay_of", lambda *_: 0.0)
    everything = make_account(session, clock, *(role for role in Role if role is not Role.DISTRICT_READER))
    make_account(session, clock, Role.ANALYST)
    planned = planned_round(session, clock, short_name="plan27")
    set_missing_defaults(session, clock, "Beslut", account_id=everything.id)
    place_hold(session, clock, reason="Begäran", account_id=everything.id)
    stage(session, clock, csv_of(PERSON.replace(";ASP;", ";BJÖ;"), PERSON.replace(";1941;", ";41;")))
    stage(session, clock, "enheter.csv", ImportKind.UNITS)
    order_letters(session, clock, opened.round_id, LetterFormat.PDF, account_id=everything.id)
    names = [opened.short_name, planned.short_name]
    session.rollback()
    walker = to_first_question(Walker(app.test_client()), opened)
    asker = make_account(session, clock, Role.INTERVIEWER)
    agreed = Agreed(wish=Wish.PHONE)
    calls = [
        book(session, clock, opened.invitation_ids[number], agreed, account_id=asker.id).id.hex() for number in (1, 2)
    ]
    session.rollback()
    asking = Walker(log_in_as(app, session, clock, asker))
    begin(asking, f"/intervju/{opened.short_name}/samtal/{calls[0]}")
    steps = ["grunder", "basics", "vilka", "fragor", "uppgifter"]
    return Place(
        walker.client,
        log_in_as(app, session, clock, everything),
        asking.client,
        {
            "short_name": names,
            "question_id": ["staff_treatment", "tell_more"],
            "kind": ["codes", "answers"],
            "step": steps,
            "instrument_id": ["hemtjanst"],
            "key": [opened.invitation_ids[0].hex(), calls[1], "1"],
            "filename": ["progress.js"],
            "predecessor": ["BJÖ"],
            "successor": ["GRA"],
        },
    )


def address(place: Place, data: st.DataObject, path: str) -> str:
    """Fill an address with what exists, now and then with something else."""
    odd = data.draw(st.integers(0, 9)) == 0

    def fill(match: re.Match[str]) -> str:
        if match[1] == "int":
            return str(data.draw(numbers if odd else st.just(1)))
        known = place.known.get(match[2])
        return quote(data.draw(paths if odd or not known else st.sampled_from(known)), safe="")

    return PARAMETER.sub(fill, path)


def fields(place: Place, data: st.DataObject, path: str) -> MultiDict[str, Any]:
    """Draw a form: the page's own fields, some left out, some doubled, some with anything in them."""
    drawn: MultiDict[str, Any] = MultiDict()
    for name, value in place.form(path).items():
        kind = data.draw(st.sampled_from(("kept", "kept", "odd", "odd", "gone", "twice", "file")))
        if name == "csrf_token":
            kind = data.draw(st.sampled_from(("kept",) * 15 + ("odd", "gone")))
        if kind in {"kept", "twice"}:
            drawn.add(name, value)
        if kind in {"odd", "twice"}:
            drawn.add(name, data.draw(values))
        if kind == "file":
            drawn.add(name, (io.BytesIO(data.draw(st.binary(max_size=60))), data.draw(st.sampled_from(FILES))))
    return drawn


KINDS = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", "å/\0")
QUERIES = (
    *("ar", "back", "enhet", "format", "kind", "kvar", "lamnat", "lang", "next", "niva", "order", "page", "q"),
    *("regiform", "sort", "stadsdel", "stangda", "state", "utforare", "v"),
)
FILES = ("a.csv", "a.xlsx", "a.exe", "", "../å.csv", "x" * 300 + ".csv")


def ask(place: Place, data: st.DataObject, method: str, path: str) -> TestResponse:
    """Send one generated request."""
    where = address(place, data, path)
    client = place.client(path)
    if method == "GET":
        query = data.draw(st.dictionaries(st.sampled_from(QUERIES), values, max_size=3))
        return client.get(where, query_string=query)
    if data.draw(st.integers(0, 19)) == 0:
        kind = data.draw(
            st.sampled_from(("application/x-www-form-urlencoded", "multipart/form-data", "application/json"))
        )
        return client.post(where, data=data.draw(st.binary(max_size=60)), content_type=kind)
    return client.post(where, data=fields(place, data, where))


@pytest.mark.timeout(900)
def test_nothing_that_is_sent_meets_a_fault_of_the_program(place: Place) -> None:
    asked: set[tuple[str, str]] = set()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(st.data())
    def requests(data: st.DataObject) -> None:
        method, path = data.draw(st.sampled_from(ROUTES))
        answer = ask(place, data, method, path)
        assert answer.status_code < 500 or (answer.status_code, "Retry-After" in answer.headers) == (503, True)
        asked.add((method, path))

    requests()
    assert len(asked) > min(EXAMPLES, len(ROUTES)) // 4
