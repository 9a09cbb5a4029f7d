"""A question: identity, wording in every face, scale, criteria and when it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from enkat.instruments.condition import Condition
from enkat.instruments.scale import Scale
from enkat.instruments.vocabulary import Criterion
from enkat.instruments.wording import Face, Wording, find_wording

__all__ = ["CORE", "MAX_FREE_TEXT", "Face", "Media", "Question", "own_view_id"]

CORE = "core"
MAX_FREE_TEXT = 1000
"""Longest free text, in characters: it sets the fixed length of every sealed ballot."""


def own_view_id(question_id: str) -> str:
    """Return the id of the question for a proxy's own view beside the person's."""
    return f"{question_id}_own_view"


@dataclass(frozen=True)
class Media:
    """Names of files, beside the question's own file, of what can be shown or played beside the words.

    Attributes
    ----------
    sound, film
        Language → file: the question read aloud, and in the sign language that belongs to the language.
    """

    picture: str | None = None
    sound: Mapping[str, str] = field(default_factory=dict, hash=False)
    film: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes
    ----------
    source
        "core", the id of an instrument, or the id of a supplement: where the question is defined.
    kind
        "choice" (one option of `scale`) or "text" (at most `max_length` characters).
    condition
        None = always shown.
    texts, hints
        Face → language → wording; language → extra line under the question.
    positive
        Language → what the positive answers mean, with `{n}` for how many: "känner sig {n} trygga". It is wording for
        results, never shown to respondents, and no part of what two rounds are compared by.
    only_proxy
        Asked only of whoever answers for somebody else: the proxy's own view, or a question to relatives. It has one
        face, for it already speaks to the proxy.
    is_filter
        It only decides which questions follow and measures nothing: results tell its answers as a distribution.
    """

    id: str
    version: int
    source: str
    kind: Literal["choice", "text"]
    texts: Mapping[Face, Mapping[str, str]] = field(hash=False)
    scale: Scale | None = None
    criteria: tuple[Criterion, ...] = ()
    condition: Condition | None = None
    max_length: int = 0
    hints: Mapping[str, str] = field(default_factory=dict, hash=False)
    media: Media = Media()
    positive: Mapping[str, str] = field(default_factory=dict, hash=False)
    only_proxy: bool = False
    is_filter: bool = False

    @property
    def core(self) -> bool:
        """Whether the question is a core question, locked over rounds."""
        return self.source == CORE

    @property
    def ref(self) -> str:
        """`core:feels_safe@1`."""
        return f"{self.source}:{self.id}@{self.version}"

    def text(self, lang: str, face: Face = Face.PLAIN) -> Wording:
        """Return the wording; `is_fallback` on it tells when another face or language had to do."""
        return find_wording(self.texts, lang, Face.PLAIN if self.only_proxy else face)

    def hint(self, lang: str) -> Wording | None:
        """Return the extra line, if the question has one."""
        return find_wording({Face.PLAIN: self.hints}, lang, Face.PLAIN) if self.hints else None
