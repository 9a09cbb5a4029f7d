"""Shares of groups of units as if they had the same clients: direct standardisation from what the count keeps."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from enkat.statistics.comparisons.differences import Side
from enkat.statistics.comparisons.tables import weighted_side
from enkat.statistics.intervals.basis import FloatArray, IntArray

LEAST: Final = 20
"""Respondents that a cell of sex and age must hold in every group; a thinner one joins its neighbour."""


@dataclass(frozen=True, slots=True)
class Classes:
    """Kept classes of one group of units (those of one operating form, say), for one question.

    Attributes
    ----------
    positive, answered : int64 arrays (classes,)
        Positive answers and answers with an opinion.
    members : int64 array (classes, cells)
        Respondents of the class in each cell of sex and age, from the count's own numbers.
    """

    positive: IntArray
    answered: IntArray
    members: IntArray


@dataclass(frozen=True, slots=True)
class Standardised:
    """A group's share with the standard's mix of clients, beside its own.

    Attributes
    ----------
    raw, share : float
        Share among the answers, and with the standard's mix. NaN without answers.
    variance : float
        Of ``share``, without finite population correction.
    answers : int
    df : float
        Answers minus cells.
    """

    raw: float
    share: float
    variance: float
    answers: int
    df: float

    @property
    def side(self) -> Side:
        """The share as one side of a comparison."""
        return weighted_side([self.share], [self.variance], [self.answers], [self.df])


def standardise(classes: Classes, standard: npt.ArrayLike) -> Standardised:
    """Standardise a group's share directly: the share of each cell, weighted by the standard's clients in it.

    Where every class lies within one cell this is the sum over cells of w·k/n, as in R's ``svystandardize``. A class
    that joins cells tells only their mean; the shares of the cells are then those that fit all classes best (least
    squares with the answers as weights), which is the same thing where no class is joined. The variance is the
    sandwich of the answers' own residuals (HC1: White 1980, Econometrica 48:817-838; MacKinnon and White 1985).

    Cells must be joined beforehand so that each holds enough respondents (`join_thin`). A group without answers gives
    NaN. Of one answer the variance is NaN.

    Parameters
    ----------
    classes : Classes
    standard : array_like (cells,)
        Clients in each cell of the mix that all groups are given, the city's; any positive scale.

    Raises
    ------
    ValueError
        If the classes cannot tell the cells apart.
    """
    some = classes.answered > 0
    k, n = classes.positive[some].astype(np.float64), classes.answered[some].astype(np.float64)
    total, weight = float(n.sum()), np.asarray(standard, dtype=np.float64) / np.sum(standard)
    if not total:
        return Standardised(np.nan, np.nan, np.nan, 0, 0.0)
    members = classes.members[some].astype(np.float64)
    mix = members / members.sum(axis=1, keepdims=True)
    normal = mix.T @ (n[:, None] * mix)
    if np.linalg.matrix_rank(normal) < len(weight):
        raise ValueError("the kept classes cannot tell the cells apart: join cells first")
    pull = np.linalg.solve(normal, weight)  # what a class's mix is worth in the standard
    cells = np.linalg.solve(normal, mix.T @ k)
    expected = mix @ cells
    squares = k * (1 - expected) ** 2 + (n - k) * expected**2
    df = total - len(weight)
    variance = float(((mix @ pull) ** 2 * squares).sum() * (total / df if df > 0 else np.nan))
    return Standardised(float(k.sum() / total), float(weight @ cells), variance, int(total), df)


def join_thin(members: npt.ArrayLike, *, least: int = LEAST) -> IntArray:
    """Join cells of sex and age until each holds enough respondents in every group.

    The thinnest cell joins the thinnest neighbouring age of the same sex, and the other sex when no age is left.

    Parameters
    ----------
    members : array_like of int (groups, sexes, ages)
        Respondents.
    least : int
        How many a cell must hold in every group.

    Returns
    -------
    int64 array (sexes, ages)
        The number of the joined cell, 0 and upward. One cell in all where there are too few respondents.
    """
    counts = np.asarray(members, dtype=np.int64)
    sexes, ages = counts.shape[1:]
    flat = counts.reshape(len(counts), -1)
    label = np.arange(sexes * ages)
    while len(np.unique(label)) > 1:
        thin = {int(cell): int(flat[:, label == cell].sum(axis=1).min()) for cell in np.unique(label)}
        smallest = min(thin, key=lambda cell: thin[cell])
        if thin[smallest] >= least:
            break
        label[label == smallest] = min(_neighbours(label, smallest, ages), key=lambda cell: thin[cell])
    return np.unique(label, return_inverse=True)[1].reshape(sexes, ages).astype(np.int64)


def _neighbours(label: IntArray, cell: int, ages: int) -> list[int]:
    """List the cells beside one: neighbouring ages of its sex, else any other cell."""
    places = np.flatnonzero(label == cell)
    sex, age = places // ages, places % ages
    beside = [
        int(label[one * ages + at])
        for one, years in zip(sex, age, strict=True)
        for at in (years - 1, years + 1)
        if 0 <= at < ages and label[one * ages + at] != cell
    ]
    return beside or [int(other) for other in np.unique(label) if other != cell]


def joined(values: FloatArray | IntArray, cells: IntArray) -> npt.NDArray[np.float64]:
    """Sum (..., sexes, ages) into the joined cells: (..., cells)."""
    flat = np.asarray(values, dtype=np.float64).reshape(*values.shape[:-2], -1)
    return np.asarray(flat @ np.eye(int(cells.max()) + 1)[cells.ravel()], dtype=np.float64)
