"""What every interval needs: the nominal level, quantiles, division that says "nothing", and checked counts."""

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy  # loads `scipy.special` when it is first used: a respondent's page never does

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

LEVEL: Final = 0.95
BOUNDARY: Final = 1e-9
"""A weighted share within this distance of 0 or 1 is 0 or 1: sums of weights leave a last-digit error."""


def ratio(above: npt.ArrayLike, below: npt.ArrayLike) -> FloatArray:
    """Divide element by element, giving NaN where the divisor is 0."""
    numerator, divisor = np.broadcast_arrays(np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64))
    result = np.full(divisor.shape, np.nan)
    np.divide(numerator, divisor, out=result, where=divisor != 0)
    return result


def floats(*values: npt.ArrayLike) -> tuple[FloatArray, ...]:
    """Broadcast arguments against each other as float64."""
    return tuple(np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values)))


def counts(*values: npt.ArrayLike) -> tuple[IntArray, ...]:
    """Broadcast counts against each other as int64, and see that they rise: 0 <= k <= n (<= N)."""
    arrays = tuple(np.broadcast_arrays(*(np.asarray(value, dtype=np.int64) for value in values)))
    if np.any(arrays[0] < 0) or any(np.any(less > more) for less, more in pairwise(arrays)):
        raise ValueError("counts must satisfy 0 <= k <= n <= population")
    return arrays


def one_tail(level: float) -> float:
    """Give the probability left out at each end, alpha/2."""
    if not 0 < level < 1:
        raise ValueError("level must lie between 0 and 1")
    return (1 - level) / 2


def normal_quantile(level: float) -> float:
    """Give the two-sided quantile of the normal distribution."""
    return float(-scipy.special.ndtri(one_tail(level)))


def t_quantile(df: npt.ArrayLike, level: float) -> FloatArray:
    """Give the two-sided quantile of t; infinite df gives the normal one, df not above 0 NaN."""
    freedom = np.asarray(df, dtype=np.float64)
    usable = np.isfinite(freedom) & (freedom > 0)
    t = -scipy.special.stdtrit(np.where(usable, freedom, 1.0), one_tail(level))
    return np.asarray(np.where(usable, t, np.where(freedom > 0, normal_quantile(level), np.nan)), dtype=np.float64)
