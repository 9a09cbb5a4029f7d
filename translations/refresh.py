"""Collects the interface's texts, brings every language's catalogue up to date and compiles it.

Swedish is the source: what stands in the code is what Swedish readers see. Run it with `make catalogues`, then
translate what is listed as missing.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).resolve().parent
ENKAT = FOLDER.parent / "enkat"
TRANSLATED = ("web/respondent", "web/shared", "services/ballots", "services/questionnaires")
"""The folders of enkat whose texts are shown in every language; staff read Swedish."""

METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext.babel_extract")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "_l": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""Written as the creation date, so that a catalogue changes only when its texts do."""


def extracted() -> Catalog:
    """Return every text that the translated pages use."""
    catalog = Catalog(project="enkat", charset="utf-8", creation_date=EPOCH, revision_date=EPOCH)
    for folder in TRANSLATED:
        options = {"**/templates/**.html": {"silent": "false", "newstyle_gettext": "true"}}
        found = extract_from_dir(ENKAT / folder, METHODS, options, keywords=KEYWORDS, comment_tags=("Translators:",))
        for _file, _line, message, comments, context in found:
            catalog.add(message, auto_comments=comments, context=context)
    return catalog


def catalogues() -> dict[str, Path]:
    """Return each language's catalogue file."""
    return {path.parts[-3]: path for path in sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))}


def read(language: str, path: Path) -> Catalog:
    """Read one language's catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def missing(catalog: Catalog) -> list[str]:
    """Return the texts that are not translated, or only guessed."""
    return [str(message.id) for message in catalog if message.id and (not message.string or message.fuzzy)]


def refresh(language: str, path: Path) -> list[str]:
    """Bring one catalogue up to date, compile it and return what is missing in it."""
    catalog = read(language, path)
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.creation_date = catalog.revision_date = EPOCH
    with path.open("wb") as file:
        write_po(file, catalog, width=120, no_location=True, ignore_obsolete=True, sort_output=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)
    return missing(catalog)


def main() -> int:
    """Refresh all catalogues; 1 when something is not translated."""
    lacking = {language: refresh(language, path) for language, path in catalogues().items()}
    for language, texts in lacking.items():
        for text in texts:
            print(f"{language}: not translated: {text}")
    return int(any(lacking.values()))


if __name__ == "__main__":
    sys.exit(main())
