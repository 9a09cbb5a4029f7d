"""JSON Schema of the definition files, for editors that help while writing."""

from typing import Any

from pydantic import BaseModel

from enkat.instruments.definition import CoreQuestionsFile, InstrumentFile, LanguageFile, ScalesFile, SupplementFile

_FILES: dict[str, type[BaseModel]] = {
    "instrument": InstrumentFile,
    "core-questions": CoreQuestionsFile,
    "core-scales": ScalesFile,
    "supplement": SupplementFile,
    "language": LanguageFile,
}


def json_schemas() -> dict[str, dict[str, Any]]:
    """Return JSON Schemas by kind of file: instrument, core-questions, core-scales, supplement and language."""
    return {name: model.model_json_schema(by_alias=True) for name, model in _FILES.items()}
