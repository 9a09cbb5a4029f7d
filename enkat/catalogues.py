"""Interface texts: one folder per language with a gettext file, found by looking; Swedish is what stands in the code.

A text that a language lacks falls back along the language table, so whoever shows it must ask which language it is in.
The files are read as they are written: a city adds `translations/so/LC_MESSAGES/messages.po`, restarts and has Somali.
"""

import gettext
import logging
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from enkat import paths
from enkat.languages import LANGUAGES, SOURCE_LANGUAGE, chain

_NAMED, _BRACED = re.compile(r"%\((\w+)\)s"), re.compile(r"\{\w*\}")
_log = logging.getLogger("enkat.catalogues")
_BRITISH = "en_GB"
"""English with the day before the month, as in the other languages of Europe."""
FILE = Path("LC_MESSAGES", "messages.po")


class Text(NamedTuple):
    """A text and the language it was found in."""

    text: str
    lang: str


class _Messages(NamedTuple):
    """A language's texts: one form for a text, several for one that counts."""

    forms: Mapping[str, tuple[str, ...]]
    plural: str


def catalogue_file(lang: str) -> Path:
    """Return where a language's texts lie."""
    return paths.translations() / lang / FILE


@cache
def interface_languages() -> tuple[str, ...]:
    """Return the languages that have interface texts, in the order of the table."""
    return tuple(lang for lang in LANGUAGES if lang == SOURCE_LANGUAGE or catalogue_file(lang).is_file())


def read_catalogue(lang: str) -> Catalog:
    """Read a language's file; a language that Babel does not know keeps the plural rule of its own header."""
    with catalogue_file(lang).open("rb") as file:
        try:
            return read_po(file, locale=lang)
        except UnknownLocaleError:
            file.seek(0)
            return read_po(file)


@cache
def _messages(lang: str) -> _Messages:
    if lang not in interface_languages() or lang == SOURCE_LANGUAGE:
        return _Messages({}, "0")
    try:
        catalog = read_catalogue(lang)
        _rule_of(catalog.plural_expr)
    except (ValueError, PoFileError) as fault:
        _log.error("%s cannot be read, its language falls back: %s", catalogue_file(lang), fault)
        return _Messages({}, "0")
    forms = {}
    for message in catalog:
        given = message.string if isinstance(message.string, tuple) else (message.string,)
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        if ids[0] and all(given) and not message.fuzzy:
            if all(_fills(str(form), " ".join(map(str, ids))) for form in given):
                forms[str(ids[0])] = tuple(str(form) for form in given)
            else:
                _log.error("%s: a gap in %r is not the source's, the text falls back", catalogue_file(lang), ids[0])
    return _Messages(forms, catalog.plural_expr)


def _fills(form: str, source: str) -> bool:
    """Whether a translation can be filled with what its source is filled with: a slip must not stop a page."""
    gaps = all(set(kind.findall(form)) <= set(kind.findall(source)) for kind in (_NAMED, _BRACED))
    return gaps and (not _strays(form) or _strays(source))


def _strays(text: str) -> bool:
    """Whether a percent sign stands outside every gap."""
    return "%" in _NAMED.sub("", text).replace("%%", "")


class Coverage(NamedTuple):
    """How many of the interface's texts a language has."""

    needed: int
    missing: int


@cache
def interface_coverage(lang: str) -> Coverage:
    """Return how much of the interface a language has, counted against all that any language has."""
    needed = set().union(*(_messages(other).forms for other in interface_languages()))
    missing = 0 if lang == SOURCE_LANGUAGE else len(needed - _messages(lang).forms.keys())
    return Coverage(len(needed), missing)


@cache
def formatting_locale(lang: str) -> str:
    """Return the locale of dates and numbers; languages that Babel does not know borrow their fallback's."""
    for code in chain(lang):
        try:
            return str(Locale.parse(_BRITISH if code == "en" else code))
        except UnknownLocaleError:
            continue
    return SOURCE_LANGUAGE


def find(message: str, lang: str) -> Text:
    """Return a text in a language, or in the first of its fallbacks that has it; the last of them is Swedish."""
    for at in chain(lang):
        forms = _messages(at).forms.get(message)
        if forms is not None:
            return Text(forms[0], at)
    return Text(message, SOURCE_LANGUAGE)


def texts_in(lang: str) -> Callable[[str], str]:
    """Return the function that gives a text in a language or its fallbacks."""
    return lambda message: find(message, lang).text


def find_counted(one: str, many: str, number: int, lang: str) -> Text:
    """Return a text that counts, in the form that the language has for the number."""
    for at in chain(lang):
        forms = _messages(at).forms.get(one)
        if forms is not None:
            return Text(forms[_rule(at)(number)], at)
    return Text(one if number == 1 else many, SOURCE_LANGUAGE)


@cache
def _rule(lang: str) -> Callable[[int], int]:
    return _rule_of(_messages(lang).plural)


def _rule_of(expression: str) -> Callable[[int], int]:
    return gettext.c2py(expression)
