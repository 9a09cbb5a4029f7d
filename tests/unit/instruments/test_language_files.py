"""A language is a file: laid over what it translates, refused where it is wrong, offered only where it is whole."""

from datetime import date
from pathlib import Path

import pytest

from enkat.instruments.checking import check_directory, inspect
from enkat.instruments.comparability import Comparability, comparability, core_differences, question_differences
from enkat.instruments.faults import InstrumentFault, InstrumentFaults
from enkat.instruments.language_overview import language_overview
from enkat.instruments.language_template import language_template
from enkat.instruments.loading import load_catalogue
from enkat.instruments.snapshot import from_snapshot, snapshot
from enkat.instruments.wording import Face
from tests.factories.surveys import CORE, HOME, write_language, write_surveys

FI = "languages/fi.toml"
SAFE = '[question."core:feels_safe@1"]\n'


def test_a_complete_file_adds_its_language_everywhere(tmp_path: Path):
    write_surveys(tmp_path)
    write_language(tmp_path, "fi")
    assert check_directory(tmp_path) == []
    catalogue = load_catalogue(tmp_path)
    home = catalogue.instruments["hemtjanst"]
    assert home.languages == ("sv", "en", "fi")
    assert home.title_in("fi") == "fi Om din hjälp"
    asked = home.question("feels_safe")
    assert [asked.text("fi", face) for face in (Face.PLAIN, Face.EASY)] == [
        "fi Är du trygg med din hjälp?",
        "fi Är du trygg?",
    ]
    assert asked.scale is not None
    assert [asked.scale.label(code, "fi") for code in asked.scale.codes] == ["fi Alltid", "fi Aldrig", "fi Vet inte"]
    assert home.question("tell_more").hint("fi") == "fi Skriv inga namn."
    assert catalogue.supplements["mat"][0].text("fi") == "fi Är maten varm när den kommer?"
    assert from_snapshot(snapshot(home)).question("feels_safe").text("fi") == "fi Är du trygg med din hjälp?"
    assert catalogue.histories["language:fi"] == ("Version 1, 2026-11-25: Ett utkast. Tillfrågade: ingen ännu.",)


def test_an_added_language_changes_nothing_for_those_who_answered_before(tmp_path: Path):
    old = load_catalogue(write_surveys(tmp_path / "old")).instruments["hemtjanst"]
    write_language(write_surveys(tmp_path / "new"), "fi")
    new = load_catalogue(tmp_path / "new").instruments["hemtjanst"]
    assert core_differences(old, new) == []
    assert question_differences(old, new) == []
    assert all(
        comparability(one, new.question(one.id), {}) is Comparability.SAME and one.ref == new.question(one.id).ref
        for one in old.questions
    )


def test_a_translation_that_is_changed_is_a_change_of_words(tmp_path: Path):
    for name, edits in (("old", ()), ("new", (("fi Är du trygg?", "fi Hur trygg är du?"),))):
        write_language(write_surveys(tmp_path / name), "fi", *edits)
    old, new = (load_catalogue(tmp_path / name).instruments["hemtjanst"] for name in ("old", "new"))
    assert [difference.question_id for difference in core_differences(old, new)] == ["feels_safe"]


def test_a_text_that_waits_keeps_the_language_from_its_survey_only(tmp_path: Path):
    write_surveys(tmp_path)
    write_language(tmp_path, "fi", ('easy = "fi Är maten god?"', 'easy = ""'))
    assert check_directory(tmp_path) == []
    catalogue = load_catalogue(tmp_path)
    home = catalogue.instruments["hemtjanst"]
    assert home.languages == ("sv", "en")
    assert home.question("food_good").text("fi", Face.EASY) == "fi Är maten god när den kommer?"
    assert home.question("food_good").text("fi", Face.EASY).is_fallback
    lines = {line.definition_id: line for line in language_overview(catalogue) if line.language.code == "fi"}
    assert {name: line.missing for name, line in lines.items()} == {"hemtjanst": 1, "mat": 0}
    assert [(face.face, face.missing) for face in lines["hemtjanst"].faces] == [
        (Face.PLAIN, 0),
        (Face.EASY, 1),
        (Face.PROXY, 0),
    ]


