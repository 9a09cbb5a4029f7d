"""An instrument: an immutable, ordered set of questions in promised languages and faces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from enkat.instruments.completeness import MissingWording, missing_wordings
from enkat.instruments.question import Question
from enkat.instruments.vocabulary import ServiceType
from enkat.instruments.wording import Face, Wording, find_wording

BYTES_PER_CHARACTER = 4
TEXT_LENGTH_BYTES = 2


@dataclass(frozen=True)
class Instrument:
    """A compiled instrument; never changed, cached by the hash of its snapshot.

    Attributes
    ----------
    service
        The service the questions are about; None for an instrument that is not bound to one.
    languages, faces
        Every question has wording in all of them: what the file promises, and further languages that are complete.
    """

    id: str
    version: int
    title: Mapping[str, str] = field(hash=False)
    service: ServiceType | None
    languages: tuple[str, ...]
    faces: tuple[Face, ...]
    questions: tuple[Question, ...]

    def title_in(self, lang: str) -> Wording:
        """Return the title."""
        return find_wording({Face.PLAIN: self.title}, lang, Face.PLAIN)

    @cached_property
    def choice_questions(self) -> tuple[Question, ...]:
        """The questions of the answer vector, in its order."""
        return tuple(question for question in self.questions if question.kind == "choice")

    @cached_property
    def text_questions(self) -> tuple[Question, ...]:
        """The free-text questions, in order."""
        return tuple(question for question in self.questions if question.kind == "text")

    @cached_property
    def core_questions(self) -> tuple[Question, ...]:
        """The core questions, in order."""
        return tuple(question for question in self.questions if question.core)

    @cached_property
    def _by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    def question(self, question_id: str) -> Question:
        """Return a question by id; KeyError where the instrument has none."""
        return self._by_id[question_id]

    @cached_property
    def max_payload(self) -> int:
        """Bytes of the longest possible answers: one per choice, and each text with its length in the widest UTF-8."""
        texts = sum(TEXT_LENGTH_BYTES + BYTES_PER_CHARACTER * question.max_length for question in self.text_questions)
        return len(self.choice_questions) + texts

    def with_supplements(self, questions: Sequence[Question]) -> "Instrument":
        """Return the instrument with further questions, put before its free text.

        Raises
        ------
        ValueError
            A question is already in the instrument, or is a core question. The sentence is in Swedish.
        """
        taken = set(self._by_id)
        for question in questions:
            if question.core:
                raise ValueError(f"Frågan {question.id} är en kärnfråga och kan inte läggas till som tilläggsfråga.")
            if question.id in taken:
                raise ValueError(f"Frågan {question.id} finns redan i {self.id}. Ta bort den ena.")
            taken.add(question.id)
        choices = [question for question in questions if question.kind == "choice"]
        texts = [question for question in questions if question.kind == "text"]
        ordered = (*self.choice_questions, *choices, *texts, *self.text_questions)
        return replace(self, questions=tuple(ordered))

    def missing_wordings(self, languages: Sequence[str], faces: Sequence[Face]) -> list[MissingWording]:
        """Return what is missing for a round that promises these languages and faces."""
        return missing_wordings(self.questions, languages, faces)
