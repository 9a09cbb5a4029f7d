"""Series of others' results, such as the national survey: shown beside the city's own, never pooled with them."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from enkat.records.base import Base
from enkat.records.organisations import District, Unit


class ExternalSeries(Base):
    """A survey that somebody else makes, year after year."""

    __tablename__ = "external_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200), unique=True)
    publisher: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(Text)
    """Where the figures were fetched, and what the reader must know about whom and how they asked."""


class ExternalFigure(Base):
    """A share of a series: of the city, a district or a unit, in one year."""

    __tablename__ = "external_figure"
    __table_args__ = (
        CheckConstraint("share >= 0 AND share <= 1", name="share"),
        CheckConstraint("response_rate >= 0 AND response_rate <= 1", name="response_rate"),
        CheckConstraint("district_id IS NULL OR unit_id IS NULL", name="level"),
        Index("ix_external_figure_series_id_year", "series_id", "year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("external_series.id"))
    year: Mapped[int]
    indicator: Mapped[str] = mapped_column(String(300))
    """What was asked, in the series' own words."""
    question_id: Mapped[str | None] = mapped_column(String(60))
    """The core question that the city shows it beside; they stay two questions."""
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    share: Mapped[float]
    n: Mapped[int | None]
    response_rate: Mapped[float | None]


PlacedFigure = tuple[ExternalFigure, str | None, str | None]
"""A figure with the name of its district and the code of its unit."""


def series_with_extent(session: Session) -> list[tuple[ExternalSeries, int, int | None, int | None]]:
    """Return every series by title with its number of figures, first year and last year."""
    year = ExternalFigure.year
    rows = session.execute(
        select(ExternalSeries, func.count(ExternalFigure.id), func.min(year), func.max(year))
        .outerjoin(ExternalFigure, ExternalFigure.series_id == ExternalSeries.id)
        .group_by(ExternalSeries.id)
        .order_by(ExternalSeries.title)
    )
    return [(found, number, first, last) for found, number, first, last in rows]


def years_of(session: Session, series_id: int) -> list[tuple[int, int]]:
    """Return the years of a series, the newest first, each with its number of figures."""
    rows = session.execute(
        select(ExternalFigure.year, func.count())
        .where(ExternalFigure.series_id == series_id)
        .group_by(ExternalFigure.year)
        .order_by(ExternalFigure.year.desc())
    )
    return [(year, number) for year, number in rows]


def figures_of(session: Session, series_id: int, year: int | None = None) -> list[ExternalFigure]:
    """Return the figures of a series, of one year where it is given."""
    statement = select(ExternalFigure).where(ExternalFigure.series_id == series_id)
    return list(session.scalars(statement if year is None else statement.where(ExternalFigure.year == year)))


def placed_figures(session: Session, series_id: int, year: int) -> list[PlacedFigure]:
    """Return the figures of a series and year with the names of their places."""
    rows = session.execute(
        select(ExternalFigure, District.name, Unit.code)
        .outerjoin(District, District.id == ExternalFigure.district_id)
        .outerjoin(Unit, Unit.id == ExternalFigure.unit_id)
        .where(ExternalFigure.series_id == series_id, ExternalFigure.year == year)
        .order_by(ExternalFigure.id)
    )
    return [(figure, district, code) for figure, district, code in rows]


def figures_beside(
    session: Session, *, unit_id: int | None, district_id: int | None
) -> list[tuple[ExternalFigure, ExternalSeries]]:
    """Return what all series say of a unit, else of a district, else of the city: by series, indicator and year."""
    rows = session.execute(
        select(ExternalFigure, ExternalSeries)
        .join(ExternalSeries, ExternalSeries.id == ExternalFigure.series_id)
        .where(
            ExternalFigure.unit_id.is_(None) if unit_id is None else ExternalFigure.unit_id == unit_id,
            ExternalFigure.district_id.is_(None) if district_id is None else ExternalFigure.district_id == district_id,
        )
        .order_by(ExternalSeries.title, ExternalFigure.indicator, ExternalFigure.year)
    )
    return [(figure, series) for figure, series in rows]


def delete_year(session: Session, series_id: int, year: int) -> None:
    """Delete a year's figures."""
    session.execute(delete(ExternalFigure).where(ExternalFigure.series_id == series_id, ExternalFigure.year == year))
