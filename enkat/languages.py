"""The language table (own names, direction, fallback) and Swedish sorting.

Babel knows neither Meänkieli nor Romani, so languages stand here; texts fall back along `fallback`.
"""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """A language that pages or surveys may be in."""

    code: str
    own_name: str
    swedish_name: str
    direction: str = "ltr"
    fallback: str = "sv"


SOURCE_LANGUAGE = "sv"
"""The language every text exists in, and the last resort of a look-up."""

LANGUAGES = {
    language.code: language
    for language in (
        Language("sv", "Svenska", "svenska"),
        Language("fi", "Suomi", "finska"),
        Language("fit", "Meänkieli", "meänkieli", fallback="fi"),
        Language("se", "Davvisámegiella", "nordsamiska"),
        Language("smj", "Julevsámegiella", "lulesamiska"),
        Language("sma", "Åarjelsaemien gïele", "sydsamiska"),
        Language("yi", "ייִדיש", "jiddisch", direction="rtl"),
        Language("rom", "Romani čhib", "romani"),
        Language("en", "English", "engelska"),
        Language("ar", "العربية", "arabiska", direction="rtl"),
        Language("so", "Soomaali", "somaliska"),
        Language("fa", "فارسی", "persiska", direction="rtl"),
        Language("es", "Español", "spanska"),
        Language("pl", "Polski", "polska"),
        Language("ti", "ትግርኛ", "tigrinska"),
        Language("bs", "Bosanski", "bosniska"),
        Language("tr", "Türkçe", "turkiska"),
    )
}
"""In the order they are offered: Swedish, the national minorities' languages, the others."""


def chain(code: str) -> tuple[str, ...]:
    """Return the languages in which a text is looked for: the language itself, its fallbacks, Swedish last."""
    found = [code]
    while found[-1] in LANGUAGES and found[-1] != SOURCE_LANGUAGE:
        found.append(LANGUAGES[found[-1]].fallback)
    return tuple(found)


def by_swedish_name(name: str) -> Language | None:
    """Return the language that register files call `name` (svenska, finska …), or None."""
    wanted = name.strip().casefold()
    return next((language for language in LANGUAGES.values() if language.swedish_name == wanted), None)


_SWEDISH_LETTERS = {"å": "z1", "ä": "z2", "ö": "z3", "æ": "z2", "ø": "z3"}


def sv_key(text: str) -> tuple[str, str]:
    """Return a sort key for Swedish: å, ä, ö after z, é as e, case last."""
    composed = unicodedata.normalize("NFC", text)
    letters = [
        _SWEDISH_LETTERS.get(letter) or unicodedata.normalize("NFD", letter)[0] + ("0" if letter == "z" else "")
        for letter in composed.casefold()
    ]
    return "".join(letters), composed
