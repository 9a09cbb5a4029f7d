"""Several questions as one figure: an index 0–100, and how well the questions hang together (Cronbach 1951)."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from enkat.statistics.intervals import LEVEL, FloatArray, ratio
from enkat.statistics.microdata.design import SurveyDesign
from enkat.statistics.microdata.domains import By
from enkat.statistics.microdata.faults import FaultKind, MicrodataError
from enkat.statistics.microdata.means import Answers
from enkat.statistics.microdata.results import DegreesOfFreedom, Estimates
from enkat.statistics.microdata.spread import variance


def index_points(
    items: npt.ArrayLike, worst: npt.ArrayLike, best: npt.ArrayLike, *, minimum: int | None = None
) -> FloatArray:
    """Each person's index: the mean of the answered questions, each laid from 0 (worst) to 100 (best).

    Parameters
    ----------
    items : array_like (rows, items)
        Codes; NaN is missing.
    worst, best : array_like (items,)
        Codes at the two ends; a question asked the other way round has worst above best.
    minimum : int, optional
        Answers needed for an index; half of the questions, rounded up, by default.

    Returns
    -------
    float64 array (rows,)
        NaN below the minimum. Give it to `mean`.

    Raises
    ------
    MicrodataError
        ARGUMENT for equal ends or a minimum out of range, UNKNOWN_LEVEL for a code outside the ends (naming the row
        and the column's number).
    """
    codes = np.asarray(items, dtype=np.float64)
    low, high = np.broadcast_arrays(np.asarray(worst, dtype=np.float64), np.asarray(best, dtype=np.float64))
    if np.any(low == high):
        raise MicrodataError(FaultKind.ARGUMENT, "an item's worst and best code are equal", column="worst")
    count = codes.shape[1]
    needed = (count + 1) // 2 if minimum is None else minimum
    if not 1 <= needed <= count:
        raise MicrodataError(FaultKind.ARGUMENT, f"minimum {needed} of {count} items", column="minimum", value=needed)
    points = (codes - low) / (high - low) * 100
    outside = np.asarray((points < 0) | (points > 100))  # noqa: PLR2004  the index's ends
    if outside.any():
        row, item = (int(place) for place in np.argwhere(outside)[0])
        message = f"item {item} has code {codes[row, item]:g} in row {row}, outside its scale"
        raise MicrodataError(
            FaultKind.UNKNOWN_LEVEL, message, column=str(item), row=row, level=item, value=float(codes[row, item])
        )
    answered = ~np.isnan(points)
    enough = answered.sum(axis=1)
    return np.where(enough >= needed, ratio(np.nansum(points, axis=1), enough), np.nan)


def criterion_points(
    items: npt.ArrayLike,
    worst: npt.ArrayLike,
    best: npt.ArrayLike,
    criteria: Mapping[str, Sequence[int]],
    *,
    minimum: int | None = None,
) -> FloatArray:
    """Each person's index for each criterion.

    Parameters
    ----------
    criteria : mapping
        The columns of ``items`` that belong to each criterion.
    items, worst, best, minimum
        As for `index_points`; a minimum above a criterion's number of questions asks for all of them.

    Returns
    -------
    float64 array (rows, criteria)
        Give it to `mean` with ``names=criteria``.
    """
    codes = np.asarray(items, dtype=np.float64)
    low = np.broadcast_to(np.asarray(worst, dtype=np.float64), codes.shape[1:])
    high = np.broadcast_to(np.asarray(best, dtype=np.float64), codes.shape[1:])
    columns = []
    for chosen in criteria.values():
        own = list(chosen)
        needed = None if minimum is None else min(minimum, len(own))
        columns.append(index_points(codes[:, own], low[own], high[own], minimum=needed))
    return np.column_stack(columns)


def cronbach_alpha(
    design: SurveyDesign,
    items: npt.ArrayLike,
    *,
    by: By = None,
    name: str = "alpha",
    level: float = LEVEL,
    df: DegreesOfFreedom = "design",
) -> Estimates:
    """Cronbach's alpha over those who answered every item (R's ``svycralpha`` with ``na.rm=TRUE``).

    Without weights (``SurveyDesign.of(rows=…)``) it is the plain alpha. The standard error is that of the linearised
    alpha, which R does not give.

    Parameters
    ----------
    items : array_like (rows, items)
        Scored in the same direction; NaN is missing.
    name : str
    design, by, level, df
        As for `mean`.

    Raises
    ------
    MicrodataError
        ARGUMENT for fewer than two items.
    """
    codes = np.asarray(items, dtype=np.float64)
    if codes.ndim != 2 or codes.shape[1] < 2:  # noqa: PLR2004  alpha is about items together
        raise MicrodataError(FaultKind.ARGUMENT, "alpha needs at least two items", column="items")
    count = codes.shape[1]
    complete = np.asarray(~np.isnan(codes).any(axis=1), dtype=np.bool_)
    both = np.where(complete[:, None], np.column_stack([codes, codes.sum(axis=1)]), np.nan)
    found = variance(design, both, by=by)
    answers = Answers.of(design, both[:, -1], by, [name])
    parts, whole = found.estimate[:, :count].sum(axis=1, keepdims=True), found.estimate[:, count:]
    factor = count / (count - 1)
    estimate = factor * (1 - ratio(parts, whole))
    own = answers.own
    scores = found.scored().scores
    inner = ratio(parts, whole**2)[own] * scores[:, count:] - ratio(1, whole)[own] * scores[:, :count].sum(
        axis=1, keepdims=True
    )
    return answers.finish(estimate, factor * np.nan_to_num(inner), "Cronbach's alpha", level=level, df=df)
