"""The cheapest pattern of a release, by choice of the release plan: searched for once, block of questions by block."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from enkat.services.results.auditing import SUPPRESSED, Codes, Findings, attack
from enkat.services.results.cells import ReleaseCells
from enkat.statistics.disclosure.attacker import Cut
from enkat.statistics.disclosure.block_needs import block_needs, hidden_anyway
from enkat.statistics.disclosure.cheapest import SLACK, Pattern, search
from enkat.statistics.disclosure.marks import block_of, marks_of
from enkat.statistics.disclosure.release_tables import FEW
from enkat.statistics.tallies import BoolArray

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search came to; costs are answers, counted in every group, breakdown and question where they are hidden.

    Attributes
    ----------
    cost : int
        Of the pattern that was found.
    bound : int
        No pattern that keeps the rules and protects everybody costs less.
    rule_cost : int
        Of the simple rule's pattern.
    seconds : float
        That the search took.
    limit : float
        After which it would have stopped.
    """

    cost: int
    bound: int
    rule_cost: int
    seconds: float
    limit: float

    @property
    def finished(self) -> bool:
        """Whether the pattern is proven to be the cheapest."""
        return self.cost == self.bound

    @property
    def beats_the_rule(self) -> bool:
        """Whether the pattern is another than the simple rule's."""
        return self.cost < self.rule_cost

    @property
    def gap_percent(self) -> int:
        """By how many percent at most the pattern hides more than is needed, rounded up."""
        return int(np.ceil(100 * (self.cost - self.bound) / max(self.bound, 1)))

    def stored(self) -> dict[str, Any]:
        """Return what is kept of it."""
        return {"method": "milp", **asdict(self)}

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Searched":
        """Read what was kept."""
        return cls(**{name: stored[name] for name in cls.__dataclass_fields__})


def search_codes(
    laid: ReleaseCells,
    threshold: int,
    anyway: BoolArray,
    known: BoolArray,
    rule: Codes,
    *,
    seconds: float,
    progress: Progress,
) -> tuple[Codes, Searched]:
    """Look for the marks that hide fewest answers and protect as well as the simple rule's.

    Parameters
    ----------
    laid : ReleaseCells
    threshold : int
    anyway : bool array (nodes, questions)
        What is hidden whatever is found.
    known : bool array (nodes, questions)
        Figures that earlier releases told: hiding them protects nobody.
    rule : int8 array (nodes, questions)
        The simple rule's marks: what stands where nothing better is found in time.
    seconds : float
        For all blocks together.
    progress : callable
    """
    begun = time.monotonic()
    labels = np.unique(laid.cells.blocks)
    hidden = rule == SUPPRESSED
    totals = np.zeros(3, dtype=np.int64)
    for number, label in enumerate(labels.tolist()):
        progress(
            number, len(labels), f"Söker det mönster som döljer minst: {number} av {len(labels)} grupper av frågor."
        )
        of_block = _Block(laid, threshold, known, laid.cells.blocks == label)
        share = (seconds - (time.monotonic() - begun)) / (len(labels) - number)
        first, found = of_block.search(anyway, hidden[:, of_block.questions], share)
        hidden[:, of_block.chosen] = found.hidden[:, None] & laid.cells.asked[:, of_block.chosen]
        totals += (found.cost, found.cost if found.bound is None else found.bound, first)
    cost, bound, of_rule = totals.tolist()
    return marks_of(laid.cells, hidden), Searched(cost, bound, of_rule, round(time.monotonic() - begun, 1), seconds)


class _Block:
    """One block of questions: shown together or not at all."""

    def __init__(self, laid: ReleaseCells, threshold: int, known: BoolArray, chosen: BoolArray) -> None:
        self.laid, self.threshold, self.known = laid, threshold, known
        self.chosen = chosen
        self.questions: list[int] = np.flatnonzero(chosen).tolist()
        cells = laid.cells
        answers = np.where(cells.asked[:, chosen], np.maximum(cells.answered[:, chosen], 1), 0)
        self.costs = np.maximum(answers.sum(axis=1), 1)
        self.fixed = np.zeros(len(self.costs), dtype=np.bool_)

    def search(self, anyway: BoolArray, by_rule: BoolArray, seconds: float) -> tuple[int, Pattern]:
        """Return what the rule's pattern costs, and the cheapest found: its hidden nodes are of the block."""
        laid, threshold = self.laid, self.threshold
        block = block_of(laid.cells, self.chosen, laid.splits, threshold, hidden=anyway)
        self.fixed = hidden_anyway(block, threshold)
        rule = np.asarray(by_rule.any(axis=1) & block.asked, dtype=np.bool_)
        first = Pattern(rule, int(self.costs[rule].sum()), None, 0)
        needs = block_needs(block, laid.families, threshold)
        return first.cost, search(first, self.costs, self.fixed, needs, self.attack, seconds=seconds)

    def attack(self, hidden: BoolArray) -> Sequence[Cut]:
        """Return why a pattern does not protect, as needs of nodes."""
        laid = self.laid
        codes = marks_of(laid.cells, np.tile(hidden[:, None], len(self.chosen)))
        found = attack(laid, codes, self.threshold, known=self.known, questions=self.questions)
        return [need for need in self._needs(codes, found) if need is not None]

    def _needs(self, codes: Codes, found: Findings) -> list[Cut | None]:
        return [self._need(codes[:, question], question, cut) for question, cut in found.cuts]

    def _need(self, codes: Codes, question: int, cut: Cut) -> Cut | None:
        """Turn a cut over cells into one over nodes; None where hiding everything does not meet it."""
        laid, size = self.laid, self.laid.structure.nodes
        weights = cut.weights.reshape(3, laid.structure.width)
        demand = cut.demand - weights[:, size:].sum()
        free = laid.cells.asked[:, question] & ~self.known[:, question]
        of_nodes = np.where(free, np.minimum(weights[:, :size].sum(axis=0), demand), 0.0)
        if of_nodes.sum() < demand - SLACK:
            return None
        # Where the words stand that this pattern hides, less is asked of the parts: there the cut asks nothing.
        few = laid.cells.positive[:, question] <= FEW
        unsaid = np.flatnonzero((codes == SUPPRESSED) & free & few & ~self.fixed)
        of_nodes[unsaid] -= demand
        return Cut(of_nodes, demand * (1 - len(unsaid)))
