"""Conditions: well formed, only about earlier questions, and neither impossible nor always true."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from enkat.instruments.compiling import compile_condition, option_code
from enkat.instruments.condition import Answers, Condition, evaluate, references
from enkat.instruments.definition import ConditionDefinition, InDefinition, QuestionDefinition, ScaleDefinition
from enkat.instruments.faults import FaultLog
from enkat.instruments.scale_checks import repeated

MAX_DEPTH = 4
MAX_CASES = 50_000


@dataclass(frozen=True)
class Place:
    """A question in its order, as conditions see it; `scale` is None for free text and for what is faulty."""

    id: str
    kind: str
    scale: ScaleDefinition | None
    when: ConditionDefinition | None


@dataclass(frozen=True)
class _Asked:
    """The questions before the one whose condition is checked, and the ids of all."""

    earlier: Mapping[str, Place]
    everything: frozenset[str]


def check_conditions(places: Sequence[Place], own: Mapping[str, QuestionDefinition], log: FaultLog) -> None:
    """Note everything that is wrong with the conditions of one instrument or supplement."""
    everything = frozenset(place.id for place in places)
    scales = {place.id: place.scale for place in places if place.scale is not None}
    compiled: dict[str, Condition] = {}
    rested = {name for place in places if place.when is not None for name in named_questions(place.when)}
    for name, question in own.items():
        if question.filter and name not in rested:
            log.about(name).add("Ingen fråga vilar på filterfrågan. Ta bort filter, eller skriv villkoret som saknas.")
    for number, place in enumerate(places):
        if place.when is None or place.id not in own:
            continue
        about = log.about(place.id)
        before = len(log.faults)
        asked = _Asked({known.id: known for known in places[:number]}, everything)
        _check_shape(place.when, place.id, asked, about)
        if len(log.faults) == before and _asked_about(place.when) <= scales.keys():
            compiled[place.id] = compile_condition(place.when, scales)
    _check_reach(places, compiled, log)


def _asked_about(when: ConditionDefinition) -> set[str]:
    """Return the questions whose options a condition names; one with a faulty scale leaves the rest unjudged."""
    named = {when.in_.question} if when.in_ is not None else set()
    for part in _parts(when):
        named |= _asked_about(part)
    return named


def named_questions(when: ConditionDefinition) -> set[str]:
    """Return every question that a condition rests on."""
    named = _asked_about(when) | ({when.answered} if when.answered else set())
    for part in _parts(when):
        named |= named_questions(part)
    return named


def _parts(when: ConditionDefinition) -> tuple[ConditionDefinition, ...]:
    return (*(when.all or ()), *(when.any or ()), *((when.not_,) if when.not_ else ()))


def _check_shape(when: ConditionDefinition, own_id: str, asked: _Asked, log: FaultLog, depth: int = 1) -> None:
    given = [key for key in ("all", "any", "not_", "in_", "answered") if getattr(when, key) is not None]
    if len(given) != 1:
        log.add("Varje villkor ska ha precis en av nycklarna all, any, not, in och answered.")
    if depth > MAX_DEPTH:
        log.add(f"Villkoret är för sammansatt: det har mer än {MAX_DEPTH} nivåer.")
        return
    for key, parts in (("all", when.all), ("any", when.any)):
        if parts is not None and not parts:
            log.add(f"Villkoret {key} är tomt. Skriv minst en del.")
    for part in _parts(when):
        _check_shape(part, own_id, asked, log, depth + 1)
    if when.in_ is not None and _is_earlier(when.in_.question, own_id, asked, log):
        _check_options(when.in_, asked.earlier[when.in_.question], log)
    if when.answered is not None:
        _is_earlier(when.answered, own_id, asked, log)


def _is_earlier(question: str, own_id: str, asked: _Asked, log: FaultLog) -> bool:
    if question in asked.earlier:
        return True
    if question == own_id:
        log.add("Villkoret rör frågan själv. Det kan bara röra tidigare frågor.")
    elif question in asked.everything:
        log.add(f"Villkoret rör {question}, som kommer senare. Det kan bara röra tidigare frågor.")
    else:
        log.add(f"Villkoret rör {question}, som inte finns.")
    return False


def _check_options(condition: InDefinition, asked: Place, log: FaultLog) -> None:
    if not condition.options:
        log.add(f"Villkoret om {asked.id} nämner inga svar. Skriv minst ett i options.")
    for option_id in repeated(condition.options):
        log.add(f"Villkoret om {asked.id} nämner svaret {option_id} två gånger.")
    if asked.kind == "text":
        log.add(f"Villkoret rör svar på {asked.id}, som är en textfråga. Använd answered i stället.")
    elif asked.scale is not None:
        known = {option.id for option in asked.scale.option}
        for option_id in condition.options:
            if option_id not in known:
                log.add(f"Villkoret nämner svaret {option_id}, som inte finns i {asked.id}.")


def _check_reach(places: Sequence[Place], compiled: Mapping[str, Condition], log: FaultLog) -> None:
    by_id = {place.id: place for place in places}
    for question, condition in compiled.items():
        needed = _needed(condition, compiled)
        about = log.about(question)
        sizes = [_choices(by_id[name]) for name in needed]
        if prod(len(choices) for choices in sizes) > MAX_CASES:
            about.add("Villkoret bygger på för många frågor för att kunna prövas. Gör det enklare.")
            continue
        _judge(condition, [place.id for place in places if place.id in needed], by_id, compiled, about)


def _judge(
    condition: Condition,
    needed: Sequence[str],
    by_id: Mapping[str, Place],
    compiled: Mapping[str, Condition],
    log: FaultLog,
) -> None:
    alone = {evaluate(condition, case) for case in _cases(needed, by_id, {})}
    if True not in alone:
        log.add("Villkoret säger emot sig självt: det kan aldrig bli sant.")
        return
    if alone == {True}:
        log.add("Villkoret är alltid sant. Ta bort det.")
        return
    if not any(evaluate(condition, case) is True for case in _cases(needed, by_id, compiled)):
        log.add("Frågan kan aldrig nås: villkoren för de frågor den bygger på utesluter den.")


def _needed(condition: Condition, compiled: Mapping[str, Condition]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    waiting = set(references(condition))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found |= {name}
            waiting |= references(compiled[name]) if name in compiled else set()
    return found


def _choices(place: Place) -> list[int | str | None]:
    if place.scale is None:
        return [None, "text"]
    return [None, *range(len(place.scale.option))]


def _cases(needed: Sequence[str], by_id: Mapping[str, Place], compiled: Mapping[str, Condition]) -> Iterator[Answers]:
    """Yield every set of answers that can stand on a path; option numbers are turned into codes."""
    for combination in product(*(_choices(by_id[name]) for name in needed)):
        answers: dict[str, int | str] = {}
        possible = True
        for name, choice in zip(needed, combination, strict=True):
            if choice is None:
                continue
            if name in compiled and evaluate(compiled[name], answers) is not True:
                possible = False
                break
            answers[name] = _answer(by_id[name], choice)
        if possible:
            yield answers


def _answer(place: Place, choice: int | str) -> int | str:
    if place.scale is None or isinstance(choice, str):
        return choice
    return option_code(place.scale.option[choice])
