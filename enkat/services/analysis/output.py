"""Writes what an analysis gave: JSON at full precision, or a workbook with one sheet per analysis."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from enkat.documents.tables import Cell, Column, Sheet
from enkat.documents.workbook import write_workbook
from enkat.services.analysis.rows import Result
from enkat.services.analysis.running import Run
from enkat.services.analysis.spec import Verb

_COLUMNS: Final = (
    Column("Mått", "name", 24),
    Column("Skattning", "estimate", 12, 4),
    Column("Medelfel", "se", 12, 4),
    Column("Nedre gräns", "lo", 12, 4),
    Column("Övre gräns", "hi", 12, 4),
    Column("Antal svar (n)", "n", 12),
    Column("Antal i gruppen (N)", "N", 12),
    Column("Frihetsgrader", "df", 12),
    Column("Metod", "method", 20),
    Column("p", "p", 10, 4),
    Column("p, justerat", "p_adjusted", 10, 4),
    Column("I ord", "word", 30),
    Column("Varför ett värde saknas", "reason", 50),
)
README: Final = "Läs mig"
BIAS: Final = (
    "Intervallen täcker slumpen om de som svarade är som ett slumpvis urval. De täcker inte skillnaden mellan dem som "
    "svarade och dem som inte gjorde det."
)


def as_document(results: list[Result]) -> dict[str, Any]:
    """Return the results as they stand in JSON."""
    return {"analyses": [{"id": result.id, "rows": list(_records(result))} for result in results]}


def _records(result: Result) -> Iterator[dict[str, object]]:
    return (dict(zip(result.by, row.by, strict=True)) | row.values() for row in result.rows)


def to_json(results: list[Result]) -> str:
    """Write the results as JSON: floats as Python's repr, which reads back to the same number; never NaN."""
    return json.dumps(as_document(results), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def write_results(run: Run, path: Path, data_name: str) -> None:
    """Write a run to a file; its name says whether it is JSON or a workbook.

    The file is written beside its place and moved there, so that a full disk leaves an older one as it was.
    """
    part = path.with_name(path.name + ".part")
    try:
        if path.suffix.lower() == ".xlsx":
            with part.open("wb") as stream:
                write_workbook(stream, _sheets(run, data_name), title=f"Analys av {data_name}")
        else:
            part.write_text(to_json(run.results), encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _sheets(run: Run, data_name: str) -> Iterator[Sheet]:
    yield Sheet(README, [Column("Rubrik", "key", 24), Column("Innehåll", "text", 90)], _about(run, data_name))
    for result in run.results:
        columns = [*(Column(name, name, 18) for name in result.by), *_COLUMNS]
        yield Sheet(result.id, columns, [_cells(record, columns) for record in _records(result)])


def _cells(record: dict[str, Any], columns: list[Column]) -> list[Cell]:
    return [record.get(column.key) for column in columns]


def _about(run: Run, data_name: str) -> Iterator[tuple[str, str]]:
    spec = run.spec
    yield "Fil", f"{data_name}, {run.data.rows} rader"
    for role, name in spec.design.model_dump(by_alias=True, exclude_none=True).items():
        yield f"design: {role}", str(name)
    threshold = spec.disclosure.threshold
    yield "Tröskel", "Inget är dolt." if threshold == 0 else f"Siffror för färre än {threshold} svar är dolda."
    yield from (("Att veta", note) for note in run.weigher.notes)
    yield "Intervall", BIAS
    yield "n och N", "n är antalet svar bakom siffran. N är antalet personer som siffran gäller."
    for analysis in spec.analysis:
        words = [_VERBS[analysis.verb], ", ".join(analysis.variables)]
        words += [f"per {', '.join(analysis.by)}"] if analysis.by else []
        yield f"Blad {analysis.id}", " ".join(words)


_VERBS: Final = {
    Verb.MEAN: "Medelvärde av",
    Verb.SHARE: "Andel positiva svar på",
    Verb.TOTAL: "Summa av",
    Verb.RATIO: "Kvot mellan",
    Verb.DISTRIBUTION: "Fördelning av",
    Verb.QUANTILE: "Kvantiler av",
    Verb.VARIANCE: "Varians och designeffekt av",
    Verb.DIFFERENCE: "Skillnad i",
    Verb.CONTRAST: "Kontrast av",
    Verb.STANDARDISED: "Standardiserat värde av",
    Verb.TEST: "Test av samband mellan",
    Verb.ALPHA: "Cronbachs alfa för",
    Verb.INDEX: "Index 0–100 av",
}
