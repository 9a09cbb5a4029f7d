"""Complementary suppression for one block of questions: which cells go so that none of the others gives them away."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from enkat.statistics.tallies import BoolArray, IntArray

PAIR: Final = 2
_NEVER: Final = 10**12
TOLERANCE: Final = 1e-7
"""Below this a number from the algebra of sums is zero."""


@dataclass(frozen=True, slots=True)
class Family:
    """A node that is the sum of others, as indices on the axis of nodes.

    Attributes
    ----------
    parent : int
    children : sequence of int
        Together exactly the parent.
    """

    parent: int
    children: Sequence[int]


@dataclass(frozen=True, slots=True)
class Split:
    """A node with published parts, all shown or none (both sexes or neither), and a rest that is not published.

    Attributes
    ----------
    whole : int
    parts : sequence of int
    rest : int64 array (questions,)
        Respondents who are in the whole and in none of the parts, as far as they can be told by subtraction.
    """

    whole: int
    parts: Sequence[int]
    rest: IntArray


class SumAlgebra:
    """What follows from shown sums: every node as a sum of leaves, by hierarchy.

    Parameters
    ----------
    nodes : int
        Number of nodes.
    members : sequence of (parent, children)
    """

    def __init__(self, nodes: int, members: Sequence[tuple[int, Sequence[int]]]) -> None:
        self.is_sum = [False] * nodes
        for parent, children in members:
            self.is_sum[parent] = self.is_sum[parent] or bool(children)
        self._roots = list(range(nodes))
        for parent, children in members:
            for child in children:
                self._roots[self._root(child)] = self._root(parent)
        self._components = defaultdict[int, list[int]](list)
        for node in range(nodes):
            self._components[self._root(node)].append(node)
        first = {parent: children for parent, children in reversed(members) if children}
        leaves: dict[int, frozenset[int]] = {}

        def expand(node: int) -> frozenset[int]:
            if node not in leaves:
                below = first.get(node, ())
                leaves[node] = frozenset().union(*(expand(child) for child in below)) if below else frozenset({node})
            return leaves[node]

        self._rows = {root: _rows([expand(node) for node in found]) for root, found in self._components.items()}

    def _root(self, node: int) -> int:
        while self._roots[node] != node:
            node = self._roots[node]
        return node

    def component(self, node: int) -> list[int]:
        """Return the nodes that are linked with a node by sums."""
        return self._components[self._root(node)]

    def determined(self, hidden: Sequence[bool]) -> list[bool]:
        """Say for every node whether its count follows from the shown ones: shown itself, or their combination."""
        known = [not gone for gone in hidden]
        for root, found in self._components.items():
            at = [index for index, node in enumerate(found) if hidden[node]]
            if not at or len(at) == len(found):
                continue
            # Shown leaves are subtracted first: what is left are shown sums over hidden leaves.
            rows = self._rows[root]
            single = rows.sum(axis=1) == 1
            shown = np.array([not hidden[node] for node in found])
            rows = rows[:, ~rows[single & shown].any(axis=0)]
            _u, sizes, basis = np.linalg.svd(rows[shown & ~single], full_matrices=False)
            space = basis[sizes > TOLERANCE]
            rest = rows[at] - rows[at] @ space.T @ space
            for index, distance in zip(at, np.abs(rest).max(axis=1, initial=0), strict=True):
                known[found[index]] = bool(distance < TOLERANCE)
        return known


@lru_cache(maxsize=8)
def _algebra(nodes: int, members: tuple[tuple[int, tuple[int, ...]], ...]) -> SumAlgebra:
    """Return the algebra of some sums; most blocks of a release share one."""
    return SumAlgebra(nodes, members)


def _rows(leaves: Sequence[frozenset[int]]) -> npt.NDArray[np.float64]:
    """Write nodes as rows over the leaves of their hierarchy."""
    place = {leaf: index for index, leaf in enumerate(sorted(frozenset().union(*leaves)))}
    rows = np.zeros((len(leaves), len(place)))
    for row, of_node in enumerate(leaves):
        rows[row, [place[leaf] for leaf in of_node]] = 1
    return rows


class Suppression:
    """The hidden cells of one block of questions, growing until every family and split keeps its secrets.

    Parameters
    ----------
    people : int64 array (nodes,)
        Fewest respondents to any question of the block.
    asked : bool array (nodes,)
        Nodes that the block exists for.
    families : sequence of Family
        In the order in which they are protected.
    splits : sequence of (Split, int)
        With the smallest rest of the block.
    threshold : int
    hidden : bool array (nodes,)
        What is hidden to begin with.
    """

    def __init__(
        self,
        people: IntArray,
        asked: BoolArray,
        families: Sequence[Family],
        splits: Sequence[tuple[Split, int]],
        threshold: int,
        *,
        hidden: BoolArray,
    ) -> None:
        self.people: list[int] = people.tolist()
        self.threshold = threshold
        self.hidden: list[bool] = hidden.tolist()
        known = asked.tolist()
        self.members = [(f.parent, [c for c in f.children if known[c]]) for f in families if known[f.parent]]
        self.families_of = defaultdict[int, list[int]](list)
        for number, (_parent, children) in enumerate(self.members):
            for child in children:
                self.families_of[child].append(number)
        self.splits = [
            (split.whole, [part for part in split.parts if known[part]], rest)
            for split, rest in splits
            if known[split.whole]
        ]
        self.rest: dict[int, int] = {}
        self.whole: dict[int, int] = {}
        for whole, parts, rest in self.splits:
            for part in parts:
                self.rest[part], self.whole[part] = rest, whole

    @cached_property
    def algebra(self) -> SumAlgebra:
        """What follows from shown sums."""
        return _algebra(len(self.hidden), tuple((parent, tuple(children)) for parent, children in self.members))

    def run(self) -> BoolArray:
        """Hide what must be hidden, given what `settle` hid: bool array (nodes,)."""
        self.settle()
        while (victim := self._given_away()) is not None:
            self.hidden[victim] = True
            self.settle()
        return np.array(self.hidden, dtype=np.bool_)

    def settle(self) -> int:
        """Apply the rules for splits and families until nothing changes; return how many cells are hidden."""
        while True:
            before = sum(self.hidden)
            for whole, parts, rest in self.splits:
                self._keep_split(whole, parts, rest)
            for number, (parent, children) in enumerate(self.members):
                if self.hidden[parent] or any(self.hidden[child] for child in children):
                    self._keep_family(number, parent, children)
            if sum(self.hidden) == before:
                return before

    def _given_away(self) -> int | None:
        """Return a shown cell to hide because sums and differences over several hierarchies give a secret away."""
        if not any(self.hidden):
            return None
        known = self.algebra.determined(self.hidden)
        small = (n for n, gone in enumerate(self.hidden) if gone and self.people[n] < self.threshold and known[n])
        for node in small:
            return self._helper(node)
        for whole, parts, rest in self.splits:
            if 0 < rest < self.threshold and known[whole] and all(known[part] for part in parts):
                return self._helper(parts[0])
        return None

    def _helper(self, secret: int) -> int | None:
        """Return the smallest shown cell whose hiding keeps a secret, or else the smallest that is linked to it."""
        linked = [node for node in self.algebra.component(secret) if not self.hidden[node]]
        linked.sort(key=lambda node: (self.algebra.is_sum[node], self.people[node], node))
        for node in linked:
            self.hidden[node] = True
            kept = not self.algebra.determined(self.hidden)[secret]
            self.hidden[node] = False
            if kept:
                return node
        return linked[0] if linked else None

    def _keep_split(self, whole: int, parts: list[int], rest: int) -> None:
        if self.hidden[whole] or 0 < rest < self.threshold or any(self.hidden[part] for part in parts):
            for part in parts:
                self.hidden[part] = True

    def _keep_family(self, number: int, parent: int, children: list[int]) -> None:
        """Hide the cheapest siblings until what is hidden is protected, and the parent if that is not enough."""
        visible = [child for child in children if not self.hidden[child]]
        while visible and not self._is_protected(parent, children):
            victim = min(visible, key=lambda child: (self._cost(number, child), child))
            self.hidden[victim] = True
            visible.remove(victim)
        if not self._is_protected(parent, children):
            self.hidden[parent] = True

    def _is_protected(self, parent: int, children: list[int]) -> bool:
        gone = [child for child in children if self.hidden[child]]
        if len(gone) < PAIR or sum(self.people[child] for child in gone) < self.threshold:
            return False
        if self.hidden[parent] or parent not in self.rest or self.hidden[self.whole[parent]]:
            return True
        # The wholes are shown, so their rests follow from the parent's, all together.
        rest = sum(self.rest.get(child, 0) for child in gone if not self.hidden[self.whole.get(child, parent)])
        return rest == 0 or rest >= self.threshold

    def _cost(self, family: int, child: int) -> int:
        """Respondents lost with a cell: its own, and those of a sibling in every other family that is whole so far."""
        cost = self.people[child]
        for other in self.families_of[child]:
            siblings = [c for c in self.members[other][1] if c != child]
            if other != family and not any(self.hidden[sibling] for sibling in siblings):
                cost += min((self.people[sibling] for sibling in siblings), default=_NEVER)
        return cost
