"""Distribution: one stacked bar per question or group. Order, outline, pattern and numbers tell the parts apart."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from enkat.documents.charts.drawing import (
    INK,
    LETTER,
    MAIN,
    PAPER,
    QUIET,
    SMALL,
    WIDTH,
    Caption,
    Drawing,
    Scale,
    row_label,
    wrapped,
)
from enkat.documents.numbers import percent

LABEL: Final = 210
PLOT: Final = Scale(226, 712)
WHOLE: Final = Scale(0.5, WIDTH - 0.5)
ROW: Final = 38
TALL: Final = 44
LOW: Final = 28
BAR: Final = 26
LEGEND_LINE: Final = 24
SWATCH: Final = 16
BOLD_LETTER: Final = LETTER + 0.08
NARROW: Final = 34
"""Narrower parts carry no number; it stands in the table."""


@dataclass(frozen=True, slots=True)
class Part:
    """An answer and the share that gave it; ``positive`` puts it on the strong side."""

    label: str
    share: float
    positive: bool


@dataclass(frozen=True, slots=True)
class Distribution:
    """The answers of one group to one question, in the scale's order; no parts where they may not be shown."""

    label: str
    parts: Sequence[Part] = ()
    words: str = ""

    @property
    def figure(self) -> str:
        """The distribution in words, or what stands instead."""
        return ", ".join(f"{part.label} {percent(part.share)}" for part in self.parts) or self.words


@dataclass(frozen=True, slots=True)
class _Look:
    fill: str
    text: str
    lines: str = ""
    """Direction of the pattern's lines: a path in a square of 8 units."""


_GOOD: Final = (_Look(MAIN, PAPER), _Look("#b5d3e7", INK), _Look("#dcebf5", INK, "M0 4H8"))
_POOR: Final = (
    _Look("#f0f1f2", INK),
    _Look("#f6d8b0", INK, "M-2 2L2 -2M0 8L8 0M6 10L10 6"),
    _Look("#7a3300", PAPER),
)


def distribution_chart(rows: Sequence[Distribution], caption: Caption) -> str:
    """Draw stacked bars of 100 % with one legend; every row has the same answers. A single row needs no label.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    drawing = Drawing()
    first = next((row.parts for row in rows if row.parts), ())
    looks = _looks(first)
    _patterns(drawing, looks, caption.ident)
    fills = [f"url(#{caption.ident}-{number})" if look.lines else look.fill for number, look in enumerate(looks)]
    top = _legend(drawing, first, fills)
    for row in rows:
        height = TALL if len(wrapped(row.label, LABEL)) > 1 else ROW if row.label else LOW
        with drawing.group("row", f"{row.label}: {row.figure}"):
            _row(drawing, row, fills, looks, top + height / 2)
        top += height
    return drawing.svg(caption, top + 4)


def _looks(parts: Sequence[Part]) -> list[_Look]:
    """Give each answer a look: the positive ones from the strong end, the others towards their own strong end."""
    good = [part for part in parts if part.positive]
    poor = [part for part in parts if not part.positive]
    strong = [_GOOD[min(index, len(_GOOD) - 1)] for index in range(len(good))]
    weak = [_POOR[max(len(_POOR) - len(poor) + index, 0)] for index in range(len(poor))]
    ours, theirs = iter(strong), iter(weak)
    return [next(ours) if part.positive else next(theirs) for part in parts]


def _patterns(drawing: Drawing, looks: Sequence[_Look], ident: str) -> None:
    for number, look in enumerate(looks):
        if look.lines:
            drawing.parts.append(
                f'<pattern id="{ident}-{number}" width="8" height="8" patternUnits="userSpaceOnUse">'
                f'<rect width="8" height="8" fill="{look.fill}"/>'
                f'<path d="{look.lines}" stroke="{INK}" stroke-width="0.8" stroke-opacity="0.55"/></pattern>'
            )


def _legend(drawing: Drawing, parts: Sequence[Part], fills: Sequence[str]) -> float:
    """Draw the answers with their looks, the positive ones in bold; return where the bars begin."""
    x, y = 0.0, 0.0
    for part, fill in zip(parts, fills, strict=True):
        letter = BOLD_LETTER if part.positive else LETTER
        width = SWATCH + 8 + len(part.label) * SMALL * letter + 14
        if x and x + width > WIDTH:
            x, y = 0.0, y + LEGEND_LINE
        drawing.rect((x + 0.5, y + 2.5), (SWATCH, SWATCH), fill=fill, stroke=INK)
        drawing.text((x + SWATCH + 8, y + 15), part.label, size=SMALL, bold=part.positive)
        x += width
    return y + LEGEND_LINE + 6 if parts else 4.0


def _row(drawing: Drawing, row: Distribution, fills: Sequence[str], looks: Sequence[_Look], middle: float) -> None:
    if row.label:
        row_label(drawing, row.label, middle, LABEL)
    plot = PLOT if row.label else WHOLE
    if not row.parts:
        drawing.text((plot.start + 6, middle + 5), row.words, fill=QUIET)
        return
    before = 0.0
    for part, fill, look in zip(row.parts, fills, looks, strict=True):
        if math.isnan(part.share) or part.share <= 0:
            continue
        left, right = plot.at(before), plot.at(before + part.share)
        drawing.rect((left, middle - BAR / 2), (right - left, BAR), fill=fill, stroke=INK)
        if right - left >= NARROW:
            if look.lines:
                drawing.rect(((left + right) / 2 - 17, middle - 9), (34, 18), fill=look.fill)
            drawing.text(
                ((left + right) / 2, middle + 4.5), percent(part.share), size=SMALL, anchor="middle", fill=look.text
            )
        before += part.share
