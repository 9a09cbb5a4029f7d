"""Confidence intervals, one family a file, all by name in `names`.

The rules of the house choose two for levels: the exact hypergeometric interval (in whole clients) for one unit, and
Wilson's interval with an effective number of answers and the t distribution for shares weighted over several units.
The others are for comparisons, for analysts and for agreement with other programs.
"""

from enkat.statistics.intervals.basis import BOUNDARY, LEVEL, FloatArray, IntArray, ratio
from enkat.statistics.intervals.exact import Interval, hypergeometric, mid_p
from enkat.statistics.intervals.names import IntervalName, Limits, Need, Observed, interval, missing
from enkat.statistics.intervals.wilson import wilson, wilson_effective

__all__ = [
    "BOUNDARY",
    "LEVEL",
    "FloatArray",
    "IntArray",
    "Interval",
    "IntervalName",
    "Limits",
    "Need",
    "Observed",
    "hypergeometric",
    "interval",
    "mid_p",
    "missing",
    "ratio",
    "wilson",
    "wilson_effective",
]
