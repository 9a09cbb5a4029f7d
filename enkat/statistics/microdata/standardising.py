"""Direct standardisation: every domain with the same mix (R's ``svystandardize``)."""

from collections.abc import Mapping

import numpy.typing as npt

from enkat.statistics.intervals import ratio
from enkat.statistics.microdata.design import SurveyDesign
from enkat.statistics.microdata.domains import By, Labels
from enkat.statistics.microdata.faults import FaultKind, MicrodataError
from enkat.statistics.microdata.poststrata import Counts, Margin, poststratify


def standardise(
    design: SurveyDesign,
    cells: Mapping[str, Labels],
    population: Counts,
    *,
    over: By = None,
    answered: npt.ArrayLike | None = None,
    partial: bool = False,
) -> SurveyDesign:
    """Weigh so that the cells have the population's shares in every group of ``over``.

    Each group keeps its sum of weights. A mean by group of the result is the directly standardised one.

    Parameters
    ----------
    cells : mapping of columns
        Sex and age group, say.
    population : mapping
        Count or share of each cell, by value (one column) or tuple of values.
    over : mapping of columns, optional
        The groups to be compared; the whole by default.
    answered : array_like of bool (rows,), optional
        Rows to use: those that answered the question (R's ``excluding.missing``).
    partial : bool
        Whether a cell where a group has nobody is left out for that group, as R does with a warning. Refused
        otherwise: the group's figure would not stand for the same mix.

    Raises
    ------
    MicrodataError
        MISSING, UNKNOWN_LEVEL, MARGIN, EMPTY_DOMAIN.
    """
    chosen = design if answered is None else design.domain(answered)
    fixed, counts = Margin(cells, population).cells(chosen, partial=True)
    _nobody(population, fixed.levels, partial=partial)
    groups = chosen.domains(over)
    sizes = groups.groups.sums(chosen.weights * chosen.inside)
    shares = ratio(counts, counts.sum())
    wanted: dict[object, float] = {
        (*cell, *group): float(share * size)
        for cell, share in zip(fixed.levels, shares, strict=True)
        for group, size in zip(groups.levels, sizes, strict=True)
    }
    both = dict(cells) | dict(over or {})
    if len(both) != len(cells) + len(over or {}):
        raise MicrodataError(FaultKind.ARGUMENT, "a column is both cell and group", column="over")
    return poststratify(chosen, both, wanted, partial=partial)


def _nobody(population: Counts, levels: tuple[tuple[object, ...], ...], *, partial: bool) -> None:
    """Refuse a cell of the population where nobody at all answered."""
    for key, count in population.items():
        cell = key if isinstance(key, tuple) else (key,)
        if count > 0 and cell not in levels and not partial:
            shown = cell[0] if len(cell) == 1 else cell
            raise MicrodataError(FaultKind.MARGIN, f"nobody answered in cell {shown}", column="cells", level=shown)
