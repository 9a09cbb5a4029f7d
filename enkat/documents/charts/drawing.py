"""Shapes, colours and scales of all charts. Text has a contrast of at least 7:1 on white, shapes at least 3:1."""

import math
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from enkat.documents.numbers import percent, percent_range

WIDTH: Final = 720
INK: Final = "#14212b"
QUIET: Final = "#44525e"
GRID: Final = "#c9d1d8"
"""Decoration only: nothing is read off the grid that is not written too."""
MAIN: Final = "#0b4a6f"
BAND: Final = "#4a86b0"
TARGET: Final = "#96110f"
PAPER: Final = "#ffffff"
FONT: Final = "Noto Sans, system-ui, sans-serif"
SIZE: Final = 14
SMALL: Final = 12
LETTER: Final = 0.55
"""Mean width of a letter, as a part of the font's size."""
SHARE_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Caption:
    """What a chart is called.

    Attributes
    ----------
    title, description : str
        Read aloud; the description says what is seen and how it is read.
    ident : str
        Prefix of the ids in the picture, unique on the page.
    """

    title: str
    description: str
    ident: str


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with its interval.

    Attributes
    ----------
    label : str
        Whom or what it is about.
    share, lo, hi : float
        Shares 0..1; NaN where there is no figure or no interval.
    words : str
        What stands instead of a figure, or is remarked beside it ("liten grund").
    """

    label: str
    share: float
    lo: float = math.nan
    hi: float = math.nan
    words: str = ""

    @property
    def shown(self) -> bool:
        """Whether there is a figure."""
        return not math.isnan(self.share)

    @property
    def has_interval(self) -> bool:
        """Whether there is an interval."""
        return not (math.isnan(self.lo) or math.isnan(self.hi))

    @property
    def numbers(self) -> str:
        """The figure alone: "83 % (72–91 %)"; empty where there is none."""
        if not self.shown:
            return ""
        return (
            f"{percent(self.share)} ({percent_range(self.lo, self.hi)})" if self.has_interval else percent(self.share)
        )

    @property
    def figure(self) -> str:
        """The figure in words: "83 % (72–91 %), liten grund", or what stands instead."""
        return ", ".join(part for part in (self.numbers, self.words) if part)


class Drawing:
    """Shapes in the order in which they are drawn."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        *,
        stroke: str = INK,
        width: float = 1,
        dash: str = "",
    ) -> None:
        """Draw a straight line."""
        way = f"M{number(start[0])} {number(start[1])}L{number(end[0])} {number(end[1])}"
        self.path(way, stroke=stroke, width=width, dash=dash)

    def path(self, way: str, *, stroke: str = INK, width: float = 1, dash: str = "", fill: str = "none") -> None:
        """Draw a path."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<path d="{way}" stroke="{stroke}" stroke-width="{number(width)}" fill="{fill}"{dashed}/>')

    def rect(self, at: tuple[float, float], size: tuple[float, float], *, fill: str, stroke: str = "none") -> None:
        """Draw a rectangle from its upper left corner."""
        x, y, width, height = (number(value) for value in (*at, *size))
        self.parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}" stroke="{stroke}"/>')

    def dot(self, at: tuple[float, float], *, hollow: bool = False, colour: str = MAIN, radius: float = 5) -> None:
        """Draw a dot with a white edge, so that it is seen on any line."""
        fill, stroke, width = (PAPER, colour, 2) if hollow else (colour, PAPER, 1)
        x, y, r = number(at[0]), number(at[1]), number(radius)
        self.parts.append(f'<circle cx="{x}" cy="{y}" r="{r}" fill="{fill}" stroke="{stroke}" stroke-width="{width}"/>')

    def text(
        self,
        at: tuple[float, float],
        words: str,
        *,
        size: float = SIZE,
        anchor: str = "start",
        bold: bool = False,
        fill: str = INK,
        halo: bool = False,
    ) -> None:
        """Write a line of text; ``halo`` gives it a white edge where it crosses lines."""
        look = ' font-weight="bold"' if bold else ""
        if halo:
            look += f' stroke="{PAPER}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
        place = f'x="{number(at[0])}" y="{number(at[1])}" font-size="{number(size)}"'
        self.parts.append(f'<text {place} text-anchor="{anchor}" fill="{fill}"{look}>{escape(words)}</text>')

    @contextmanager
    def group(self, kind: str, words: str) -> Iterator[None]:
        """Hold shapes together; the words are seen when somebody points at them."""
        self.parts.append(f"<g data-kind={quoteattr(kind)}><title>{escape(words)}</title>")
        yield
        self.parts.append("</g>")

    def svg(self, caption: Caption, height: float, *, width: float = WIDTH) -> str:
        """Return the picture."""
        ident = quoteattr(caption.ident)[1:-1]
        opening = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {number(width)} {number(height)}"'
            f' role="img" aria-labelledby="{ident}-title {ident}-desc" font-family="{FONT}">'
        )
        head = [
            f'<title id="{ident}-title">{escape(caption.title)}</title>',
            f'<desc id="{ident}-desc">{escape(caption.description)}</desc>',
            f'<rect width="{number(width)}" height="{number(height)}" fill="{PAPER}"/>',
        ]
        return "\n".join([opening, *head, *self.parts, "</svg>"])


def number(value: float) -> str:
    """Write a coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def wrapped(words: str, width: float, *, size: float = SIZE, lines: int = 2) -> list[str]:
    """Break a text into lines of a width; what does not fit ends with an ellipsis."""
    letters = max(int(width / (size * LETTER)), 4)
    return textwrap.wrap(words, letters, max_lines=lines, placeholder=" …", break_long_words=True) or [""]