def test_labels_extra_lines_and_titles_are_needed_too(tmp_path: Path):
    for number, waits in enumerate(
        ('never = "fi Aldrig"', 'hint = "fi Skriv inga namn."', 'hemtjanst = "fi Om din hjälp"')
    ):
        directory = write_surveys(tmp_path / str(number))
        write_language(directory, "fi", (waits, f'{waits.partition(" =")[0]} = ""'))
        assert check_directory(directory) == []
        assert load_catalogue(directory).instruments["hemtjanst"].languages == ("sv", "en")


@pytest.mark.parametrize(
    ("old", "new", "about", "message"),
    [
        (
            SAFE,
            '[question."core:feels_safe@2"]\n',
            "core:feels_safe@2",
            "Versionen finns inte. Läs igenom texten mot den svenska och skriv sedan core:feels_safe@1.",
        ),
        (
            SAFE,
            '[question."core:feel_safe@1"]\n',
            "core:feel_safe@1",
            "Namnet finns inte bland det som ska översättas. Menade du core:feels_safe@1?",
        ),
        (
            'easy = "fi Är du trygg?"\n',
            "",
            "core:feels_safe@1",
            'Texten easy saknas. Skriv easy = "" tills den är översatt.',
        ),
        (
            SAFE,
            SAFE + 'interviewer = "fi Är du trygg med hjälpen?"\n',
            "core:feels_safe@1",
            "Texten interviewer finns inte på svenska. Ta bort den.",
        ),
        (SAFE, SAFE + 'simple = "x"\n', "core:feels_safe@1", "Nyckeln simple finns inte. Se efter hur den stavas."),
        (
            'never = "fi Aldrig"\n',
            "",
            "core:freq@1",
            'Svaret text.never saknas. Skriv never = "" tills det är översatt.',
        ),
        (
            'never = "fi Aldrig"',
            'seldom = "fi Sällan"\nnever = "fi Aldrig"',
            "core:freq@1",
            "text.seldom: svaret finns inte i skalan. Ta bort raden.",
        ),
        (
            'never = "fi Aldrig"',
            'never = "fi Alltid"',
            "core:freq@1",
            "Två svar heter ”fi Alltid”: always och never. Ge dem olika namn.",
        ),
        (
            '"fi Är du trygg?"',
            '"fi Är du {trygg}?"',
            "core:feels_safe@1",
            "Texten easy innehåller en lucka att fylla i. Skriv ut orden.",
        ),
        ('"fi Är du trygg?"', '"fi Är du trygg"', "core:feels_safe@1", "Texten easy slutar inte med frågetecken."),
        (
            '"fi Är du trygg?"',
            '"Är du trygg?"',
            "core:feels_safe@1",
            "Texten easy är inte översatt: den är lika med den svenska.",
        ),
        (
            'hemtjanst = "fi',
            'hemtjanster = "x"\nhemtjanst = "fi',
            "title.hemtjanster",
            "Namnet finns inte bland det som ska översättas. Menade du hemtjanst?",
        ),
        ('language = "fi"', 'language = "en"', None, "language är en, men filen heter fi.toml. De ska vara lika."),
        (
            "version = 1\n",
            "version = 2\n",
            None,
            "history saknar version 2. Skriv vad som ändrades och vilka som tillfrågades.",
        ),
    ],
)
def test_a_faulty_file_is_told_by_file_name_and_remedy(
    tmp_path: Path, old: str, new: str, about: str | None, message: str
):
    write_language(write_surveys(tmp_path), "fi", (old, new))
    faults = check_directory(tmp_path)
    assert InstrumentFault(FI, about, message) in faults
    assert {fault.file for fault in faults} == {FI}


