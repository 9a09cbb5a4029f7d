"""How finely a whole's share may be told where one of its parts is hidden: see `statistics.disclosure.share_attack`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from enkat.services.results.auditing import SUPPRESSED, Codes
from enkat.services.results.cells import ReleaseCells
from enkat.services.results.computing import Breakdown, RoundResults
from enkat.statistics.disclosure.attacker import open_cells
from enkat.statistics.disclosure.share_attack import STEPS, Whole, is_safe
from enkat.statistics.tallies import BoolArray

FREE, NEVER = 0, -1
"""No hidden part, so nothing to round for; no step is coarse enough."""
Steps = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Reader:
    """Somebody who reads the shares; arrays are bool (nodes, questions), see `ReleaseCells`.

    Attributes
    ----------
    threshold : int
    hidden : bool
        What the reader has seen nowhere.
    movable : bool
        Of that, what does not follow from the shown ones by one sum after another.
    steps : mapping
        What the same shares are rounded to where the reader sees them elsewhere.
    """

    threshold: int
    hidden: BoolArray
    movable: BoolArray
    steps: dict[Breakdown, Steps]

    @classmethod
    def of(
        cls,
        laid: ReleaseCells,
        codes: Codes,
        threshold: int,
        *,
        known: BoolArray | None = None,
        steps: dict[Breakdown, Steps] | None = None,
    ) -> "Reader":
        """Return who sees marks (nodes, questions) and has seen what is known already."""
        structure = laid.structure
        hidden = (codes == SUPPRESSED) & laid.cells.asked
        if known is not None:
            hidden &= ~known
        movable = np.zeros_like(hidden)
        rests = np.ones(structure.width - structure.nodes, dtype=np.bool_)
        for question in range(codes.shape[1]):
            unseen = np.tile(np.concatenate([hidden[:, question], rests]), 3)
            movable[:, question] = open_cells(structure.matrix, unseen)[: structure.nodes]
        return cls(threshold, np.asarray(hidden, dtype=np.bool_), movable, steps or {})


def share_steps(
    results: RoundResults, laid: ReleaseCells, breakdown: Breakdown, codes: Codes, readers: Sequence[Reader]
) -> Steps:
    """Return the percentage points that the shares of wholes are rounded to: (groups, questions).

    "Without proxies" is a domain with everybody's weights; it takes everybody's steps.

    Parameters
    ----------
    results, laid
    breakdown : Breakdown
        Everybody or a sex.
    codes : int8 array (groups, questions)
        The breakdown's marks.
    readers : sequence of Reader
        All who see the shares.
    """
    grouping = results.grouping
    layer = results.layers[breakdown]
    first, start = grouping.units.start, laid.starts[breakdown]
    answered, positive, clients = (
        array[first:] for array in (layer.estimates.answered, layer.estimates.positive, layer.clients)
    )
    steps = np.full(codes.shape, FREE, dtype=np.int8)
    for group in range(first):
        strata = grouping.strata_of(group)
        nodes = start + first + strata
        unseen = np.any([reader.hidden[nodes].any(axis=0) for reader in readers], axis=0)
        for question in np.flatnonzero(unseen & (codes[group] != SUPPRESSED)).tolist():
            n, r, x = (array[strata, question] for array in (clients, answered, positive))
            views = [
                (
                    Whole(n, r, x, reader.hidden[nodes, question], reader.movable[nodes, question]),
                    reader.threshold,
                    [int(own[group, question]) for own in [reader.steps.get(breakdown)] if own is not None],
                )
                for reader in readers
            ]
            steps[group, question] = next(
                (
                    step
                    for step in STEPS
                    if all(
                        is_safe(whole, threshold, [step, *(other for other in beside if other > 0)])
                        for whole, threshold, beside in views
                    )
                ),
                NEVER,
            )
    return steps
