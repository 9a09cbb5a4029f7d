"""Faulty questions: one edit of a valid directory each, and the fault it must give."""

from pathlib import Path

import pytest

from tests.factories.faulty import Faulty, assert_refused
from tests.factories.surveys import EXTRA, HOME

CASES = (
    Faulty(
        "question_twice",
        HOME,
        'id = "food_good"',
        'id = "gets_food"',
        HOME,
        "gets_food",
        "Frågan står två gånger i filen.",
    ),
    Faulty(
        "question_without_id",
        HOME,
        'id = "gets_food"\n',
        "",
        HOME,
        "fråga nr 2",
        "Nyckeln id saknas. Lägg till den.",
    ),
    Faulty(
        "question_odd_id",
        HOME,
        'id = "tell_more"',
        'id = "Tell-more"',
        HOME,
        "Tell-more",
        "id ska bestå av små bokstäver a–z, siffror och understreck och börja med en bokstav.",
    ),
    Faulty(
        "question_known_by_frame",
        HOME,
        'id = "tell_more"',
        'id = "age"',
        HOME,
        "age",
        "Detta vet vi redan från registret eller från första sidan. Fråga inte om det igen.",
    ),
    Faulty(
        "question_version_zero",
        HOME,
        ('id = "tell_more"\nversion = 1'),
        ('id = "tell_more"\nversion = 0'),
        HOME,
        "tell_more",
        "version ska vara 1 eller högre.",
    ),
    Faulty(
        "unknown_scale",
        HOME,
        'scale = "freq"',
        'scale = "often"',
        HOME,
        "food_good",
        "Skalan often finns inte.",
    ),
    Faulty(
        "unknown_scale_version",
        HOME,
        'scale = "freq"',
        'scale = "freq@2"',
        HOME,
        "food_good",
        "Skalan freq@2 finns inte.",
    ),
    Faulty(
        "choice_without_scale",
        HOME,
        'scale = "freq"\n',
        "",
        HOME,
        "food_good",
        "scale saknas. Skriv vilken skala frågan har.",
    ),
    Faulty(
        "text_with_scale",
        HOME,
        'kind = "text"',
        ('kind = "text"\nscale = "freq"'),
        HOME,
        "tell_more",
        "En textfråga har ingen skala. Ta bort scale.",
    ),
    Faulty(
        "choice_with_length",
        HOME,
        'scale = "freq"\n',
        ('scale = "freq"\nmax_length = 10\n'),
        HOME,
        "food_good",
        "max_length hör till textfrågor. Ta bort den.",
    ),
    Faulty(
        "text_too_long_allowed",
        HOME,
        "max_length = 500",
        "max_length = 2000",
        HOME,
        "tell_more",
        "max_length är 2000. Den ska vara 1–1000.",
    ),
    Faulty(
        "text_without_hint",
        HOME,
        'hint = { sv = "Skriv inga namn.", en = "Write no names." }',
        "",
        HOME,
        "tell_more",
        "hint saknas. En textfråga ska be den som svarar att inte skriva namn.",
    ),
    Faulty(
        "unknown_kind",
        HOME,
        'kind = "text"',
        'kind = "slider"',
        HOME,
        "tell_more",
        "”slider” är inget värde för kind. Välj bland choice, text.",
    ),
    Faulty(
        "matrix",
        HOME,
        'kind = "text"',
        'kind = "matrix"',
        HOME,
        "tell_more",
        "Det finns inga matrisfrågor. Ställ en fråga i taget.",
    ),
    Faulty(
        "matrix_rows",
        HOME,
        'kind = "text"',
        ('kind = "text"\nrows = ["a", "b"]'),
        HOME,
        "tell_more",
        "Nyckeln rows hör till matrisfrågor, och de finns inte. Ställ en fråga i taget.",
    ),
    Faulty(
        "mandatory",
        HOME,
        'kind = "text"',
        ('kind = "text"\nrequired = true'),
        HOME,
        "tell_more",
        "Nyckeln required finns inte: ingen fråga är obligatorisk.",
    ),
    Faulty(
        "no_criteria",
        HOME,
        'criteria = ["inflytande"]\n',
        "",
        HOME,
        "gets_food",
        "criteria är tom. Skriv vilket mål frågan hör till.",
    ),
    Faulty(
        "unknown_criterion",
        HOME,
        '"inflytande"',
        '"ordning"',
        HOME,
        "gets_food",
        (
            "”ordning” är inget värde för criteria.nr 1. Välj bland trygghet, självbestämmande, "
            "integritet, säkerhet, delaktighet, bemötande, inflytande."
        ),
    ),
    Faulty(
        "criterion_twice",
        HOME,
        '["inflytande"]',
        '["inflytande", "inflytande"]',
        HOME,
        "gets_food",
        "criteria nämner inflytande två gånger.",
    ),
    Faulty(
        "own_history",
        HOME,
        'kind = "text"',
        ('kind = "text"\nhistory = [{ version = 1, date = 2026-03-01, consulted = [], changed = "Ny." }]'),
        HOME,
        "tell_more",
        "history för en fråga hör till kärnfrågor. Skriv ändringen i filens egen history.",
    ),
    Faulty(
        "picture_missing",
        HOME,
        'kind = "text"',
        ('kind = "text"\nmedia = { picture = "mat.svg" }'),
        HOME,
        "tell_more",
        "media.picture: filen mat.svg finns inte.",
    ),
    Faulty(
        "picture_kind",
        HOME,
        'kind = "text"',
        ('kind = "text"\nmedia = { picture = "mat.exe" }'),
        HOME,
        "tell_more",
        "media.picture: mat.exe har fel filtyp. Tillåtna är .svg, .png, .webp.",
    ),
    Faulty(
        "picture_outside",
        HOME,
        'kind = "text"',
        ('kind = "text"\nmedia = { sound = { sv = "../mat.mp3" } }'),
        HOME,
        "tell_more",
        "media.sound: ../mat.mp3 ligger utanför mappen. Lägg filen i enkätens mapp.",
    ),
    Faulty(
        "after_text",
        HOME,
        'id = "tell_more"',
        (
            'id = "tell_first"\n'
            "version = 1\n"
            'kind = "text"\n'
            'text = { sv = "Vad är bra?", en = "What is good?" }\n'
            'easy = { sv = "Vad är bra?", en = "What is good?" }\n'
            'proxy = { sv = "Vad är bra?", en = "What is good?" }\n'
            'hint = { sv = "Skriv inga namn.", en = "No names." }\n'
            "[[question]]\n"
            'id = "last_choice"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Kommer de?", en = "Do they come?" }\n'
            'easy = { sv = "Kommer de?", en = "Do they come?" }\n'
            'proxy = { sv = "Kommer de?", en = "Do they come?" }\n'
            "[[question]]\n"
            'id = "tell_more"'
        ),
        HOME,
        "last_choice",
        "Frågan står efter textfrågan tell_first. Textfrågor ska stå sist.",
    ),
    Faulty(
        "too_many_questions",
        HOME,
        ('[[question]]\nid = "tell_more"'),
        (
            "[[question]]\n"
            'id = "q0"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 0 bra?", en = "Is 0 good?" }\n'
            'easy = { sv = "Är 0 bra?", en = "Is 0 good?" }\n'
            'proxy = { sv = "Är 0 bra?", en = "Is 0 good?" }\n'
            "[[question]]\n"
            'id = "q1"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 1 bra?", en = "Is 1 good?" }\n'
            'easy = { sv = "Är 1 bra?", en = "Is 1 good?" }\n'
            'proxy = { sv = "Är 1 bra?", en = "Is 1 good?" }\n'
            "[[question]]\n"
            'id = "q2"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 2 bra?", en = "Is 2 good?" }\n'
            'easy = { sv = "Är 2 bra?", en = "Is 2 good?" }\n'
            'proxy = { sv = "Är 2 bra?", en = "Is 2 good?" }\n'
            "[[question]]\n"
            'id = "q3"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 3 bra?", en = "Is 3 good?" }\n'
            'easy = { sv = "Är 3 bra?", en = "Is 3 good?" }\n'
            'proxy = { sv = "Är 3 bra?", en = "Is 3 good?" }\n'
            "[[question]]\n"
            'id = "q4"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 4 bra?", en = "Is 4 good?" }\n'
            'easy = { sv = "Är 4 bra?", en = "Is 4 good?" }\n'
            'proxy = { sv = "Är 4 bra?", en = "Is 4 good?" }\n'
            "[[question]]\n"
            'id = "q5"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 5 bra?", en = "Is 5 good?" }\n'
            'easy = { sv = "Är 5 bra?", en = "Is 5 good?" }\n'
            'proxy = { sv = "Är 5 bra?", en = "Is 5 good?" }\n'
            "[[question]]\n"
            'id = "q6"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 6 bra?", en = "Is 6 good?" }\n'
            'easy = { sv = "Är 6 bra?", en = "Is 6 good?" }\n'
            'proxy = { sv = "Är 6 bra?", en = "Is 6 good?" }\n'
            "[[question]]\n"
            'id = "q7"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 7 bra?", en = "Is 7 good?" }\n'
            'easy = { sv = "Är 7 bra?", en = "Is 7 good?" }\n'
            'proxy = { sv = "Är 7 bra?", en = "Is 7 good?" }\n'
            "[[question]]\n"
            'id = "q8"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 8 bra?", en = "Is 8 good?" }\n'
            'easy = { sv = "Är 8 bra?", en = "Is 8 good?" }\n'
            'proxy = { sv = "Är 8 bra?", en = "Is 8 good?" }\n'
            "[[question]]\n"
            'id = "q9"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 9 bra?", en = "Is 9 good?" }\n'
            'easy = { sv = "Är 9 bra?", en = "Is 9 good?" }\n'
            'proxy = { sv = "Är 9 bra?", en = "Is 9 good?" }\n'
            "[[question]]\n"
            'id = "q10"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 10 bra?", en = "Is 10 good?" }\n'
            'easy = { sv = "Är 10 bra?", en = "Is 10 good?" }\n'
            'proxy = { sv = "Är 10 bra?", en = "Is 10 good?" }\n'
            "[[question]]\n"
            'id = "q11"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 11 bra?", en = "Is 11 good?" }\n'
            'easy = { sv = "Är 11 bra?", en = "Is 11 good?" }\n'
            'proxy = { sv = "Är 11 bra?", en = "Is 11 good?" }\n'
            "[[question]]\n"
            'id = "q12"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 12 bra?", en = "Is 12 good?" }\n'
            'easy = { sv = "Är 12 bra?", en = "Is 12 good?" }\n'
            'proxy = { sv = "Är 12 bra?", en = "Is 12 good?" }\n'
            "[[question]]\n"
            'id = "q13"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 13 bra?", en = "Is 13 good?" }\n'
            'easy = { sv = "Är 13 bra?", en = "Is 13 good?" }\n'
            'proxy = { sv = "Är 13 bra?", en = "Is 13 good?" }\n'
            "[[question]]\n"
            'id = "q14"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 14 bra?", en = "Is 14 good?" }\n'
            'easy = { sv = "Är 14 bra?", en = "Is 14 good?" }\n'
            'proxy = { sv = "Är 14 bra?", en = "Is 14 good?" }\n'
            "[[question]]\n"
            'id = "q15"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 15 bra?", en = "Is 15 good?" }\n'
            'easy = { sv = "Är 15 bra?", en = "Is 15 good?" }\n'
            'proxy = { sv = "Är 15 bra?", en = "Is 15 good?" }\n'
            "[[question]]\n"
            'id = "q16"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 16 bra?", en = "Is 16 good?" }\n'
            'easy = { sv = "Är 16 bra?", en = "Is 16 good?" }\n'
            'proxy = { sv = "Är 16 bra?", en = "Is 16 good?" }\n'
            "[[question]]\n"
            'id = "q17"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 17 bra?", en = "Is 17 good?" }\n'
            'easy = { sv = "Är 17 bra?", en = "Is 17 good?" }\n'
            'proxy = { sv = "Är 17 bra?", en = "Is 17 good?" }\n'
            "[[question]]\n"
            'id = "q18"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 18 bra?", en = "Is 18 good?" }\n'
            'easy = { sv = "Är 18 bra?", en = "Is 18 good?" }\n'
            'proxy = { sv = "Är 18 bra?", en = "Is 18 good?" }\n'
            "[[question]]\n"
            'id = "q19"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 19 bra?", en = "Is 19 good?" }\n'
            'easy = { sv = "Är 19 bra?", en = "Is 19 good?" }\n'
            'proxy = { sv = "Är 19 bra?", en = "Is 19 good?" }\n'
            "[[question]]\n"
            'id = "q20"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 20 bra?", en = "Is 20 good?" }\n'
            'easy = { sv = "Är 20 bra?", en = "Is 20 good?" }\n'
            'proxy = { sv = "Är 20 bra?", en = "Is 20 good?" }\n'
            "[[question]]\n"
            'id = "q21"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 21 bra?", en = "Is 21 good?" }\n'
            'easy = { sv = "Är 21 bra?", en = "Is 21 good?" }\n'
            'proxy = { sv = "Är 21 bra?", en = "Is 21 good?" }\n'
            "[[question]]\n"
            'id = "q22"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 22 bra?", en = "Is 22 good?" }\n'
            'easy = { sv = "Är 22 bra?", en = "Is 22 good?" }\n'
            'proxy = { sv = "Är 22 bra?", en = "Is 22 good?" }\n'
            "[[question]]\n"
            'id = "q23"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 23 bra?", en = "Is 23 good?" }\n'
            'easy = { sv = "Är 23 bra?", en = "Is 23 good?" }\n'
            'proxy = { sv = "Är 23 bra?", en = "Is 23 good?" }\n'
            "[[question]]\n"
            'id = "q24"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 24 bra?", en = "Is 24 good?" }\n'
            'easy = { sv = "Är 24 bra?", en = "Is 24 good?" }\n'
            'proxy = { sv = "Är 24 bra?", en = "Is 24 good?" }\n'
            "[[question]]\n"
            'id = "q25"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 25 bra?", en = "Is 25 good?" }\n'
            'easy = { sv = "Är 25 bra?", en = "Is 25 good?" }\n'
            'proxy = { sv = "Är 25 bra?", en = "Is 25 good?" }\n'
            "[[question]]\n"
            'id = "q26"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 26 bra?", en = "Is 26 good?" }\n'
            'easy = { sv = "Är 26 bra?", en = "Is 26 good?" }\n'
            'proxy = { sv = "Är 26 bra?", en = "Is 26 good?" }\n'
            "[[question]]\n"
            'id = "q27"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 27 bra?", en = "Is 27 good?" }\n'
            'easy = { sv = "Är 27 bra?", en = "Is 27 good?" }\n'
            'proxy = { sv = "Är 27 bra?", en = "Is 27 good?" }\n'
            "[[question]]\n"
            'id = "q28"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 28 bra?", en = "Is 28 good?" }\n'
            'easy = { sv = "Är 28 bra?", en = "Is 28 good?" }\n'
            'proxy = { sv = "Är 28 bra?", en = "Is 28 good?" }\n'
            "[[question]]\n"
            'id = "q29"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 29 bra?", en = "Is 29 good?" }\n'
            'easy = { sv = "Är 29 bra?", en = "Is 29 good?" }\n'
            'proxy = { sv = "Är 29 bra?", en = "Is 29 good?" }\n'
            "[[question]]\n"
            'id = "q30"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 30 bra?", en = "Is 30 good?" }\n'
            'easy = { sv = "Är 30 bra?", en = "Is 30 good?" }\n'
            'proxy = { sv = "Är 30 bra?", en = "Is 30 good?" }\n'
            "[[question]]\n"
            'id = "q31"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 31 bra?", en = "Is 31 good?" }\n'
            'easy = { sv = "Är 31 bra?", en = "Is 31 good?" }\n'
            'proxy = { sv = "Är 31 bra?", en = "Is 31 good?" }\n'
            "[[question]]\n"
            'id = "q32"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 32 bra?", en = "Is 32 good?" }\n'
            'easy = { sv = "Är 32 bra?", en = "Is 32 good?" }\n'
            'proxy = { sv = "Är 32 bra?", en = "Is 32 good?" }\n'
            "[[question]]\n"
            'id = "q33"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 33 bra?", en = "Is 33 good?" }\n'
            'easy = { sv = "Är 33 bra?", en = "Is 33 good?" }\n'
            'proxy = { sv = "Är 33 bra?", en = "Is 33 good?" }\n'
            "[[question]]\n"
            'id = "q34"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 34 bra?", en = "Is 34 good?" }\n'
            'easy = { sv = "Är 34 bra?", en = "Is 34 good?" }\n'
            'proxy = { sv = "Är 34 bra?", en = "Is 34 good?" }\n'
            "[[question]]\n"
            'id = "q35"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 35 bra?", en = "Is 35 good?" }\n'
            'easy = { sv = "Är 35 bra?", en = "Is 35 good?" }\n'
            'proxy = { sv = "Är 35 bra?", en = "Is 35 good?" }\n'
            "[[question]]\n"
            'id = "q36"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 36 bra?", en = "Is 36 good?" }\n'
            'easy = { sv = "Är 36 bra?", en = "Is 36 good?" }\n'
            'proxy = { sv = "Är 36 bra?", en = "Is 36 good?" }\n'
            "[[question]]\n"
            'id = "q37"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 37 bra?", en = "Is 37 good?" }\n'
            'easy = { sv = "Är 37 bra?", en = "Is 37 good?" }\n'
            'proxy = { sv = "Är 37 bra?", en = "Is 37 good?" }\n'
            "[[question]]\n"
            'id = "q38"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 38 bra?", en = "Is 38 good?" }\n'
            'easy = { sv = "Är 38 bra?", en = "Is 38 good?" }\n'
            'proxy = { sv = "Är 38 bra?", en = "Is 38 good?" }\n'
            "[[question]]\n"
            'id = "q39"\n'
            "version = 1\n"
            'scale = "freq"\n'
            'criteria = ["trygghet"]\n'
            'text = { sv = "Är nummer 39 bra?", en = "Is 39 good?" }\n'
            'easy = { sv = "Är 39 bra?", en = "Is 39 good?" }\n'
            'proxy = { sv = "Är 39 bra?", en = "Is 39 good?" }\n'
            "[[question]]\n"
            'id = "tell_more"'
        ),
        HOME,
        None,
        "45 frågor är för många. Ha högst 40.",
    ),
    Faulty(
        "questions_no_list",
        EXTRA,
        "[[question]]",
        "[question]",
        EXTRA,
        None,
        "Värdet för question ska vara en lista.",
    ),
)


@pytest.mark.parametrize("faulty", CASES, ids=lambda case: case.name)
def test_questions_fault_names_file_question_and_remedy(faulty: Faulty, tmp_path: Path):
    assert_refused(faulty, tmp_path)
