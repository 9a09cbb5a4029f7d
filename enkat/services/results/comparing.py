"""Units beside the others: the word that each difference earns, and the funnel of a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from enkat.services.results.computing import Breakdown
from enkat.services.results.figures import Figure, View
from enkat.services.results.groups import GroupKind
from enkat.statistics.comparisons.tables import units_against_rest
from enkat.statistics.comparisons.words import WORDS, Word, phrase
from enkat.statistics.funnel import ALARM, WARNING, control_limits, funnel
from enkat.statistics.pooled import pooled

STEPS = 120
"""Points of a limit's curve."""


def rest_words(view: View) -> Mapping[tuple[int, int], Word]:
    """Say of each unit whether it differs from all the others, by (group, question).

    Every unit whose figure the level shows is compared on every core question, and all of that is corrected together.
    Who is limited to a district therefore reads the same words as the city. Nothing is said of a hidden figure, nor
    where nobody knows how many could have answered.
    """
    if not view.results.sized.all():
        return {}
    strata = slice(view.results.grouping.units.start, None)
    estimates = view.results.layers[Breakdown.ALL].estimates
    shown = _shown(view)[strata] & np.array([asked.question.core for asked in view.questions], dtype=np.bool_)
    shown[view.results.grouping.units.stop - view.results.grouping.units.start :] = False
    if not shown.any():
        return {}
    compared = units_against_rest(estimates.positive[strata], estimates.answered[strata], shown=shown)
    listed = {index for index, _group in view.groups(GroupKind.UNIT)}
    said = {}
    for row, question in zip(*(part.tolist() for part in np.nonzero(shown)), strict=True):
        group = strata.start + row
        word = WORDS[int(compared.word[row, question])]
        if group in listed and word is not Word.NONE:
            said[group, question] = word
    return said


def rest_phrases(view: View) -> Mapping[tuple[int, int], str]:
    """Return the same in Swedish: "högre än övriga enheter"."""
    return {cell: phrase(word) for cell, word in rest_words(view).items()}


def _shown(view: View) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Which cells the level shows: (groups, questions)."""
    size, questions = len(view.results.grouping.groups), len(view.questions)
    marks = [[view.marks.mark(Breakdown.ALL, g, q).shows_figures for q in range(questions)] for g in range(size)]
    return np.array(marks, dtype=np.bool_).reshape(size, questions)


def pooled_figures(view: View, question: int, rows: Sequence[tuple[str, Figure]]) -> list[tuple[str, Figure]]:
    """Draw the shown units' shares towards the city's, the more the fewer their answers; hidden ones leave no trace."""
    listed = [index for index, _group in view.groups(GroupKind.UNIT)]
    groups = [index for index in listed if view.marks.mark(Breakdown.ALL, index, question).shows_figures]
    if view.questions[question].only_spread:
        return []
    if len(groups) < 2 or not view.results.sized.all():  # noqa: PLR2004 - one unit has nothing to be drawn towards
        return []
    estimates = view.results.layers[Breakdown.ALL].estimates
    found = pooled(estimates.positive[groups][:, [question]], estimates.answered[groups][:, [question]])
    at = {view.results.grouping.groups[index].key: row for row, index in enumerate(groups)}

    def drawn(figure: Figure) -> Figure:
        row = at.get(figure.group.key)
        if row is None:
            return figure
        share, lo, hi = (float(values[row, 0]) for values in (found.share, found.lo, found.hi))
        return replace(figure, share=share, lo=lo, hi=hi)

    return [(name, drawn(figure)) for name, figure in rows]


@dataclass(frozen=True, slots=True)
class Limits:
    """A pair of limits: at so many answers, from and to which share."""

    label: str
    answered: Sequence[float]
    lower: Sequence[float]
    upper: Sequence[float]


@dataclass(frozen=True, slots=True)
class FunnelData:
    """A question's funnel.

    Attributes
    ----------
    groups : sequence of int
        The units shown.
    zone : mapping of int to int
        By group: 0 within the limits, 1 outside 95 %, 2 outside 99.8 %.
    hidden : int
        Listed units that may not be shown, or were not asked.
    """

    mean: float
    groups: Sequence[int]
    zone: Mapping[int, int]
    limits: Sequence[Limits]
    hidden: int


def funnel_of(view: View, question: int) -> FunnelData | None:
    """Place the shown units of a question in its funnel; None where fewer than two are shown.

    The centre is the share among all answers of the shown units: hidden ones leave no trace in it.
    """
    listed = [index for index, _group in view.groups(GroupKind.UNIT)]
    groups = [index for index in listed if view.marks.mark(Breakdown.ALL, index, question).shows_figures]
    if view.questions[question].only_spread:
        return None
    if len(groups) < 2 or not view.results.sized.all():  # noqa: PLR2004 - one unit has nothing to be compared with
        return None
    estimates = view.results.layers[Breakdown.ALL].estimates
    positive, answered = estimates.positive[groups, question], estimates.answered[groups, question]
    found = funnel(positive[:, None], answered[:, None])
    mean, phi = float(found.centre[0]), float(found.phi[0])
    # Whole answers: the limits are quantiles of counts.
    across = np.unique(np.rint(np.linspace(max(answered.min() / 2, 2), answered.max() * 1.1, STEPS)))
    plans = [("95 %: en enhet av tjugo hamnar utanför av en slump", WARNING, 1.0)]
    plans.append(("99,8 %: nästan ingen hamnar utanför av en slump", ALARM, 1.0))
    if phi > 1:
        plans.append(("99,8 % när enheternas vanliga olikhet räknas in", ALARM, phi))
    limits = []
    for label, level, spread in plans:
        low, high = control_limits(mean, across, level=level, phi=spread)
        limits.append(Limits(label, across.tolist(), low.tolist(), high.tolist()))
    zone = {group: int(code) for group, code in zip(groups, found.zone[:, 0], strict=True)}
    return FunnelData(mean, groups, zone, limits, len(listed) - len(groups))
