"""Several files as one: two rounds, or units that were surveyed apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from enkat.statistics.intervals import FloatArray, IntArray
from enkat.statistics.microdata.design import Adjustment, Strata, SurveyDesign
from enkat.statistics.microdata.domains import Groups
from enkat.statistics.microdata.faults import FaultKind, MicrodataError


@dataclass(frozen=True, slots=True)
class _Apart:
    """Adjustments of designs that were adjusted before they were pooled, each on its own rows."""

    blocks: tuple[tuple[slice, tuple[Adjustment, ...]], ...]

    def residuals(self, scores: FloatArray) -> FloatArray:
        result = scores.copy()
        for rows, adjustments in self.blocks:
            for adjustment in adjustments:
                result[rows] = adjustment.residuals(result[rows])
        return result


def pool(designs: Sequence[SurveyDesign]) -> SurveyDesign:
    """Lay independent designs after each other: the strata of each stay its own, and so do its weights.

    Rows, and so the columns given to a verb, follow each other in the same order. Persons who answered in more than
    one of the designs make them dependent: then make one design of all rows with ``persons=`` instead.

    Raises
    ------
    MicrodataError
        ARGUMENT where there is no design, or where they treat lonely strata differently.
    """
    if len({design.lonely for design in designs}) != 1:
        raise MicrodataError(FaultKind.ARGUMENT, "pool designs that treat lonely strata alike", column="designs")
    draws = [design.strata for design in designs]
    strata = np.cumsum([0, *(len(draw.levels) for draw in draws)])
    rows = np.cumsum([0, *(design.rows for design in designs)])
    clustered = any(draw.psu is not None for draw in draws)
    draw = Strata(
        levels=tuple((number, level) for number, one in enumerate(draws) for level in one.levels),
        stratum=Groups(_shifted([one.stratum.codes for one in draws], strata), int(strata[-1])),
        psu=_units(designs) if clustered else None,
        psu_stratum=_shifted([one.psu_stratum for one in draws], strata),
        drawn=np.concatenate([one.drawn for one in draws]),
        population=np.concatenate([one.population for one in draws]),
    )
    blocks = tuple(
        (slice(int(begin), int(end)), design.adjustments)
        for begin, end, design in zip(rows[:-1], rows[1:], designs, strict=True)
    )
    return SurveyDesign(
        weights=np.concatenate([design.weights for design in designs]),
        strata=draw,
        lonely=designs[0].lonely,
        present=np.concatenate([design.present for design in designs]),
        inside=np.concatenate([design.inside for design in designs]),
        adjustments=(_Apart(blocks),) if any(design.adjustments for design in designs) else (),
    )


def _shifted(codes: Sequence[IntArray], begins: IntArray) -> IntArray:
    return np.concatenate([one + begin for one, begin in zip(codes, begins[:-1], strict=True)])


def _units(designs: Sequence[SurveyDesign]) -> Groups:
    own = [draw.psu or Groups(np.arange(design.rows), design.rows) for design in designs for draw in [design.strata]]
    begins = np.cumsum([0, *(one.size for one in own)])
    return Groups(_shifted([one.codes for one in own], begins), int(begins[-1]))
