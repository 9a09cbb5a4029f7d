"""All models in one place, so that migrations and tests see the whole schema."""

from importlib import import_module
from typing import Final

from enkat.records.base import Base

MODULES: Final = (
    "accounts",
    "answers",
    "audit",
    "ballots",
    "calls",
    "clients",
    "concerns",
    "contacts",
    "dialogues",
    "external_series",
    "imports",
    "invitations",
    "jobs",
    "keys",
    "letters",
    "organisations",
    "outbox",
    "paper",
    "releases",
    "retention",
    "rounds",
    "targets",
    "throttle",
    "waves",
)

for _name in MODULES:
    import_module(f"enkat.records.{_name}")

metadata = Base.metadata