@dataclass(frozen=True, slots=True)
class Scale:
    """Values on an axis: ``lowest`` at ``start``, ``highest`` at ``end``, both in the picture's units."""

    start: float
    end: float
    lowest: float = 0.0
    highest: float = 1.0

    def at(self, value: float) -> float:
        """Return where a value stands; what lies outside stands at the edge."""
        inside = min(max(value, self.lowest), self.highest)
        return self.start + (inside - self.lowest) / (self.highest - self.lowest) * (self.end - self.start)


def share_axis(drawing: Drawing, scale: Scale, top: float, bottom: float) -> None:
    """Draw a horizontal scale of percent above the plot, with quiet lines down through it."""
    for tick in SHARE_TICKS:
        x = scale.at(tick)
        drawing.line((x, top), (x, bottom), stroke=GRID)
        drawing.text((x, top - 6), percent(tick), size=SMALL, anchor="middle", fill=QUIET)


def share_floor(values: Sequence[float]) -> float:
    """Return where a vertical scale of shares begins: 0, 25, 50 or 75 %, under the lowest value."""
    lowest = min((value for value in values if not math.isnan(value)), default=0.0)
    return min(math.floor(4 * lowest) / 4, 0.75)


def share_rise(drawing: Drawing, scale: Scale, left: float, right: float) -> None:
    """Draw a vertical scale of percent left of the plot, with quiet lines across it."""
    lowest = round(100 * scale.lowest)
    step = {0: 25, 25: 25, 50: 10, 75: 5}[lowest]
    for tick in range(lowest, 101, step):
        y = scale.at(tick / 100)
        drawing.line((left, y), (right, y), stroke=GRID)
        drawing.text((left - 8, y + 4), percent(tick / 100), size=SMALL, anchor="end", fill=QUIET)


def row_label(drawing: Drawing, words: str, middle: float, width: float) -> None:
    """Write a row's label in at most two lines around its middle."""
    lines = wrapped(words, width)
    for index, line in enumerate(lines):
        drawing.text((0, middle + 5 + 17 * (index - (len(lines) - 1) / 2)), line)
