"""Instruments, scales and wording as objects."""

from pathlib import Path

import pytest

from enkat.instruments.catalogue import Catalogue
from enkat.instruments.loading import load_catalogue
from enkat.instruments.missing import Missing
from enkat.instruments.question import Face
from enkat.instruments.schema import json_schemas
from enkat.instruments.vocabulary import ServiceType
from tests.factories.surveys import CORE, EXTRA, HOME, write_surveys


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return load_catalogue(write_surveys(tmp_path))


def test_references(catalogue: Catalogue):
    home = catalogue.instruments["hemtjanst"]
    assert [question.ref for question in home.questions] == [
        "core:feels_safe@1",
        "hemtjanst:gets_food@1",
        "hemtjanst:food_good@1",
        "core:is_heard@1",
        "hemtjanst:tell_more@1",
    ]
    assert [question.id for question in home.core_questions] == ["feels_safe", "is_heard"]
    assert catalogue.for_service(ServiceType.HOME_CARE) is home
    assert catalogue.for_service(ServiceType.CARE_HOME) is None


def test_scales_know_what_counts(catalogue: Catalogue):
    scale = catalogue.scales["freq"]
    assert scale.codes == (1, 2, Missing.DOES_NOT_KNOW)
    assert (scale.positive, scale.outside, scale.base) == ({1}, {-3}, (1, 2))
    assert scale.offers_not_knowing
    assert not catalogue.scales["yesno"].offers_not_knowing
    assert scale.label(-3, "en") == "Don't know"
    assert not scale.label(1, "sv", Face.EASY).is_fallback


def test_wording_falls_back_visibly(catalogue: Catalogue):
    question = catalogue.core["feels_safe"]
    assert question.text("sv", Face.EASY) == "Är du trygg?"
    assert not question.text("sv", Face.EASY).is_fallback
    other_language = question.text("fi", Face.EASY)
    assert (other_language, other_language.lang, other_language.is_fallback) == ("Är du trygg?", "sv", True)
    other_face = question.text("en", Face.INTERVIEWER)
    assert (other_face, other_face.face, other_face.is_fallback) == ("Do you feel safe?", Face.PLAIN, True)


def test_hint_and_title(catalogue: Catalogue):
    home = catalogue.instruments["hemtjanst"]
    assert home.question("tell_more").hint("en") == "Write no names."
    assert home.question("gets_food").hint("en") is None
    assert home.title_in("en") == "About your help"


def test_supplements_stand_before_free_text(catalogue: Catalogue):
    home = catalogue.instruments["hemtjanst"]
    more = home.with_supplements(catalogue.supplements["mat"])
    assert [question.id for question in more.questions][-2:] == ["warm_food", "tell_more"]
    assert more.questions[-2].ref == "mat:warm_food@1"
    assert more.max_payload == home.max_payload + 1
    assert len(home.questions) == len(more.questions) - 1


def test_a_supplement_is_not_added_twice_and_never_a_core_question(catalogue: Catalogue):
    home = catalogue.instruments["hemtjanst"]
    extra = catalogue.supplements["mat"]
    with pytest.raises(ValueError, match="warm_food finns redan i hemtjanst"):
        home.with_supplements([*extra, *extra])
    with pytest.raises(ValueError, match="feels_safe är en kärnfråga"):
        home.with_supplements([catalogue.core["feels_safe"]])


def test_the_longest_answers(catalogue: Catalogue):
    assert catalogue.instruments["hemtjanst"].max_payload == 4 + 2 + 4 * 500


def test_what_a_promise_lacks(catalogue: Catalogue):
    home = catalogue.instruments["hemtjanst"]
    assert home.missing_wordings(["sv", "en"], [Face.PLAIN, Face.EASY, Face.PROXY]) == []
    lacking = home.missing_wordings(["fi"], [Face.PLAIN])
    assert {found.question.id for found in lacking} == {question.id for question in home.questions}
    assert {found.option for found in lacking if found.question.id == "gets_food"} == {None, "yes", "no"}


def test_the_newest_version_of_a_core_question_is_the_current_one(tmp_path: Path):
    second = """
[[question]]
id = "feels_safe"
version = 2
scale = "freq@1"
criteria = ["trygghet"]
text = { sv = "Är du trygg nu med din hjälp?", en = "Do you feel safe now?" }
easy = { sv = "Är du trygg nu?", en = "Are you safe now?" }
proxy = { sv = "Är den du svarar för trygg nu?", en = "Does the person feel safe now?" }
history = [
  { version = 1, date = 2022-03-01, consulted = [], changed = "Ny." },
  { version = 2, date = 2026-03-01, consulted = ["Pensionärsrådet"], changed = "Ordet nu." },
]
[[question]]
id = "is_heard"
"""
    write_surveys(tmp_path, (CORE, '[[question]]\nid = "is_heard"\n', second.lstrip()))
    catalogue = load_catalogue(tmp_path)
    assert catalogue.core["feels_safe"].version == 2
    assert catalogue.instruments["hemtjanst"].question("feels_safe").version == 1
    assert "Pensionärsrådet" in catalogue.histories["core:feels_safe"][1]


def test_histories_say_when_nobody_was_consulted(tmp_path: Path):
    write_surveys(tmp_path, (EXTRA, '["Rådet"]', "[]"))
    histories = load_catalogue(tmp_path).histories
    assert histories["mat"] == ("Version 1, 2026-03-01: Ny. Tillfrågade: ingen ännu.",)
    assert histories["hemtjanst"] == ("Version 1, 2026-03-01: Ny. Tillfrågade: Rådet.",)


def test_json_schemas_forbid_unknown_keys():
    schemas = json_schemas()
    assert set(schemas) == {"instrument", "core-questions", "core-scales", "supplement", "language"}
    assert all(schema["additionalProperties"] is False for schema in schemas.values())
    assert HOME.endswith("instrument.toml")
