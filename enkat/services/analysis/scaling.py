"""Several questions as one figure: index 0–100 and Cronbach's alpha."""

import math
from collections.abc import Sequence

import numpy as np

from enkat.services.analysis.asking import Question, to_rows
from enkat.services.analysis.columns import FloatArray
from enkat.services.analysis.frame import Frame
from enkat.services.analysis.rows import Row
from enkat.services.faults import Fault
from enkat.statistics.microdata.faults import FaultKind, MicrodataError
from enkat.statistics.microdata.means import mean
from enkat.statistics.microdata.scales import cronbach_alpha, index_points

INDEX = "index"
ALPHA = "alpha"


def needed(items: Sequence[str], minimum: float) -> int:
    """Return how many items must be answered: as told, or as a share of them; never more than there are."""
    return min(len(items), math.ceil(minimum if minimum >= 1 else minimum * len(items)))


def row_index(frame: Frame, items: list[str], scale: list[float], minimum: float, *, place: str) -> FloatArray:
    """Return each row's index 0..100 from its answered items.

    Parameters
    ----------
    items : list of str
    scale : list of float
        Worst and best point of the items' scale.
    minimum : float
        Items that must be answered: a number from 1, or a share of them below 1.

    Raises
    ------
    Fault
        Where an answer lies outside the scale.
    """
    worst, best = scale
    values = np.column_stack([frame.numbers(item) for item in items])
    try:
        return index_points(values, [worst] * len(items), [best] * len(items), minimum=needed(items, minimum))
    except MicrodataError as fault:
        if fault.kind is not FaultKind.UNKNOWN_LEVEL or fault.row is None:
            raise
        outside = (values[fault.row] < min(scale)) | (values[fault.row] > max(scale))
        item = int(np.argmax(outside))
        raise Fault(
            f"{frame.place(fault.row)}, kolumn {items[item]}: {values[fault.row, item]:g} ligger utanför skalan "
            f"{worst:g}–{best:g} i {place}."
        ) from fault


def index_rows(question: Question) -> list[Row]:
    """Estimate the mean index; one row per criterion where criteria are named, else one called "index"."""
    analysis = question.analysis
    criteria = analysis.criteria or {INDEX: analysis.variables}
    y = np.column_stack(
        [
            row_index(question.survey.answers, items, analysis.scale or [], analysis.minimum, place=question.place)
            for items in criteria.values()
        ]
    )
    with question.told():
        found = mean(question.design, y, by=question.cells.codes, names=list(criteria), **question.interval)
    return to_rows(question, found)


def alpha_rows(question: Question) -> list[Row]:
    """Estimate Cronbach's alpha of the variables, of those who answered all of them."""
    with question.told():
        found = cronbach_alpha(
            question.design, question.numbers(), by=question.cells.codes, name=ALPHA, **question.interval
        )
    return to_rows(question, found)
