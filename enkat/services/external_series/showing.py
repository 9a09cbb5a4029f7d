"""Others' results beside the city's own: a table per series, a column per year. Two surveys, never one number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session

from enkat.records.external_series import ExternalFigure, ExternalSeries, figures_beside


@dataclass(frozen=True)
class SeriesRow:
    """What a series asked, and the share of each year that it has."""

    indicator: str
    question_id: str | None
    shares: Mapping[int, ExternalFigure]


@dataclass(frozen=True)
class SeriesTable:
    """A series' figures of one place."""

    series: ExternalSeries
    years: Sequence[int]
    rows: Sequence[SeriesRow]


def tables_beside(session: Session, *, unit_id: int | None = None, district_id: int | None = None) -> list[SeriesTable]:
    """Return what every series says of a unit, else of a district, else of the city."""
    found = figures_beside(session, unit_id=unit_id, district_id=district_id)
    return [_table(series, [one for one, _series in rows]) for series, rows in groupby(found, key=lambda row: row[1])]


def _table(series: ExternalSeries, figures: Sequence[ExternalFigure]) -> SeriesTable:
    rows = []
    for indicator, group in groupby(figures, key=lambda figure: figure.indicator):
        by_year = {figure.year: figure for figure in group}
        rows.append(SeriesRow(indicator, by_year[max(by_year)].question_id, by_year))
    return SeriesTable(series, sorted({figure.year for figure in figures}), rows)
