"""Bar charts as SVG: presentation attributes only (a strict content policy forbids styles), and words for every bar."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from enkat.documents.numbers import percent, percent_range

WIDTH: Final = 360
ROW: Final = 66
TOP: Final = 26
BAR: Final = 16
MARGIN: Final = 8
LABEL_LENGTH: Final = 52
FILL: Final = "#2b5f8a"
PALE: Final = "#c9d8e6"
INK: Final = "#1a1a1a"
TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    Attributes
    ----------
    label : str
        Whom it is about.
    share, lo, hi : float
        Shares 0..1; NaN where there is no figure or no interval.
    words : str
        What stands instead of a figure.
    """

    label: str
    share: float
    lo: float = math.nan
    hi: float = math.nan
    words: str = ""

    @property
    def figure(self) -> str:
        """The bar in words: "83 % (72–91 %)", or what stands instead."""
        if math.isnan(self.share):
            return self.words
        interval = percent_range(self.lo, self.hi)
        return f"{percent(self.share)} ({interval})" if interval else percent(self.share)


def bar_chart(bars: Sequence[Bar], *, title: str, description: str, ident: str) -> str:
    """Draw horizontal bars with whiskers for their intervals.

    Labels stand above the bars, so that the picture can be read at 320 pixels.

    Parameters
    ----------
    bars : sequence of Bar
    title, description : str
        Read aloud; the description says what the whiskers are.
    ident : str
        Prefix of the ids in the picture, unique on the page.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    height = TOP + ROW * len(bars) + 6
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {WIDTH} {height}" role="img"',
        f'aria-labelledby="{ident}-title {ident}-desc" font-family="sans-serif" font-size="13" fill="{INK}">',
        f'<title id="{ident}-title">{escape(title)}</title>',
        f'<desc id="{ident}-desc">{escape(description)}</desc>',
        *_axis(height),
    ]
    for number, bar in enumerate(bars):
        parts += _bar(bar, TOP + ROW * number)
    parts.append("</svg>")
    return "\n".join(parts)


def _x(share: float) -> str:
    return f"{MARGIN + share * (WIDTH - 2 * MARGIN):.1f}"


def _axis(height: int) -> list[str]:
    """Draw the scale from 0 to 100 %, with quiet lines."""
    parts = []
    for tick in TICKS:
        anchor = "start" if tick == 0 else "end" if tick == 1 else "middle"
        parts += [
            f'<path d="M{_x(tick)} {TOP - 6}V{height - 4}" stroke="#b8b8b8" stroke-width="1"/>',
            f'<text x="{_x(tick)}" y="{TOP - 12}" font-size="11" text-anchor="{anchor}">{percent(tick)}</text>',
        ]
    return parts


def _bar(bar: Bar, top: int) -> list[str]:
    """Draw one bar: its label and figure above, the bar, the whiskers."""
    shown = bar.label if len(bar.label) <= LABEL_LENGTH else bar.label[: LABEL_LENGTH - 1].rstrip() + "…"
    parts = [
        f"<g aria-label={quoteattr(f'{bar.label}: {bar.figure}')}>",
        f'<text x="{MARGIN}" y="{top + 14}" font-size="12">{escape(shown)}</text>',
    ]
    if bar.figure:
        parts.append(f'<text x="{MARGIN}" y="{top + 30}" font-weight="bold">{escape(bar.figure)}</text>')
    y = top + 36
    if not math.isnan(bar.share):
        full, length = WIDTH - 2 * MARGIN, bar.share * (WIDTH - 2 * MARGIN)
        parts += [
            f'<rect x="{MARGIN}" y="{y}" width="{full}" height="{BAR}" fill="{PALE}"/>',
            f'<rect x="{MARGIN}" y="{y}" width="{length:.1f}" height="{BAR}" fill="{FILL}"/>',
        ]
    if not (math.isnan(bar.lo) or math.isnan(bar.hi)):
        parts += _whiskers(bar.lo, bar.hi, y)
    parts.append("</g>")
    return parts


def _whiskers(lo: float, hi: float, y: int) -> list[str]:
    """Draw an interval with a white edge, so that it is seen on the bar and beside it."""
    middle, low, high = y + BAR / 2, y + 3, y + BAR - 3
    path = f"M{_x(lo)} {low}V{high}M{_x(lo)} {middle}H{_x(hi)}M{_x(hi)} {low}V{high}"
    return [
        f'<path d="{path}" stroke="#ffffff" stroke-width="5" fill="none"/>',
        f'<path d="{path}" stroke="{INK}" stroke-width="2" fill="none"/>',
    ]
