"""Which cells a result below analyst level may show, and with which mark the others stand.

A *node* is a published group (the city, a district, a unit, a unit's women, "without proxies" of any of them, or the
people by whom such a pair differs). A *family* is a node that equals the sum of others. Whoever knows all members of
a family but one knows that one too, so hidden cells come in pairs. One question's n, share and interval are one
secret, hidden and shown together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from enkat.statistics.tallies import BoolArray, IntArray

FLOOR: Final = 5
"""No level may be given a lower threshold."""
SMALL_BASIS: Final = 30
"""Under this many answers a shown figure carries the words "liten grund"."""
PAIR: Final = 2


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

    @property
    def shows_figures(self) -> bool:
        """Whether n, share, interval and distribution may stand beside the mark."""
        return self in {Mark.SHOWN, Mark.SMALL_BASIS}


MARKS: Final = tuple(Mark)
"""Order of the codes in a pattern: ``MARKS[code]``."""


@dataclass(frozen=True, slots=True)
class Family:
    """A node that is the sum of others, as indices on the group axis.

    Attributes
    ----------
    parent : int
    children : sequence of int
        Together exactly the parent.
    together : sequence of int
        Children that are shown all or not at all (both sexes or neither).
    """

    parent: int
    children: Sequence[int]
    together: Sequence[int] = ()


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
    differences : bool array (nodes,)
        Nodes that are only the difference of a pair: nothing is hidden where nobody differs.
    """

    answered: IntArray
    positive: IntArray
    asked: BoolArray
    clients: IntArray
    blocks: IntArray
    differences: BoolArray


def pattern(
    cells: Cells, families: Sequence[Family], *, threshold: int = FLOOR, small_basis: int = SMALL_BASIS
) -> npt.NDArray[np.int8]:
    """Mark every cell.

    1. Fewer than ``threshold`` respondents to the question: hidden. A pair's difference of nobody is no secret.
    2. Questions of a block are hidden together.
    3. In a family a hidden member hides its smallest sibling too, until at least two are hidden and hold at least
       ``threshold`` respondents together; where the children cannot do that, the parent is hidden. Repeated until
       nothing changes.
    4. Nobody or only one positive among a shown cell's answers: "få eller inga positiva" without figures. The words
       say what a difference could give, so they hide no sibling.

    Parameters
    ----------
    cells : Cells
    families : sequence of Family
    threshold : int
        At least `FLOOR`.
    small_basis : int
        Shown cells under this many answers are marked.

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
    smallest = _smallest_in_block(cells, block, len(labels))
    asked = smallest >= 0
    hidden = asked & (smallest < threshold) & ~(cells.differences[:, None] & (smallest == 0))
    for column in range(len(labels)):
        _protect(smallest[:, column], asked[:, column], hidden[:, column], families, threshold)
    return _marks(cells, hidden[:, block], small_basis)


def _smallest_in_block(cells: Cells, block: IntArray, blocks: int) -> IntArray:
    """Fewest respondents to any question of a block that the node was asked; -1 where it was asked none."""
    big = np.iinfo(np.int64).max
    counts = np.where(cells.asked, cells.answered, big)
    smallest = np.full((counts.shape[0], blocks), big)
    for question, column in enumerate(block):
        np.minimum(smallest[:, column], counts[:, question], out=smallest[:, column])
    # A difference counts as a secret if it is one on any question, so nobody there means nobody on all of them.
    most = np.where(cells.asked & cells.differences[:, None], cells.answered, 0)
    for column in range(blocks):
        some = cells.differences & (smallest[:, column] == 0) & (most[:, block == column].max(axis=1, initial=0) > 0)
        smallest[some, column] = 1
    return np.where(smallest == big, -1, smallest)


def _protect(n: IntArray, asked: BoolArray, hidden: BoolArray, families: Sequence[Family], threshold: int) -> None:
    """Hide further cells of one block, in place, until every family keeps its secrets."""
    members = [(family, np.array([c for c in family.children if asked[c]], dtype=np.int64)) for family in families]
    members = [(family, children) for family, children in members if children.size]
    changed = True
    while changed:
        changed = False
        for family, children in members:
            if hidden[family.parent] or hidden[children].any():
                changed |= _protect_family(n, hidden, family, children, threshold)


def _protect_family(n: IntArray, hidden: BoolArray, family: Family, children: IntArray, threshold: int) -> bool:
    """Apply the rule to one family that holds a hidden cell; tell whether anything was hidden."""
    before = int(hidden[children].sum()) + int(hidden[family.parent])
    paired = [child for child in family.together if child in children]
    if hidden[paired].any():
        hidden[paired] = True
    visible = children[~hidden[children]]
    order = visible[np.lexsort((visible, n[visible]))]
    count = int(hidden[children].sum())
    people = int(n[children][hidden[children]].sum())
    for child in order:
        if count >= PAIR and people >= threshold:
            break
        hidden[child] = True
        count += 1
        people += int(n[child])
    if count < PAIR or people < threshold:
        hidden[family.parent] = True
    return int(hidden[children].sum()) + int(hidden[family.parent]) > before


def _marks(cells: Cells, hidden: BoolArray, small_basis: int) -> npt.NDArray[np.int8]:
    """Lay the marks over each other, the strongest last."""
    few_positive = cells.positive <= 1
    result = np.full(cells.answered.shape, MARKS.index(Mark.SHOWN), dtype=np.int8)
    result[cells.answered < small_basis] = MARKS.index(Mark.SMALL_BASIS)
    result[few_positive] = MARKS.index(Mark.TOO_FEW_POSITIVE)
    result[hidden] = MARKS.index(Mark.SUPPRESSED)
    result[~cells.asked] = MARKS.index(Mark.NOT_ASKED)
    result[cells.clients == 0] = MARKS.index(Mark.NOT_APPLICABLE)
    return result
