"""Faults of the statistics, put into Swedish sentences that name the column and the row of the file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from enkat.services.analysis.frame import Frame
from enkat.services.faults import Fault
from enkat.statistics.microdata.faults import FaultKind, MicrodataError

MIX: Final = "cells"
"""What the statistics call the columns of `standardise`."""
_Sentence = Callable[[MicrodataError], str]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}".replace(".", ",")


def _weight(fault: MicrodataError) -> str:
    missing = fault.value is None or fault.value != fault.value  # NaN is not equal to itself
    return ("vikten saknas" if missing else f"vikten är {_number(fault.value)}") + ". En vikt är ett tal större än 0."


_SENTENCES: Final[Mapping[FaultKind, _Sentence]] = {
    FaultKind.MISSING: lambda _: "värdet saknas. Varje svarande behöver ett.",
    FaultKind.WEIGHT: _weight,
    FaultKind.FPC: lambda _: "antalet i ramen saknas eller är inte större än 0.",
    FaultKind.FPC_VARIES: lambda fault: f"antalet i ramen är inte detsamma på alla rader för {fault.level}.",
    FaultKind.SAMPLE_ABOVE_POPULATION: lambda fault: (
        f"{fault.level} har fler svar än de {_number(fault.value)} som finns i ramen."
    ),
    FaultKind.NOT_NESTED: lambda fault: f"{fault.level} finns i mer än ett stratum.",
    FaultKind.LONELY: lambda fault: (
        f"{'hela filen' if fault.level is None else f'stratum {fault.level}'} har bara ett svar av flera möjliga, så "
        "osäkerheten går inte att räkna ut. Slå ihop det med ett annat, eller välj lonely i [design]: remove, "
        "certainty, adjust eller average."
    ),
    FaultKind.EMPTY_DOMAIN: lambda _: "inga svar är kvar i gruppen. Se efter villkoret i where.",
    FaultKind.UNKNOWN_LEVEL: lambda fault: f"{fault.level} finns inte bland de kända antalen eller värdena.",
    FaultKind.MARGIN: lambda fault: f"marginalen stämmer inte: {_detail(fault)}.",
    FaultKind.NOT_CONVERGED: lambda fault: (
        f"vikterna går inte att räkna fram: räkningen stannar inte ({_detail(fault)}). "
        "Se efter att marginalerna stämmer med varandra och att ingen grupp är tom."
    ),
    FaultKind.BOUND: lambda fault: f"vikterna ryms inte inom gränserna ({_detail(fault)}). Vidga bounds.",
    FaultKind.SINGULAR: lambda fault: f"marginalerna säger samma sak två gånger ({_detail(fault)}). Ta bort en av dem.",
}


def _detail(fault: MicrodataError) -> str:
    parts = [str(part) for part in (fault.column, fault.level) if part not in {"", None, MIX}]
    return " ".join([*parts, _number(fault.value)]).strip() or str(fault)


def _row(frames: Sequence[Frame], row: int) -> str:
    """Name a row of the frame that it lies in."""
    for frame in frames:
        if row < frame.rows:
            return frame.place(row)
        row -= frame.rows
    return frames[-1].data.name


@contextmanager
def told(place: str, headings: Mapping[str, str | None], *frames: Frame) -> Iterator[None]:
    """Turn a fault of the statistics into a sentence.

    Parameters
    ----------
    place : str
        Where in the specification it was asked for.
    headings : mapping
        Heading of the file by argument of the statistics ("weights", "strata", "fpc" …).
    frames : Frame
        The rows that the statistics were given, one file after the other.
    """
    try:
        yield
    except MicrodataError as fault:
        row = f"{frames[0].data.name}, " if fault.row is None else f"{_row(frames, fault.row)}, "
        heading = headings.get(fault.column, fault.column)
        column = f"kolumn {heading}: " if heading else ""
        make = _SENTENCES.get(fault.kind)
        sentence = make(fault) if make else f"{fault}."
        raise Fault(f"{place}: {row}{column}{sentence}") from fault
