"""Weights held within limits (R's ``trimWeights``; Potter 1990)."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from enkat.statistics.microdata.design import SurveyDesign
from enkat.statistics.microdata.faults import FaultKind, MicrodataError

LAST_DIGITS: Final = 1e-13
"""Relative distance outside a limit that is rounding: strict trimming would go on for ever about it."""


@dataclass(frozen=True, slots=True)
class Trimmed:
    """A design with trimmed weights.

    Attributes
    ----------
    design : SurveyDesign
    rows : int
        Rows whose weight was moved to a limit.
    share : float
        Weight taken from or given to them ÷ all weight.
    """

    design: SurveyDesign
    rows: int
    share: float


def trim(design: SurveyDesign, *, lower: float = -np.inf, upper: float = np.inf, strict: bool = False) -> Trimmed:
    """Move weights outside the limits to them, and spread the difference evenly over the other rows.

    The sum of weights stays. Earlier adjustments stay as they were for the variance, as in R; their totals are no
    longer met.

    Parameters
    ----------
    lower, upper : float
        Limits of a weight.
    strict : bool
        Whether to go on until no weight lies outside; the spread may push some over once more otherwise.

    Raises
    ------
    MicrodataError
        BOUND where no weights within the limits have the same sum, or every weight lies outside; ARGUMENT where the
        limits are crossed.
    """
    if not lower < upper:
        raise MicrodataError(FaultKind.ARGUMENT, f"limits {lower:g} to {upper:g} are crossed", column="upper")
    original = design.weights[design.inside]
    weights, mean = original, float(original.mean())
    if not lower <= mean <= upper:
        column, limit = ("lower", lower) if mean < lower else ("upper", upper)
        message = f"the mean weight {mean:g} lies outside the limits {lower:g} to {upper:g}"
        raise MicrodataError(FaultKind.BOUND, message, column=column, value=limit)
    moved = np.zeros(len(original), dtype=np.bool_)
    while True:
        outside = (weights < lower * (1 - LAST_DIGITS)) | (weights > upper * (1 + LAST_DIGITS))
        if not outside.any():
            break
        if outside.all():
            raise MicrodataError(FaultKind.BOUND, "every weight lies outside the limits", column="upper", value=upper)
        moved |= outside
        held = np.clip(weights, lower, upper)
        held[~outside] += (weights - held).sum() / (~outside).sum()
        weights = held
        if not strict:
            break
    final = design.weights.copy()
    final[design.inside] = weights
    share = float(np.abs(original - np.clip(original, lower, upper)).sum() / original.sum())
    return Trimmed(design.reweighted(final), int(moved.sum()), share)
