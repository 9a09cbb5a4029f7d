"""The way through an instrument: which questions are shown, which answers count."""

from collections.abc import Mapping

from enkat.instruments.condition import Answers, evaluate
from enkat.instruments.instrument import Instrument
from enkat.instruments.missing import NOTED_MISSING, Missing
from enkat.instruments.question import Question


class UnknownAnswer(ValueError):  # noqa: N818 - named for what it is, as Missing
    """An answer that the question's scale does not have; the message names both."""


def path(instrument: Instrument, answers: Answers, *, proxy: bool = False) -> tuple[Question, ...]:
    """Return the questions that are shown with these answers, in order.

    Answers to questions off the path do not count for later conditions, nor does a noted missing answer. A condition
    that cannot be known, because what it rests on is not answered, does not show its question. Some questions are shown
    only to a `proxy`, who answers for somebody else.
    """
    shown: list[Question] = []
    counted: dict[str, int | str] = {}
    for question in instrument.questions:
        if question.only_proxy and not proxy:
            continue
        if question.condition is None or evaluate(question.condition, counted) is True:
            shown.append(question)
            if question.id in answers and not _is_noted(question, answers[question.id]):
                counted[question.id] = answers[question.id]
    return tuple(shown)


def next_question(
    instrument: Instrument, answers: Answers, after: str | None, *, proxy: bool = False
) -> Question | None:
    """Return the question shown after another (None = the first one); None when there is none left.

    Where `after` is no longer on the path, the next one in the instrument's order is meant.
    """
    order = {question.id: position for position, question in enumerate(instrument.questions)}
    position = -1 if after is None else order[after]
    return next(
        (question for question in path(instrument, answers, proxy=proxy) if order[question.id] > position), None
    )


def previous_question(
    instrument: Instrument, answers: Answers, before: str | None, *, proxy: bool = False
) -> Question | None:
    """Return the question shown before another (None = the last one); None when there is none."""
    order = {question.id: position for position, question in enumerate(instrument.questions)}
    position = len(order) if before is None else order[before]
    shown = [question for question in path(instrument, answers, proxy=proxy) if order[question.id] < position]
    return shown[-1] if shown else None


def vector(instrument: Instrument, answers: Answers, *, proxy: bool = False) -> list[int]:
    """Return one code per choice question: the option chosen, or why there is none.

    Raises
    ------
    UnknownAnswer
        A counted answer is no option of its question.
    """
    shown = {question.id for question in path(instrument, answers, proxy=proxy)}
    return [_code(question, answers, question.id in shown) for question in instrument.choice_questions]


def free_texts(instrument: Instrument, answers: Answers) -> dict[str, str]:
    """Return the texts written on the path, by question id; empty ones are left out.

    Raises
    ------
    UnknownAnswer
        A text is longer than its question allows, or is no text.
    """
    texts = {}
    for question in path(instrument, answers):
        written = answers.get(question.id) if question.kind == "text" else None
        if written is None:
            continue
        if not isinstance(written, str) or len(written) > question.max_length:
            raise UnknownAnswer(f"Svaret på {question.id} är längre än {question.max_length} tecken.")
        if written.strip():
            texts[question.id] = written
    return texts


def accepts(question: Question, answer: int | str) -> bool:
    """Whether an answer can be stored for a question."""
    if question.scale is None:
        return isinstance(answer, str) and len(answer) <= question.max_length
    return type(answer) is int and answer in question.scale.codes


def _is_noted(question: Question, answer: int | str) -> bool:
    """Whether a missing answer was noted that is no option of the question's own scale."""
    return question.scale is not None and answer in NOTED_MISSING and answer not in question.scale.codes


def answers_of(instrument: Instrument, codes: list[int]) -> Mapping[str, int]:
    """Return the answers that a vector stands for: what was chosen, "vet inte" included."""
    return {
        question.id: code
        for question, code in zip(instrument.choice_questions, codes, strict=True)
        if question.scale is not None and code in question.scale.codes
    }


def _code(question: Question, answers: Answers, is_shown: bool) -> int:
    if not is_shown:
        return Missing.NOT_SHOWN.value
    answer = answers.get(question.id)
    if answer is None:
        return Missing.NOT_ANSWERED.value
    if isinstance(answer, str) or not (accepts(question, answer) or _is_noted(question, answer)):
        raise UnknownAnswer(f"Svaret {answer} finns inte bland svaren på {question.id}.")
    return int(answer)
