"""The accessibility statement's data: a file beside the code, changed after each review."""

import enum
import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

_FILE = Path(__file__).with_name("statement.toml")


class Compliance(enum.StrEnum):
    """How far the pages follow the law's standard."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


class Method(enum.StrEnum):
    """How the pages were judged."""

    OWN_TOOLS = "own_tools"
    EXTERNAL = "external"


class Shortcoming(BaseModel):
    """Something that does not work for everybody, and what to do instead; by language, Swedish always."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: dict[str, str]
    instead: dict[str, str]


class Checked(BaseModel):
    """The latest run of the checker."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: date
    pages: int
    faults: int


class Statement(BaseModel):
    """What Digg's regulation asks a statement to hold, beside the city's name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    compliance: Compliance
    assessed_on: date
    updated_on: date
    method: Method
    disproportionate_burden: list[str]
    supervision_url: str
    shortcoming: list[Shortcoming]
    checked: Checked


@cache
def statement() -> Statement:
    """Return the statement."""
    return Statement.model_validate(tomllib.loads(_FILE.read_text(encoding="utf-8")))
