"""Which cells a result below analyst level may show, and with which mark the others stand.

A *node* is a published group: the city, a district, a unit, or a part of one (its women, "without proxies"). A
*family* is a node that equals the sum of others: whoever knows all members but one knows that one too, so hidden
cells come in pairs. A *split* is a node with published parts and a rest that is not published: whoever sees the node
and its parts knows the rest. One question's n, share and interval are one secret, hidden and shown together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from enkat.statistics.disclosure.suppression import Family, Split, Suppression
from enkat.statistics.tallies import BoolArray, IntArray

FLOOR: Final = 5
"""No level may be given a lower threshold."""
SMALL_BASIS: Final = 30
"""Under this many answers a shown figure carries the words "liten grund"."""


class Mark(StrEnum):
    """What stands in a cell. The first two show figures, the others stand instead of them.

    Too few answers and hidden to protect another cell are one mark: told apart, they would give each other away.
    """

    SHOWN = "shown"
    SMALL_BASIS = "small_basis"
    TOO_FEW_POSITIVE = "too_few_positive"
    SUPPRESSED = "suppressed"
    NOT_ASKED = "not_asked"
    NOT_APPLICABLE = "not_applicable"
    TOO_UNCERTAIN = "too_uncertain"

    @property
    def shows_figures(self) -> bool:
        """Whether n, share, interval and distribution may stand beside the mark."""
        return self in {Mark.SHOWN, Mark.SMALL_BASIS}


MARKS: Final = tuple(Mark)
"""Order of the codes in a pattern: ``MARKS[code]``."""


@dataclass(frozen=True, slots=True)
class Cells:
    """What the rules look at; arrays (nodes, questions) unless said otherwise.

    Attributes
    ----------
    answered, positive : int64
        Respondents with an opinion on the question in the node, and the positive ones.
    asked : bool
        Whether the question was put to the node's clients.
    clients : int64 array (nodes,)
        Eligible clients; a node without any is "not applicable".
    blocks : int64 array (questions,)
        Questions with one label are shown all or not at all; core questions of one instrument share a label.
    """

    answered: IntArray
    positive: IntArray
    asked: BoolArray
    clients: IntArray
    blocks: IntArray


def pattern(
    cells: Cells,
    families: Sequence[Family],
    splits: Sequence[Split] = (),
    *,
    threshold: int = FLOOR,
    small_basis: int = SMALL_BASIS,
    hidden: BoolArray | None = None,
    settled: BoolArray | None = None,
) -> npt.NDArray[np.int8]:
    """Mark every cell.

    1. Fewer than ``threshold`` respondents to the question: hidden. Parts that leave a rest of 1 to ``threshold`` - 1
       people are hidden, as are the parts of a hidden whole.
    2. Questions of a block are hidden together.
    3. In a family a hidden member hides its smallest sibling too, until at least two are hidden and hold at least
       ``threshold`` respondents together (and so do the rests that their wholes would give away); where the children
       cannot do that, the parent is hidden. Repeated until nothing changes.
    4. Where sums and differences over several hierarchies still give a hidden group of 1 to ``threshold`` - 1 people
       away, one more cell is hidden, and so on.
    5. Nobody or only one positive among a shown cell's answers: "få eller inga positiva" without figures. The words
       say what a difference could give, so they hide no sibling.

    Of siblings the one goes that costs least: its own respondents, and those of the sibling it would need in another
    hierarchy. Both orders of the families are tried; the pattern that hides fewer cells is taken.

    Parameters
    ----------
    cells : Cells
    families : sequence of Family
    splits : sequence of Split
    threshold : int
        At least `FLOOR`.
    small_basis : int
        Shown cells under this many answers are marked.
    hidden : bool array (nodes, questions), optional
        Cells that are hidden anyway: by a narrower level, an earlier edition, or because the attacker found something.
    settled : bool array (questions,), optional
        Questions whose hidden cells are all among those: no rule is applied to their blocks again.

    Returns
    -------
    int8 array (nodes, questions)
        Indices into `MARKS`.

    Raises
    ------
    ValueError
        If the threshold is below the floor.
    """
    if threshold < FLOOR:
        raise ValueError(f"threshold below the floor of {FLOOR}")
    labels, block = np.unique(cells.blocks, return_inverse=True)
    found = np.zeros((len(cells.clients), len(labels)), dtype=np.bool_)
    anyway = np.zeros(cells.answered.shape, dtype=np.bool_) if hidden is None else hidden
    for column in range(len(labels)):
        chosen = np.asarray(block == column, dtype=np.bool_)
        if settled is not None and settled[chosen].all():
            found[:, column] = anyway[:, chosen].any(axis=1)
            continue
        found[:, column] = hide_block(block_of(cells, chosen, splits, threshold, hidden=anyway), families, threshold)
    return marks_of(cells, found[:, block], small_basis)


@dataclass(frozen=True, slots=True)
class Block:
    """Questions that are shown together or not at all, as the rules see them; arrays are (nodes,).

    Attributes
    ----------
    people : int64
        Fewest respondents to any of the questions.
    asked : bool
        Nodes that the block exists for.
    splits : sequence of (Split, int)
        With the smallest rest of any question.
    hidden : bool
        Nodes that are hidden whatever else is: with too few people, or asked for.
    """

    people: IntArray
    asked: BoolArray
    splits: Sequence[tuple[Split, int]]
    hidden: BoolArray


def block_of(cells: Cells, chosen: BoolArray, splits: Sequence[Split], threshold: int, *, hidden: BoolArray) -> Block:
    """Return a block of questions.

    Parameters
    ----------
    cells : Cells
    chosen : bool array (questions,)
    splits : sequence of Split
    threshold : int
    hidden : bool array (nodes, questions)
        What is hidden anyway.
    """
    counts = np.where(cells.asked[:, chosen], cells.answered[:, chosen], np.iinfo(np.int64).max)
    asked = np.asarray(cells.asked[:, chosen].any(axis=1), dtype=np.bool_)
    smallest = np.where(asked, counts.min(axis=1, initial=np.iinfo(np.int64).max), 0)
    known = [(split, _smallest_rest(split.rest[chosen])) for split in splits]
    return Block(smallest, asked, known, asked & ((smallest < threshold) | hidden[:, chosen].any(axis=1)))


def hide_block(block: Block, families: Sequence[Family], threshold: int) -> BoolArray:
    """Say which nodes the rules hide for a block of questions: bool array (nodes,)."""
    tries = [
        Suppression(block.people, block.asked, order, block.splits, threshold, hidden=block.hidden)
        for order in (families, families[::-1])
    ]
    return min(tries, key=lambda one: one.settle()).run()


def _smallest_rest(rest: IntArray) -> int:
    """Return the smallest rest of a block that is anybody at all, 0 where nobody is left out."""
    return int(rest[rest > 0].min(initial=np.iinfo(np.int64).max)) if (rest > 0).any() else 0


def marks_of(cells: Cells, hidden: BoolArray, small_basis: int = SMALL_BASIS) -> npt.NDArray[np.int8]:
    """Lay the marks over each other, the strongest last: int8 array (nodes, questions).

    Parameters
    ----------
    cells : Cells
    hidden : bool array (nodes, questions)
    small_basis : int
    """
    few_positive = cells.positive <= 1
    result = np.full(cells.answered.shape, MARKS.index(Mark.SHOWN), dtype=np.int8)
    result[cells.answered < small_basis] = MARKS.index(Mark.SMALL_BASIS)
    result[few_positive] = MARKS.index(Mark.TOO_FEW_POSITIVE)
    result[hidden] = MARKS.index(Mark.SUPPRESSED)
    result[~cells.asked] = MARKS.index(Mark.NOT_ASKED)
    result[cells.clients == 0] = MARKS.index(Mark.NOT_APPLICABLE)
    return result
