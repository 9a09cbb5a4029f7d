"""Wording in several languages and faces, with a fallback that can be seen."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from enkat.languages import SOURCE_LANGUAGE, chain

__all__ = ["SOURCE_LANGUAGE", "Face", "Texts", "Wording", "find_wording"]


class Face(StrEnum):
    """A way of putting the same question; options keep their codes in all of them."""

    PLAIN = "plain"
    EASY = "easy"
    PROXY = "proxy"
    INTERVIEWER = "interviewer"

    @property
    def label(self) -> str:
        """The Swedish name for staff pages."""
        return _FACE_LABELS[self]


_FACE_LABELS = {
    Face.PLAIN: "vanlig text",
    Face.EASY: "lättläst",
    Face.PROXY: "för den som svarar åt någon",
    Face.INTERVIEWER: "för frågeassistent",
}


class Wording(str):  # noqa: SLOT000 - str is of varying size and takes no slots
    """A text that knows which language and face it is in.

    Attributes
    ----------
    lang, face
        What was found.
    is_fallback
        True when something else was asked for; the page then marks the text with its language and says so.
    """

    lang: str
    face: Face
    is_fallback: bool

    def __new__(cls, text: str, lang: str, face: Face, is_fallback: bool) -> Self:
        """Build from the text found and whether it was the one asked for."""
        wording = super().__new__(cls, text)
        wording.lang = lang
        wording.face = face
        wording.is_fallback = is_fallback
        return wording


Texts = Mapping[Face, Mapping[str, str]]
"""Face → language tag → text."""


def find_wording(texts: Texts, lang: str, face: Face) -> Wording:
    """Look a text up: the asked face and then the plain one, in the language and then in its fallbacks.

    Meaning goes before ease: a text in the reader's language is tried before one in another language.
    """
    for at_lang in chain(lang):
        for at_face in (face, Face.PLAIN):
            found = texts.get(at_face, {}).get(at_lang)
            if found is not None:
                return Wording(found, at_lang, at_face, (at_face, at_lang) != (face, lang))
    raise KeyError(SOURCE_LANGUAGE)
