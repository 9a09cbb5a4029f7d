"""What was asked of whom: weights, strata, primary units, population counts and what was done to the weights.

The semantics are those of R's ``survey`` 4.1.1 (``svydesign`` with one stage, ``[.survey.design2``, ``degf``;
Lumley, Complex Surveys, 2010). Primary units of a stratum are treated as a simple random draw without replacement
from its ``fpc`` primary units, or with replacement where there is no ``fpc``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

from enkat.statistics.intervals import FloatArray, IntArray
from enkat.statistics.microdata.domains import BoolArray, Domains, Groups, Labels, coded, crossed
from enkat.statistics.microdata.faults import FaultKind, MicrodataError


class Lonely(StrEnum):
    """What a stratum with one primary unit adds to a variance: R's ``options(survey.lonely.psu=)``.

    FAIL refuses, naming the stratum. REMOVE and CERTAINTY add nothing (the unit could not have been another). ADJUST
    centres it at the mean of the whole, which is safe. AVERAGE gives it the mean contribution of the other strata. A
    stratum of which everybody answered adds nothing whatever the choice.
    """

    FAIL = "fail"
    REMOVE = "remove"
    CERTAINTY = "certainty"
    ADJUST = "adjust"
    AVERAGE = "average"


class Adjustment(Protocol):
    """What was done to the weights after the answers came in, as the variance needs to know it."""

    def residuals(self, scores: FloatArray) -> FloatArray:
        """Take from weighted scores (rows, columns) the part that the known totals explain."""


@dataclass(frozen=True, slots=True)
class Strata:
    """The draw: strata and primary units, as they were before any domain was chosen.

    Attributes
    ----------
    levels : tuple
        Label of each stratum.
    stratum : Groups
        Stratum of each row.
    psu : Groups or None
        Primary unit of each row; None where each row is one.
    psu_stratum : int64 array (primary units,)
        Stratum of each primary unit, of each row where there are no clusters.
    drawn : int64 array (strata,)
        Primary units in each stratum.
    population : float64 array (strata,)
        Primary units in the frame; infinite without finite population correction.
    """

    levels: tuple[object, ...]
    stratum: Groups
    psu: Groups | None
    psu_stratum: IntArray
    drawn: IntArray
    population: FloatArray

    @property
    def correction(self) -> FloatArray:
        """1 - n/N of each stratum; 0 where everybody was drawn."""
        share = 1 - self.drawn / self.population
        census = 1e-7  # R's own limit
        return np.where(share < census, 0.0, share)


@dataclass(frozen=True, slots=True)
class SurveyDesign:
    """A file of answers with its design; made by `SurveyDesign.of`, and never changed.

    Attributes
    ----------
    weights : float64 array (rows,)
        Weight of each row.
    strata : Strata
        The draw.
    lonely : Lonely
        What a stratum with one primary unit adds.
    present : bool array (rows,)
        Rows that the variance knows of. A domain of an unadjusted design leaves the others out of sight; one of an
        adjusted design keeps them, as their residuals are not zero.
    inside : bool array (rows,)
        Rows of the domain.
    adjustments : tuple of Adjustment
        Post-stratification, raking and calibration, in the order they were done.
    """

    weights: FloatArray
    strata: Strata
    lonely: Lonely
    present: BoolArray
    inside: BoolArray
    adjustments: tuple[Adjustment, ...] = ()

    @classmethod
    def of(
        cls,
        *,
        rows: int | None = None,
        weights: npt.ArrayLike | None = None,
        strata: Labels | None = None,
        clusters: Labels | None = None,
        persons: Labels | None = None,
        fpc: npt.ArrayLike | Mapping[object, float] | None = None,
        nest: bool = False,
        lonely: Lonely = Lonely.FAIL,
    ) -> Self:
        """Describe a survey (R's ``svydesign``).

        Parameters
        ----------
        rows : int, optional
            Number of rows, where no column tells it.
        weights : array_like (rows,), optional
            Given weights, all above 0. Without them a row weighs N/n of its stratum where ``fpc`` is given, else 1.
        strata : labels (rows,), optional
            Stratum of each row; one stratum by default.
        clusters : labels (rows,), optional
            Primary unit of each row; each row is its own by default.
        persons : labels (rows,), optional
            Person of each row where rounds overlap: the person is then the primary unit, so that two answers of one
            person are not taken for two persons. In place of ``clusters``.
        fpc : array_like (rows,) or mapping from stratum, optional
            Primary units in the frame of the row's stratum (all at least 1), or the share of them drawn (all at most
            1): R's rule. Without it the draw counts as one with replacement.
        nest : bool
            Whether a cluster's label is unique only within its stratum. Otherwise a cluster in two strata is refused.
        lonely : Lonely
            What a stratum with one primary unit adds to a variance.

        Returns
        -------
        SurveyDesign

        Raises
        ------
        MicrodataError
            LENGTH, MISSING, WEIGHT, FPC, FPC_VARIES, SAMPLE_ABOVE_POPULATION, NOT_NESTED or ARGUMENT, naming the
            argument and the first row at fault.
        """
        if clusters is not None and persons is not None:
            raise MicrodataError(FaultKind.ARGUMENT, "give clusters or persons, not both", column="persons")
        size = _rows(rows, weights=weights, strata=strata, clusters=clusters, persons=persons, fpc=fpc)
        levels, stratum = _labels("strata", strata, size)
        name, units = ("persons", persons) if clusters is None else ("clusters", clusters)
        psu, psu_stratum = _primary_units(name, units, stratum, levels, nest=nest)
        drawn = np.bincount(psu_stratum, minlength=len(levels))
        population = _population(fpc, stratum, levels, drawn)
        draw = Strata(levels, Groups(stratum, len(levels)), psu, psu_stratum, drawn, population)
        everybody = np.ones(size, dtype=np.bool_)
        return cls(_weights(weights, draw, given=fpc is not None), draw, Lonely(lonely), everybody, everybody)

    @property
    def rows(self) -> int:
        """Number of rows of the file."""
        return len(self.weights)

    def domain(self, chosen: npt.ArrayLike) -> Self:
        """Choose rows without changing weights, strata or numbers drawn (R's ``subset``).

        Raises
        ------
        MicrodataError
            EMPTY_DOMAIN where no row is left, LENGTH where the mask has another length.
        """
        mask = np.asarray(chosen, dtype=np.bool_)
        if mask.shape != (self.rows,):
            raise MicrodataError(FaultKind.LENGTH, f"the mask has {mask.size} rows, the design {self.rows}")
        inside = self.inside & mask
        if not inside.any():
            raise MicrodataError(FaultKind.EMPTY_DOMAIN, "no row is left in the domain")
        return replace(self, inside=inside, present=self.present if self.adjustments else self.present & mask)

    def uncorrected(self) -> Self:
        """Leave out the finite population correction: the design for comparisons; weights stay."""
        return replace(self, strata=replace(self.strata, population=np.full(len(self.strata.levels), np.inf)))

    def reweighted(self, weights: FloatArray, *adjustments: Adjustment) -> Self:
        """Return the design with other weights, and what the variance must know of how they came about."""
        return replace(self, weights=weights, adjustments=(*self.adjustments, *adjustments))

    def degrees_of_freedom(self) -> int:
        """Primary units minus strata that hold any row of the domain (R's ``degf``)."""
        stratum = self.strata.stratum.codes[self.inside]
        units = len(stratum) if self.strata.psu is None else len(np.unique(self.strata.psu.codes[self.inside]))
        return units - len(np.unique(stratum))

    def domains(self, by: Mapping[str, Labels] | None = None) -> Domains:
        """Lay out the cells of columns among the rows of the domain."""
        found = Domains.of(by, self.rows)
        if self.inside.all():
            return found
        codes = np.where(self.inside, found.groups.codes, -1)
        kept = np.flatnonzero(np.bincount(codes[codes >= 0], minlength=found.groups.size))
        number = np.full(found.groups.size + 1, -1, dtype=np.int64)
        number[kept] = np.arange(len(kept))
        levels = tuple(found.levels[old] for old in kept)
        return Domains(found.names, levels, Groups(number[codes], len(levels)))


def _rows(rows: int | None, **columns: object) -> int:
    """Agree on the number of rows, or name the first column that differs."""
    size = rows
    for name, column in columns.items():
        if column is None or isinstance(column, Mapping):
            continue
        length = len(np.atleast_1d(np.asarray(column)))
        if size is not None and length != size:
            message = f"{name} has {length} rows, expected {size}"
            raise MicrodataError(FaultKind.LENGTH, message, column=name, value=length)
        size = length
    if not size:
        raise MicrodataError(FaultKind.EMPTY_DOMAIN, "a design needs at least one row")
    return size


def _labels(name: str, labels: Labels | None, size: int) -> tuple[tuple[object, ...], IntArray]:
    if labels is None:
        return (None,), np.zeros(size, dtype=np.int64)
    levels, codes = coded(labels)
    if (codes < 0).any():
        row = int(np.argmax(codes < 0))
        raise MicrodataError(FaultKind.MISSING, f"{name} is missing in row {row}", column=name, row=row)
    return levels, codes


def _primary_units(
    name: str, labels: Labels | None, stratum: IntArray, levels: tuple[object, ...], *, nest: bool
) -> tuple[Groups | None, IntArray]:
    if labels is None:
        return None, stratum
    names, codes = _labels(name, labels, len(stratum))
    pairs, cluster, of_stratum = crossed(codes, stratum, len(levels))
    if not nest and len(cluster) > len(names):
        twice = int(cluster[np.flatnonzero(cluster[1:] == cluster[:-1])[0]])
        row = int(np.argmax((codes == twice) & (stratum != stratum[np.argmax(codes == twice)])))
        message = f"{name} {names[twice]!r} lies in more than one stratum (row {row})"
        raise MicrodataError(FaultKind.NOT_NESTED, message, column=name, row=row, level=names[twice])
    return pairs, of_stratum


def _population(
    fpc: npt.ArrayLike | Mapping[object, float] | None, stratum: IntArray, levels: tuple[object, ...], drawn: IntArray
) -> FloatArray:
    """Primary units in the frame of each stratum, by R's reading of counts and shares."""
    if fpc is None:
        return np.full(len(levels), np.inf)
    if isinstance(fpc, Mapping):
        unknown = next((level for level in levels if level not in fpc), None)
        if unknown is not None:
            message = f"fpc has no number for stratum {unknown!r}"
            raise MicrodataError(FaultKind.UNKNOWN_LEVEL, message, column="fpc", level=unknown)
        given = np.array([fpc[level] for level in levels], dtype=np.float64)[stratum]
    else:
        given = np.asarray(fpc, dtype=np.float64)
    bad = ~(given > 0)
    if bad.any():
        row = int(np.argmax(bad))
        message = f"fpc in row {row} is missing or not above 0"
        raise MicrodataError(FaultKind.FPC, message, column="fpc", row=row, value=float(given[row]))
    counts = bool((given >= 1).all())
    if (not counts and (given > 1).any()) or (counts and (given == 1).all() and (drawn > 1).any()):
        row = int(np.argmax(given >= 1))
        message = f"fpc must be all counts (1 and above) or all shares (up to 1); row {row} has {given[row]:g}"
        raise MicrodataError(FaultKind.FPC, message, column="fpc", row=row, value=float(given[row]))
    return _within_strata(given if counts else drawn[stratum] / given, stratum, levels, drawn)


def _within_strata(
    population: FloatArray, stratum: IntArray, levels: tuple[object, ...], drawn: IntArray
) -> FloatArray:
    first = np.full(len(levels), -1, dtype=np.int64)
    first[stratum[::-1]] = np.arange(len(stratum))[::-1]
    each = population[first]
    varying = population != each[stratum]
    if varying.any():
        row = int(np.argmax(varying))
        message = f"fpc varies within stratum {levels[stratum[row]]!r} (row {row})"
        raise MicrodataError(FaultKind.FPC_VARIES, message, column="fpc", row=row, level=levels[stratum[row]])
    above = np.flatnonzero(each < drawn)
    if above.size:
        worst = int(above[0])
        message = f"stratum {levels[worst]!r} has {drawn[worst]} answers but only {each[worst]:g} in the frame"
        raise MicrodataError(
            FaultKind.SAMPLE_ABOVE_POPULATION,
            message,
            column="fpc",
            row=int(first[worst]),
            level=levels[worst],
            value=float(each[worst]),
        )
    return each


def _weights(weights: npt.ArrayLike | None, draw: Strata, *, given: bool) -> FloatArray:
    if weights is None:
        each = draw.population / draw.drawn if given else np.ones(len(draw.levels))
        return np.asarray(each[draw.stratum.codes], dtype=np.float64)
    found = np.asarray(weights, dtype=np.float64)
    bad = ~((found > 0) & np.isfinite(found))
    if bad.any():
        row = int(np.argmax(bad))
        what = "missing" if np.isnan(found[row]) else f"{found[row]:g}, must be above 0"
        raise MicrodataError(
            FaultKind.WEIGHT, f"weight in row {row} is {what}", column="weights", row=row, value=float(found[row])
        )
    return found
