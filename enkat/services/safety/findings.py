"""What an examination finds: a sentence that says how it is and what to do."""

import enum
from dataclasses import dataclass


class Level(enum.StrEnum):
    """How serious a finding is."""

    GOOD = "good"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """How one thing is."""

    name: str
    level: Level
    sentence: str


def good(name: str, sentence: str) -> Finding:
    """Return a finding that asks for nothing."""
    return Finding(name, Level.GOOD, sentence)


def warning(name: str, sentence: str) -> Finding:
    """Return a finding that should be looked at."""
    return Finding(name, Level.WARNING, sentence)


def fault(name: str, sentence: str) -> Finding:
    """Return a finding that must be mended."""
    return Finding(name, Level.FAULT, sentence)
