"""Whom the figures of an analysis are about: the cells of `by` within `where`, and how many people each speaks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from enkat.instruments.faults import FaultLog
from enkat.services.analysis.columns import BoolArray, FloatArray, IntArray
from enkat.services.analysis.conditions import Condition, columns_of, holds, read_condition
from enkat.services.analysis.designing import Survey
from enkat.services.analysis.frame import Frame
from enkat.services.analysis.rows import Label
from enkat.services.faults import Fault
from enkat.statistics.microdata.domains import Domains

Level = tuple[object, ...]


@dataclass
class Cells:
    """The cells of an analysis.

    Attributes
    ----------
    survey : Survey
    by : sequence of str
    labels : list of lists
        For each column of ``by`` its values in order; a cell's level is one number per column, a place in these.
    inside : bool array (answers,)
        Answers that meet ``where``.
    condition : Condition or None
    """

    survey: Survey
    by: Sequence[str]
    labels: list[list[Label]]
    inside: BoolArray
    condition: Condition | None
    _codes: dict[str, FloatArray] = field(default_factory=dict)

    @classmethod
    def of(cls, survey: Survey, by: Sequence[str], where: Mapping[str, Any] | None, place: str) -> "Cells":
        """Lay out an analysis's cells.

        Raises
        ------
        Fault
            Where no answer meets the condition.
        """
        answers = survey.answers
        condition = None if where is None else read_condition(where, answers.columns, FaultLog(""))
        inside = np.ones(answers.rows, dtype=np.bool_) if condition is None else _met(condition, answers)
        if not inside.any():
            names = ", ".join(sorted(columns_of(condition))) if condition else ""
            raise Fault(f"{place}: {answers.data.name}, kolumn {names}: inget svar uppfyller villkoret i where.")
        orders = [_order(survey.frame or answers, name) for name in by]
        cells = cls(survey, by, [labels for labels, _ in orders], inside, condition)
        for name, (_, rank) in zip(by, orders, strict=True):
            cells._codes[name] = _ranked(answers, name, rank)
        return cells

    @property
    def codes(self) -> Mapping[str, FloatArray]:
        """For each column of ``by`` the place of each answer's value; NaN where it is missing."""
        return self._codes

    def shown(self, level: Level) -> tuple[Label, ...]:
        """Return a cell's values as they stand in the file."""
        return tuple(labels[int(place)] for labels, place in zip(self.labels, _places(level), strict=True))

    def shown_number(self, number: int) -> tuple[Label, ...]:
        """Return the values of a cell that is told as one number."""
        return self.shown(tuple(float(place) for place in np.unravel_index(number, self._sizes))) if self.by else ()

    @cached_property
    def flat(self) -> IntArray:
        """Cell of each answer as one number; -1 for those outside."""
        found = _flat([self._codes[name] for name in self.by], self._sizes, len(self.inside))
        return np.where(self.inside, found, -1)

    @property
    def _sizes(self) -> list[int]:
        return [max(len(labels), 1) for labels in self.labels]

    def number(self, level: Level) -> int:
        """Return a cell's level as one number."""
        found = 0
        for size, place in zip(self._sizes, _places(level), strict=True):
            found = found * size + int(place)
        return found

    @property
    def size(self) -> int:
        """Number of cells that could be."""
        return int(np.prod(self._sizes))

    @cached_property
    def frame_counts(self) -> FloatArray | None:
        """People of each cell in the frame; None where the frame does not tell."""
        if self.survey.frame is None:
            return self._told_counts
        return None if self._frame_flat is None else self._counted(self._frame_flat)

    @cached_property
    def heard_counts(self) -> FloatArray | None:
        """Those of them in strata where anybody answered: the people that the answers speak for."""
        if self.survey.frame is None or self._frame_flat is None:
            return self.frame_counts
        heard = np.bincount(self.survey.stratum, minlength=len(self.survey.strata)) > 0
        return self._counted(np.where(heard[self.survey.frame_strata], self._frame_flat, -1))

    @cached_property
    def parted(self) -> BoolArray:
        """Whether the frame has people of several strata in each cell, also those where nobody answered."""
        if self._frame_flat is None:
            return np.zeros(self.size, dtype=np.bool_)
        inside = self._frame_flat >= 0
        pairs = np.unique(self._frame_flat[inside] * len(self.survey.strata) + self.survey.frame_strata[inside])
        return np.bincount(pairs // len(self.survey.strata), minlength=self.size) > 1

    def _counted(self, flat: IntArray) -> FloatArray:
        return np.bincount(flat[flat >= 0], minlength=self.size).astype(np.float64)

    @cached_property
    def _frame_flat(self) -> IntArray | None:
        """Cell of each row of the frame; -1 for those outside. None where the frame does not tell."""
        survey = self.survey
        if survey.frame is None:
            return None
        rests_on = {*self.by, *(columns_of(self.condition) if self.condition else ())}
        if any(survey.frame.missing(name)[~survey.responded].any() for name in rests_on):
            return None
        met = (
            np.ones(survey.frame.rows, dtype=np.bool_) if self.condition is None else _met(self.condition, survey.frame)
        )
        codes = [_ranked(survey.frame, name, _order(survey.frame, name)[1]) for name in self.by]
        return np.where(met, _flat(codes, self._sizes, survey.frame.rows), -1)

    @cached_property
    def _told_counts(self) -> FloatArray | None:
        """The same from a told N: known where a cell is made of whole strata, NaN where it is not."""
        survey = self.survey
        if survey.population is None or survey.section.cluster is not None:
            return None
        lowest = np.full(len(survey.strata), self.size)
        highest = np.full(len(survey.strata), -1)
        np.minimum.at(lowest, survey.stratum, self.flat)
        np.maximum.at(highest, survey.stratum, self.flat)
        whole = lowest == highest
        known = whole & (highest >= 0)
        # Of no strata at all NumPy gives integers, which cannot hold NaN.
        counts = np.bincount(highest[known], survey.population[known], self.size).astype(np.float64)
        cut = ~whole[survey.stratum] & (self.flat >= 0)
        counts[np.unique(self.flat[cut])] = np.nan
        return counts

    def empty_levels(self, domains: Domains) -> list[Level]:
        """Return the cells that the frame holds and nobody answered in."""
        if self.survey.frame is None or self.frame_counts is None or not self.by:
            return []
        seen = {self.number(level) for level in domains.levels}
        missing = [int(number) for number in np.flatnonzero(self.frame_counts) if int(number) not in seen]
        return [tuple(float(place) for place in np.unravel_index(number, self._sizes)) for number in missing]


def _met(condition: Condition, frame: Frame) -> BoolArray:
    return holds(condition, frame.columns, frame.missing)


def _places(level: Level) -> list[float]:
    return [float(str(place)) for place in level]


def _order(frame: Frame, name: str) -> tuple[list[Label], dict[str, int]]:
    """Return a column's values in order, and the place of each text."""
    column = frame.columns[name]
    answered = np.zeros(len(column.levels), dtype=np.bool_)
    answered[column.codes[~frame.missing(name)]] = True
    shown = dict(zip(column.levels, column.labels(), strict=True))
    texts = [text for text, used in zip(column.levels, answered, strict=True) if used]
    numeric = not any(isinstance(shown[text], str) for text in texts)
    texts.sort(key=(lambda text: float(shown[text])) if numeric else None)
    if not numeric or any(shown[one] == shown[other] for one, other in pairwise(texts)):
        return [*texts], {text: number for number, text in enumerate(texts)}
    return [shown[text] for text in texts], {text: number for number, text in enumerate(texts)}


def _ranked(frame: Frame, name: str, rank: Mapping[str, int]) -> FloatArray:
    column = frame.columns[name]
    places = np.array([rank.get(text, np.nan) for text in column.levels], dtype=np.float64)
    return np.where(frame.missing(name), np.nan, places[column.codes])


def _flat(codes: Sequence[FloatArray], sizes: Sequence[int], rows: int) -> IntArray:
    found = np.zeros(rows, dtype=np.int64)
    missing = np.zeros(rows, dtype=np.bool_)
    for code, size in zip(codes, sizes, strict=True):
        missing |= np.isnan(code)
        found = found * size + np.nan_to_num(code).astype(np.int64)
    return np.where(missing, -1, found)
