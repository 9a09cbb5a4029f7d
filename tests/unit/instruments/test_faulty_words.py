"""Faulty wording: one edit of a valid directory each, and the fault it must give."""

from pathlib import Path

import pytest

from enkat.languages import LANGUAGES
from tests.factories.faulty import Faulty, assert_refused
from tests.factories.surveys import HOME

CASES = (
    Faulty(
        "positive_without_place_for_the_number",
        HOME,
        'easy = { sv = "Får du mat?", en = "Do you get food?" }\n',
        'easy = { sv = "Får du mat?", en = "Do you get food?" }\npositive = { sv = "får mat" }\n',
        HOME,
        "gets_food",
        "Texten positive.sv ska ha {n} en gång, där antalet ska stå: ”känner sig {n} trygga”.",
    ),
    Faulty(
        "positive_without_swedish",
        HOME,
        'easy = { sv = "Får du mat?", en = "Do you get food?" }\n',
        'easy = { sv = "Får du mat?", en = "Do you get food?" }\npositive = { en = "{n} get food" }\n',
        HOME,
        "gets_food",
        "Texten positive.sv saknas. Skriv den, eller ta bort positive.",
    ),
    Faulty(
        "positive_as_a_whole_sentence",
        HOME,
        'easy = { sv = "Får du mat?", en = "Do you get food?" }\n',
        'easy = { sv = "Får du mat?", en = "Do you get food?" }\npositive = { sv = "får {n} mat." }\n',
        HOME,
        "gets_food",
        "Texten positive.sv är en del av en mening. Ta bort skiljetecknet i slutet.",
    ),
    Faulty(
        "positive_in_an_unknown_language",
        HOME,
        'easy = { sv = "Får du mat?", en = "Do you get food?" }\n',
        'easy = { sv = "Får du mat?", en = "Do you get food?" }\npositive = { sv = "får {n} mat", xx = "{n} x" }\n',
        HOME,
        "gets_food",
        f"Språket ”xx” i positive är okänt. Kända språk: {', '.join(LANGUAGES)}.",
    ),
    Faulty(
        "text_missing_language",
        HOME,
        ', en = "Do you get food from us?"',
        "",
        HOME,
        "gets_food",
        "Texten text.en saknas, men den är utlovad.",
    ),
    Faulty(
        "easy_missing",
        HOME,
        'easy = { sv = "Får du mat?", en = "Do you get food?" }\n',
        "",
        HOME,
        "gets_food",
        "Texten easy.sv saknas, men den är utlovad.",
    ),
    Faulty(
        "proxy_missing_language",
        HOME,
        ', en = "Does the person get food?"',
        "",
        HOME,
        "gets_food",
        "Texten proxy.en saknas, men den är utlovad.",
    ),
    Faulty(
        "hint_missing_language",
        HOME,
        ', en = "Write no names."',
        "",
        HOME,
        "tell_more",
        "Texten hint.en saknas, men den är utlovad.",
    ),
    Faulty(
        "text_unknown_language",
        HOME,
        'text = { sv = "Får du mat av oss?",',
        'text = { xx = "Mat?", sv = "Får du mat av oss?",',
        HOME,
        "gets_food",
        (
            "Språket ”xx” i text är okänt. Kända språk: sv, fi, fit, se, smj, sma, yi, rom, en, ar, "
            "so, fa, es, pl, ti, bs, tr."
        ),
    ),
    Faulty(
        "empty_text",
        HOME,
        "Får du mat av oss?",
        " ",
        HOME,
        "gets_food",
        "Texten text.sv är tom.",
    ),
    Faulty(
        "no_question_mark",
        HOME,
        "Får du mat av oss?",
        "Får du mat av oss",
        HOME,
        "gets_food",
        "Texten text.sv slutar inte med frågetecken.",
    ),
    Faulty(
        "two_questions",
        HOME,
        "Får du mat av oss?",
        "Får du mat? Är den god?",
        HOME,
        "gets_food",
        "Texten text.sv ställer mer än en fråga. Dela upp den.",
    ),
    Faulty(
        "markup",
        HOME,
        "Får du mat av oss?",
        "Får du <b>mat</b>?",
        HOME,
        "gets_food",
        "Texten text.sv innehåller kod för utseende. Skriv bara ren text.",
    ),
    Faulty(
        "gap_to_fill",
        HOME,
        "Får du mat av oss?",
        "Får du mat av {utförare}?",
        HOME,
        "gets_food",
        "Texten text.sv innehåller en lucka att fylla i. Skriv ut orden.",
    ),
    Faulty(
        "unfinished",
        HOME,
        "Får du mat av oss?",
        "TO" + "DO mat?",
        HOME,
        "gets_food",
        "Texten text.sv ser ut som ett utkast. Skriv den färdigt.",
    ),
    Faulty(
        "double_space",
        HOME,
        "Får du mat av oss?",
        "Får du  mat?",
        HOME,
        "gets_food",
        "Texten text.sv har överflödiga mellanslag eller radbrytningar.",
    ),
    Faulty(
        "too_long",
        HOME,
        "Får du mat av oss?",
        (
            "Får du mat och te och te och te och te och te och te och te och te och te och te och te "
            "och te och te och te och te och te och te och te och te och te och te och te och te och "
            "te av oss?"
        ),
        HOME,
        "gets_food",
        "Texten text.sv har 186 tecken. Den får ha högst 160.",
    ),
    Faulty(
        "long_sentence",
        HOME,
        "Får du mat av oss?",
        "Får du mat och te och te och te och te och te och te och te och te och te av oss?",
        HOME,
        "gets_food",
        "Texten text.sv har en mening med 23 ord. Skriv högst 20.",
    ),
    Faulty(
        "easy_too_many_words",
        HOME,
        'sv = "Får du mat?"',
        'sv = "Får du mat och te och kex av oss på dagen nu då?"',
        HOME,
        "gets_food",
        "Den lättlästa frågan har 13 ord. Skriv högst 12.",
    ),
    Faulty(
        "easy_longer",
        HOME,
        'sv = "Får du mat?"',
        'sv = "Får du mat av oss nu?"',
        HOME,
        "gets_food",
        "Den lättlästa frågan är längre än den vanliga. Gör den kortare.",
    ),
    Faulty(
        "hard_words",
        HOME,
        "Får du mat av oss?",
        "Tillhandahåller hemtjänstutförare näringsriktiga måltidslösningar?",
        HOME,
        "gets_food",
        "Texten text.sv är svår att läsa (LIX 104). Använd kortare ord.",
    ),
    Faulty(
        "proxy_says_you",
        HOME,
        "Får den du svarar för mat?",
        "Får du mat av oss?",
        HOME,
        "gets_food",
        ("Frågan till den som svarar åt någon är samma som den vanliga. Skriv om ”du” till den det gäller."),
    ),
    Faulty(
        "not_translated",
        HOME,
        'en = "Do you get food from us?"',
        'en = "Får du mat av oss?"',
        HOME,
        "gets_food",
        "Texten text.en är inte översatt: den är lika med den svenska.",
    ),
    Faulty(
        "same_words_twice",
        HOME,
        "Är maten god när den kommer?",
        "Får du mat av oss?",
        HOME,
        "food_good",
        "Frågan har samma ord som gets_food.",
    ),
)


@pytest.mark.parametrize("faulty", CASES, ids=lambda case: case.name)
def test_words_fault_names_file_question_and_remedy(faulty: Faulty, tmp_path: Path):
    assert_refused(faulty, tmp_path)
