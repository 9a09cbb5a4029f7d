"""Pages in languages other than Swedish: whole in those that are translated, marked part by part where they are not."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from enkat import catalogues, paths
from enkat.catalogues import find
from enkat.languages import LANGUAGES
from enkat.records.rounds import SurveyRound
from enkat.records.writing import writing
from enkat.settings import Secrets, Settings
from enkat.web.shared import languages
from tests.clocks import FixedClock
from tests.factories.prose import blocks
from tests.factories.rounds import SmallRound, small_round
from tests.factories.walking import Walker

pytestmark = pytest.mark.one_database

SWEDISH = re.compile(r"\b(och|är|inte|dina|svaret|frågan|hjälp|tillbaka)\b", re.IGNORECASE)
MARKED = re.compile(r"<bdi lang=\"sv\"[^>]*>.*?</bdi>|<button[^>]* lang=\"sv\".*?</button>", re.DOTALL)
PARTLY = """msgid ""
msgstr ""
"Language: fit\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "Fortsätt"
msgstr "Jatka etheenpäin"
"""


@pytest.fixture
def translated(session: Session, clock: FixedClock, app_settings: Settings) -> SmallRound:
    promised = ["sv", "en", "fi", "ar"]
    made = small_round(session, clock, app_settings, Secrets(app_settings), languages=promised)
    session.rollback()
    return made


@pytest.fixture
def partly_translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A city that has begun with Meänkieli: one text of its own, the rest in Finnish."""
    shutil.copytree(paths.translations(), tmp_path / "translations")
    folder = tmp_path / "translations" / "fit" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(PARTLY, encoding="utf-8")
    monkeypatch.setenv("ENKAT_TRANSLATIONS_DIR", str(tmp_path / "translations"))
    _forget()
    yield
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for cached in (catalogues.interface_languages, catalogues._messages, catalogues._rule, languages._markup):
        cached.cache_clear()


def walk(walker: Walker, opened: SmallRound, lang: str) -> list[tuple[str, str]]:
    """Go through every kind of page in a language."""

    def say(text: str) -> str:
        return find(text, lang).text

    base = f"/o/{opened.short_name}"
    walker.get(f"{base}?lang={lang}").press(say("Fortsätt"), {"code": "12"})
    walker.press(say("Fortsätt"), {"code": opened.codes[0]}).press(say("Börja"))
    walker.press(say("Nästa"), {"who": "proxy"}).press(say("Nästa"), {"helper": "guardian"}).press(say("Nästa"))
    for path in (
        "/fraga/tell_more",
        "/granska",
        "/hjalp",
        "/uppgifter",
        "/tillganglighet",
        "/tillganglighet/fel",
        "/paus",
    ):
        walker.get(base + path)
    walker.get(f"{base}/granska").press(say("Skicka mina svar"))
    assert walker.heading == say("Tack! Ditt svar har kommit fram.")
    walker.get(base).press(say("Fortsätt"), {"code": opened.codes[0]})
    assert walker.heading == say("Ett svar med din kod har redan kommit fram")
    walker.get("/").get("/finns-inte")
    return walker.seen


@pytest.mark.parametrize("lang", ["en", "fi", "ar"])
def test_a_whole_journey_holds_no_unmarked_swedish(app: Flask, translated: SmallRound, lang: str) -> None:
    for path, html in walk(Walker(app.test_client()), translated, lang):
        assert f'<html lang="{lang}" dir="{LANGUAGES[lang].direction}"' in html, path
        texts = [text for text in blocks(MARKED.sub("", html)) if "2026" not in text]
        assert [text for text in texts if SWEDISH.search(text)] == [], path


def test_numbers_keep_their_order_in_arabic(app: Flask, translated: SmallRound) -> None:
    for path, html in walk(Walker(app.test_client()), translated, "ar"):
        plain = re.sub(r"<(?:bdi|a) [^>]*>[^<]*</|<[^>]*>", "", html)
        assert not re.search(r"08-\d", plain), path
        assert not re.search("[٠-٩]", html), path


def test_a_text_that_is_missing_carries_the_language_it_is_in(
    app: Flask, translated: SmallRound, partly_translated: None
) -> None:
    walker = Walker(app.test_client()).get(f"/o/{translated.short_name}?lang=fit")
    assert '<html lang="fit" dir="ltr"' in walker.response.text
    assert ">Jatka etheenpäin</button>" in walker.response.text
    heading = '<bdi lang="fi" dir="ltr">Kirjoita kirjeessä oleva koodi</bdi>'
    assert f'<label for="code">{heading}</label>' in walker.response.text
    assert "<title>Kirjoita kirjeessä oleva koodi – " in walker.response.text
    assert 'data-offline="Yhteys verkkoon' in walker.response.text
    walker.press("Jatka etheenpäin", {"code": "12"})
    assert "<title>Virhe: Kirjoita kirjeessä oleva koodi – " in walker.response.text


def test_the_menu_names_each_language_in_its_own_and_remembers_the_choice(app: Flask, translated: SmallRound) -> None:
    walker = Walker(app.test_client()).get(f"/o/{translated.short_name}")
    buttons = re.findall(
        r'<button [^>]*name="show_lang" value="(\w+)"[^>]* lang="(\w+)" dir="(\w+)">([^<]*)<', walker.response.text
    )
    assert buttons == [
        ("fi", "fi", "ltr", "Suomi"),
        ("en", "en", "ltr", "English"),
        ("ar", "ar", "rtl", "العربية"),
    ]
    walker.press("العربية")
    assert walker.get("/hjalp").root.get("lang") == "ar"
    walker.get(f"/o/{translated.short_name}").press("Svenska")
    assert walker.get("/hjalp").root.get("lang") == "sv"


def test_many_languages_fold_into_one_button(
    app: Flask, session: Session, clock: FixedClock, app_settings: Settings
) -> None:
    promised = ["sv", "en", "fi", "ar"]
    made = small_round(session, clock, app_settings, Secrets(app_settings), languages=promised)
    found = session.get_one(SurveyRound, made.round_id)
    with writing(session):
        found.languages = ["sv", "fi", "en", "ar", "so", "es"]
    html = Walker(app.test_client()).get(f"/o/{made.short_name}").response.text
    menu = html[html.index("<details>") : html.index("</details>")]
    assert menu.startswith('<details><summary>Språk · <span lang="en" dir="ltr">Languages</span></summary>')
    assert re.findall(r'value="(\w+)"', menu) == ["fi", "en", "ar", "so", "es"]


def test_staff_read_swedish_whatever_those_who_answer_have_chosen(app: Flask) -> None:
    client = app.test_client()
    client.get("/?lang=ar")
    assert '<html lang="sv">' in client.get("/stad/logga-in").text
