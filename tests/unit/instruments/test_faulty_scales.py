"""Faulty scales: one edit of a valid directory each, and the fault it must give."""

from pathlib import Path

import pytest

from tests.factories.faulty import Faulty, assert_refused
from tests.factories.surveys import HOME, SCALES

CASES = (
    Faulty(
        "scale_without_positive",
        SCALES,
        'positive = ["always"]\n',
        "",
        SCALES,
        None,
        "Skalan freq: Nyckeln positive saknas. Lägg till den.",
    ),
    Faulty(
        "scale_positive_empty",
        SCALES,
        'positive = ["always"]',
        "positive = []",
        SCALES,
        None,
        "Skalan freq: positive är tom. Skriv vilka svar som räknas som positiva.",
    ),
    Faulty(
        "scale_positive_unknown",
        SCALES,
        'positive = ["always"]',
        'positive = ["often"]',
        SCALES,
        None,
        "Skalan freq: positive nämner svaret often, som inte finns i skalan.",
    ),
    Faulty(
        "scale_positive_repeated",
        SCALES,
        'positive = ["always"]',
        'positive = ["always", "always"]',
        SCALES,
        None,
        "Skalan freq: positive nämner svaret always två gånger.",
    ),
    Faulty(
        "scale_without_leaves",
        SCALES,
        'leaves_base = ["dont_know"]\n',
        "",
        SCALES,
        None,
        "Skalan freq: Nyckeln leaves_base saknas. Lägg till den.",
    ),
    Faulty(
        "scale_leaves_unknown",
        SCALES,
        'leaves_base = ["dont_know"]',
        'leaves_base = ["dont_know", "maybe"]',
        SCALES,
        None,
        "Skalan freq: leaves_base nämner svaret maybe, som inte finns i skalan.",
    ),
    Faulty(
        "scale_missing_in_base",
        SCALES,
        'leaves_base = ["dont_know"]',
        "leaves_base = []",
        SCALES,
        None,
        "Skalan freq: svaret dont_know är inget ställningstagande. Skriv det i leaves_base.",
    ),
    Faulty(
        "scale_positive_leaves",
        SCALES,
        'leaves_base = ["dont_know"]',
        'leaves_base = ["dont_know", "always"]',
        SCALES,
        None,
        "Skalan freq: svaret always kan inte både vara positivt och lämna nämnaren.",
    ),
    Faulty(
        "scale_all_positive",
        SCALES,
        'positive = ["always"]',
        'positive = ["always", "never"]',
        SCALES,
        None,
        "Skalan freq: alla svar räknas som positiva. Något svar måste vara annat än positivt.",
    ),
    Faulty(
        "scale_twice",
        SCALES,
        'id = "yesno"',
        'id = "freq"',
        SCALES,
        None,
        "Skalan freq@1 står två gånger. Ge den nya en ny version.",
    ),
    Faulty(
        "scale_odd_id",
        SCALES,
        'id = "yesno"',
        'id = "Yes/No"',
        SCALES,
        None,
        ("Skalan Yes/No: id ska bestå av små bokstäver a–z, siffror och understreck och börja med en bokstav."),
    ),
    Faulty(
        "scale_version_zero",
        SCALES,
        ('id = "yesno"\nversion = 1'),
        ('id = "yesno"\nversion = 0'),
        SCALES,
        None,
        "Skalan yesno: version ska vara 1 eller högre.",
    ),
    Faulty(
        "option_twice",
        SCALES,
        'id = "never"',
        'id = "always"',
        SCALES,
        None,
        "Skalan freq: svaret always står två gånger.",
    ),
    Faulty(
        "option_odd_id",
        SCALES,
        'id = "never"',
        'id = "Never!"',
        SCALES,
        None,
        ("Skalan freq: svaret ”Never!”: id ska bestå av små bokstäver a–z, siffror och understreck."),
    ),
    Faulty(
        "code_twice",
        SCALES,
        'code = 2, text = { sv = "Aldrig"',
        'code = 1, text = { sv = "Aldrig"',
        SCALES,
        None,
        "Skalan freq: koden 1 används av två svar.",
    ),
    Faulty(
        "code_out_of_range",
        SCALES,
        'code = 2, text = { sv = "Aldrig"',
        'code = 200, text = { sv = "Aldrig"',
        SCALES,
        None,
        "Skalan freq: svaret never har koden 200. Koden ska vara 1–99.",
    ),
    Faulty(
        "code_negative",
        SCALES,
        'code = 2, text = { sv = "Aldrig"',
        'code = -1, text = { sv = "Aldrig"',
        SCALES,
        None,
        "Skalan freq: svaret never har koden -1. Koden ska vara 1–99.",
    ),
    Faulty(
        "code_missing",
        SCALES,
        'code = 2, text = { sv = "Aldrig"',
        'text = { sv = "Aldrig"',
        SCALES,
        None,
        "Skalan freq: svaret never saknar code. Ge det ett eget tal.",
    ),
    Faulty(
        "code_and_missing",
        SCALES,
        'missing = "does_not_know"',
        'missing = "does_not_know", code = 3',
        SCALES,
        None,
        "Skalan freq: svaret dont_know har både code och missing. Behåll en av dem.",
    ),
    Faulty(
        "missing_unknown",
        SCALES,
        'missing = "does_not_know"',
        'missing = "not_shown"',
        SCALES,
        None,
        ("Skalan freq: ”not_shown” är inget värde för option.nr 3.missing. Välj bland does_not_know, will_not_say."),
    ),
    Faulty(
        "missing_twice",
        SCALES,
        '{ id = "never", code = 2,',
        '{ id = "never", missing = "does_not_know",',
        SCALES,
        None,
        "Skalan freq: två svar betyder does_not_know. Behåll ett av dem.",
    ),
    Faulty(
        "one_option",
        SCALES,
        '  { id = "no", code = 2, text = { sv = "Nej", en = "No" } },\n',
        "",
        SCALES,
        None,
        "Skalan yesno: minst två svar måste räknas med i nämnaren.",
    ),
    Faulty(
        "option_text_missing",
        SCALES,
        ', en = "Never"',
        "",
        SCALES,
        None,
        "Skalan freq: svaret never saknar text på en, som är utlovat.",
    ),
    Faulty(
        "option_text_long",
        SCALES,
        'sv = "Aldrig"',
        'sv = "Aldrig någonsin under hela det gångna året"',
        SCALES,
        None,
        "Texten text.sv (Skalan freq: svaret never) har 42 tecken. Den får ha högst 40.",
    ),
    Faulty(
        "option_words",
        SCALES,
        'sv = "Aldrig"',
        'sv = "Nej det gör de ej"',
        SCALES,
        None,
        "Skalan freq: svaret never har 5 ord. Skriv högst 4.",
    ),
    Faulty(
        "option_same_label",
        SCALES,
        'sv = "Aldrig"',
        'sv = "Alltid"',
        SCALES,
        None,
        "Skalan freq: två svar heter ”Alltid” på sv. Ge dem olika namn.",
    ),
    Faulty(
        "option_unknown_language",
        SCALES,
        'sv = "Aldrig"',
        'xx = "N", sv = "Aldrig"',
        SCALES,
        None,
        (
            "Skalan freq: svaret never: språket ”xx” är okänt. Kända språk: sv, fi, fit, se, "
            "smj, sma, yi, rom, en, ar, so, fa, es, pl, ti, bs, tr."
        ),
    ),
    Faulty(
        "option_unknown_key",
        SCALES,
        '{ id = "never", code = 2,',
        '{ id = "never", value = 2, code = 2,',
        SCALES,
        None,
        "Skalan freq: Nyckeln option.nr 2.value finns inte. Se efter hur den stavas.",
    ),
    Faulty(
        "too_many_options",
        SCALES,
        '  { id = "no", code = 2',
        (
            '  { id = "o10", code = 10, text = { sv = "Val 10", en = "Choice 10" } },\n'
            '  { id = "o11", code = 11, text = { sv = "Val 11", en = "Choice 11" } },\n'
            '  { id = "o12", code = 12, text = { sv = "Val 12", en = "Choice 12" } },\n'
            '  { id = "o13", code = 13, text = { sv = "Val 13", en = "Choice 13" } },\n'
            '  { id = "o14", code = 14, text = { sv = "Val 14", en = "Choice 14" } },\n'
            '  { id = "o15", code = 15, text = { sv = "Val 15", en = "Choice 15" } },\n'
            '  { id = "o16", code = 16, text = { sv = "Val 16", en = "Choice 16" } },\n'
            '  { id = "o17", code = 17, text = { sv = "Val 17", en = "Choice 17" } },\n'
            '  { id = "o18", code = 18, text = { sv = "Val 18", en = "Choice 18" } },\n'
            '  { id = "o19", code = 19, text = { sv = "Val 19", en = "Choice 19" } },\n'
            '  { id = "no", code = 2'
        ),
        SCALES,
        None,
        "Skalan yesno: 12 svar är för många. Ha högst 10.",
    ),
    Faulty(
        "code_new_meaning",
        SCALES,
        ('[[scale]]\nid = "yesno"'),
        (
            "[[scale]]\n"
            'id = "freq"\n'
            "version = 2\n"
            'positive = ["always"]\n'
            "leaves_base = []\n"
            "option = [\n"
            '  { id = "always", code = 1, text = { sv = "Alltid", en = "Always" } },\n'
            '  { id = "rarely", code = 2, text = { sv = "Sällan", en = "Rarely" } },\n'
            "]\n"
            "[[scale]]\n"
            'id = "yesno"'
        ),
        SCALES,
        None,
        "Skalan freq version 2: koden 2 betydde never i version 1. En kod byter inte mening.",
    ),
    Faulty(
        "option_new_code",
        SCALES,
        ('[[scale]]\nid = "yesno"'),
        (
            "[[scale]]\n"
            'id = "freq"\n'
            "version = 2\n"
            'positive = ["always"]\n'
            "leaves_base = []\n"
            "option = [\n"
            '  { id = "always", code = 1, text = { sv = "Alltid", en = "Always" } },\n'
            '  { id = "never", code = 3, text = { sv = "Aldrig", en = "Never" } },\n'
            "]\n"
            "[[scale]]\n"
            'id = "yesno"'
        ),
        SCALES,
        None,
        "Skalan freq version 2: svaret never hade en annan kod i version 1. Behåll koden.",
    ),
    Faulty(
        "own_scale_shadows",
        HOME,
        ('[[question]]\nref = "core:feels_safe@1"'),
        (
            "[[scale]]\n"
            'id = "freq"\n'
            "version = 2\n"
            'positive = ["a"]\n'
            "leaves_base = []\n"
            'option = [{ id = "a", code = 1, text = { sv = "A", en = "Aa" } }, { id = "b", code = 2, '
            'text = { sv = "B", en = "Bb" } }]\n'
            "[[question]]\n"
            'ref = "core:feels_safe@1"'
        ),
        HOME,
        None,
        "Skalan freq finns redan bland de gemensamma. Ge den ett eget id.",
    ),
    Faulty(
        "own_scale_unused",
        HOME,
        ('[[question]]\nref = "core:feels_safe@1"'),
        (
            "[[scale]]\n"
            'id = "own"\n'
            "version = 1\n"
            'positive = ["a"]\n'
            "leaves_base = []\n"
            'option = [{ id = "a", code = 1, text = { sv = "A", en = "Aa" } }, { id = "b", code = 2, '
            'text = { sv = "B", en = "Bb" } }]\n'
            "[[question]]\n"
            'ref = "core:feels_safe@1"'
        ),
        HOME,
        None,
        "Skalan own används inte. Ta bort den.",
    ),
)


@pytest.mark.parametrize("faulty", CASES, ids=lambda case: case.name)
def test_scales_fault_names_file_question_and_remedy(faulty: Faulty, tmp_path: Path):
    assert_refused(faulty, tmp_path)
