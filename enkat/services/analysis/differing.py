"""Differences with a standard error: of means, and between rounds that share persons; and differences as rows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy  # loads `scipy.special` when it is first used

from enkat.services.analysis.asking import Question
from enkat.services.analysis.columns import FloatArray, IntArray
from enkat.services.analysis.rows import NO_ANSWERS, NO_SE, Basis, Label, Row
from enkat.services.analysis.spec import Verb
from enkat.services.analysis.telling import told
from enkat.statistics.comparisons.differences import Difference
from enkat.statistics.comparisons.families import Correction, corrected
from enkat.statistics.comparisons.words import RELEVANT, WORDS, Against, phrase, words
from enkat.statistics.microdata.contrasts import contrast
from enkat.statistics.microdata.design import SurveyDesign
from enkat.statistics.microdata.means import mean
from enkat.statistics.microdata.results import Estimate, Estimates

CORRECTIONS: Final = {
    "BH": Correction.BENJAMINI_HOCHBERG,
    "holm": Correction.HOLM,
    "none": Correction.NONE,
}
"""What `adjust` means."""
T_TEST: Final = "skillnad, t"
Pairs = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Gaps:
    """Differences of groups and variables; arrays (groups, variables), NaN where there is nothing.

    ``n`` are the answers of the first side, ``least`` those of the side that has fewer.
    """

    difference: FloatArray
    se: FloatArray
    lo: FloatArray
    hi: FloatArray
    df: FloatArray
    n: IntArray
    least: IntArray
    p: FloatArray
    p_adjusted: FloatArray
    word: npt.NDArray[np.int8]
    method: str
    against: Against


def gap_rows(
    question: Question,
    labels: Sequence[tuple[Label, ...]],
    names: Sequence[str],
    made: Gaps,
    groups: tuple[tuple[Label, ...], ...] = (),
) -> list[Row]:
    """Return one row per group and variable: the difference with its interval, p-values and word."""
    said = partial(phrase, relevant=smallest_of(question), of_shares=question.analysis.verb is Verb.SHARE)
    rows = []
    for at, by in enumerate(labels):
        for column, name in enumerate(names):
            place = at, column
            gap = _known(made.difference[place])
            reason = NO_ANSWERS if gap is None else NO_SE if math.isnan(made.se[place]) else None
            rows.append(
                Row(
                    by,
                    name,
                    estimate=gap,
                    se=_known(made.se[place]),
                    lo=_known(made.lo[place]),
                    hi=_known(made.hi[place]),
                    n=int(made.n[place]),
                    df=_known(made.df[place]),
                    method=made.method,
                    p=_known(made.p[place]),
                    p_adjusted=_known(made.p_adjusted[place]),
                    word=said(WORDS[made.word[place]], made.against) or None,
                    reason=reason,
                    basis=Basis(int(made.least[place]), groups=groups),
                )
            )
    return rows


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def smallest_of(question: Question) -> float:
    """Return the smallest difference that gets a word: told, 5 points for shares, any for means."""
    if question.analysis.smallest is not None:
        return question.analysis.smallest
    return RELEVANT if question.analysis.verb is Verb.SHARE else 0.0


def _judged(
    question: Question, found: list[list[Estimate]], sides: tuple[IntArray, IntArray], against: Against
) -> Gaps:
    """Give differences p-values by the t distribution, corrected together, and words."""

    def laid(values: list[list[float | None]]) -> FloatArray:
        return np.array([[np.nan if value is None else value for value in row] for row in values], dtype=np.float64)

    gap, se = laid([[one.estimate for one in row] for row in found]), laid([[one.se for one in row] for row in found])
    lo, hi = laid([[one.lo for one in row] for row in found]), laid([[one.hi for one in row] for row in found])
    df = np.array([[one.df for one in row] for row in found])
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(gap) / se
    finite = np.isfinite(df)
    tail = np.where(finite, scipy.special.stdtr(np.where(finite, df, 1.0), -t), scipy.special.ndtr(-t))
    p = np.where(np.isnan(t), np.nan, np.minimum(2 * tail, 1))
    adjusted = corrected(p, CORRECTIONS[question.analysis.adjust])
    word = words(Difference(gap, lo, hi), adjusted, relevant=smallest_of(question), significant=1 - question.level)
    n, other = sides
    return Gaps(gap, se, lo, hi, df, n, np.minimum(n, other), p, adjusted, word, T_TEST, against)


def rest_gaps(question: Question, found: Estimates, y: FloatArray) -> Gaps:
    """Compare the mean of every group with that of everybody else."""
    codes = found.domains.groups.codes
    made = []
    for group in range(found.domains.groups.size):
        side = np.where(codes < 0, np.nan, np.where(codes == group, 0.0, 1.0))
        with question.told():
            two = mean(question.design, y, by={"side": side}, names=question.analysis.variables)
            made.append(_contrasts(question, two, (0, 1)))
    return _judged(question, made, (found.n, found.n.sum(axis=0) - found.n), Against.OTHERS)


def pair_gaps(question: Question, found: Estimates, groups: tuple[int, int]) -> Gaps:
    """Compare the means of two groups."""
    with question.told():
        made = [_contrasts(question, found, groups)]
    return _judged(question, made, (found.n[[groups[0]]], found.n[[groups[1]]]), Against.GROUP)


def earlier_gaps(question: Question, both: tuple[Estimates, Estimates], pairs: Pairs) -> Gaps:
    """Compare the means of groups in two independent rounds."""
    later, before = both
    made = []
    for at, then in pairs:
        row = []
        for column in range(len(later.names)):
            weights = [np.zeros(later.estimate.shape), np.zeros(before.estimate.shape)]
            weights[0][at, column], weights[1][then, column] = 1, -1
            flat = np.concatenate([part.ravel() for part in weights])
            with question.told():
                row.append(contrast(list(both), flat, **question.interval))
        made.append(row)
    return _judged(question, made, _both(both, pairs), Against.ROUND)


def overlapping_gaps(
    question: Question,
    earlier: Question,
    y: tuple[FloatArray, FloatArray],
    pairs: Pairs,
    both: tuple[Estimates, Estimates],
) -> Gaps:
    """Compare groups in two rounds that share persons: a person is one primary unit in both.

    The rounds' weights are taken as they are, so what calibration does to the variance is not counted here.
    """
    asked = (question, earlier)
    parts = [one.design for one in asked]
    frames = (one.survey.answers for one in asked)
    with told(question.place, question.survey.headings, *frames):
        design = SurveyDesign.of(
            weights=np.concatenate([part.weights for part in parts]),
            strata=np.concatenate([one.survey.stratum_labels for one in asked]),
            persons=np.concatenate([one.survey.person_labels for one in asked]),
            lonely=question.survey.section.lonely,
        )
        round_ = np.concatenate([np.full(part.rows, number) for number, part in enumerate(parts)])
        codes = np.concatenate([found.domains.groups.codes for found in both])
        places = [{at: number for number, at in enumerate(side)} for side in zip(*pairs, strict=True)]
        group = [float(places[int(r)].get(int(code), -1)) for r, code in zip(round_, codes, strict=True)]
        cell = np.where(np.asarray(group) < 0, np.nan, np.asarray(group) * 2 + round_)
        found = mean(design, np.concatenate(y), by={"cell": cell}, names=question.analysis.variables)
        made = [_contrasts(question, found, (2 * at, 2 * at + 1)) for at in range(len(pairs))]
    return _judged(question, made, _both(both, pairs), Against.ROUND)


def _both(both: tuple[Estimates, Estimates], pairs: Pairs) -> tuple[IntArray, IntArray]:
    """Return the answers of both rounds in the groups that they share."""
    return both[0].n[[at for at, _ in pairs]], both[1].n[[then for _, then in pairs]]


def _contrasts(question: Question, found: Estimates, groups: tuple[int, int]) -> list[Estimate]:
    """Return first minus second group for every variable, with their covariance."""
    row = []
    for column in range(len(found.names)):
        weights = np.zeros(found.estimate.shape)
        weights[groups[0], column], weights[groups[1], column] = 1, -1
        row.append(contrast(found, weights.ravel(), **question.interval))
    return row