def test_all_faults_of_a_file_are_found_in_one_run(tmp_path: Path):
    write_language(
        write_surveys(tmp_path),
        "fi",
        (SAFE, '[question."core:feels_safe@2"]\n'),
        ('never = "fi Aldrig"\n', ""),
        ("fi Får du mat?", "fi Får du mat"),
    )
    assert [fault.question for fault in check_directory(tmp_path)] == [
        "core:freq@1",
        "core:feels_safe@2",
        "hemtjanst:gets_food@1",
    ]


def test_the_number_in_words_for_results_has_its_place(tmp_path: Path):
    positive = ('easy = { sv = "Är du trygg?"', 'positive = { sv = "är {n} trygga" }\neasy = { sv = "Är du trygg?"')
    write_language(write_surveys(tmp_path, (CORE, *positive)), "fi", ("fi är {n} trygga", "fi är {antal} trygga"))
    told = "Texten positive ska ha {n} en gång, där antalet ska stå: ”känner sig {n} trygga”."
    assert InstrumentFault(FI, "core:feels_safe@1", told) in check_directory(tmp_path)


def test_a_text_stands_in_one_place(tmp_path: Path):
    write_language(write_surveys(tmp_path), "en", ("version", 'question."core:feels_safe@1".text = "Safe?"\nversion'))
    told = "Texten text finns redan på en där det svenska står. Behåll en av dem."
    assert InstrumentFault("languages/en.toml", "core:feels_safe@1", told) in check_directory(tmp_path)


@pytest.mark.parametrize(
    ("lang", "message"),
    [
        ("sv", "Svenska skrivs i enkäternas egna filer. Ta bort den här filen."),
        ("xx", "Filen heter som ett okänt språk"),
    ],
)
def test_a_file_of_no_further_language(tmp_path: Path, lang: str, message: str):
    path = write_language(write_surveys(tmp_path), "fi")
    path.rename(path.with_stem(lang))
    (fault,) = check_directory(tmp_path)
    assert (fault.file, fault.message[: len(message)]) == (f"languages/{lang}.toml", message)


def test_what_a_broken_survey_defines_is_not_reported_again(tmp_path: Path):
    write_language(write_surveys(tmp_path), "fi")
    write_surveys(tmp_path, (HOME, 'id = "gets_food"\nversion = 1', 'id = "gets_food"\nversion = "1"'))
    assert {fault.file for fault in check_directory(tmp_path)} == {HOME}


def test_long_and_hard_texts_are_warned_of(tmp_path: Path):
    long = "fi " + " ".join(["trygg"] * 15) + "?"
    write_language(write_surveys(tmp_path), "fi", ('"fi Är du trygg?"', f'"{long}"'))
    found = inspect(tmp_path)
    assert found.faults == []
    assert [(one.question, one.message) for one in found.warnings if one.file == FI] == [
        ("core:feels_safe@1", "Texten easy har en mening med 16 ord. Skriv helst högst 12."),
        ("core:feels_safe@1", "Texten easy är mycket längre än den svenska. Se om den kan kortas."),
    ]


def test_the_template_keeps_what_is_there_and_throws_nothing_away(tmp_path: Path):
    directory = write_surveys(tmp_path)
    path = write_language(directory, "fi")
    write_surveys(tmp_path, (HOME, 'id = "gets_food"\nversion = 1', 'id = "gets_food"\nversion = 2'))
    text = language_template(directory, "fi", date(2027, 1, 1))
    assert 'text = "fi Är du trygg med din hjälp?"' in text
    assert '[question."hemtjanst:gets_food@2"]\n# Får du mat av oss?\ntext = ""' in text
    assert "# question.hemtjanst:gets_food@1.text: fi Får du mat av oss?" in text
    assert "date = 2026-11-25" in text
    path.write_text(text, encoding="utf-8")
    assert language_template(directory, "fi", date(2027, 1, 2)) == text.partition("\n# Texter som")[0]


def test_there_is_no_template_for_swedish(tmp_path: Path):
    with pytest.raises(InstrumentFaults, match="inget språk att översätta till"):
        language_template(write_surveys(tmp_path), "sv", date(2026, 11, 25))
