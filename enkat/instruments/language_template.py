"""A language's file ready to be filled in: every text that waits for a translation, with the Swedish above it."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from enkat.instruments.checking import inspect_definitions, targets
from enkat.instruments.faults import FaultLog, InstrumentFaults
from enkat.instruments.language_files import (
    LANGUAGES_FOLDER,
    OPTION_TEXTS,
    QUESTION_MEDIA,
    QUESTION_TEXTS,
    TABLES,
    Targets,
)
from enkat.instruments.structure import Raw, read_toml
from enkat.instruments.wording import SOURCE_LANGUAGE
from enkat.languages import LANGUAGES

Place = tuple[str, ...]
"""Where a text stands in the file: `("question", "core:feels_safe@1", "easy")`."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_MEDIA_NOTES = {"sound": "Ljudfil bredvid frågans egen fil", "film": "Film på teckenspråk bredvid frågans egen fil"}


def language_path(directory: Path, lang: str) -> Path:
    """Return where a language's file lies."""
    return directory / LANGUAGES_FOLDER / f"{lang}.toml"


def language_template(directory: Path, lang: str, today: date) -> str:
    """Return a language's file: what it has now, what it lacks as empty texts, and last what has lost its use.

    Raises
    ------
    InstrumentFaults
        The language is unknown, or its present file or the definitions cannot be read.
    """
    log = FaultLog(f"{LANGUAGES_FOLDER}/{lang}.toml")
    if lang not in LANGUAGES or lang == SOURCE_LANGUAGE:
        log.add(f"”{lang}” är inget språk att översätta till. Kända språk: {', '.join(LANGUAGES)}.")
    path = language_path(directory, lang)
    present = (read_toml(path, log) or {}) if path.is_file() else {}
    wanted = list(_wanted(targets(inspect_definitions(directory, log), directory), lang)) if not log.faults else []
    if log.faults:
        raise InstrumentFaults(log.faults)
    given = dict(_texts_in({key: present[key] for key in TABLES & present.keys()}))
    lines = _head(lang, present, today)
    table: Place = ()
    for place, swedish in wanted:
        if place[-1] in QUESTION_MEDIA and place not in given:
            continue
        if place[:-1] != table:
            table = place[:-1]
            lines += ["", f"[{'.'.join(_key(step) for step in table)}]"]
        lines += [f"# {swedish}", f"{_key(place[-1])} = {_quoted(given.pop(place, ''))}"]
    return "\n".join([*lines, *_unused(given), ""])


def _wanted(all_targets: Targets, lang: str) -> Iterator[tuple[Place, str]]:
    """Yield every text's place and its Swedish; what the language has beside the Swedish is not wanted again."""
    for place, texts in _wordings(all_targets):
        if SOURCE_LANGUAGE in texts and lang not in texts:
            yield place, texts[SOURCE_LANGUAGE]
        elif place[-1] in QUESTION_MEDIA:
            yield place, _MEDIA_NOTES[place[-1]]


def _wordings(all_targets: Targets) -> Iterator[tuple[Place, Mapping[str, str]]]:
    for name, texts in all_targets.titles.items():
        yield ("title", name), texts
    for name, scale in all_targets.scales.items():
        for face in OPTION_TEXTS:
            for option in scale.option:
                yield ("scale", name, face, option.id), getattr(option, face)
    for name, question in all_targets.questions.items():
        for key in QUESTION_TEXTS:
            yield ("question", name, key), getattr(question, key)
        for kind in QUESTION_MEDIA:
            yield ("question", name, kind), {}


def _texts_in(raw: Raw, place: Place = ()) -> Iterator[tuple[Place, str]]:
    for key, value in raw.items():
        if isinstance(value, dict):
            yield from _texts_in(value, (*place, key))
        elif isinstance(value, str):
            yield (*place, key), value


def _head(lang: str, present: Raw, today: date) -> list[str]:
    language = LANGUAGES[lang]
    lines = [
        f"# Enkäternas texter på {language.swedish_name} ({language.own_name}). Det svenska står ovanför varje text.",
        "# En tom text väntar på sin översättning. Språket kan användas i de enkäter där inget saknas.",
        f'language = "{lang}"',
        f"version = {present.get('version', 1)}",
    ]
    history = present.get("history") or [
        {"version": 1, "date": today, "consulted": [], "changed": "Ett utkast. Ingen med språket har granskat det än."}
    ]
    for record in history:
        lines += ["", "[[history]]", f"version = {record['version']}", f"date = {record['date']}"]
        lines += [f"consulted = {json.dumps(record['consulted'], ensure_ascii=False)}"]
        lines += [f"changed = {_quoted(record['changed'])}"]
    return lines


def _unused(given: Mapping[Place, str]) -> list[str]:
    """Return texts that nothing asks for any more as a comment: a translation is never thrown away."""
    kept = [f"# {'.'.join(place)}: {text}" for place, text in given.items() if text]
    return ["", "# Texter som inget längre använder:", *kept] if kept else []


def _key(step: str) -> str:
    return step if _BARE_KEY.fullmatch(step) else _quoted(step)


def _quoted(text: str) -> str:
    """Return a TOML string: its escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)
