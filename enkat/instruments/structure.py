"""Reads TOML and puts it in the models of `definition`, turning every structural fault into a Swedish sentence."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from enkat.instruments.faults import FaultLog

Raw = dict[str, Any]
Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]

_POSITION = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")
_MATRIX_KEYS = {"rows", "columns", "items", "matrix", "subquestions"}
_MANDATORY_KEYS = {"required", "mandatory", "obligatory"}

_SENTENCES: Mapping[str, str] = {
    "missing": "Nyckeln {key} saknas. Lägg till den.",
    "string_type": "Värdet för {key} ska vara text inom citattecken, inte {given}.",
    "int_type": "Värdet för {key} ska vara ett heltal utan citattecken, inte {given}.",
    "int_from_float": "Värdet för {key} ska vara ett heltal, inte {given}.",
    "list_type": "Värdet för {key} ska vara en lista inom hakparentes, inte {given}.",
    "dict_type": 'Värdet för {key} ska vara en tabell, till exempel {{ sv = "…" }}, inte {given}.',
    "model_type": "Värdet för {key} ska vara en tabell, inte {given}.",
    "date_type": "Värdet för {key} ska vara ett datum utan citattecken, som 2026-03-01, inte {given}.",
    "enum": "{given} är inget värde för {key}. Välj bland {choices}.",
    "literal_error": "{given} är inget värde för {key}. Välj bland {choices}.",
}


def read_toml(path: Path, log: FaultLog) -> Raw | None:
    """Read a file; None and a fault when it cannot be read as TOML."""
    if not path.is_file():
        log.add("Filen saknas.")
        return None
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        log.add(f"Filen är inte sparad som UTF-8. Det första felaktiga tecknet står på plats {fault.start}.")
        return None
    except OSError as fault:
        log.add(f"Filen kan inte läsas: {fault.strerror}.")
        return None
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        log.add(_toml_sentence(str(fault), text))
        return None
    if not raw:
        log.add("Filen är tom.")
        return None
    return raw


def _toml_sentence(message: str, text: str) -> str:
    found = _POSITION.search(message)
    if found and found[1] and _is_letter_beyond_ascii(text, int(found[1]), int(found[2])):
        return f'Rad {found[1]}, tecken {found[2]}: ett namn med å, ä eller ö skrivs inom citattecken, som "kön".'
    where = f"på rad {found[1]}, tecken {found[2]}" if found and found[1] else "i slutet av filen"
    if "overwrite" in message or "twice" in message or "redefine" in message.lower():
        return f"Samma nyckel eller tabell står två gånger: {where}. Behåll en av dem."
    return (
        f"Filen följer inte TOML: felet är {where}. Se om ett citattecken, en parentes eller ett likhetstecken saknas."
    )


def _is_letter_beyond_ascii(text: str, line: int, column: int) -> bool:
    lines = text.split("\n")
    sign = lines[line - 1][column - 1 : column] if line <= len(lines) else ""
    return sign.isalpha() and not sign.isascii()


def parse(model: type[Model], raw: object, log: FaultLog, prefix: str = "") -> Model | None:
    """Put raw data in a model; None when it has faults, and every one of them is noted.

    Parameters
    ----------
    prefix
        Words put before every sentence, such as "Skalan freq5: ".
    """
    try:
        return model.model_validate(raw)
    except ValidationError as invalid:
        for error in _merged(invalid.errors(include_url=False), raw):
            log.add(prefix + _sentence(error, model))
        return None


def _merged(errors: Iterable[Mapping[str, Any]], raw: object) -> list[Mapping[str, Any]]:
    """Tell one fault where a value could be of several kinds and is of none: the one that is deepest in the data."""
    found: dict[Place, Mapping[str, Any]] = {}
    tried: set[Place] = set()
    for error in errors:
        place = _place(error["loc"], raw, missing=error["type"] == "missing")
        if len(place) < len(error["loc"]):
            error = {**error, "loc": place}  # noqa: PLW2901 - the same fault, where the data has it
            tried.add(place)
        if place in found:
            error = {**error, "type": "value"} if place in tried else error  # noqa: PLW2901
        found[place] = error
    return [
        error
        for place, error in found.items()
        if not (place in tried and any(other[: len(place)] == place for other in found.keys() - {place}))
    ]


def _place(steps: Place, raw: object, *, missing: bool) -> Place:
    """Return the steps that the data has: pydantic adds the name of every kind that it tried."""
    kept: list[str | int] = []
    for number, step in enumerate(steps):
        if isinstance(raw, dict) and (step in raw or (missing and number == len(steps) - 1)):
            kept.append(step)
            raw = raw.get(step)
        elif isinstance(raw, list) and isinstance(step, int):
            kept.append(step)
            raw = raw[step] if step < len(raw) else None
    return tuple(kept)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like a misspelt one; None where none is like it."""
    folded = {one.casefold(): one for one in known}
    close = difflib.get_close_matches(name.casefold(), folded, 1)
    return folded[close[0]] if close else None


def _allowed_keys(model: type[BaseModel], place: Iterable[str | int]) -> list[str]:
    """Return the keys of the table at a place in a model's data."""
    tables = {model}
    for step in place:
        annotations = [
            field.annotation
            for table in tables
            for name, field in table.model_fields.items()
            if step in {name, field.alias}
        ]
        tables = {found for annotation in annotations for found in _tables_in(annotation)} or tables
    return [field.alias or name for table in tables for name, field in table.model_fields.items()]


def _tables_in(annotation: object) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _tables_in(part)]


def _sentence(error: Mapping[str, Any], model: type[BaseModel]) -> str:
    key = ".".join(_step(step) for step in error["loc"]) or "filen"
    last = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        return _unknown_key(key, last, nearest(last, _allowed_keys(model, error["loc"][:-1])))
    if last == "kind" and str(error["input"]) == "matrix":
        return "Det finns inga matrisfrågor. Ställ en fråga i taget."
    template = _SENTENCES.get(error["type"], "Värdet för {key} kan inte användas: {given}.")
    choices = str(error.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
    return template.format(key=key, given=_shown(error["input"]), choices=choices)


def _unknown_key(key: str, last: str, meant: str | None) -> str:
    if last in _MATRIX_KEYS:
        return f"Nyckeln {key} hör till matrisfrågor, och de finns inte. Ställ en fråga i taget."
    if last in _MANDATORY_KEYS:
        return f"Nyckeln {key} finns inte: ingen fråga är obligatorisk."
    return f"Nyckeln {key} finns inte. " + (f"Menade du {meant}?" if meant else "Se efter hur den stavas.")


def _step(step: object) -> str:
    return f"nr {step + 1}" if isinstance(step, int) else str(step)


def _shown(value: object) -> str:
    text = str(value)
    return f"”{text[:40]}…”" if len(text) > 40 else f"”{text}”"  # noqa: PLR2004 - long enough to recognise
