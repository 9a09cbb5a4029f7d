"""Weights that meet known counts: post-stratification and raking, with the variance of residuals.

Holt and Smith (1979) for post-stratification, Deming and Stephan (1940) for raking; R's ``postStratify`` and ``rake``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import scipy  # loads `scipy.sparse` when it is first used

from enkat.statistics.intervals import FloatArray, IntArray
from enkat.statistics.microdata.design import SurveyDesign
from enkat.statistics.microdata.domains import Domains, Groups, Labels, crossed
from enkat.statistics.microdata.faults import FaultKind, MicrodataError

Counts = Mapping[object, float]
AGREEMENT: Final = 1e-6
"""Relative difference up to which margins agree on how many there are, and are met."""
SWEEPS: Final = 10
"""Times that the residual of raking is taken margin by margin, as in R."""


@dataclass(frozen=True, slots=True)
class Margin:
    """Known counts of the cells of one or more columns.

    Attributes
    ----------
    by : mapping of columns
        The columns, each with a label for every row.
    counts : mapping
        The frame's count of each cell, by its value (one column) or tuple of values (several).
    """

    by: Mapping[str, Labels]
    counts: Counts

    @property
    def name(self) -> str:
        """Name of the margin: its columns."""
        return " × ".join(self.by)

    def cells(self, design: SurveyDesign, *, partial: bool = False) -> tuple[Domains, FloatArray]:
        """Lay out the cells among the design's rows, with the frame's count of each.

        Raises
        ------
        MicrodataError
            MISSING for a row without label, UNKNOWN_LEVEL for a cell without count, MARGIN for a count that is not
            above 0 where there are answers, or for a count above 0 without answers (unless ``partial``).
        """
        domains = design.domains(self.by)
        self._labelled(design, domains)
        counts = {key if isinstance(key, tuple) else (key,): float(count) for key, count in self.counts.items()}
        for number, level in enumerate(domains.levels):
            if not counts.get(level, 0) > 0:
                kind = FaultKind.MARGIN if level in counts else FaultKind.UNKNOWN_LEVEL
                row = int(np.argmax(domains.groups.codes == number))
                message = f"margin {self.name}: cell {_shown(level)} has answers but no count above 0"
                raise MicrodataError(kind, message, column=self.name, row=row, level=_shown(level))
        heard = set(domains.levels)
        silent = next((key for key, count in counts.items() if count > 0 and key not in heard), None)
        if silent is not None and not partial:
            message = f"margin {self.name}: nobody answered in cell {_shown(silent)}, which has {counts[silent]:g}"
            raise MicrodataError(
                FaultKind.MARGIN, message, column=self.name, level=_shown(silent), value=counts[silent]
            )
        return domains, np.array([counts[level] for level in domains.levels])

    def _labelled(self, design: SurveyDesign, domains: Domains) -> None:
        unlabelled = design.inside & (domains.groups.codes < 0)
        if unlabelled.any():
            row = int(np.argmax(unlabelled))
            raise MicrodataError(
                FaultKind.MISSING, f"margin {self.name} is missing in row {row}", column=self.name, row=row
            )


def _shown(level: tuple[object, ...]) -> object:
    return level[0] if len(level) == 1 else level


@dataclass(frozen=True, slots=True)
class _Cells:
    """Cells of rows, with the weights before and after; rows out of sight are in none."""

    groups: Groups
    before: FloatArray
    after: FloatArray

    def means(self, scores: FloatArray) -> FloatArray:
        """Mean score per unit of final weight in each cell, each row counting by its weight before."""
        return self.groups.sums(scores * (self.before / self.after)[:, None]) / self._sizes[:, None]

    def spread(self, means: FloatArray) -> FloatArray:
        """Give every row its cell's value times its final weight; 0 to rows in none."""
        scores = means[self.groups.codes]
        scores *= np.where(self.groups.codes < 0, 0.0, self.after)[:, None]
        return scores

    def onto(self, other: Self) -> scipy.sparse.csr_array:
        """Give the matrix that takes this margin's values to the other's means of their spread."""
        pairs, mine, theirs = crossed(self.groups.codes, other.groups.codes, other.groups.size)
        share = pairs.sums(self.after * other.before / other.after) / other._sizes[theirs]
        return scipy.sparse.csr_array((share, (theirs, mine)), shape=(other.groups.size, self.groups.size))

    @property
    def _sizes(self) -> FloatArray:
        return self.groups.sums(self.before)


@dataclass(frozen=True, slots=True)
class Poststrata:
    """Post-stratification, as the variance knows it: residuals from the cells' means."""

    cells: _Cells

    def residuals(self, scores: FloatArray) -> FloatArray:
        """Take the mean of each post-stratum from weighted scores (rows, columns)."""
        return scores - self.cells.spread(self.cells.means(scores))


@dataclass(frozen=True, slots=True)
class Raking:
    """Raking, as the variance knows it: residuals taken margin by margin, ten times over.

    What is taken is a value per cell of each margin, so the rounds are walked among the cells: ``steps[i][j]`` tells
    what margin j's values do to margin i's means.
    """

    margins: tuple[_Cells, ...]
    steps: tuple[tuple[scipy.sparse.csr_array, ...], ...]

    @classmethod
    def of(cls, margins: Sequence[_Cells]) -> Self:
        """Work out once how the margins overlap."""
        return cls(tuple(margins), tuple(tuple(from_.onto(to) for from_ in margins) for to in margins))

    def residuals(self, scores: FloatArray) -> FloatArray:
        """Take the margins' means from weighted scores (rows, columns) by turns."""
        means = [margin.means(scores) for margin in self.margins]
        taken = [np.zeros_like(mean) for mean in means]
        for _ in range(SWEEPS):
            for number, mean in enumerate(means):
                left = mean - sum(step @ part for step, part in zip(self.steps[number], taken, strict=True))
                taken[number] = taken[number] + left
        for margin, part in zip(self.margins, taken, strict=True):
            scores = scores - margin.spread(part)
        return scores


