"""What a release tells about one question, as a linked table for the attacker.

Every node (a published group in a breakdown, see `disclosure`) has three cells: respondents with an opinion, the
positive and the not positive among them. A node with published parts has three more, its rest. The attacker is given
more than a reader has: exact counts where a public page shows whole percents.

Secret are hidden nodes, and rests, of 1 to threshold - 1 respondents, and how those answered. Beside the criterion for
respondents (`linked_tables`): the attacker must not be sure of the whole number of positive or of not positive answers,
nor that everybody or all but one answered in a not positive way. What "få eller inga positiva" says about a whole in
words is said about its parts too, and is no disclosure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from enkat.statistics.disclosure.linked_tables import LinkedTable, matrix_of
from enkat.statistics.disclosure.marks import MARKS, Mark
from enkat.statistics.disclosure.suppression import Family
from enkat.statistics.tallies import BoolArray, IntArray

SOME_POSITIVE: Final = 2
"""So many positive answers must stay possible: fewer is "everyone or all but one" not positive."""
FEW: Final = 1
"""So many positive answers "få eller inga positiva" may stand for."""
CRITERION: Final = (
    "Dolda grupper med 1 till tröskeln minus 1 svarande: angriparens intervall rymmer ett värde som är högst "
    "max(a-1, 0) och ett som är minst tröskeln, eller gruppens brukare om de är färre. Deras positiva och inte "
    "positiva svar: ett värde som är högst max(a-1, 0), och minst 2 positiva är möjliga."
)


@dataclass(frozen=True)
class Structure:
    """How the nodes of a release hang together; the same for all its questions.

    Attributes
    ----------
    nodes : int
    families : sequence of Family
        A node that is the sum of others.
    splits : sequence of (int, sequence of int)
        A node and its published parts, for nodes that are nobody's sum: their rests are cells.
    rest_families : sequence of (int, sequence of int)
        Secret sums of rests: the rest of a larger node, as indices into ``splits``; only those that tell the parts.
    """

    nodes: int
    families: Sequence[Family]
    splits: Sequence[tuple[int, Sequence[int]]]
    rest_families: Sequence[Sequence[int]]

    @property
    def width(self) -> int:
        """Cells of one kind: nodes, rests, sums of rests."""
        return self.nodes + len(self.splits) + len(self.rest_families)

    @cached_property
    def matrix(self) -> Any:
        """The sums as a matrix, the same for all questions."""
        return matrix_of(self.sums, 3 * self.width)

    @cached_property
    def sums(self) -> list[Family]:
        """Every sum, of respondents, positive and not positive ones, and of those two."""
        first_rest, first_sum = self.nodes, self.nodes + len(self.splits)
        one = [family for family in self.families if family.children]
        one += [Family(whole, [*parts, first_rest + at]) for at, (whole, parts) in enumerate(self.splits)]
        one += [
            Family(first_sum + at, [first_rest + rest for rest in rests]) for at, rests in enumerate(self.rest_families)
        ]
        width = self.width
        shifted = [
            Family(family.parent + kind * width, [child + kind * width for child in family.children])
            for kind in range(3)
            for family in one
        ]
        return shifted + [Family(cell, [cell + width, cell + 2 * width]) for cell in range(width)]


@dataclass(frozen=True)
class Shown:
    """One question of a release; arrays are (nodes,).

    Attributes
    ----------
    answered, positive : int64
    clients : int64
        Eligible clients: what everybody knows that the respondents cannot exceed.
    marks : int8
        Indices into `MARKS`.
    known : bool
        Hidden nodes whose figures earlier releases showed.
    in_words : bool
        Nodes that lie in a whole with "få eller inga positiva".
    in_scope : bool
        Nodes of breakdowns that this or an earlier release gives at all: only they have secrets.
    """

    answered: IntArray
    positive: IntArray
    clients: IntArray
    marks: npt.NDArray[np.int8]
    known: BoolArray
    in_words: BoolArray
    in_scope: BoolArray


def release_table(structure: Structure, shown: Shown, threshold: int) -> tuple[LinkedTable, BoolArray]:
    """Return the table of one question and which of its cells the release hides.

    Parameters
    ----------
    structure : Structure
    shown : Shown
    threshold : int

    Returns
    -------
    LinkedTable, bool array (cells,)
    """
    answered = _with_rests(structure, shown.answered)
    positive = _with_rests(structure, shown.positive)
    most = np.maximum(_with_rests(structure, shown.clients, parts=False), answered)
    hidden = np.ones(structure.width, dtype=np.bool_)
    words = np.zeros_like(hidden)
    suppressed = shown.marks == MARKS.index(Mark.SUPPRESSED)
    words[: structure.nodes] = (shown.marks == MARKS.index(Mark.TOO_FEW_POSITIVE)) & ~shown.known
    hidden[: structure.nodes] = (suppressed & ~shown.known) | words[: structure.nodes]
    small = hidden & ~words & (answered > 0) & (answered < threshold) & _scope(structure, shown.in_scope)
    few = np.zeros_like(hidden)
    few[: structure.nodes] = shown.in_words
    persons = small.copy()
    persons[structure.nodes :] = False
    counts = np.concatenate([answered, positive, answered - positive])
    least = np.concatenate(
        [np.where(words, np.minimum(threshold, answered), 0), np.zeros_like(answered), np.zeros_like(answered)]
    )
    limits = np.concatenate([most, np.where(words, np.maximum(positive, FEW), most), most])
    enough = np.where(few, 0, np.minimum(SOME_POSITIVE, most))
    table = LinkedTable(
        counts=counts,
        sums=structure.sums,
        secret=np.concatenate([small, persons, persons]),
        at_most=np.maximum(counts - 1, 0),
        at_least=np.concatenate([np.minimum(threshold, most), enough, np.zeros_like(most)]),
        least=least,
        most=limits,
        unsaid_least=np.zeros_like(least),
        unsaid_most=np.tile(most, 3),
        shared=structure.matrix,
    )
    return table, np.tile(hidden, 3)


def _scope(structure: Structure, nodes: BoolArray) -> BoolArray:
    """Say which cells can be secret: a rest where its parts can."""
    rests = np.array([nodes[own[0]] for _whole, own in structure.splits], dtype=np.bool_)
    sums = np.array([rests[rows[0]] for rows in structure.rest_families], dtype=np.bool_)
    return np.concatenate([nodes, rests, sums])


def _with_rests(structure: Structure, values: IntArray, *, parts: bool = True) -> IntArray:
    """Add the rests and their sums to an array over the nodes; without ``parts`` a rest has all that its whole has."""
    rests = np.array(
        [values[whole] - (values[list(own)].sum() if parts else 0) for whole, own in structure.splits], dtype=np.int64
    )
    sums = np.array([rests[list(rows)].sum() for rows in structure.rest_families], dtype=np.int64)
    return np.concatenate([values, rests, sums])
