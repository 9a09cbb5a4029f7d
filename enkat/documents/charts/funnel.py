"""Funnel: units by answers and share, with the limits that chance alone would keep to."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from enkat.documents.charts.drawing import (
    GRID,
    INK,
    LETTER,
    MAIN,
    QUIET,
    SMALL,
    WIDTH,
    Caption,
    Drawing,
    Scale,
    share_floor,
    share_rise,
)
from enkat.documents.numbers import percent, whole

LEFT: Final = 56
RIGHT: Final = 706
TOP: Final = 14
BOTTOM: Final = 380
LINE: Final = 20
STEPS: Final = (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10)


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """A unit: answers, share 0..1, and whether it stands outside the limits and is named."""

    label: str
    answered: int
    share: float
    outside: bool = False

    @property
    def figure(self) -> str:
        """The point in words."""
        return f"{percent(self.share)} av {whole(self.answered)} svar"


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """A pair of limits.

    Attributes
    ----------
    label : str
    answered : sequence of float
        Where the limits are known, rising.
    lower, upper : sequence of float
        Shares 0..1.
    dash : str
        Dashes of the line; empty for an unbroken one.
    """

    label: str
    answered: Sequence[float]
    lower: Sequence[float]
    upper: Sequence[float]
    dash: str = ""


def funnel_chart(
    points: Sequence[FunnelPoint],
    limits: Sequence[FunnelLimits],
    caption: Caption,
    *,
    mean: float,
    hidden: int = 0,
) -> str:
    """Draw units as points within their limits. Only units outside are named in the picture.

    Parameters
    ----------
    points : sequence of FunnelPoint
    limits : sequence of FunnelLimits
    caption : Caption
    mean : float
        The common share that the limits are drawn around.
    hidden : int
        Units that may not be shown; the number stands under the picture.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    drawing = Drawing()
    most = max([point.answered for point in points], default=1)
    across = Scale(LEFT, RIGHT, 0, _rounded_up(most * 1.04))
    rise = Scale(BOTTOM, TOP, share_floor([mean, *(point.share for point in points)]), 1.0)
    share_rise(drawing, rise, LEFT, RIGHT)
    _answers_axis(drawing, across)
    for limit in limits:
        for values in (limit.lower, limit.upper):
            drawing.path(_curve(across, rise, limit.answered, values), stroke=QUIET, width=1.5, dash=limit.dash)
    drawing.line((LEFT, rise.at(mean)), (RIGHT, rise.at(mean)), stroke=INK, width=1.5)
    for point in sorted(points, key=lambda one: one.outside):
        with drawing.group("point", f"{point.label}: {point.figure}"):
            drawing.dot((across.at(point.answered), rise.at(point.share)), hollow=not point.outside, radius=5.5)
    _names(drawing, [(across.at(p.answered), rise.at(p.share), p.label) for p in points if p.outside])
    height = _legend(drawing, limits, mean, hidden)
    return drawing.svg(caption, height)


def _rounded_up(value: float) -> float:
    """Return a round number that is at least the value."""
    unit = 10.0 ** math.floor(math.log10(max(value, 1)))
    return next(step * unit for step in STEPS if step * unit >= value)


def _answers_axis(drawing: Drawing, across: Scale) -> None:
    for part in range(5):
        value = across.highest * part / 4
        x = across.at(value)
        drawing.line((x, BOTTOM), (x, BOTTOM + 5), stroke=QUIET)
        drawing.text((x, BOTTOM + 20), whole(round(value)), size=SMALL, anchor="middle", fill=QUIET)
    drawing.line((LEFT, BOTTOM), (RIGHT, BOTTOM), stroke=GRID)
    drawing.text(((LEFT + RIGHT) / 2, BOTTOM + 40), "Antal svar på frågan", size=SMALL, anchor="middle", fill=QUIET)


def _curve(across: Scale, rise: Scale, answered: Sequence[float], values: Sequence[float]) -> str:
    """Write a line through the points that lie within the picture."""
    places = [
        f"{across.at(n):.1f} {rise.at(value):.1f}"
        for n, value in zip(answered, values, strict=True)
        if n <= across.highest and rise.lowest <= value <= rise.highest
    ]
    return "M" + "L".join(places) if places else "M0 0"


def _names(drawing: Drawing, places: Sequence[tuple[float, float, str]]) -> None:
    """Write names beside their points, each line moved down until it stands free."""
    taken: list[tuple[float, float, float]] = []
    for x, y, label in sorted(places, key=lambda place: place[1]):
        width = len(label) * SMALL * LETTER
        to_left = x + 10 + width > WIDTH
        left = x - 10 - width if to_left else x + 10
        line = y + 4
        while any(abs(line - other) < SMALL + 2 and left < end and start < left + width for other, start, end in taken):
            line += SMALL + 2
        taken.append((line, left, left + width))
        drawing.text(
            (left + width if to_left else left, line),
            label,
            size=SMALL,
            anchor="end" if to_left else "start",
            halo=True,
        )


def _legend(drawing: Drawing, limits: Sequence[FunnelLimits], mean: float, hidden: int) -> float:
    y = BOTTOM + 64.0
    rows = [(f"Alla enheter tillsammans: {percent(mean)}", INK, "")]
    rows += [(limit.label, QUIET, limit.dash) for limit in limits]
    for words, colour, dash in rows:
        drawing.line((LEFT, y - 4), (LEFT + 36, y - 4), stroke=colour, width=1.5, dash=dash)
        drawing.text((LEFT + 46, y), words, size=SMALL)
        y += LINE
    drawing.dot((LEFT + 12, y - 4), colour=MAIN)
    drawing.dot((LEFT + 28, y - 4), hollow=True)
    drawing.text(
        (LEFT + 46, y), "Fylld punkt med namn: enhet utanför den yttersta gränsen. Ihålig: enhet innanför.", size=SMALL
    )
    y += LINE
    if hidden:
        noun = "enhet visas" if hidden == 1 else "enheter visas"
        words = f"{whole(hidden)} {noun} inte: för få svar eller frågan ställdes inte."
        drawing.text((LEFT + 46, y), words, size=SMALL)
        y += LINE
    return y
