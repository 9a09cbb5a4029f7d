"""A faulty definition and how it must be refused."""

from dataclasses import dataclass
from pathlib import Path

from enkat.instruments.checking import check_directory
from enkat.instruments.faults import InstrumentFault
from tests.factories.surveys import write_surveys


@dataclass(frozen=True)
class Faulty:
    """One edit of the valid directory and the fault it gives."""

    name: str
    file: str
    old: str
    new: str
    fault_file: str
    question: str | None
    message: str


def assert_refused(faulty: Faulty, directory: Path) -> None:
    """Check that the edit is refused with file, question and sentence."""
    faults = check_directory(write_surveys(directory, (faulty.file, faulty.old, faulty.new)))
    assert InstrumentFault(faulty.fault_file, faulty.question, faulty.message) in faults
