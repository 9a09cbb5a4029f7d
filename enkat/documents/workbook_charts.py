"""Charts that belong to a workbook: drawn by whoever opens it, and ready to be taken into a presentation."""

from collections.abc import Sequence
from itertools import cycle
from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from enkat.documents.charts.drawing import BAND, INK, QUIET
from enkat.documents.tables import Cell, ChartSeries, Sheet, is_empty

WIDTH: Final = 760
TOP: Final = 130
ROW: Final = 22
GAP: Final = 24
PATTERNS: Final = (
    "wide_upward_diagonal",
    "small_grid",
    "wide_downward_diagonal",
    "dotted_diamond",
    "narrow_horizontal",
    "percent_50",
)
LOOKS: Final[tuple[dict[str, Any], ...]] = (
    {"fill": {"color": BAND}, "border": {"color": INK}, "gap": 60},
    *(
        {"pattern": {"pattern": pattern, "fg_color": QUIET, "bg_color": "#ffffff"}, "border": {"color": INK}}
        for pattern in PATTERNS
    ),
)
"""Further rows of bars differ by their patterns too; more than these begin again."""


def insert_charts(book: Any, page: Any, sheet: Sheet, rows: Sequence[Sequence[Cell]], first: int) -> None:
    """Put a sheet's charts beside its table, one under the other.

    The numbers go into the charts too, for programs that do not read them off the cells. Empty cells stay empty: they
    are never drawn as 0.

    Parameters
    ----------
    book, page : xlsxwriter workbook and worksheet
    sheet : Sheet
    rows : sequence of rows
        What stands in the sheet.
    first : int
        The first row's place in it.
    """
    if not rows:
        return
    height = TOP + ROW * len(rows) * max(len(chart.series) for chart in sheet.charts)
    for number, chart in enumerate(sheet.charts):
        drawn = book.add_chart({"type": "bar"})
        for series, look in zip(chart.series, cycle(LOOKS), strict=False):
            drawn.add_series(_series(page.get_name(), series, rows, first) | look)
        drawn.set_title({"name": chart.title, "name_font": {"size": 12}})
        drawn.set_x_axis({"min": 0, "max": 100, "num_format": '0" %"', "major_gridlines": {"visible": True}})
        # Bars stand from the bottom up unless told otherwise.
        drawn.set_y_axis({"reverse": True, "label_position": "low"})
        drawn.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom"})
        drawn.show_blanks_as("gap")
        drawn.set_size({"width": WIDTH, "height": height})
        place = {"y_offset": number * (height + GAP), "description": chart.title}
        page.insert_chart(0, len(sheet.columns) + 1, drawn, place)


def _series(page: str, series: ChartSeries, rows: Sequence[Sequence[Cell]], first: int) -> dict[str, Any]:
    """Describe bars by where their cells are and by what stands there."""

    def values(column: int) -> list[Cell]:
        return [None if is_empty(row[column]) else row[column] for row in rows]

    def cells(column: int) -> str:
        letters, name = xl_col_to_name(column, col_abs=True), page.replace("'", "''")
        return f"='{name}'!{letters}${first + 1}:{letters}${first + len(rows)}"

    return {
        "name": series.name,
        "categories": cells(0),
        "categories_data": values(0),
        "values": cells(series.share),
        "values_data": values(series.share),
        "y_error_bars": {
            "type": "custom",
            "minus_values": cells(series.below),
            "minus_data": values(series.below),
            "plus_values": cells(series.above),
            "plus_data": values(series.above),
            "line": {"color": INK, "width": 1.25},
        },
    }
