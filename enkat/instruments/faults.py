"""Faults in definitions, collected: every one with its file, its question and a sentence."""

from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class InstrumentFault:
    """One fault.

    Attributes
    ----------
    file
        Path relative to the directory that was checked, with forward slashes.
    question
        Id of the question, or None when the fault is about the file, a scale or the instrument.
    message
        What is wrong and what to do, in plain Swedish.
    """

    file: str
    question: str | None
    message: str

    def __str__(self) -> str:
        """One line, as the command prints it."""
        return f"{self.file}: {self.question}: {self.message}" if self.question else f"{self.file}: {self.message}"


class InstrumentFaults(Exception):  # noqa: N818 - the plural says that it carries all of them
    """A directory that cannot be loaded, with everything that is wrong with it."""

    def __init__(self, faults: list[InstrumentFault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass
class FaultLog:
    """Collects faults and warnings of one file; `about` gives a log for one question of it."""

    file: str
    question: str | None = None
    faults: list[InstrumentFault] = field(default_factory=list)
    warnings: list[InstrumentFault] = field(default_factory=list)

    def advise(self, message: str) -> None:
        """Note what could be better; nothing is refused for it."""
        self.warnings.append(InstrumentFault(self.file, self.question, message))

    def add(self, message: str) -> None:
        """Note a fault."""
        self.faults.append(InstrumentFault(self.file, self.question, message))

    def about(self, question: str | None) -> "FaultLog":
        """Return a log that writes to the same lists but names a question."""
        return FaultLog(self.file, question, self.faults, self.warnings)

    def in_file(self, file: str) -> "FaultLog":
        """Return a log that writes to the same lists but names another file."""
        return FaultLog(file, None, self.faults, self.warnings)
