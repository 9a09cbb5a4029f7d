"""How well questions hang together."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha, and how many complete answers it stands on."""

    alpha: float
    complete: int
    items: int


def alpha(answers: npt.NDArray[np.integer], scored: npt.NDArray[np.bool_] | None = None) -> Alpha:
    """Cronbach's alpha over respondents who gave an opinion on every item.

    Parameters
    ----------
    answers : int array (respondents, items)
        Option codes; codes of 0 and below are missing. Items must be scored in the same direction.
    scored : bool array (items,), optional
        Items to use; all of them by default.

    Returns
    -------
    Alpha
        NaN with fewer than two items, fewer than two complete answers, or no variation in the sum.
    """
    chosen = answers if scored is None else answers[:, scored]
    complete = chosen[(chosen > 0).all(axis=1)].astype(np.float64)
    count, items = complete.shape
    minimum = 2
    if items < minimum or count < minimum:
        return Alpha(float("nan"), count, items)
    total = complete.sum(axis=1).var(ddof=1)
    if total == 0:
        return Alpha(float("nan"), count, items)
    return Alpha(float(items / (items - 1) * (1 - complete.var(axis=0, ddof=1).sum() / total)), count, items)
