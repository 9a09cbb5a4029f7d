"""Faulty conditions and supplements: one edit of a valid directory each, and the fault it must give."""

from pathlib import Path

import pytest

from tests.factories.faulty import Faulty, assert_refused
from tests.factories.surveys import EXTRA, HOME

CASES = (
    Faulty(
        "condition_unknown",
        HOME,
        'question = "gets_food"',
        'question = "gets_drink"',
        HOME,
        "food_good",
        "Villkoret rör gets_drink, som inte finns.",
    ),
    Faulty(
        "condition_forward",
        HOME,
        'question = "gets_food"',
        'question = "is_heard"',
        HOME,
        "food_good",
        "Villkoret rör is_heard, som kommer senare. Det kan bara röra tidigare frågor.",
    ),
    Faulty(
        "condition_self",
        HOME,
        'question = "gets_food"',
        'question = "food_good"',
        HOME,
        "food_good",
        "Villkoret rör frågan själv. Det kan bara röra tidigare frågor.",
    ),
    Faulty(
        "condition_unknown_option",
        HOME,
        'options = ["yes"]',
        'options = ["maybe"]',
        HOME,
        "food_good",
        "Villkoret nämner svaret maybe, som inte finns i gets_food.",
    ),
    Faulty(
        "condition_no_options",
        HOME,
        'options = ["yes"]',
        "options = []",
        HOME,
        "food_good",
        "Villkoret om gets_food nämner inga svar. Skriv minst ett i options.",
    ),
    Faulty(
        "condition_option_twice",
        HOME,
        'options = ["yes"]',
        'options = ["yes", "yes"]',
        HOME,
        "food_good",
        "Villkoret om gets_food nämner svaret yes två gånger.",
    ),
    Faulty(
        "condition_two_operators",
        HOME,
        "when = { in",
        'when = { answered = "gets_food", in',
        HOME,
        "food_good",
        "Varje villkor ska ha precis en av nycklarna all, any, not, in och answered.",
    ),
    Faulty(
        "condition_no_operator",
        HOME,
        'when = { in = { question = "gets_food", options = ["yes"] } }',
        "when = {}",
        HOME,
        "food_good",
        "Varje villkor ska ha precis en av nycklarna all, any, not, in och answered.",
    ),
    Faulty(
        "condition_unknown_operator",
        HOME,
        "when = { in",
        "when = { equals",
        HOME,
        "food_good",
        "Nyckeln when.equals finns inte. Se efter hur den stavas.",
    ),
    Faulty(
        "condition_empty_all",
        HOME,
        'when = { in = { question = "gets_food", options = ["yes"] } }',
        "when = { all = [] }",
        HOME,
        "food_good",
        "Villkoret all är tomt. Skriv minst en del.",
    ),
    Faulty(
        "condition_contradiction",
        HOME,
        'when = { in = { question = "gets_food", options = ["yes"] } }',
        (
            'when = { all = [{ in = { question = "gets_food", options = ["yes"] } }, { in = { '
            'question = "gets_food", options = ["no"] } }] }'
        ),
        HOME,
        "food_good",
        "Villkoret säger emot sig självt: det kan aldrig bli sant.",
    ),
    Faulty(
        "condition_always",
        HOME,
        'when = { in = { question = "gets_food", options = ["yes"] } }',
        'when = { any = [{ answered = "gets_food" }, { not = { answered = "gets_food" } }] }',
        HOME,
        "food_good",
        "Villkoret är alltid sant. Ta bort det.",
    ),
    Faulty(
        "condition_deep",
        HOME,
        'when = { in = { question = "gets_food", options = ["yes"] } }',
        'when = { not = { not = { not = { not = { answered = "gets_food" } } } } }',
        HOME,
        "food_good",
        "Villkoret är för sammansatt: det har mer än 4 nivåer.",
    ),
    Faulty(
        "condition_on_text",
        EXTRA,
        ('[[question]]\nid = "warm_food"'),
        (
            "[[question]]\n"
            'id = "say"\n'
            "version = 1\n"
            'kind = "text"\n'
            'text = { sv = "Vad är bra?", en = "What is good?" }\n'
            'easy = { sv = "Vad är bra?", en = "What is good?" }\n'
            'proxy = { sv = "Vad är bra?", en = "What is good?" }\n'
            'hint = { sv = "Skriv inga namn.", en = "No names." }\n'
            "[[question]]\n"
            'id = "more"\n'
            "version = 1\n"
            'kind = "text"\n'
            'when = { in = { question = "say", options = ["x"] } }\n'
            'text = { sv = "Vad mer?", en = "What more?" }\n'
            'easy = { sv = "Vad mer?", en = "What more?" }\n'
            'proxy = { sv = "Vad mer?", en = "What more?" }\n'
            'hint = { sv = "Skriv inga namn.", en = "No names." }\n'
            "[[question]]\n"
            'id = "warm_food"'
        ),
        EXTRA,
        "more",
        "Villkoret rör svar på say, som är en textfråga. Använd answered i stället.",
    ),
    Faulty(
        "condition_unreachable",
        HOME,
        ('[[question]]\nref = "core:is_heard@1"'),
        (
            "[[question]]\n"
            'id = "food_cold"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är maten för kall?", en = "Is the food too cold?" }\n'
            'easy = { sv = "Är den kall?", en = "Is it cold?" }\n'
            'proxy = { sv = "Är maten kall?", en = "Is the food cold?" }\n'
            'when = { all = [{ in = { question = "gets_food", options = ["no"] } }, { answered = '
            '"food_good" }] }\n'
            "[[question]]\n"
            'ref = "core:is_heard@1"'
        ),
        HOME,
        "food_cold",
        "Frågan kan aldrig nås: villkoren för de frågor den bygger på utesluter den.",
    ),
    Faulty(
        "supplement_id",
        EXTRA,
        'id = "mat"',
        'id = "dryck"',
        EXTRA,
        None,
        "id är dryck, men mappen eller filen heter mat. De ska vara lika.",
    ),
    Faulty(
        "supplement_service",
        EXTRA,
        'id = "mat"',
        ('id = "mat"\nservice = "home_care"'),
        EXTRA,
        None,
        "service hör inte hemma i tilläggsfrågor. Ta bort den.",
    ),
    Faulty(
        "supplement_taken_id",
        EXTRA,
        'id = "warm_food"',
        'id = "gets_food"',
        EXTRA,
        "gets_food",
        "Frågans id finns redan i hemtjanst. Ge den ett eget id.",
    ),
    Faulty(
        "supplement_core_id",
        EXTRA,
        'id = "warm_food"',
        'id = "is_heard"',
        EXTRA,
        "is_heard",
        "is_heard är en kärnfråga. Hänvisa till den med ref i stället för att skriva den på nytt.",
    ),
    Faulty(
        "supplement_condition",
        EXTRA,
        'criteria = ["trygghet"]',
        ('criteria = ["trygghet"]\nwhen = { answered = "gets_food" }'),
        EXTRA,
        "warm_food",
        "Villkoret rör gets_food, som inte finns.",
    ),
)


@pytest.mark.parametrize("faulty", CASES, ids=lambda case: case.name)
def test_conditions_fault_names_file_question_and_remedy(faulty: Faulty, tmp_path: Path):
    assert_refused(faulty, tmp_path)
