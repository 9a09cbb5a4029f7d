"""Response by unit: a bar for those who answered out of those who were asked. A known count has no interval."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from enkat.documents.charts.drawing import (
    GRID,
    MAIN,
    QUIET,
    SMALL,
    TARGET,
    Caption,
    Drawing,
    Scale,
    row_label,
    share_axis,
    wrapped,
)
from enkat.documents.numbers import percent, whole

LABEL: Final = 250
PLOT: Final = Scale(270, 560)
FIGURES: Final = 580
TOP: Final = 24
ROW: Final = 30
TALL: Final = 42
FOOT: Final = 26
BAR: Final = 14


@dataclass(frozen=True, slots=True)
class Response:
    """How many of those asked answered.

    Attributes
    ----------
    label : str
    answered, asked : int
        -1 for both where the level may not see them.
    words : str
        What stands instead.
    """

    label: str
    answered: int
    asked: int
    words: str = ""

    @property
    def rate(self) -> float:
        """The share that answered, NaN where it is not known or nobody was asked."""
        return self.answered / self.asked if self.answered >= 0 and self.asked > 0 else math.nan

    @property
    def figure(self) -> str:
        """The rate in words: "67 % (143 av 214)", or what stands instead."""
        if math.isnan(self.rate):
            return self.words
        return f"{percent(self.rate)} ({whole(self.answered)} av {whole(self.asked)})"


def response_chart(rows: Sequence[Response], caption: Caption, *, target: float | None = None) -> str:
    """Draw the response of each unit, in the order given, with the target as a dashed line.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    heights = [TALL if len(wrapped(row.label, LABEL)) > 1 else ROW for row in rows]
    bottom = TOP + sum(heights)
    drawing = Drawing()
    share_axis(drawing, PLOT, TOP, bottom)
    top = float(TOP)
    for row, height in zip(rows, heights, strict=True):
        middle = top + height / 2
        with drawing.group("row", f"{row.label}: {row.figure}"):
            row_label(drawing, row.label, middle, LABEL)
            if math.isnan(row.rate):
                drawing.text((PLOT.start + 6, middle + 5), row.words, fill=QUIET, halo=True)
            else:
                drawing.rect((PLOT.start, middle - BAR / 2), (PLOT.end - PLOT.start, BAR), fill="none", stroke=GRID)
                drawing.rect((PLOT.start, middle - BAR / 2), (PLOT.at(row.rate) - PLOT.start, BAR), fill=MAIN)
                drawing.text((FIGURES, middle + 5), row.figure)
        top += height
    if target is not None:
        x = PLOT.at(target)
        with drawing.group("target", f"Mål {percent(target)}"):
            drawing.line((x, TOP), (x, bottom + 4), stroke=TARGET, width=2, dash="6 4")
            drawing.text(
                (x, bottom + 18), f"Mål {percent(target)}", size=SMALL, anchor="middle", bold=True, fill=TARGET
            )
    return drawing.svg(caption, bottom + (FOOT if target is not None else 6))
