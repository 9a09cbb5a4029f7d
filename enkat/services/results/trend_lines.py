"""Series as the lines of a chart."""

import math
from collections.abc import Sequence

from enkat.documents.charts.drawing import Interval
from enkat.documents.charts.trend import TrendLine, TrendPoint
from enkat.services.results.series import NO_FIGURE, Step

_Moment = tuple[int, str]
FEWEST = 2
"""Moments that make a line."""


def moments_of(series: Sequence[Sequence[Step]]) -> list[_Moment]:
    """Return the years and titles of all moments that some series hold, in the order of time."""
    return sorted({(step.year, step.label) for steps in series for step in steps})


def trend_lines(lines: Sequence[tuple[str, Sequence[Step]]]) -> list[TrendLine] | None:
    """Lay named series on their moments; None where they have fewer than two."""
    moments = moments_of([steps for _label, steps in lines])
    if len(moments) < FEWEST:
        return None
    years = [year for year, _title in moments]
    short = len(set(years)) == len(years)
    return [
        TrendLine(label, [_point(moment, steps, str(moment[0]) if short else moment[1]) for moment in moments])
        for label, steps in lines
    ]


def _point(moment: _Moment, steps: Sequence[Step], label: str) -> TrendPoint:
    step = next((one for one in steps if (one.year, one.label) == moment), None)
    if step is None:
        return TrendPoint(Interval(label, math.nan, words=NO_FIGURE))
    return TrendPoint(Interval(label, step.share, step.lo, step.hi, step.remark), step.broken)
