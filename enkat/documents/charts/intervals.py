"""Interval chart: a dot for the share and a line for its interval, one row per group or question."""

from collections.abc import Sequence
from typing import Final

from enkat.documents.charts.drawing import (
    BAND,
    QUIET,
    SMALL,
    TARGET,
    WIDTH,
    Caption,
    Drawing,
    Interval,
    Scale,
    row_label,
    share_axis,
    wrapped,
)
from enkat.documents.numbers import percent

LABEL: Final = 250
PLOT: Final = Scale(270, 560)
FIGURES: Final = 580
TOP: Final = 24
ROW: Final = 30
TALL: Final = 42
LOW: Final = 22
LOWER_TALL: Final = 33
FOOT: Final = 30
BAND_HEIGHT: Final = 6
HOW: Final = "Punkten är andelen, strecket är intervallet (95 %). Ihålig punkt: liten grund."


def interval_chart(
    rows: Sequence[Interval], caption: Caption, *, target: float | None = None, compact: bool = False
) -> str:
    """Draw shares with their intervals, in the order given: by name, never by result.

    Parameters
    ----------
    rows : sequence of Interval
    caption : Caption
    target : float, optional
        A share that the figures are held against: a dashed line.
    compact : bool
        Lower rows, and no words on how it is read: for a page that says it once for many.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    low, tall = (LOW, LOWER_TALL) if compact else (ROW, TALL)
    heights = [tall if len(wrapped(row.label, LABEL)) > 1 or (row.shown and row.words) else low for row in rows]
    bottom = TOP + sum(heights)
    drawing = Drawing()
    share_axis(drawing, PLOT, TOP, bottom)
    top = float(TOP)
    for row, height in zip(rows, heights, strict=True):
        with drawing.group("row", f"{row.label}: {row.figure}"):
            _row(drawing, row, top + height / 2)
        top += height
    if target is not None:
        _target(drawing, target, bottom, named=not compact)
    if not compact:
        drawing.text((0, bottom + FOOT - 8), HOW, size=SMALL, fill=QUIET)
    return drawing.svg(caption, bottom + (2 if compact else FOOT))


def _row(drawing: Drawing, row: Interval, middle: float) -> None:
    row_label(drawing, row.label, middle, LABEL)
    if not row.shown:
        drawing.text((PLOT.start + 6, middle + 5), row.words, fill=QUIET, halo=True)
        return
    if row.has_interval:
        lo, hi = PLOT.at(row.lo), PLOT.at(row.hi)
        drawing.rect((lo, middle - BAND_HEIGHT / 2), (max(hi - lo, 1), BAND_HEIGHT), fill=BAND)
    drawing.dot((PLOT.at(row.share), middle), hollow=bool(row.words), radius=6)
    drawing.text((FIGURES, middle + (5 if not row.words else -3)), row.numbers, bold=True)
    if row.words:
        drawing.text((FIGURES, middle + 13), wrapped(row.words, WIDTH - FIGURES, size=SMALL, lines=1)[0], size=SMALL)


def _target(drawing: Drawing, target: float, bottom: float, *, named: bool) -> None:
    x = PLOT.at(target)
    with drawing.group("target", f"Mål {percent(target)}"):
        drawing.line((x, TOP), (x, bottom + (4 if named else 0)), stroke=TARGET, width=2, dash="6 4")
        if named:
            drawing.text(
                (x, bottom + 16), f"Mål {percent(target)}", size=SMALL, anchor="middle", bold=True, fill=TARGET
            )
