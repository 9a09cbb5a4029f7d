"""Catalogues hold exactly the texts that the pages use, each translated with the same placeholders."""

import re

import pytest
from babel.messages.catalog import Catalog

from enkat.languages import INTERFACE_LANGUAGES
from translations.refresh import catalogues, extracted, missing, read

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def _texts(catalog: Catalog) -> set[tuple[str, str | None]]:
    return {(str(message.id), message.context) for message in catalog if message.id}


def test_every_interface_language_has_a_catalogue() -> None:
    assert set(catalogues()) == set(INTERFACE_LANGUAGES) - {"sv"}


@pytest.mark.parametrize("language", sorted(set(INTERFACE_LANGUAGES) - {"sv"}))
def test_the_catalogue_is_fresh_and_whole(language: str) -> None:
    catalog = read(language, catalogues()[language])
    assert _texts(catalog) == _texts(extracted()), "run make catalogues"
    assert missing(catalog) == []


@pytest.mark.parametrize("language", sorted(set(INTERFACE_LANGUAGES) - {"sv"}))
def test_translations_keep_the_placeholders(language: str) -> None:
    catalog = read(language, catalogues()[language])
    lost = [
        str(message.id)
        for message in catalog
        if message.id and set(PLACEHOLDER.findall(str(message.id))) != set(PLACEHOLDER.findall(str(message.string)))
    ]
    assert lost == []