def _scaled(groups: Groups, weights: FloatArray, counts: FloatArray) -> FloatArray:
    """Scale weights so that each group sums to its count; rows in none keep theirs."""
    factor = np.append(counts / groups.sums(weights), 1.0)
    return np.asarray(weights * factor[groups.codes], dtype=np.float64)


def poststratify(
    design: SurveyDesign, by: Mapping[str, Labels], counts: Counts, *, partial: bool = False
) -> SurveyDesign:
    """Scale weights so that each cell sums to the frame's count (R's ``postStratify``).

    Parameters
    ----------
    by : mapping of columns
        Every row of the design needs a label.
    counts : mapping
        Count of each cell, by value (one column) or tuple of values.
    partial : bool
        Whether cells with a count but no answers are left out; they are refused otherwise.

    Raises
    ------
    MicrodataError
        MISSING, UNKNOWN_LEVEL or MARGIN.
    """
    domains, known = Margin(by, counts).cells(design, partial=partial)
    after = _scaled(domains.groups, design.weights, known)
    return design.reweighted(after, Poststrata(_Cells(domains.groups, design.weights, after)))


def rake(design: SurveyDesign, margins: Sequence[Margin], *, epsilon: float = 1e-10, most: int = 200) -> SurveyDesign:
    """Scale weights by margin after margin until all are met (R's ``rake``).

    R stops when no cell of the cross-table changes by more than ``control$epsilon`` = 1 person, after at most 10
    passes; here the margins are met to the last digits unless ``epsilon`` says otherwise.

    Parameters
    ----------
    margins : sequence of Margin
    epsilon : float
        Largest change of a cell of the cross-table in the last pass: in people where it is 1 or more, otherwise as a
        share of all weights (R's reading).
    most : int
        Passes at most.

    Raises
    ------
    MicrodataError
        MISSING, UNKNOWN_LEVEL or MARGIN, also where margins disagree on how many there are; NOT_CONVERGED naming the
        margin and cell farthest from its count.
    """
    laid = [margin.cells(design) for margin in margins]
    _agree(margins, [known for _, known in laid])
    cross = _cross([domains.groups for domains, _ in laid])
    limit = epsilon if epsilon >= 1 else epsilon * float(design.weights[design.inside].sum())
    weights, table, done = design.weights, cross.sums(design.weights), False
    cells: list[_Cells] = []
    for _ in range(most):
        cells = []
        for domains, known in laid:
            after = _scaled(domains.groups, weights, known)
            cells.append(_Cells(domains.groups, weights, after))
            weights = after
        before, table = table, cross.sums(weights)
        done = bool(np.abs(before - table).max() < limit)
        if done:
            break
    if not done or not _met(laid, weights, limit * cross.size):
        raise _farthest(margins, laid, weights, most)
    even = np.ones(design.rows)  # R takes the plain mean of a margin's cell here
    return design.reweighted(weights, Raking.of([_Cells(one.groups, even, one.after) for one in cells]))


def _met(laid: Sequence[tuple[Domains, FloatArray]], weights: FloatArray, slack: float) -> bool:
    """Whether every margin is met: passes that undo each other stand still too."""
    return all(
        bool((np.abs(domains.groups.sums(weights) - known) <= np.maximum(slack, AGREEMENT * known)).all())
        for domains, known in laid
    )


def _cross(groups: Sequence[Groups]) -> Groups:
    codes: IntArray = np.zeros(len(groups[0].codes), dtype=np.int64)
    size = 1
    for one in groups:
        codes = np.where((codes < 0) | (one.codes < 0), -1, codes * one.size + one.codes)
        inside = codes >= 0
        occurring, codes[inside] = np.unique(codes[inside], return_inverse=True)
        size = len(occurring)
    return Groups(codes, size)


def _agree(margins: Sequence[Margin], counts: Sequence[FloatArray]) -> None:
    if not margins:
        raise MicrodataError(FaultKind.ARGUMENT, "raking needs at least one margin", column="margins")
    first = float(counts[0].sum())
    for margin, known in zip(margins, counts, strict=True):
        if abs(known.sum() - first) > AGREEMENT * first:
            message = f"margin {margin.name} sums to {known.sum():g}, margin {margins[0].name} to {first:g}"
            raise MicrodataError(FaultKind.MARGIN, message, column=margin.name, value=float(known.sum()))


def _farthest(
    margins: Sequence[Margin], laid: Sequence[tuple[Domains, FloatArray]], weights: FloatArray, most: int
) -> MicrodataError:
    """Name the cell that is farthest from its count."""
    off = [np.abs(domains.groups.sums(weights) / known - 1) for domains, known in laid]
    worst = int(np.argmax([each.max() for each in off]))
    cell, name = int(off[worst].argmax()), margins[worst].name
    level, value = _shown(laid[worst][0].levels[cell]), float(off[worst][cell])
    message = f"raking does not meet margin {name}, cell {level}: {value:.2%} off after {most} passes"
    return MicrodataError(FaultKind.NOT_CONVERGED, message, column=name, level=level, value=value)
