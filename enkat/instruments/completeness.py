"""How much of a definition's texts a language has: what a round may promise, and what a translator has left to do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from enkat.instruments.question import Question
from enkat.instruments.wording import SOURCE_LANGUAGE, Face


@dataclass(frozen=True)
class MissingWording:
    """A wording that a question lacks: of the question, of the option named, or (`hint`) the extra line."""

    question: Question
    lang: str
    face: Face
    option: str | None = None
    hint: bool = False

    @property
    def text(self) -> tuple[str, str, str]:
        """The text that is missing; a label that many questions share is one text."""
        if self.option is not None and self.question.scale is not None:
            return "label", self.question.scale.ref, self.option
        return "hint" if self.hint else self.face.value, self.question.ref, ""


@dataclass(frozen=True)
class Coverage:
    """How many of the texts of one face a language has.

    Attributes
    ----------
    needed
        Texts that the face has in Swedish: questions, labels that they share, extra lines.
    """

    lang: str
    face: Face
    needed: int
    missing: int

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.missing == 0


def missing_wordings(
    questions: Sequence[Question], languages: Sequence[str], faces: Sequence[Face]
) -> list[MissingWording]:
    """Return what questions lack in languages and faces; labels and extra lines once for each question."""
    found = []
    for question in questions:
        for lang in languages:
            found += [MissingWording(question, lang, face) for face in faces if question.text(lang, face).is_fallback]
            options = question.scale.options if question.scale else ()
            found += [
                MissingWording(question, lang, Face.PLAIN, option.id)
                for option in options
                if option.label(lang).is_fallback
            ]
            hint = question.hint(lang)
            if hint is not None and hint.is_fallback:
                found.append(MissingWording(question, lang, Face.PLAIN, hint=True))
    return found


def coverage(questions: Sequence[Question], lang: str, face: Face) -> Coverage:
    """Return how much of questions' texts in a face a language has, each shared label counted once."""
    needed = {text.text for text in _everything(_in_swedish(questions, face), face)}
    return Coverage(lang, face, len(needed), len(lacking(questions, lang, face)))


def lacking(questions: Sequence[Question], lang: str, face: Face) -> set[tuple[str, str, str]]:
    """Return the texts of a face that a language lacks, each once."""
    return {missing.text for missing in missing_wordings(_in_swedish(questions, face), [lang], [face])}


def _in_swedish(questions: Sequence[Question], face: Face) -> list[Question]:
    return [question for question in questions if SOURCE_LANGUAGE in question.texts.get(face, {})]


def _everything(questions: Sequence[Question], face: Face) -> Iterator[MissingWording]:
    for question in questions:
        yield MissingWording(question, SOURCE_LANGUAGE, face)
        for option in question.scale.options if question.scale else ():
            yield MissingWording(question, SOURCE_LANGUAGE, Face.PLAIN, option.id)
        if question.hints:
            yield MissingWording(question, SOURCE_LANGUAGE, Face.PLAIN, hint=True)


def complete_languages(questions: Sequence[Question], title: Mapping[str, str], faces: Sequence[Face]) -> list[str]:
    """Return the languages that have every text in every one of the faces, Swedish first and the others by code."""
    found = {lang for question in questions for lang in question.texts.get(Face.PLAIN, {})} & title.keys()
    return [
        lang
        for lang in sorted(found, key=lambda lang: (lang != SOURCE_LANGUAGE, lang))
        if all(coverage(questions, lang, face).complete for face in faces)
    ]
