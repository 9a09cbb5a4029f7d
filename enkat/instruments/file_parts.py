"""Takes a file's questions and scales one by one, so that a fault in one hides nothing in the others."""

from collections.abc import Sequence
from typing import Any

from enkat.instruments.definition import QuestionDefinition, ReferenceDefinition, ScaleDefinition
from enkat.instruments.faults import FaultLog
from enkat.instruments.structure import Raw, parse

_WORDING_KEYS = {"text", "easy", "proxy", "interviewer", "hint", "media", "positive"}


def list_of(raw: Raw, key: str, log: FaultLog) -> list[Any]:
    """Return a list from raw data; an empty one and a fault when it is missing, empty or something else."""
    value = raw.get(key)
    if value is None:
        log.add(f"Nyckeln {key} saknas. Lägg till den.")
    elif not isinstance(value, list):
        log.add(f"Värdet för {key} ska vara en lista.")
    elif not value:
        log.add(f"Listan {key} är tom.")
    else:
        return value
    return []


def named(raw: object, number: int) -> str:
    """Return the id of a raw question, or its place in the file."""
    if isinstance(raw, dict):
        if isinstance(raw.get("id"), str) and raw["id"]:
            return str(raw["id"])
        if isinstance(raw.get("ref"), str):
            return str(raw["ref"]).removeprefix("core:").partition("@")[0]
    return f"fråga nr {number}"


def parse_scales(raws: Sequence[object], log: FaultLog) -> tuple[list[ScaleDefinition], set[str]]:
    """Return the scales that have the right shape, and the ids of those that have not."""
    scales, broken = [], set()
    for number, raw in enumerate(raws, 1):
        given = raw.get("id") if isinstance(raw, dict) else None
        scale = parse(ScaleDefinition, raw, log, f"Skalan {given or f'nr {number}'}: ")
        if scale is not None:
            scales.append(scale)
        elif given:
            broken.add(str(given))
    return scales, broken


def parse_questions(raws: Sequence[object], log: FaultLog) -> tuple[list[QuestionDefinition], set[str]]:
    """Return the questions that have the right shape, and the ids of those that have not."""
    questions, broken = [], set()
    for number, raw in enumerate(raws, 1):
        name = named(raw, number)
        question = parse(QuestionDefinition, raw, log.about(name))
        if question is not None:
            questions.append(question)
        else:
            broken.add(name)
    return questions, broken


def parse_entry(raw: object, number: int, log: FaultLog) -> QuestionDefinition | ReferenceDefinition | None:
    """Return an instrument's entry: a question of its own or a reference that adds nothing to the core's wording."""
    about = log.about(named(raw, number))
    if not isinstance(raw, dict) or "ref" not in raw:
        return parse(QuestionDefinition, raw, about)
    added = set(raw) - {"ref"}
    if added & _WORDING_KEYS:
        about.add(f"Kärnfrågans ord får inte ändras här. Ta bort {', '.join(sorted(added & _WORDING_KEYS))}.")
    if "scale" in added:
        about.add("Kärnfrågans svar får inte ändras här. Ta bort scale.")
    if "when" in added:
        about.add("En kärnfråga kan inte ha villkor: den ställs till alla.")
    rest = {key: value for key, value in raw.items() if key not in {*_WORDING_KEYS, "scale", "when"}}
    return parse(ReferenceDefinition, rest, about)
