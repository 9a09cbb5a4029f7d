"""Compares groups with the rest, with each other and with an earlier round.

Shares of groups whose answers all weigh the same within one stratum (units), or of unweighted answers, are compared by
their counts: exact p-values. Other shares are compared by their effective number of answers. Means, and rounds that
share persons, are compared by the standard error of the difference. The finite population correction stands outside
unless the analysis asks for it: a comparison is about the way of working, not about just these clients.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from enkat.services.analysis.asking import Question
from enkat.services.analysis.columns import BoolArray, FloatArray, IntArray
from enkat.services.analysis.differing import (
    CORRECTIONS,
    Gaps,
    earlier_gaps,
    gap_rows,
    overlapping_gaps,
    pair_gaps,
    rest_gaps,
)
from enkat.services.analysis.rows import Row
from enkat.services.analysis.shares import Counts, share_columns
from enkat.services.analysis.spec import Verb
from enkat.services.faults import Fault
from enkat.statistics.comparisons.tables import (
    Comparisons,
    Rules,
    counts_against_counts,
    units_against_rest,
    weighted_against_weighted,
    weighted_side,
)
from enkat.statistics.comparisons.words import RELEVANT, Against
from enkat.statistics.microdata.means import mean
from enkat.statistics.microdata.results import Estimates

EXACT: Final = "mover, exakt p"
WEIGHTED: Final = "mover, viktat"


@dataclass(frozen=True, slots=True)
class Side:
    """Shares of one side: arrays (groups, variables)."""

    share: FloatArray
    variance: FloatArray
    n: IntArray
    df: FloatArray
    positive: IntArray
    exact: BoolArray

    def taken(self, groups: Sequence[int]) -> "Side":
        """Choose groups, in that order."""
        at = np.asarray(groups, dtype=np.int64)
        return Side(self.share[at], self.variance[at], self.n[at], self.df[at], self.positive[at], self.exact[at])


def compared_rows(question: Question) -> list[Row]:
    """Answer an analysis with `compare` or `earlier`."""
    if question.earlier is not None:
        return _against_earlier(question, question.earlier)
    if question.analysis.compare == "rest":
        return _against_rest(question)
    return _pair(question)


def _rules(question: Question) -> Rules:
    analysis = question.analysis
    relevant = RELEVANT if analysis.smallest is None else analysis.smallest
    return Rules(level=question.level, relevant=relevant, correction=CORRECTIONS[analysis.adjust])


def _values(question: Question) -> FloatArray:
    return share_columns(question) if question.analysis.verb is Verb.SHARE else question.numbers()


def _estimates(question: Question) -> Estimates:
    names = question.analysis.variables
    with question.told():
        return mean(
            question.design, _values(question), by=question.cells.codes, names=names, level=question.level, df="design"
        )


def _side(question: Question, found: Estimates) -> Side:
    counts = Counts.of(question, found, _values(question), question.analysis.variables)
    plain = bool((question.design.weights == 1).all())
    exact = np.asarray((counts.equal & (counts.one_stratum | plain)) | (found.n == 0), dtype=np.bool_)
    return Side(found.estimate, found.se**2, found.n, found.df, counts.positive, exact)


def _against_rest(question: Question) -> list[Row]:
    found = _estimates(question)
    if found.domains.groups.size == 1:
        raise Fault(f"{question.place}: det finns bara en grupp, så det finns ingen rest att jämföra med.")
    labels = [question.cells.shown(level) for level in found.domains.levels]
    names = question.analysis.variables
    if question.analysis.verb is Verb.MEAN:
        return gap_rows(question, labels, names, rest_gaps(question, found, _values(question)))
    side = _side(question, found)
    if side.exact.all():
        made, method = units_against_rest(side.positive, side.n, rules=_rules(question)), EXACT
    else:
        made, method = _weighted(question, side, _rest(question, found)), WEIGHTED
    return gap_rows(question, labels, names, _gaps(made, (side.n, side.n.sum(axis=0) - side.n), method, Against.OTHERS))


def _rest(question: Question, found: Estimates) -> Side:
    """Estimate the rest of every group: everybody else in the domain."""
    codes, y = found.domains.groups.codes, _values(question)
    parts = []
    for group in range(found.domains.groups.size):
        with question.told():
            others = question.design.domain((codes >= 0) & (codes != group))
            parts.append(mean(others, y, names=question.analysis.variables, df="design"))
    share, se, n, df = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("estimate", "se", "n", "df")
    )
    return Side(share, se**2, n, df, np.zeros_like(n), np.zeros(n.shape, dtype=np.bool_))


def _weighted(question: Question, one: Side, other: Side) -> Comparisons:
    sides = [weighted_side(side.share, side.variance, side.n, side.df) for side in (one, other)]
    return weighted_against_weighted(sides[0], sides[1], rules=_rules(question))


def _by_counts_or_weights(question: Question, one: Side, other: Side, against: Against) -> Gaps:
    if one.exact.all() and other.exact.all():
        made = counts_against_counts(one.positive, one.n, other.positive, other.n, rules=_rules(question))
        return _gaps(made, (one.n, other.n), EXACT, against)
    return _gaps(_weighted(question, one, other), (one.n, other.n), WEIGHTED, against)


def _gaps(made: Comparisons, sides: tuple[IntArray, IntArray], method: str, against: Against) -> Gaps:
    gap = made.difference
    no = np.full(gap.difference.shape, np.nan)
    n, least = sides[0], np.minimum(*sides)
    return Gaps(gap.difference, no, gap.lo, gap.hi, no, n, least, made.p, made.p_adjusted, made.word, method, against)


def _pair(question: Question) -> list[Row]:
    """Compare two groups of `by`."""
    found = _estimates(question)
    groups = [str(name) for name in question.analysis.compare or ()]
    places = {str(question.cells.shown(level)[0]): at for at, level in enumerate(found.domains.levels)}
    for group in groups:
        if group not in places:
            raise Fault(f"{question.place}: gruppen {group} finns inte bland svaren i {question.analysis.by[0]}.")
    at_one, at_other = (places[group] for group in groups)
    if question.analysis.verb is Verb.MEAN:
        made = pair_gaps(question, found, (at_one, at_other))
    else:
        side = _side(question, found)
        made = _by_counts_or_weights(question, side.taken([at_one]), side.taken([at_other]), Against.GROUP)
    called = [f"{name}: {' - '.join(groups)}" for name in question.analysis.variables]
    compared = tuple(question.cells.shown(found.domains.levels[at]) for at in (at_one, at_other))
    return gap_rows(question, [()], called, made, groups=compared)


def _against_earlier(question: Question, earlier: Question) -> list[Row]:
    """Compare every group with the same group of an earlier round."""
    found, before = _estimates(question), _estimates(earlier)
    then = {earlier.cells.shown(level): at for at, level in enumerate(before.domains.levels)}
    shown = [question.cells.shown(level) for level in found.domains.levels]
    both = [(at, then[labels]) for at, labels in enumerate(shown) if labels in then]
    if not both:
        raise Fault(f"{question.place}: ingen grupp finns i båda omgångarna.")
    if question.survey.section.person is not None:
        made = overlapping_gaps(question, earlier, (_values(question), _values(earlier)), both, (found, before))
    elif question.analysis.verb is Verb.MEAN:
        made = earlier_gaps(question, (found, before), both)
    else:
        one = _side(question, found).taken([at for at, _ in both])
        other = _side(earlier, before).taken([at for _, at in both])
        made = _by_counts_or_weights(question, one, other, Against.ROUND)
    return gap_rows(question, [shown[at] for at, _ in both], question.analysis.variables, made)
