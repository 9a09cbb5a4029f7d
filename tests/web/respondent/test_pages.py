"""Pages beside the questions, how hard all pages are to read, their weight and what they load."""

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from enkat.instruments.readability import lix, sentences, words
from enkat.records.outbox import FaultReport, OutboxMessage
from enkat.settings import Settings
from enkat.web.extensions import db
from tests.clocks import FixedClock
from tests.factories.prose import blocks
from tests.factories.respondents import answer_all, enter, send_all, to_first_question
from tests.factories.rounds import SmallRound
from tests.factories.walking import Walker
from tests.serving import dispose, make_app

pytestmark = pytest.mark.one_database
HARDEST = 30
LONGEST_SENTENCE = 20


def walk_everywhere(app: Flask, opened: SmallRound) -> list[tuple[str, str]]:
    """Open every page and state that a respondent can meet; return addresses and pages."""
    walker = Walker(app.test_client())
    base = f"/o/{opened.short_name}"
    walker.get("/").get(base).press("Fortsätt", {"code": "12"})
    enter(walker, opened).press("Börja").press("Nästa").press("Nästa", {"who": "self_helped"})
    walker.press("Nästa", {"helper": "relative"}).press("Nästa").press("Hoppa över")
    answer_all(walker)
    walker.get(f"{base}/fraga/tell_more").press("Nästa", {"answer": "å" * 1100})
    for path in ("/om", "/hjalp", "/uppgifter", "/tillganglighet", "/tillganglighet/fel/tack", "/paus"):
        walker.get(base + path)
    walker.get(f"{base}/tillganglighet/fel").press("Skicka")
    walker.get(f"{base}/granska").press("Skicka mina svar")
    enter(walker, opened)
    for path in ("/uppgifter", "/hjalp", "/tillganglighet", "/finns-inte"):
        walker.get(path)
    return walker.seen


def test_every_page_is_easy_to_read(app: Flask, opened: SmallRound) -> None:
    hard, long = {}, set()
    for path, html in walk_everywhere(app, opened):
        texts = [text if text[-1] in ".!?:" else f"{text}." for text in blocks(html)]
        measured = lix(texts)
        if measured > HARDEST and "finns-inte" not in path:  # too short a page for a figure
            hard[path] = measured
        long |= {sentence for text in texts for sentence in sentences(text) if len(words(sentence)) > LONGEST_SENTENCE}
    assert hard == {}
    assert long == set()


def test_the_help_phone_stands_last_on_every_page(app: Flask, opened: SmallRound) -> None:
    for path, html in walk_everywhere(app, opened):
        if "/finns-inte" in path:
            continue
        footer = html[html.index("<footer>") :]
        assert 'href="tel:08-1234500"' in footer, path


def test_pages_are_kept_from_search_engines_and_strangers(app: Flask, opened: SmallRound) -> None:
    assert "Disallow: /" in app.test_client().get("/robots.txt").text
    for path, html in walk_everywhere(app, opened):
        assert '<meta name="robots" content="noindex, nofollow">' in html, path
        assert not re.search(r"(?:src|action)=\"(?:https?:)?//", html), path


def plain_client(app: Flask) -> FlaskClient:
    """A client that takes compressed pages as they are."""
    return FlaskClient(app, app.response_class)


