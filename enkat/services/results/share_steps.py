"""How finely a whole's share may be told where one of its parts is hidden: see `statistics.disclosure.share_attack`."""

import numpy as np
import numpy.typing as npt

from enkat.services.results.auditing import SUPPRESSED, Codes
from enkat.services.results.computing import Breakdown, RoundResults
from enkat.statistics.disclosure.share_attack import Whole, safe_step

FREE, NEVER = 0, -1
"""No hidden part, so nothing to round for; no step is coarse enough."""
Steps = npt.NDArray[np.int8]


def share_steps(results: RoundResults, breakdown: Breakdown, codes: Codes, threshold: int) -> Steps:
    """Return the percentage points that the shares of wholes are rounded to: (groups, questions).

    "Without proxies" is a domain with everybody's weights; it takes everybody's steps.

    Parameters
    ----------
    results : RoundResults
    breakdown : Breakdown
        Everybody or a sex.
    codes : int8 array (groups, questions)
        The breakdown's marks.
    threshold : int
    """
    grouping = results.grouping
    layer = results.layers[breakdown]
    first = grouping.units.start
    answered, positive, clients = (
        array[first:] for array in (layer.estimates.answered, layer.estimates.positive, layer.clients)
    )
    hidden = codes[first:] == SUPPRESSED
    steps = np.full(codes.shape, FREE, dtype=np.int8)
    for group in range(first):
        strata = grouping.strata_of(group)
        for question in np.flatnonzero(hidden[strata].any(axis=0) & (codes[group] != SUPPRESSED)).tolist():
            whole = Whole(*(array[strata, question] for array in (clients, answered, positive, hidden)))
            steps[group, question] = safe_step(whole, threshold) or NEVER
    return steps
