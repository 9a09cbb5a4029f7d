"""Calibrated weights of a round's classes: to units and to sex and age, once for each set of services asked."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from enkat.services.results.reading import AGES, SEXES, CountedRound
from enkat.statistics.calibration import CalibratedShares, Calibration, Classes, calibrate, calibrated_shares
from enkat.statistics.estimates import METHODS, Estimates, Method
from enkat.statistics.intervals import FloatArray, IntArray, ratio, wilson_effective
from enkat.statistics.tallies import BoolArray, QuestionSums, sum_groups


@dataclass(frozen=True)
class Part:
    """Questions put to the clients of the same services, and the classes that answered them.

    Attributes
    ----------
    questions, classes : int64 arrays
        Indices on the round's axes.
    """

    questions: IntArray
    classes: IntArray
    calibration: Calibration

    @property
    def cells(self) -> list[str]:
        """The merged cells of sex and age in Swedish: "kvinnor under 65 år, 65–79 år"."""
        labels = self.calibration.cells
        return [
            "; ".join(
                f"{sex.label} {', '.join(age.label for age, label in zip(AGES, row, strict=True) if label == number)}"
                for sex, row in zip(SEXES, labels.tolist(), strict=True)
                if number in row
            )
            for number in range(int(labels.max()) + 1)
        ]


@dataclass(frozen=True)
class Weighting:
    """Every part of a round. Weights are 0 for classes that were not asked a question.

    Attributes
    ----------
    weights : float64 array (classes, questions)
    """

    parts: Sequence[Part]
    weights: FloatArray

    def ratio(self, above: IntArray, below: IntArray, of_class: IntArray, size: int) -> FloatArray:
        """Return ratios of weighted sums in groups of classes; ``above`` may have an axis of options."""
        divisor = sum_groups(self.weights * below, of_class, size)
        if above.ndim == below.ndim:
            return ratio(sum_groups(self.weights * above, of_class, size), divisor)
        return ratio(sum_groups(self.weights[..., None] * above, of_class, size), divisor[..., None])

    def improve(self, plain: Estimates, sums: QuestionSums, labels: IntArray, size: int) -> Estimates:
        """Put calibrated shares and intervals where an estimate is weighted over several strata by N/r.

        Parameters
        ----------
        plain : Estimates (groups, questions)
        sums : QuestionSums (classes, questions)
            Answers of the domain that is estimated.
        labels : int64 array (strata,)
            Group of each stratum, -1 for none.
        """
        found = self.shares(sums, labels, size)
        calibrated = [part.questions for part in self.parts if not part.calibration.is_neutral]
        chosen = plain.method == METHODS.index(Method.WILSON_EFFECTIVE)
        chosen &= np.isin(np.arange(chosen.shape[1]), np.concatenate([*calibrated, np.zeros(0, dtype=np.int64)]))
        fraction = ratio(plain.answered, plain.population)
        lo, hi = wilson_effective(found.share, found.variance, plain.answered, fraction, plain.df)
        return replace(
            plain,
            share=np.where(chosen, found.share, plain.share),
            se=np.where(chosen, np.sqrt(found.variance), plain.se),
            lo=np.where(chosen, lo, plain.lo),
            hi=np.where(chosen, hi, plain.hi),
            method=np.where(chosen, METHODS.index(Method.CALIBRATED), plain.method).astype(np.int8),
        )

    def shares(self, sums: QuestionSums, labels: IntArray, size: int, *, finite: bool = True) -> CalibratedShares:
        """Return weighted shares and their variances, with or without finite population correction."""
        share, variance = (np.full((size, self.weights.shape[1]), np.nan) for _ in range(2))
        for part in self.parts:
            found = calibrated_shares(part.calibration, _picked(sums, part), labels, size, finite=finite)
            share[:, part.questions], variance[:, part.questions] = found.share, found.variance
        return CalibratedShares(share, variance)


def weighting(
    counted: CountedRound, owner: IntArray, eligible: IntArray, chosen: BoolArray, sexes: Sequence[int]
) -> Weighting:
    """Calibrate a round's weights.

    Parameters
    ----------
    counted : CountedRound
    owner : int64 array (units,)
        Stratum that speaks for each unit's clients; -1 for none.
    eligible : int64 array (strata, questions)
        Clients of each stratum whom the question concerns, at least its respondents.
    chosen : bool array (classes,)
        Classes that are estimated from.
    sexes : sequence of int
        Sexes of the clients they speak for, on the axis of `SEXES`.
    """
    respondents = counted.tally.counts.sum(axis=2)
    asks, which = np.unique(counted.service_asks.T, axis=0, return_inverse=True)
    weights = np.zeros(respondents.shape)
    parts: list[Part] = []
    for number, services in enumerate(asks):
        questions = np.flatnonzero(which == number)
        classes = np.flatnonzero(chosen & (respondents[:, questions[0]] > 0))
        heard = np.zeros(len(eligible), dtype=np.bool_)
        heard[counted.places[classes]] = True
        clients = np.where(heard, eligible[:, questions[0]], 0)
        if not clients.any():
            continue
        spoken_for = (owner >= 0) & heard[owner]
        margin = counted.cells.eligible[spoken_for][..., services].sum(axis=(0, 3)).astype(np.float64)
        margin[[sex for sex in range(len(margin)) if sex not in sexes]] = 0
        given = Classes(counted.places[classes], counted.margins[classes])
        # Corrections after an answer can leave a stratum with more respondents than clients: the margin follows.
        margin = margin if margin.any() else given.cells.sum(axis=0)
        made = calibrate(given, clients, margin * (clients.sum() / margin.sum()))
        weights[np.ix_(classes, questions)] = made.weights[:, None]
        parts.append(Part(questions, classes, made))
    return Weighting(parts, weights)


def _picked(sums: QuestionSums, part: Part) -> QuestionSums:
    at = np.ix_(part.classes, part.questions)
    return QuestionSums(*(getattr(sums, field.name)[at] for field in fields(QuestionSums)))
