"""JSON Schema of the specification and of the result; frozen, and compared with the copies in the documentation."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from enkat.services.analysis.rows import REASON_WORDS
from enkat.services.analysis.spec import Spec

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_NUMBER: Final = {"type": ["number", "null"]}


def spec_schema() -> dict[str, Any]:
    """Return the schema of a specification."""
    return {"$schema": _DIALECT, **Spec.model_json_schema(by_alias=True)}


def output_schema() -> dict[str, Any]:
    """Return the schema of a result."""
    fixed: dict[str, Any] = {
        "name": {"type": "string"},
        "estimate": _NUMBER,
        "se": _NUMBER,
        "lo": _NUMBER,
        "hi": _NUMBER,
        "n": {"type": ["integer", "null"]},
        "N": _NUMBER,
        "df": {**_NUMBER, "description": "null: normalfördelning, eller inget intervall"},
        "method": {"type": "string"},
        "p": _NUMBER,
        "p_adjusted": _NUMBER,
        "word": {"type": ["string", "null"]},
    }
    row = {
        "type": "object",
        "description": "Kolumnerna i by först, med filens värden.",
        "properties": {**fixed, "reason": {"enum": [*REASON_WORDS]}},
        "required": [*fixed],
        "additionalProperties": {"type": ["string", "number"]},
    }
    analysis = {
        "type": "object",
        "properties": {"id": {"type": "string"}, "rows": {"type": "array", "items": row}},
        "required": ["id", "rows"],
        "additionalProperties": False,
    }
    return {
        "$schema": _DIALECT,
        "title": "enkat analyse",
        "type": "object",
        "properties": {"analyses": {"type": "array", "items": analysis}},
        "required": ["analyses"],
        "additionalProperties": False,
    }


SCHEMAS: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {"output": output_schema, "spec": spec_schema}
