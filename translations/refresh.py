"""Collects the interface's texts and brings every language's catalogue up to date.

Swedish is the source: what stands in the code is what Swedish readers see. Run it with `make catalogues`, then
translate what is listed as missing. A new language is begun with its code: `python translations/refresh.py so`.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from enkat.catalogues import catalogue_file, formatting_locale, interface_languages, read_catalogue
from enkat.languages import LANGUAGES, SOURCE_LANGUAGE

FOLDER = Path(__file__).resolve().parent
CODE = FOLDER.parent / "enkat"
TRANSLATED = (
    "web/interviewer",
    "web/paper",
    "web/respondent",
    "web/shared",
    "services/ballots",
    "services/letters",
    "services/paper",
    "services/questionnaires",
    "services/rounds",
)
"""The folders whose texts those who answer read, in every language; staff read Swedish."""

METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext.babel_extract")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "_l": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""Written as the creation date, so that a catalogue changes only when its texts do."""


def extracted() -> Catalog:
    """Return every text that the translated pages use."""
    catalog = Catalog(project="enkat", charset="utf-8", creation_date=EPOCH, revision_date=EPOCH)
    for folder in TRANSLATED:
        options = {"**/templates/**.html": {"silent": "false", "newstyle_gettext": "true"}}
        found = extract_from_dir(CODE / folder, METHODS, options, keywords=KEYWORDS, comment_tags=("Translators:",))
        for _file, _line, message, comments, context in found:
            catalog.add(message, auto_comments=comments, context=context)
    return catalog


def catalogues() -> list[str]:
    """Return the languages that have a catalogue."""
    return [lang for lang in interface_languages() if lang != SOURCE_LANGUAGE]


def missing(catalog: Catalog) -> list[str]:
    """Return the texts that are not translated in every form, or only guessed."""
    return [str(message.id) for message in catalog if message.id and (not _whole(message) or message.fuzzy)]


def _whole(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def refresh(language: str) -> list[str]:
    """Bring one catalogue up to date and return what is missing in it."""
    catalog = read_catalogue(language) if catalogue_file(language).is_file() else _begun(language)
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.creation_date = catalog.revision_date = EPOCH
    catalogue_file(language).parent.mkdir(parents=True, exist_ok=True)
    with catalogue_file(language).open("wb") as file:
        write_po(file, catalog, width=120, no_location=True, ignore_obsolete=True, sort_output=True)
    return missing(catalog)


def _begun(language: str) -> Catalog:
    """Return a catalogue without texts; the plural rule of a language that Babel does not know is its fallback's."""
    catalog = Catalog(locale=formatting_locale(language), charset="utf-8", fuzzy=False)
    header = catalog.mime_headers
    catalog.mime_headers = [(name, language if name == "Language" else value) for name, value in header]
    return catalog


def main(begun: list[str]) -> int:
    """Refresh all catalogues and begin those that are named; 1 when something is not translated."""
    unknown = [language for language in begun if language not in LANGUAGES]
    if unknown:
        print(f"Not in the language table: {', '.join(unknown)}. It knows {', '.join(LANGUAGES)}.")
        return 1
    lacking = {language: refresh(language) for language in dict.fromkeys([*catalogues(), *begun])}
    for language, texts in lacking.items():
        for text in texts:
            print(f"{language}: not translated: {text}")
    return int(any(lacking.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
