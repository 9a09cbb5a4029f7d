"""How figures changed since the round before: only what both rounds show, and a word only for what is certain."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from enkat.services.results.computing import Breakdown, RoundResults
from enkat.services.results.levels import Marks
from enkat.services.results.lineage import Lineage
from enkat.statistics.comparisons.differences import Side, mover_p
from enkat.statistics.comparisons.tables import weighted_side
from enkat.statistics.comparisons.words import WORDS, Against, Word, phrase
from enkat.statistics.intervals import FloatArray
from enkat.statistics.tallies import QuestionSums
from enkat.statistics.trends import Moment, change_p, changes, moment_side

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """One figure's change: now minus before, with its interval, as shares.

    Attributes
    ----------
    note : str
        What happened to the unit between the rounds.
    """

    difference: float
    lo: float
    hi: float
    p_adjusted: float
    word: Word
    note: str

    @property
    def text(self) -> str:
        """The word and the note in Swedish: "ingen säker skillnad (förut Eken och Asken)"."""
        said = phrase(self.word, Against.ROUND)
        return f"{said} ({self.note})" if self.note else said


@dataclass(frozen=True)
class Compared:
    """A round as one side of a comparison."""

    results: RoundResults
    marks: Marks

    def shows(self, groups: Sequence[int], question: int) -> bool:
        """Whether every group's figure is shown."""
        return all(self.marks.mark(Breakdown.ALL, group, question).shows_figures for group in groups)

    def share(self, groups: Sequence[int], question: int) -> float:
        """Return the share of some groups together, each weighted with the clients it speaks for; NaN without any."""
        estimates = self.results.layers[Breakdown.ALL].estimates
        weights = estimates.represented[groups, question]
        return float(np.average(estimates.share[groups, question], weights=weights)) if weights.sum() > 0 else math.nan

    def moment(self, groups: Sequence[int], question: int) -> Moment:
        """Return the counts of some units: arrays (units, 1)."""
        estimates = self.results.layers[Breakdown.ALL].estimates
        at = np.ix_(groups, [question])
        return Moment(estimates.positive[at], estimates.answered[at], estimates.represented[at])


def changes_between(
    now: Compared, before: Compared, lines: Sequence[Lineage], columns: Sequence[tuple[int, int]]
) -> Mapping[Cell, Change]:
    """Return the change of every cell that both rounds show.

    The family whose p-values are corrected together is every shown unit and core question; supplementary questions,
    and districts, operating forms and the city, are families of their own.

    Parameters
    ----------
    lines : sequence of Lineage
        Of every present group.
    columns : sequence of (int, int)
        Questions that can be compared: where they stand now, and stood before.
    """
    found: dict[Cell, Change] = {}
    first = now.results.grouping.units.start
    for core in (True, False):
        asked = now.results.counted.questions
        pairs = [one for one in columns if asked[one[0]].question.core is core and not asked[one[0]].only_spread]
        cells = [
            (group, line, pair)
            for group, line in enumerate(lines)
            for pair in pairs
            if line.before and now.shows(line.now, pair[0]) and before.shows(line.before, pair[1])
        ]
        found |= _units(now, before, [cell for cell in cells if cell[0] >= first])
        found |= _wholes(now, before, [cell for cell in cells if cell[0] < first])
    return found


_Cells = Sequence[tuple[int, Lineage, tuple[int, int]]]


def _units(now: Compared, before: Compared, cells: _Cells) -> dict[Cell, Change]:
    sides: list[tuple[Side, Side]] = []
    p: list[FloatArray] = []
    for _group, line, (question, old_question) in cells:
        pair = now.moment(line.now, question), before.moment(line.before, old_question)
        sides.append((moment_side(pair[0]), moment_side(pair[1])))
        p.append(change_p(*pair))
    return _told(cells, sides, p)


def _wholes(now: Compared, before: Compared, cells: _Cells) -> dict[Cell, Change]:
    """Compare weighted groups by their shares and variances without finite population correction."""
    if not cells:
        return {}
    of_now, of_before = _group_sides(now.results), _group_sides(before.results)
    sides = [
        (_picked(of_now, line.now[0], question), _picked(of_before, line.before[0], old_question))
        for _group, line, (question, old_question) in cells
    ]
    return _told(cells, sides, [mover_p(*pair) for pair in sides])


def _told(cells: _Cells, sides: Sequence[tuple[Side, Side]], p: Sequence[FloatArray]) -> dict[Cell, Change]:
    if not cells:
        return {}
    one, other = (
        Side(*(np.concatenate([getattr(pair[at], name) for pair in sides]) for name in ("share", "answers", "df")))
        for at in (0, 1)
    )
    made = changes(one, other, np.concatenate(p))
    gap = made.difference
    return {
        (group, question): Change(
            difference=float(gap.difference[at]),
            lo=float(gap.lo[at]),
            hi=float(gap.hi[at]),
            p_adjusted=float(made.p_adjusted[at]),
            word=WORDS[int(made.word[at])],
            note=line.note,
        )
        for at, (group, line, (question, _old)) in enumerate(cells)
    }


def _group_sides(results: RoundResults) -> Side:
    """Return the sides of the city, the districts and the operating forms: arrays (groups, questions)."""
    counted, layer = results.counted, results.layers[Breakdown.ALL]
    sums = QuestionSums.of(counted.tally, counted.rules)
    variance = np.concatenate(
        [
            layer.weighting.shares(sums, labels, size, finite=False).variance
            for labels, size in results.grouping.wholes()
        ]
    )
    groups = slice(0, len(variance))
    estimates = layer.estimates
    return weighted_side(estimates.share[groups], variance, estimates.answered[groups], estimates.df[groups])


def _picked(side: Side, group: int, question: int) -> Side:
    at = (slice(group, group + 1), question)
    return Side(side.share[at], side.answers[at], side.df[at])