def test_a_first_visit_is_light(app: Flask, opened: SmallRound) -> None:
    client = plain_client(app)
    page = client.get(f"/o/{opened.short_name}", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    html = gzip.decompress(page.data).decode()
    assets = re.findall(r"(?:href|src)=\"(/static/[^\"]+)\"", html)
    parts = [client.get(asset, headers={"Accept-Encoding": "gzip"}) for asset in assets]
    assert len(assets) == 2
    assert all("immutable" in part.headers["Cache-Control"] for part in parts)
    assert len(page.data) + sum(len(part.data) for part in parts) < 12 * 1024
    assert len(client.get("/static/enhance.js").data) < 4 * 1024


def test_a_compressed_page_differs_in_length_from_time_to_time(app: Flask, opened: SmallRound) -> None:
    client = plain_client(app)
    lengths = {len(client.get(f"/o/{opened.short_name}", headers={"Accept-Encoding": "gzip"}).data) for _ in range(12)}
    assert len(lengths) > 1


def test_pages_ask_the_database_little(app: Flask, opened: SmallRound) -> None:
    walker = to_first_question(Walker(app.test_client()), opened)
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _u, statement, *_rest: asked.append(statement))
    client, path = walker.client, walker.path
    fields = walker.fields() | {"answer": "1"}

    def count(fetch: object) -> int:
        del fetch
        number = len([statement for statement in asked if not statement.startswith("BEGIN")])
        asked.clear()
        return number

    base = f"/o/{opened.short_name}"
    assert count(client.get(path)) <= 2
    assert count(client.post(path, data=fields)) <= 6
    for part in ("", "/om", "/vem", "/granska", "/uppgifter", "/hjalp", "/tillganglighet"):
        assert count(client.get(base + part)) <= 3, part


def test_a_fault_report_is_kept_and_told(app: Flask, session: Session, app_settings: Settings) -> None:
    settings = app_settings.model_copy(update={"contact_email": "tillganglighet@staden.example"})
    app.extensions["enkat.settings"] = settings
    walker = Walker(app.test_client()).get("/tillganglighet")
    walker.get(walker.links()["Berätta vad som inte fungerar"]).press("Skicka", {"contact": "070-000 00 00"})
    assert walker.title.startswith("Fel: ")
    assert walker.fault == "Skriv vad som inte fungerar."
    assert walker.fields()["contact"] == "070-000 00 00"
    walker.press("Skicka", {"description": "Knappen\r\nsyns inte", "page": "Koden"})
    assert walker.heading == "Tack! Vi har fått din rapport."
    report = session.scalars(select(FaultReport)).one()
    assert (report.page, report.description, report.contact) == ("Koden", "Knappen\nsyns inte", "070-000 00 00")
    message = session.scalars(select(OutboxMessage)).one()
    assert message.recipient == "tillganglighet@staden.example"
    assert "syns inte" in message.body


def test_the_statement_has_what_the_law_asks_for(walker: Walker, opened: SmallRound) -> None:
    walker.get(f"/o/{opened.short_name}/tillganglighet")
    for words_ in ("Provstaden", "till stor del", "Det här fungerar inte än", "Digg", "Vi bedömde sidorna den"):
        assert words_ in walker.text
    assert walker.links()["Anmäl till Digg"] == "https://www.digg.se/tdosanmalan"


def test_the_data_page_tells_the_rounds_own_particulars(walker: Walker, opened: SmallRound) -> None:
    walker.get("/uppgifter")
    walker.get(next(iter(walker.links().values())))
    for words_ in ("Äldrenämnden", "dataskyddsombud@example.org", "ÄN 2026/123", "365 dagar efter sista svarsdagen"):
        assert words_ in walker.text


def test_the_help_page_tells_how_to_complain(walker: Walker, opened: SmallRound) -> None:
    walker.get("/hjalp")
    assert "08-123 45 20" in walker.text
    assert "byta utförare" in walker.text
    assert opened.short_name


def test_thanks_are_for_the_browser_that_sent(app: Flask, walker: Walker, opened: SmallRound) -> None:
    send_all(walker, opened)
    assert walker.get(f"/o/{opened.short_name}/tack").heading.startswith("Tack!")
    other = Walker(app.test_client()).get(f"/o/{opened.short_name}/tack")
    assert other.heading == "Skriv koden från brevet"


def test_over_https_the_keys_are_bound_to_the_host(
    app_settings: Settings, clock: FixedClock, opened: SmallRound
) -> None:
    app = make_app(app_settings.model_copy(update={"https": True}), clock)
    client = app.test_client()
    base = {"base_url": "https://localhost"}
    page = client.get(f"/o/{opened.short_name}", **base)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page.text)[0]
    form = {"code": opened.codes[0], "csrf_token": token}
    response = client.post(f"/o/{opened.short_name}", data=form, **base)
    assert response.status_code == 303
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-enkat_answer=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    dispose(app)
