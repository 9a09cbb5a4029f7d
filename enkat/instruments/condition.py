"""Conditions on earlier answers: structured data, three-valued on what is not answered, never evaluated as code."""

from collections.abc import Mapping
from dataclasses import dataclass

Answers = Mapping[str, int | str]
"""Question id → option code, or text for text questions; absent = not answered."""


@dataclass(frozen=True)
class In:
    """The answer to a question is one of some codes; unknown when it is not answered."""

    question: str
    codes: frozenset[int]


@dataclass(frozen=True)
class Answered:
    """The question has any answer; always true or false."""

    question: str


@dataclass(frozen=True)
class All:
    """Every part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold; the opposite of unknown is unknown."""

    part: "Condition"


Condition = In | Answered | All | AnyOf | Not


def evaluate(condition: Condition, answers: Answers) -> bool | None:
    """Evaluate with Kleene's logic.

    Returns
    -------
    bool or None
        None = cannot be known, because a question it rests on is not answered.
    """
    match condition:
        case In(question, codes):
            answer = answers.get(question)
            return None if answer is None else answer in codes
        case Answered(question):
            return question in answers
        case Not(part):
            value = evaluate(part, answers)
            return None if value is None else not value
        case All(parts):
            values = [evaluate(part, answers) for part in parts]
            return False if False in values else None if None in values else True
        case AnyOf(parts):
            values = [evaluate(part, answers) for part in parts]
            return True if True in values else None if None in values else False


def references(condition: Condition) -> frozenset[str]:
    """Return the ids of all questions the condition rests on."""
    match condition:
        case In(question, _) | Answered(question):
            return frozenset({question})
        case Not(part):
            return references(part)
        case All(parts) | AnyOf(parts):
            return frozenset().union(*(references(part) for part in parts))
