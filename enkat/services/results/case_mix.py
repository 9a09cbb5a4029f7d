"""Operating forms as if they had the same clients: standardised to the city's sex and age, beside their own shares."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from enkat.records.organisations import OperatingForm
from enkat.records.releases import ReleaseLevel
from enkat.services.results.computing import Breakdown
from enkat.services.results.figures import View
from enkat.services.results.groups import Group, GroupKind
from enkat.statistics.case_mix import Classes, Standardised, join_thin, joined, standardise
from enkat.statistics.comparisons.tables import weighted_against_weighted
from enkat.statistics.comparisons.words import WORDS, Against, Word, phrase
from enkat.statistics.intervals import IntArray
from enkat.statistics.intervals.basis import LEVEL, one_tail
from enkat.statistics.tallies import QuestionSums


@dataclass(frozen=True, slots=True)
class FormShare:
    """An operating form's share with the city's mix of clients. Shares are 0..1, limits NaN where they are not told.

    Attributes
    ----------
    difference, lo_difference, hi_difference : float
        Against the municipal units, NaN for those themselves.
    word : str
        What may be said of the difference; empty for the municipal units.
    """

    name: str
    answers: int
    raw: float
    share: float
    lo: float
    hi: float
    difference: float
    lo_difference: float
    hi_difference: float
    word: str


def forms_standardised(view: View, question: int) -> Sequence[FormShare]:
    """Standardise the operating forms' shares of a question and compare them with the municipal units.

    Nothing is given where fewer than two forms are shown, the municipal one among them, or outside the house: the
    standardised share is one more look at the same answers, so it goes no further than the form's own figures.
    """
    if view.marks.level is ReleaseLevel.PUBLIC or view.questions[question].only_spread:
        return []
    forms = [
        (index, group)
        for index, group in view.groups(GroupKind.OPERATING_FORM)
        if view.marks.mark(Breakdown.ALL, index, question).shows_figures
    ]
    municipal = next((group for _index, group in forms if group.key.endswith(f":{OperatingForm.MUNICIPAL}")), None)
    if municipal is None or len(forms) == 1:
        return []
    first = view.results.grouping.forms.start
    labels = view.results.grouping.stratum_form
    counted = view.results.counted
    places = counted.places
    of_class = np.where(places >= 0, labels[places], -1)
    sums = QuestionSums.of(counted.tally, counted.rules)
    inside = [
        (group, np.flatnonzero((of_class == index - first) & (sums.answered[:, question] > 0)))
        for index, group in forms
    ]
    cells = join_thin([counted.margins[chosen].sum(axis=0) for _group, chosen in inside])
    clients = counted.cells.eligible[..., counted.service_asks[:, question]].sum(axis=(0, 3))
    standard = joined(clients, cells)
    made = {
        group.key: standardise(_classes(sums, question, chosen, joined(counted.margins[chosen], cells)), standard)
        for group, chosen in inside
    }
    return [_row(group, made[group.key], made[municipal.key], is_base=group is municipal) for group, _chosen in inside]


def _classes(
    sums: QuestionSums, question: int, chosen: IntArray, members: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> Classes:
    return Classes(sums.positive[chosen, question], sums.answered[chosen, question], members.astype(np.int64))


def _row(group: Group, own: Standardised, base: Standardised, *, is_base: bool) -> FormShare:
    limits = own.side.bounded(one_tail(LEVEL))
    compared = weighted_against_weighted(own.side, base.side)
    gap = compared.difference
    word = Word.NONE if is_base else WORDS[int(compared.word[0])]
    difference, lo, hi = (np.nan, np.nan, np.nan) if is_base else (gap.difference[0], gap.lo[0], gap.hi[0])
    return FormShare(
        name=group.name,
        answers=own.answers,
        raw=own.raw,
        share=own.share,
        lo=float(np.asarray(limits.lo)[0]),
        hi=float(np.asarray(limits.hi)[0]),
        difference=float(difference),
        lo_difference=float(lo),
        hi_difference=float(hi),
        word=phrase(word, Against.MUNICIPAL),
    )
