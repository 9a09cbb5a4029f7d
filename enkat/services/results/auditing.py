"""The attacker at work on a round's results: what a set of marks would give away, question by question."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from enkat.services.results.cells import ReleaseCells
from enkat.statistics.disclosure.attacker import Attacker, Cut
from enkat.statistics.disclosure.linked_tables import LinkedTable
from enkat.statistics.disclosure.marks import MARKS, Mark
from enkat.statistics.disclosure.release_tables import Shown, release_table
from enkat.statistics.disclosure.witnesses import audit
from enkat.statistics.tallies import BoolArray, IntArray

Codes = npt.NDArray[np.int8]
SUPPRESSED = MARKS.index(Mark.SUPPRESSED)
SHOWN = MARKS.index(Mark.SHOWN)
FEW = MARKS.index(Mark.TOO_FEW_POSITIVE)


@dataclass(frozen=True)
class Findings:
    """What the attacker found in a release.

    Attributes
    ----------
    given_away : bool array (nodes, questions)
        Nodes of which a secret follows: their respondents, their answers or a rest beside them.
    secrets : int
        How many counts had to be protected.
    cuts : sequence of (int, Cut)
        Why: the question, and the cut over its table's cells.
    """

    given_away: BoolArray
    secrets: int
    cuts: tuple[tuple[int, Cut], ...]


def attack(
    laid: ReleaseCells,
    codes: Codes,
    threshold: int,
    *,
    known: BoolArray | None = None,
    scope: BoolArray | None = None,
    questions: Iterable[int] | None = None,
) -> Findings:
    """Let the attacker loose on marks.

    Parameters
    ----------
    laid : ReleaseCells
    codes : int8 array (nodes, questions)
        Indices into `MARKS`.
    threshold : int
    known : bool array (nodes, questions), optional
        Nodes whose figures earlier releases showed.
    scope : bool array (nodes,), optional
        Nodes of the breakdowns that the releases give at all; everything by default.
    questions : iterable of int, optional
        Only these.
    """
    given_away = np.zeros(codes.shape, dtype=np.bool_)
    secrets = 0
    cuts: list[tuple[int, Cut]] = []
    for question, table, hidden in _tables(laid, codes, threshold, known=known, scope=scope, questions=questions):
        found = audit(table, hidden, _witnesses(table))
        secrets += int(table.secret.sum())
        given_away[:, question] = _nodes(laid, found.given_away)
        cuts += [(question, cut) for cut in found.cuts]
    return Findings(given_away, secrets, tuple(cuts))


WITNESSES = 48
"""Questions whose witnesses a process remembers."""
_KEPT: dict[bytes, list[IntArray]] = {}


def _witnesses(table: LinkedTable) -> list[IntArray]:
    """Return the witnesses that were found for a question's counts, to be added to."""
    key = hashlib.sha256(table.counts.tobytes()).digest()
    while len(_KEPT) >= WITNESSES and key not in _KEPT:
        _KEPT.pop(next(iter(_KEPT)), None)
    found = _KEPT.setdefault(key, [])
    del found[:-MOST_OF_EACH]
    return found


MOST_OF_EACH = 12
"""Witnesses of one question: the newest."""


def forget_witnesses() -> None:
    """Let the process forget the witnesses it has found."""
    _KEPT.clear()


def respondent_ranges(
    laid: ReleaseCells, codes: Codes, threshold: int, *, known: BoolArray, scope: BoolArray
) -> list[tuple[int, int]]:
    """Return the attacker's exact range for the respondents of small hidden groups, one question of each block."""
    found: list[tuple[int, int]] = []
    _labels, first = np.unique(laid.cells.blocks, return_index=True)
    for _question, table, hidden in _tables(laid, codes, threshold, known=known, scope=scope, questions=first.tolist()):
        targets = table.secret & (np.arange(len(table.secret)) < laid.structure.nodes)
        ranges = Attacker(table, hidden).ranges(targets)
        found += zip(ranges.lo[targets].tolist(), ranges.hi[targets].tolist(), strict=True)
    return found


def _tables(
    laid: ReleaseCells,
    codes: Codes,
    threshold: int,
    *,
    known: BoolArray | None = None,
    scope: BoolArray | None = None,
    questions: Iterable[int] | None = None,
) -> Iterator[tuple[int, LinkedTable, BoolArray]]:
    """Give each question's number, table and hidden cells."""
    # A breakdown that the kept classes do not tell holds nobody there, whatever mark the reader sees.
    codes = np.where(laid.cells.asked, codes, SHOWN).astype(np.int8)
    for question in range(codes.shape[1]) if questions is None else questions:
        words = (codes[:, question] == FEW).astype(np.int64)
        shown = Shown(
            answered=laid.cells.answered[:, question],
            positive=laid.cells.positive[:, question],
            clients=laid.clients[:, question],
            marks=codes[:, question],
            known=np.zeros(len(codes), dtype=np.bool_) if known is None else known[:, question],
            in_words=np.asarray(laid.inside @ words > 0, dtype=np.bool_),
            in_scope=np.ones(len(codes), dtype=np.bool_) if scope is None else scope,
        )
        yield question, *release_table(laid.structure, shown, threshold)


def _nodes(laid: ReleaseCells, cells: BoolArray) -> BoolArray:
    """Name the nodes that cells are about: of a rest the node it is left of, of a sum of rests the city."""
    structure = laid.structure
    any_kind: BoolArray = np.logical_or.reduce(cells.reshape(3, structure.width))
    nodes = any_kind[: structure.nodes].copy()
    for at, (whole, _parts) in enumerate(structure.splits):
        nodes[whole] |= any_kind[structure.nodes + at]
    nodes[0] |= any_kind[structure.nodes + len(structure.splits) :].any()
    return nodes


def victims(laid: ReleaseCells, codes: Codes, findings: Findings, known: BoolArray) -> BoolArray:
    """Return the cheapest nodes whose hiding opens what was given away; hiding what is known opens nothing.

    Returns
    -------
    bool array (nodes, questions)
    """
    free = (codes != SUPPRESSED) & laid.cells.asked & ~known
    structure = laid.structure
    chosen = np.zeros(codes.shape, dtype=np.bool_)
    for question, cut in findings.cuts:
        weights = cut.weights.reshape(3, structure.width)[:, : structure.nodes].sum(axis=0)
        helping = np.flatnonzero((weights > 0) & free[:, question])
        if helping.size and not chosen[helping, question].any():
            price = laid.cells.answered[helping, question] / np.minimum(weights[helping], 1.0)
            chosen[helping[np.argmin(price)], question] = True
    return chosen
