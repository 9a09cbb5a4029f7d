"""What only proxies are asked: their own view beside the person's, and questions to relatives."""

from dataclasses import replace
from pathlib import Path

import pytest

from enkat.instruments.checking import check_directory
from enkat.instruments.instrument import Instrument
from enkat.instruments.loading import load_catalogue
from enkat.instruments.missing import Missing
from enkat.instruments.routing import next_question, path, vector
from enkat.instruments.snapshot import from_snapshot, snapshot
from enkat.instruments.wording import Face
from tests.factories.faulty import Faulty, assert_refused
from tests.factories.surveys import CORE, EXTRA, HOME, write_language, write_surveys

HEADER = 'title = { sv = "Om din hjälp", en = "About your help" }'
VIEWS = """
[proxy_views]
questions = ["feels_safe"]
text = { sv = "Svara nu så som du själv ser det.", en = "Now answer as you see it." }
"""
RELATIVE = """
[[question]]
id = "proxy_told"
version = 1
scale = "yesno"
criteria = ["delaktighet"]
asked_of = "proxy"
text = { sv = "Vet du vem du kan ringa?", en = "Do you know whom to call?" }
"""
ASKED = '[[question]]\nid = "tell_more"'


def with_views(views: str = VIEWS) -> tuple[str, str, str]:
    return HOME, "\n[[question]]\nref", f"{views}\n[[question]]\nref"


@pytest.fixture
def instrument(tmp_path: Path) -> Instrument:
    folder = write_surveys(tmp_path, with_views(), (HOME, ASKED, RELATIVE + ASKED))
    return load_catalogue(folder).instruments["hemtjanst"]


def test_the_own_view_stands_after_its_question_with_the_same_options(instrument: Instrument) -> None:
    asked, own = instrument.questions[:2]
    assert (asked.id, own.id) == ("feels_safe", "feels_safe_own_view")
    assert own.scale == asked.scale
    assert not own.core
    assert own.text("sv", Face.EASY) == "Är den du svarar för trygg? Svara nu så som du själv ser det."
    assert not own.text("en", Face.PROXY).is_fallback


def test_only_a_proxy_is_shown_them_and_the_vector_has_their_places_for_all(instrument: Instrument) -> None:
    ids = [question.id for question in instrument.choice_questions]
    everyone = {question.id for question in path(instrument, {})}
    proxies = {question.id for question in path(instrument, {}, proxy=True)}
    assert proxies - everyone == {"feels_safe_own_view", "proxy_told"}
    answers: dict[str, int | str] = {"feels_safe": 1, "feels_safe_own_view": 2, "proxy_told": 1}
    mine = dict(zip(ids, vector(instrument, answers), strict=True))
    theirs = dict(zip(ids, vector(instrument, answers, proxy=True), strict=True))
    assert mine["feels_safe"] == theirs["feels_safe"] == 1
    assert mine["feels_safe_own_view"] == mine["proxy_told"] == Missing.NOT_SHOWN
    assert (theirs["feels_safe_own_view"], theirs["proxy_told"]) == (2, 1)
    following = next_question(instrument, {}, "feels_safe")
    assert following is not None
    assert following.id == "gets_food"
    own = next_question(instrument, {}, "feels_safe", proxy=True)
    assert own is not None
    assert own.id == "feels_safe_own_view"


def test_a_snapshot_keeps_them_and_one_without_keeps_its_text(instrument: Instrument) -> None:
    assert from_snapshot(snapshot(instrument)) == instrument
    assert snapshot(instrument).count('"only_proxy":true') == 2
    plain = replace(instrument, questions=path(instrument, {}))
    assert "only_proxy" not in snapshot(plain)


def test_a_language_file_translates_what_asks_for_the_own_view(tmp_path: Path) -> None:
    folder = write_surveys(tmp_path, with_views(), (HOME, ASKED, RELATIVE + ASKED))
    write_language(folder, "fi")
    assert check_directory(folder) == []
    home = load_catalogue(folder).instruments["hemtjanst"]
    assert home.languages == ("sv", "en", "fi")
    own = home.question("feels_safe_own_view").text("fi", Face.PROXY)
    assert own == "fi Är den du svarar för trygg? fi Svara nu så som du själv ser det."
    assert not home.question("proxy_told").text("fi", Face.EASY).is_fallback


SEVEN = "".join(RELATIVE.replace("proxy_told", f"proxy_{n}").replace("ringa?", f"ringa {n}?") for n in "abcdefg")
CASES = (
    Faulty("seven", HOME, ASKED, SEVEN + ASKED, HOME, None,
           "7 frågor till den som svarar åt någon är för många. Ha högst 6."),
    Faulty("text", HOME, 'kind = "text"', 'kind = "text"\nasked_of = "proxy"', HOME, "tell_more",
           "En fråga till den som svarar åt någon har fasta svar. Fri text ställs till alla."),
    Faulty("faces", HOME, 'id = "gets_food"', 'id = "gets_food"\nasked_of = "proxy"', HOME, "gets_food",
           "Frågan ställs bara till den som svarar åt någon. Skriv den i text, och ta bort de andra."),
    Faulty("condition", HOME, 'id = "gets_food"', 'id = "gets_food"\nasked_of = "proxy"', HOME, "food_good",
           "Villkoret gäller en fråga som bara ställs till den som svarar åt någon."),
    Faulty("core", CORE, 'id = "feels_safe"', 'id = "feels_safe"\nasked_of = "proxy"', CORE, "feels_safe",
           "En kärnfråga ställs till alla. Ta bort asked_of."),
    Faulty("supplement", EXTRA, 'id = "warm_food"', 'id = "warm_food"\nasked_of = "proxy"', EXTRA, "warm_food",
           "Frågor till den som svarar åt någon skrivs i enkäten, inte bland tilläggsfrågorna."),
    Faulty("unknown_view", *with_views(VIEWS.replace("feels_safe", "feels_warm")), HOME, None,
           "proxy_views nämner feels_warm, som inte finns i enkäten."),
    Faulty("text_view", *with_views(VIEWS.replace("feels_safe", "tell_more")), HOME, None,
           "proxy_views nämner tell_more. Bara valfrågor till alla kan besvaras två gånger."),
    Faulty("untranslated_view", *with_views(VIEWS.replace(', en = "Now answer as you see it."', "")), HOME, None,
           "Texten proxy_views.text.en saknas, men språket är utlovat."),
    Faulty("empty_views", *with_views(VIEWS.replace('"feels_safe"', "")), HOME, None,
           "proxy_views.questions är tom. Skriv vilka frågor som besvaras två gånger."),
)  # fmt: skip


@pytest.mark.parametrize("faulty", CASES, ids=lambda faulty: faulty.name)
def test_a_fault_is_told(faulty: Faulty, tmp_path: Path) -> None:
    assert_refused(faulty, tmp_path)


def test_the_valid_file_has_no_fault(tmp_path: Path) -> None:
    assert check_directory(write_surveys(tmp_path, with_views(), (HOME, ASKED, RELATIVE + ASKED))) == []
