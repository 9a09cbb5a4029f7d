"""Trend: shares with their intervals over time. A line never crosses a break."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from enkat.documents.charts.drawing import (
    BAND,
    GRID,
    INK,
    MAIN,
    QUIET,
    SMALL,
    TARGET,
    Caption,
    Drawing,
    Interval,
    Scale,
    share_floor,
    share_rise,
)
from enkat.documents.numbers import percent

LEFT: Final = 56
RIGHT: Final = 690
TOP: Final = 34
BOTTOM: Final = 280
EDGE: Final = 60
LINE: Final = 20
DASHES: Final = ("", "7 4", "2 4")
COLOURS: Final = (MAIN, INK, QUIET)


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A moment of a trend.

    Attributes
    ----------
    figure : Interval
        Its label is the moment: "2022".
    broken : bool
        Nothing is joined over from the moment before: the question or the unit changed too much.
    """

    figure: Interval
    broken: bool = False


@dataclass(frozen=True, slots=True)
class TrendLine:
    """A group's way through the moments; every line of a chart has the same ones."""

    label: str
    points: Sequence[TrendPoint]


def trend_chart(lines: Sequence[TrendLine], caption: Caption, *, target: float | None = None) -> str:
    """Draw one to three lines. Lines differ by dashes and by their legend, not by colour alone.

    Parameters
    ----------
    lines : sequence of TrendLine
    caption : Caption
    target : float, optional
        A share that the figures are held against.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    drawing = Drawing()
    figures = [point.figure for line in lines for point in line.points]
    lowest = [figure.lo if figure.has_interval else figure.share for figure in figures]
    rise = Scale(BOTTOM, TOP, share_floor([*lowest, *([] if target is None else [target])]), 1.0)
    share_rise(drawing, rise, LEFT, RIGHT)
    places = _places(len(lines[0].points))
    for x, point in zip(places, lines[0].points, strict=True):
        drawing.line((x, BOTTOM), (x, BOTTOM + 5), stroke=QUIET)
        drawing.text((x, BOTTOM + 20), point.figure.label, size=SMALL, anchor="middle")
    drawing.line((LEFT, BOTTOM), (RIGHT, BOTTOM), stroke=GRID)
    if target is not None:
        _target(drawing, rise.at(target), percent(target))
    _breaks(drawing, lines, places)
    for number, line in enumerate(lines):
        shift = 14 * (number - (len(lines) - 1) / 2)
        _line(drawing, line, [x + shift for x in places], rise, number)
    return drawing.svg(caption, _legend(drawing, lines))


def _places(count: int) -> list[float]:
    if count == 1:
        return [(LEFT + RIGHT) / 2]
    step = (RIGHT - LEFT - 2 * EDGE) / (count - 1)
    return [LEFT + EDGE + step * index for index in range(count)]


def _target(drawing: Drawing, y: float, words: str) -> None:
    with drawing.group("target", f"Mål {words}"):
        drawing.line((LEFT, y), (RIGHT, y), stroke=TARGET, width=2, dash="6 4")
        drawing.text((RIGHT, y - 6), f"Mål {words}", size=SMALL, anchor="end", bold=True, fill=TARGET, halo=True)


def _breaks(drawing: Drawing, lines: Sequence[TrendLine], places: Sequence[float]) -> None:
    """Mark where nothing can be compared across: a dotted upright with words."""
    broken = {index for line in lines for index, point in enumerate(line.points) if point.broken and index}
    for index in sorted(broken):
        x = (places[index - 1] + places[index]) / 2
        with drawing.group("break", "Går inte att jämföra över strecket"):
            drawing.line((x, TOP - 14), (x, BOTTOM), stroke=QUIET, width=2, dash="2 5")
            drawing.text((x, TOP - 20), "inte jämförbart", size=SMALL, anchor="middle", fill=QUIET)


def _line(drawing: Drawing, line: TrendLine, places: Sequence[float], rise: Scale, number: int) -> None:
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    pairs = zip(line.points, line.points[1:], places, places[1:], strict=False)
    for before, after, x1, x2 in pairs:
        if before.figure.shown and after.figure.shown and not after.broken:
            ends = (x1, rise.at(before.figure.share)), (x2, rise.at(after.figure.share))
            drawing.line(*ends, stroke=colour, width=2, dash=dash)
    for point, x in zip(line.points, places, strict=True):
        figure = point.figure
        with drawing.group("point", f"{line.label} {figure.label}: {figure.figure}"):
            if not figure.shown:
                drawing.text(
                    (x, BOTTOM - 8 - 16 * number), figure.words, size=SMALL, anchor="middle", fill=QUIET, halo=True
                )
                continue
            if figure.has_interval:
                low, high = rise.at(figure.lo), rise.at(figure.hi)
                drawing.line((x, low), (x, high), stroke=BAND if not number else QUIET, width=4 if not number else 2)
            drawing.dot(
                (x, rise.at(figure.share)),
                hollow=not figure.has_interval or bool(figure.words),
                colour=colour,
                radius=6,
            )
            if not number:
                above = rise.at(figure.hi if figure.has_interval else figure.share) - (8 if figure.has_interval else 12)
                drawing.text((x, above), percent(figure.share), anchor="middle", bold=True, halo=True)


def _legend(drawing: Drawing, lines: Sequence[TrendLine]) -> float:
    y = BOTTOM + 46.0
    for number, line in enumerate(lines):
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
        drawing.line((LEFT, y - 4), (LEFT + 36, y - 4), stroke=colour, width=2, dash=dash)
        drawing.dot((LEFT + 18, y - 4), colour=colour, radius=5)
        drawing.text((LEFT + 46, y), line.label, size=SMALL)
        y += LINE
    words = "Lodräta streck är intervall (95 %). Ihålig punkt: har en anmärkning i tabellen."
    drawing.text((LEFT + 46, y), words, size=SMALL, fill=QUIET)
    return y + 10
