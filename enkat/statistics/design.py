"""The survey's design and its verbs: say once what was asked of whom, then estimate.

A round asks every client of a unit (or draws among them) and some answer. The answers of a stratum - a unit, or a
unit's women - are treated as a simple random draw without replacement from its eligible clients, each weighing N/r.
A domain that the frame does not know (answers given by the person, say) never changes weights or strata: it only
says whose answers count, as a subset does in R's ``survey``.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from enkat.statistics.estimates import Estimates, Strata, unit_estimates, weighted_estimates
from enkat.statistics.intervals import LEVEL
from enkat.statistics.tallies import QuestionSums


class Design(Strata):
    """The strata of a round, and the verbs on them."""

    __slots__ = ()

    @classmethod
    def of(cls, sums: QuestionSums, eligible: npt.ArrayLike, uncertain: npt.ArrayLike) -> "Design":
        """Describe a round: its answers, its eligible clients, and which questions offer a way to stand outside."""
        clients = np.broadcast_to(np.asarray(eligible, dtype=np.int64), sums.respondents.shape)
        return cls(clients, sums.respondents, sums, np.asarray(uncertain, dtype=np.bool_))

    def domain(self, sums: QuestionSums) -> "Design":
        """Keep weights, strata and clients; estimate only for those whose answers ``sums`` holds.

        The domain is one the frame does not know, so nobody can say how many of the silent ones belong to it.
        """
        return replace(self, sums=sums, uncertain=np.ones_like(self.uncertain))

    def units(self, *, level: float = LEVEL) -> Estimates:
        """Estimate each stratum by itself, with the exact hypergeometric interval."""
        return unit_estimates(self, level=level)

    def over(
        self,
        labels: npt.ArrayLike,
        size: int,
        *,
        level: float = LEVEL,
        units: Estimates | None = None,
        finite: bool = True,
    ) -> Estimates:
        """Estimate groups of strata (districts, the city), each stratum weighing N/r.

        A group with one stratum shows that stratum's own interval.

        Parameters
        ----------
        labels : array_like (strata,)
            Which group a stratum belongs to, 0..size-1; -1 for none.
        size : int
            Number of groups.
        level : float
            Nominal confidence.
        units : Estimates, optional
            What `units` gave, so that it is not computed again.
        finite : bool
            With finite population correction: for levels and targets, never for comparisons.
        """
        return weighted_estimates(self, labels, size, level=level, units=units, finite=finite)
