"""What a level may see of a round's figures: one mark per group, question and breakdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from enkat.records.releases import ReleaseLevel
from enkat.services.results.computing import Breakdown, RoundResults
from enkat.services.results.groups import GroupKind
from enkat.statistics.disclosure import MARKS, SMALL_BASIS, Cells, Mark, pattern
from enkat.statistics.suppression import Family, Split
from enkat.statistics.tallies import BoolArray, IntArray

MARK_TEXTS: Mapping[Mark, str] = {
    Mark.SHOWN: "",
    Mark.SMALL_BASIS: "liten grund",
    Mark.TOO_FEW_POSITIVE: "få eller inga positiva",
    Mark.SUPPRESSED: "för få svar",
    Mark.NOT_ASKED: "frågan ställdes inte",
    Mark.NOT_APPLICABLE: "inga brukare",
}
"""What stands in a cell; empty where there is a figure without a remark."""
MARK_EXPLANATIONS: Mapping[Mark, str] = {
    Mark.SMALL_BASIS: f"Siffran bygger på färre än {SMALL_BASIS} svar.",
    Mark.TOO_FEW_POSITIVE: "Ingen eller bara en av dem som svarade är positiv. Siffran visas inte.",
    Mark.SUPPRESSED: (
        "För få har svarat, eller så skulle siffran avslöja en annan liten grupp. Därför visas varken antal svar, "
        "andel eller intervall."
    ),
    Mark.NOT_ASKED: "Frågan ingick inte i de formulär som gruppens brukare fick.",
    Mark.NOT_APPLICABLE: "Gruppen har inga brukare i omgången.",
}
_SEXES = (Breakdown.WOMEN, Breakdown.MEN)
_PARTS: tuple[tuple[Breakdown, ...], ...] = ((Breakdown.WITHOUT_PROXIES,), _SEXES)


@dataclass(frozen=True)
class Marks:
    """Marks of a level: per breakdown an int8 array (groups, questions) of indices into `MARKS`."""

    level: ReleaseLevel
    codes: Mapping[Breakdown, npt.NDArray[np.int8]]

    def mark(self, breakdown: Breakdown, group: int, question: int) -> Mark:
        """Return the mark of one cell."""
        return MARKS[int(self.codes[breakdown][group, question])]


def marks_for(results: RoundResults, level: ReleaseLevel) -> Marks:
    """Mark every cell: analysts see all that the count kept, others what disclosure control lets through."""
    if level is ReleaseLevel.ANALYST:
        codes = {breakdown: _analyst(results, breakdown) for breakdown in results.layers}
        return Marks(level, codes)
    survey_round = results.counted.survey_round
    internal = level is ReleaseLevel.INTERNAL
    threshold = survey_round.threshold_internal if internal else survey_round.threshold_public
    cells, families, splits, starts = _cells(results)
    found = pattern(cells, families, splits, threshold=threshold)
    size = len(results.grouping.groups)
    codes = {}
    for breakdown in results.layers:
        marks = found[starts[breakdown] : starts[breakdown] + size].copy()
        marks[_unknown(results, breakdown)] = MARKS.index(Mark.SUPPRESSED)
        codes[breakdown] = _not_asked(results, breakdown, marks)
    return Marks(level, codes)


def _unknown(results: RoundResults, breakdown: Breakdown) -> BoolArray:
    """Cells with clients whose answers the kept classes do not tell apart; of two sexes both."""
    together = _SEXES if breakdown in _SEXES else (breakdown,)
    layers = [results.layers[one] for one in together]
    unknown = [(layer.clients > 0) & ~layer.available for layer in layers]
    return np.asarray(np.any(unknown, axis=0), dtype=np.bool_)


def _analyst(results: RoundResults, breakdown: Breakdown) -> npt.NDArray[np.int8]:
    layer = results.layers[breakdown]
    marks = np.full(layer.clients.shape, MARKS.index(Mark.SHOWN), dtype=np.int8)
    marks[layer.estimates.answered < SMALL_BASIS] = MARKS.index(Mark.SMALL_BASIS)
    marks[layer.estimates.answered == 0] = MARKS.index(Mark.SUPPRESSED)
    return _not_asked(results, breakdown, marks)


def _not_asked(results: RoundResults, breakdown: Breakdown, marks: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    clients = results.layers[breakdown].clients
    marks[clients == 0] = MARKS.index(Mark.NOT_ASKED)
    marks[clients.sum(axis=1) == 0] = MARKS.index(Mark.NOT_APPLICABLE)
    return marks


def _cells(results: RoundResults) -> tuple[Cells, list[Family], list[Split], dict[Breakdown, int]]:
    """Lay the breakdowns above each other: the cells, what adds up, what is split, where each breakdown starts."""
    everybody = results.layers[Breakdown.ALL]
    size = len(results.grouping.groups)
    whole = everybody.available & (everybody.clients > 0)
    layers = list(results.layers.items())
    starts = {breakdown: size * number for number, (breakdown, _layer) in enumerate(layers)}
    families = [family for start in starts.values() for family in results.grouping.families(start)]
    splits: list[Split] = []
    for parts in _PARTS:
        if parts[0] in results.layers:
            rest = _rest(results, parts)
            splits += [Split(group, [starts[part] + group for part in parts], rest[group]) for group in range(size)]
    cells = Cells(
        answered=np.concatenate([layer.estimates.answered for _breakdown, layer in layers]),
        positive=np.concatenate([layer.estimates.positive for _breakdown, layer in layers]),
        asked=np.concatenate([layer.available & whole for _breakdown, layer in layers]),
        clients=np.ones(size * len(layers), dtype=np.int64),
        blocks=_blocks(results),
    )
    return cells, families, splits, starts


def _rest(results: RoundResults, parts: Sequence[Breakdown]) -> IntArray:
    """Count those whom the parts leave out in the strata that tell them, for every group: (groups, questions)."""
    grouping = results.grouping
    known = results.layers[parts[0]].known[:, None]
    everybody = results.layers[Breakdown.ALL].estimates.answered[grouping.units.start :]
    strata = (
        everybody - sum(results.layers[part].estimates.answered[grouping.units.start :] for part in parts)
    ) * known
    return np.array([strata[grouping.strata_of(group)].sum(axis=0) for group in range(len(grouping.groups))])


def _blocks(results: RoundResults) -> IntArray:
    """Core questions asked by the same instruments stand or fall together; every other question by itself."""
    labels: dict[object, int] = {}
    keys = (asked.snapshots if asked.question.core else asked.question.id for asked in results.counted.questions)
    return np.array([labels.setdefault(key, len(labels)) for key in keys], dtype=np.int64)


def visible_groups(results: RoundResults, districts: frozenset[int] | None) -> list[int]:
    """Return the groups to list for somebody limited to districts (None: all), small units apart."""
    return [
        index
        for index, group in enumerate(results.grouping.groups)
        if group.kind is not GroupKind.SMALL_UNITS
        and (districts is None or group.district_id is None or group.district_id in districts)
    ]
