"""Which language is complete for which survey in which face, for those who choose and those who translate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from enkat.instruments.catalogue import Catalogue
from enkat.instruments.completeness import Coverage, coverage, lacking
from enkat.instruments.question import Question
from enkat.instruments.wording import SOURCE_LANGUAGE, Face
from enkat.languages import LANGUAGES, Language


@dataclass(frozen=True)
class LanguageLine:
    """One language in one survey or file of supplementary questions.

    Attributes
    ----------
    title_missing
        Whether the survey has no title in the language.
    faces
        One for each face that the definition has in Swedish.
    missing
        Texts that are not there in any of the faces, each once, the title among them.
    """

    language: Language
    definition_id: str
    title: str
    title_missing: bool
    faces: tuple[Coverage, ...]
    missing: int


def language_overview(catalogue: Catalogue) -> list[LanguageLine]:
    """Return every language that has any text, in the order of the table, with all surveys and supplements."""
    definitions: list[tuple[str, Mapping[str, str], Sequence[Question]]] = [
        (instrument.id, instrument.title, instrument.questions) for instrument in catalogue.instruments.values()
    ]
    definitions += [(name, catalogue.supplement_titles[name], asked) for name, asked in catalogue.supplements.items()]
    return [_line(language, *definition) for language in _languages(catalogue) for definition in definitions]


def _languages(catalogue: Catalogue) -> list[Language]:
    asked = [*catalogue.core.values(), *(q for one in catalogue.instruments.values() for q in one.questions)]
    found = {lang for question in asked for texts in question.texts.values() for lang in texts}
    return [language for code, language in LANGUAGES.items() if code in found | set(catalogue.translated)]


def _line(language: Language, name: str, title: Mapping[str, str], asked: Sequence[Question]) -> LanguageLine:
    faces = [face for face in Face if any(SOURCE_LANGUAGE in question.texts.get(face, {}) for question in asked)]
    no_title = language.code not in title
    return LanguageLine(
        language,
        name,
        title[SOURCE_LANGUAGE],
        title_missing=no_title,
        faces=tuple(coverage(asked, language.code, face) for face in faces),
        missing=no_title + len({text for face in faces for text in lacking(asked, language.code, face)}),
    )
