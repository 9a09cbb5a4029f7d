"""Catalogues hold exactly the texts that the pages use, each translated with the same placeholders."""

import gettext
import re

import pytest
from babel.messages.catalog import Catalog

from enkat.catalogues import read_catalogue
from translations.refresh import catalogues, extracted, missing

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
SHIPPED = ("fi", "en", "ar")


def _texts(catalog: Catalog) -> set[tuple[str, str | None]]:
    return {(str(message.id), message.context) for message in catalog if message.id}


def test_the_shipped_languages_have_catalogues() -> None:
    assert catalogues() == list(SHIPPED)


@pytest.mark.parametrize("language", SHIPPED)
def test_the_catalogue_is_fresh_and_whole(language: str) -> None:
    catalog = read_catalogue(language)
    assert _texts(catalog) == _texts(extracted()), "run make catalogues"
    assert missing(catalog) == []


@pytest.mark.parametrize("language", SHIPPED)
def test_translations_keep_the_placeholders_and_have_no_markup(language: str) -> None:
    wrong = []
    for message in read_catalogue(language):
        wanted = set(PLACEHOLDER.findall(str(message.id)))
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        kept = set().union(*(PLACEHOLDER.findall(form) for form in forms))
        if message.id and (kept != wanted or any("<" in form or "&" in form for form in forms)):
            wrong.append(message.id)
    assert wrong == []


@pytest.mark.parametrize("language", SHIPPED)
def test_a_text_that_counts_has_a_form_for_every_number(language: str) -> None:
    catalog = read_catalogue(language)
    rule = gettext.c2py(catalog.plural_expr)
    used = {rule(number) for number in range(201)}
    assert used == set(range(catalog.num_plurals))
    assert catalog.num_plurals == {"ar": 6}.get(language, 2)
    counted = [message for message in catalog if isinstance(message.id, tuple)]
    assert counted
    assert all(len(message.string) == catalog.num_plurals for message in counted)
