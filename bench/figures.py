"""Figures with their budgets, printed as they come and written as a table and as data."""

import json
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figure:
    """One measured figure.

    Attributes
    ----------
    group, name
        What was measured, for example "PostgreSQL" and "question page, CPU ÷ bare page".
    value, unit
        The figure; a ratio has the unit "×".
    budget
        The most it may be; None for a figure that only explains another.
    """

    group: str
    name: str
    value: float
    unit: str
    budget: float | None = None

    @property
    def held(self) -> bool:
        """Whether the figure keeps its budget."""
        return self.budget is None or self.value <= self.budget

    def line(self) -> str:
        """Return the figure as a row of a table."""
        budget = "" if self.budget is None else f"≤ {self.budget:g} {self.unit}"
        verdict = "" if self.budget is None else ("yes" if self.held else "**no**")
        return f"| {self.group} | {self.name} | {self.value:.3g} {self.unit} | {budget} | {verdict} |"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def typical(values: Iterable[float]) -> float:
    """Return the median of blocks, which a noisy neighbour moves least."""
    return statistics.median(values)


def least(values: Iterable[float]) -> float:
    """Return the least disturbed block: neighbours only ever add to CPU time."""
    return min(values)


def write(name: str, figures: Sequence[Figure], notes: str) -> Path:
    """Write the figures as `<name>.md` and `<name>.json`."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    moment = datetime.now(UTC)
    head = [
        f"# {name}",
        "",
        f"{moment:%Y-%m-%d}, Python {platform.python_version()}, {platform.machine()}. {notes}",
        "",
        "| where | what | measured | budget | held |",
        "|---|---|---|---|---|",
    ]
    text = "\n".join([*head, *(figure.line() for figure in figures)]) + "\n"
    path = RESULTS / f"{name}.md"
    path.write_text(text, encoding="utf-8")
    data = {"date": f"{moment:%Y-%m-%d}", "notes": notes, "figures": [asdict(figure) for figure in figures]}
    (RESULTS / f"{name}.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
