"""A round's figures laid out for disclosure control: breakdowns above each other, what adds up, what is split."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from enkat.services.results.computing import Breakdown, RoundResults
from enkat.statistics.disclosure.marks import Cells
from enkat.statistics.disclosure.release_tables import Structure
from enkat.statistics.disclosure.suppression import Family, Split
from enkat.statistics.tallies import BoolArray, IntArray

SEXES = (Breakdown.WOMEN, Breakdown.MEN)
PARTS: tuple[tuple[Breakdown, ...], ...] = ((Breakdown.WITHOUT_PROXIES,), SEXES)


@dataclass(frozen=True)
class ReleaseCells:
    """Nodes are the groups of each breakdown, one breakdown after the other.

    Attributes
    ----------
    cells : Cells (nodes, questions)
    families, splits : sequence
        What adds up and what is split, for the rules.
    starts : mapping
        Where each breakdown's groups begin.
    structure : Structure
        The same for the attacker.
    clients : int64 array (nodes, questions)
        Of the strata whose classes tell the breakdown: no more can have answered in it.
    inside : bool array (nodes, nodes)
        ``inside[a, b]``: everybody in node a is in node b as well.
    """

    cells: Cells
    families: Sequence[Family]
    splits: Sequence[Split]
    starts: Mapping[Breakdown, int]
    structure: Structure
    clients: IntArray
    inside: BoolArray


def release_cells(results: RoundResults) -> ReleaseCells:
    """Lay out a round's results."""
    everybody = results.layers[Breakdown.ALL]
    size = len(results.grouping.groups)
    whole = everybody.available & (everybody.clients > 0)
    layers = list(results.layers.items())
    starts = {breakdown: size * number for number, (breakdown, _layer) in enumerate(layers)}
    families = [family for start in starts.values() for family in results.grouping.families(start)]
    member, first = _members(results), results.grouping.units.start
    tellable = [(layer.clients * (layer.available & whole))[first:] for _breakdown, layer in layers]
    splits: list[Split] = []
    for parts in PARTS:
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
    return ReleaseCells(
        cells=cells,
        families=families,
        splits=splits,
        starts=starts,
        structure=_structure(results, families, starts),
        clients=np.concatenate([member @ told for told in tellable]),
        inside=_inside(member, len(layers)),
    )


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


def _structure(results: RoundResults, families: Sequence[Family], starts: Mapping[Breakdown, int]) -> Structure:
    """Say what the attacker can add up: rests stand at the strata that tell the parts, and in sums of those."""
    grouping = results.grouping
    size, first = len(grouping.groups), grouping.units.start
    splits: list[tuple[int, Sequence[int]]] = []
    rest_families: list[Sequence[int]] = []
    for parts in PARTS:
        if parts[0] not in results.layers:
            continue
        known = results.layers[parts[0]].known
        at = {}
        for stratum in np.flatnonzero(known).tolist():
            at[stratum] = len(splits)
            splits.append((first + stratum, [starts[part] + first + stratum for part in parts]))
        members = [grouping.strata_of(group).tolist() for group in range(first)]
        rest_families += [rests for one in members if (rests := [at[stratum] for stratum in one if stratum in at])]
    return Structure(size * len(starts), families, splits, rest_families)


def _members(results: RoundResults) -> IntArray:
    """Say which strata each group consists of: (groups, strata) of 0 and 1."""
    grouping = results.grouping
    member = np.zeros((len(grouping.groups), len(grouping.stratum_district)), dtype=np.int64)
    for group in range(len(grouping.groups)):
        member[group, grouping.strata_of(group)] = 1
    return member


def _inside(member: IntArray, layers: int) -> BoolArray:
    """Say which nodes lie in which: groups by their strata, breakdowns in everybody."""
    within = member @ member.T == member.sum(axis=1)[:, None]
    same = np.eye(layers, dtype=np.bool_)
    same[:, 0] = True  # everybody comes first
    return np.asarray(np.kron(same, within), dtype=np.bool_)
