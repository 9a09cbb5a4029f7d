"""P-values of everything that was compared, corrected together."""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from enkat.statistics.intervals.basis import FloatArray


class Correction(StrEnum):
    """How the p-values of a family are corrected."""

    BENJAMINI_HOCHBERG = "benjamini_hochberg"
    HOLM = "holm"
    NONE = "none"

    @property
    def label(self) -> str:
        """The Swedish words."""
        return {
            Correction.BENJAMINI_HOCHBERG: "Benjamini–Hochberg (andelen falska larm bland larmen)",
            Correction.HOLM: "Holm (risken för något falskt larm alls)",
            Correction.NONE: "ingen rättelse (vart tjugonde jämförelse utan skillnad larmar)",
        }[self]


def corrected(
    p: npt.ArrayLike, correction: Correction = Correction.BENJAMINI_HOCHBERG, *, size: int | None = None
) -> FloatArray:
    """Correct the p-values of a family; R: ``p.adjust(p, method, n = size)``.

    Benjamini and Hochberg (1995, JRSS B 57:289-300) bound the share of false ones among the marked, Holm (1979,
    Scandinavian Journal of Statistics 6:65-70) the chance of any false one. Holm is for where a sanction follows.

    Parameters
    ----------
    p : array_like
        Of any shape; NaN stays NaN and takes no place in the order.
    correction : Correction
    size : int, optional
        How many comparisons the family was fixed to hold, those without a p-value included; as many as there are
        p-values by default.

    Raises
    ------
    ValueError
        If the family is smaller than the p-values it holds.
    """
    values = np.asarray(p, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(values.ravel()))
    total = len(known) if size is None else size
    if total < len(known):
        raise ValueError("the family is smaller than the p-values that belong to it")
    order = known[np.argsort(values.ravel()[known], kind="stable")]
    ordered, rank = values.ravel()[order], np.arange(1, len(known) + 1)
    if correction is Correction.NONE:
        steps = ordered
    elif correction is Correction.HOLM:
        steps = np.maximum.accumulate((total + 1 - rank) * ordered)
    else:
        steps = np.minimum.accumulate((total / rank * ordered)[::-1])[::-1]
    result = np.full(values.size, np.nan)
    result[order] = np.minimum(steps, 1)
    return result.reshape(values.shape)
