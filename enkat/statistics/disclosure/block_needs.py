"""The rules for a block of questions as needs of an integer program over its nodes, for `cheapest.search`.

The rules are those of `marks.pattern`: both sexes or neither, nothing of a hidden whole's parts, and under a shown
parent at least two hidden children who hold at least the threshold together. What sums and differences over several
hierarchies give away is left to the attacker.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from enkat.statistics.disclosure.attacker import Cut
from enkat.statistics.disclosure.marks import Block
from enkat.statistics.disclosure.suppression import Family
from enkat.statistics.tallies import BoolArray


def hidden_anyway(block: Block, threshold: int) -> BoolArray:
    """Say which nodes every pattern hides: those of the block, and parts that leave a small rest: bool (nodes,)."""
    found = block.hidden.copy()
    for split, rest in block.splits:
        if block.asked[split.whole] and 0 < rest < threshold:
            found[[part for part in split.parts if block.asked[part]]] = True
    return found


def block_needs(block: Block, families: Sequence[Family], threshold: int) -> list[Cut]:
    """Return the needs of a block's patterns: weights times hidden nodes must reach each demand.

    Parameters
    ----------
    block : Block
    families : sequence of Family
    threshold : int
    """
    return [*_split_needs(block), *_family_needs(block, families, threshold)]


def _split_needs(block: Block) -> Iterator[Cut]:
    size = len(block.people)
    for split, _rest in block.splits:
        if block.asked[split.whole]:
            parts = [part for part in split.parts if block.asked[part]]
            pairs = [(split.whole, part) for part in parts]
            pairs += [(one, other) for one in parts for other in parts if one != other]
            yield from (_implies(size, one, other) for one, other in pairs)


def _implies(size: int, one: int, other: int) -> Cut:
    """Whoever hides one node hides the other."""
    weights = np.zeros(size)
    weights[one], weights[other] = -1, 1
    return Cut(weights, 0.0)


def _family_needs(block: Block, families: Sequence[Family], threshold: int) -> Iterator[Cut]:
    size = len(block.people)
    for family in families:
        children = [child for child in family.children if block.asked[child]]
        if not block.asked[family.parent] or not children:
            continue
        of_parent = np.zeros(size)
        of_parent[children], of_parent[family.parent] = 1, -1
        yield Cut(of_parent, 0.0)
        enough = np.zeros(size)
        enough[children] = np.minimum(block.people[children], threshold)
        enough[family.parent] = threshold
        for child in children:
            two = np.zeros(size)
            two[[*children, family.parent]] = 1
            two[child] = -1
            yield Cut(two, 0.0)
            together = enough.copy()
            together[child] -= threshold
            yield Cut(together, 0.0)
