"""Reads TOML and puts it in the models of `definition`, turning every structural fault into a Swedish sentence."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from enkat.instruments.faults import FaultLog

Raw = dict[str, Any]
Model = TypeVar("Model", bound=BaseModel)

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
        log.add(_toml_sentence(str(fault)))
        return None
    if not raw:
        log.add("Filen är tom.")
        return None
    return raw


def _toml_sentence(message: str) -> str:
    found = _POSITION.search(message)
    where = f"på rad {found[1]}, tecken {found[2]}" if found and found[1] else "i slutet av filen"
    if "overwrite" in message or "twice" in message or "redefine" in message.lower():
        return f"Samma nyckel eller tabell står två gånger: {where}. Behåll en av dem."
    return (
        f"Filen följer inte TOML: felet är {where}. Se om ett citattecken, en parentes eller ett likhetstecken saknas."
    )


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
        for error in invalid.errors(include_url=False):
            log.add(prefix + _sentence(error))
        return None


def _sentence(error: Mapping[str, Any]) -> str:
    key = ".".join(_step(step) for step in error["loc"]) or "filen"
    last = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        return _unknown_key(key, last)
    if last == "kind" and str(error["input"]) == "matrix":
        return "Det finns inga matrisfrågor. Ställ en fråga i taget."
    template = _SENTENCES.get(error["type"], "Värdet för {key} kan inte användas: {given}.")
    choices = str(error.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
    return template.format(key=key, given=_shown(error["input"]), choices=choices)


def _unknown_key(key: str, last: str) -> str:
    if last in _MATRIX_KEYS:
        return f"Nyckeln {key} hör till matrisfrågor, och de finns inte. Ställ en fråga i taget."
    if last in _MANDATORY_KEYS:
        return f"Nyckeln {key} finns inte: ingen fråga är obligatorisk."
    return f"Nyckeln {key} finns inte. Se efter hur den stavas."


def _step(step: object) -> str:
    return f"nr {step + 1}" if isinstance(step, int) else str(step)


def _shown(value: object) -> str:
    text = str(value)
    return f"”{text[:40]}…”" if len(text) > 40 else f"”{text}”"  # noqa: PLR2004 - long enough to recognise
