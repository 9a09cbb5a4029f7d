"""What a level may see of a round's figures: one mark per group, question and breakdown."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from enkat.records.releases import ReleaseLevel
from enkat.services.results.auditing import SUPPRESSED, Codes, attack, forget_witnesses, victims
from enkat.services.results.cells import SEXES, ReleaseCells, release_cells
from enkat.services.results.computing import Breakdown, RoundResults
from enkat.services.results.groups import GroupKind
from enkat.services.results.searching import Searched
from enkat.services.results.share_steps import NEVER, Reader, Steps, share_steps
from enkat.statistics.disclosure.marks import MARKS, SMALL_BASIS, Cells, Mark, pattern
from enkat.statistics.tallies import BoolArray

Seek = Callable[[ReleaseCells, int, BoolArray, BoolArray, Codes], tuple[Codes, Searched]]
"""Takes cells, threshold, what is hidden anyway, what is known, and the simple rule's marks."""
WIDEST = 0.5
"""An interval wider than half the scale cannot tell a good unit from a bad one: the public sees a mark instead."""
TOO_UNCERTAIN = MARKS.index(Mark.TOO_UNCERTAIN)
FIGURES = [MARKS.index(mark) for mark in Mark if mark.shows_figures]

MARK_TEXTS: Mapping[Mark, str] = {
    Mark.SHOWN: "",
    Mark.SMALL_BASIS: "liten grund",
    Mark.TOO_FEW_POSITIVE: "få eller inga positiva",
    Mark.SUPPRESSED: "för få svar",
    Mark.NOT_ASKED: "frågan ställdes inte",
    Mark.NOT_APPLICABLE: "inga brukare",
    Mark.TOO_UNCERTAIN: "för osäker siffra",
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
    Mark.TOO_UNCERTAIN: (
        f"Intervallet är bredare än {WIDEST * 100:.0f} procentenheter. Siffran skulle inte säga något, så den visas "
        "inte för allmänheten."
    ),
}


@dataclass(frozen=True)
class Marks:
    """Marks of a level.

    Attributes
    ----------
    threshold : int
        The fewest respondents of a shown cell when the marks were made: what repeats them tells shares no finer.
    codes : mapping
        Per breakdown an int8 array (groups, questions) of indices into `MARKS`.
    searched : Searched or None
        What the search for the cheapest pattern came to; None where the simple rule was to be used.
    steps : mapping or None
        Per breakdown an int8 array (groups, questions): the percentage points that shares of wholes are rounded to.
    """

    level: ReleaseLevel
    threshold: int
    codes: Mapping[Breakdown, Codes]
    searched: Searched | None = None
    steps: Mapping[Breakdown, Steps] | None = None

    def mark(self, breakdown: Breakdown, group: int, question: int) -> Mark:
        """Return the mark of one cell."""
        return MARKS[int(self.codes[breakdown][group, question])]


def marks_for(
    results: RoundResults,
    level: ReleaseLevel,
    *,
    hidden: Marks | None = None,
    known: BoolArray | None = None,
    inside: Marks | None = None,
    seek: Seek | None = None,
) -> Marks:
    """Mark every cell: analysts see all that the count kept, others what disclosure control lets through.

    A wider level shows nothing that the one inside it hides, so that nobody learns more from both together.

    Parameters
    ----------
    results : RoundResults
    level : ReleaseLevel
    hidden : Marks, optional
        An earlier edition, whose hidden cells stay hidden.
    known : bool array (nodes, questions), optional
        Figures that earlier releases told: hiding them protects nobody.
    inside : Marks, optional
        The internal marks that public ones must stay within; computed where they are not given.
    seek : callable, optional
        Looks for a cheaper pattern than the simple rule's.
    """
    threshold = threshold_of(results, level)
    if level is ReleaseLevel.ANALYST and threshold == 1:
        codes = {breakdown: _analyst(results, breakdown) for breakdown in results.layers}
        return Marks(level, threshold, codes)
    laid = release_cells(results)
    anyway = np.zeros(laid.cells.answered.shape, dtype=np.bool_)
    if hidden is not None:
        anyway |= stacked(hidden) == SUPPRESSED
    told = np.zeros_like(anyway) if known is None else known
    if level is ReleaseLevel.PUBLIC:
        inside = inside or marks_for(results, ReleaseLevel.INTERNAL, hidden=hidden, known=known)
        anyway |= stacked(inside) == SUPPRESSED
    found, searched = _closed(laid, threshold, anyway, told), None
    if seek is not None:
        found, searched = seek(laid, threshold, anyway, told, found)
    if level is ReleaseLevel.PUBLIC:
        found[_too_wide(results) & np.isin(found, FIGURES)] = TOO_UNCERTAIN
    size = len(results.grouping.groups)
    codes = {}
    for breakdown in results.layers:
        marks = found[laid.starts[breakdown] : laid.starts[breakdown] + size].copy()
        marks[_unknown(results, breakdown)] = SUPPRESSED
        codes[breakdown] = _not_asked(results, breakdown, marks)
    readers = [Reader.of(laid, np.concatenate(list(codes.values())), threshold, known=told)]
    if inside is not None:
        readers.append(Reader.of(laid, stacked(inside), inside.threshold, steps=dict(inside.steps or {})))
    return Marks(level, threshold, codes, searched, _stepped(results, laid, codes, readers))


def _stepped(
    results: RoundResults, laid: ReleaseCells, codes: Mapping[Breakdown, Codes], readers: Sequence[Reader]
) -> dict[Breakdown, Steps]:
    """Return the steps of the shares; those that no step makes safe are hidden, of two sexes both."""
    steps: dict[Breakdown, Steps] = {}
    for together in ((Breakdown.ALL,), SEXES):
        if together[0] in codes:
            own = {one: share_steps(results, laid, one, codes[one], readers) for one in together}
            never = np.any([found == NEVER for found in own.values()], axis=0)
            for one in together:
                codes[one][never] = SUPPRESSED
            steps |= own
    return steps


def steps_of(results: RoundResults, marks: Marks) -> dict[Breakdown, Steps]:
    """Return the steps of marks that were kept without them."""
    laid = release_cells(results)
    codes = np.concatenate([marks.codes[breakdown] for breakdown in results.layers])
    reader = Reader.of(laid, codes, marks.threshold)
    layers = [breakdown for breakdown in results.layers if breakdown is not Breakdown.WITHOUT_PROXIES]
    return {one: share_steps(results, laid, one, marks.codes[one], [reader]) for one in layers}


def threshold_of(results: RoundResults, level: ReleaseLevel) -> int:
    """Return the fewest respondents of a shown cell: for analysts one, except where the kind of round bars them too."""
    survey_round = results.counted.survey_round
    if level is ReleaseLevel.ANALYST:
        rules = survey_round.kind.rules
        return rules.least if rules.least_for_all else 1
    return survey_round.threshold_internal if level is ReleaseLevel.INTERNAL else survey_round.threshold_public


def stacked(marks: Marks) -> Codes:
    """Lay the breakdowns of marks above each other: int8 (nodes, questions)."""
    return np.concatenate(list(marks.codes.values()))


def _closed(laid: ReleaseCells, threshold: int, anyway: BoolArray, known: BoolArray) -> Codes:
    """Hide what the rules ask for and then, while the attacker still finds something, what opens it at the least cost.

    Patterns are kept for as long as the process lives: they depend on nothing but the counts and the threshold.
    """
    arrays = (*(getattr(laid.cells, field.name) for field in fields(Cells)), laid.clients, anyway, known)
    key = hashlib.sha256(repr((threshold, laid.structure, [array.shape for array in arrays])).encode())
    for array in arrays:
        key.update(np.ascontiguousarray(array).tobytes())
    digest = key.digest()
    if digest not in _KEPT:
        while len(_KEPT) >= KEEP:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[digest] = _close(laid, threshold, anyway, known)
    return _KEPT[digest].copy()


def forget_patterns() -> None:
    """Let the process forget the patterns it has worked out."""
    _KEPT.clear()
    forget_witnesses()


KEEP = 32
"""Patterns that a process remembers."""
_KEPT: dict[bytes, Codes] = {}


def _close(laid: ReleaseCells, threshold: int, anyway: BoolArray, known: BoolArray) -> Codes:
    changed = np.ones(anyway.shape[1], dtype=np.bool_)
    while True:
        found = pattern(laid.cells, laid.families, laid.splits, threshold=threshold, hidden=anyway, settled=~changed)
        findings = attack(laid, found, threshold, known=known, questions=np.flatnonzero(changed).tolist())
        chosen = victims(laid, found, findings, known)
        if not chosen.any():
            return found
        blocks = laid.cells.blocks
        changed = np.isin(blocks, blocks[chosen.any(axis=0)])
        anyway = (found == SUPPRESSED) | chosen


def _too_wide(results: RoundResults) -> BoolArray:
    """Say which nodes have an interval that is too wide to tell anything: (nodes, questions)."""
    widths = [layer.estimates.hi - layer.estimates.lo for layer in results.layers.values()]
    return np.asarray(np.concatenate(widths) > WIDEST, dtype=np.bool_)


def _unknown(results: RoundResults, breakdown: Breakdown) -> BoolArray:
    """Cells with clients whose answers the kept classes do not tell apart; of two sexes both."""
    together = SEXES if breakdown in SEXES else (breakdown,)
    layers = [results.layers[one] for one in together]
    unknown = [(layer.clients > 0) & ~layer.available for layer in layers]
    return np.asarray(np.any(unknown, axis=0), dtype=np.bool_)


def _analyst(results: RoundResults, breakdown: Breakdown) -> Codes:
    layer = results.layers[breakdown]
    marks = np.full(layer.clients.shape, MARKS.index(Mark.SHOWN), dtype=np.int8)
    marks[layer.estimates.answered < SMALL_BASIS] = MARKS.index(Mark.SMALL_BASIS)
    marks[layer.estimates.answered == 0] = SUPPRESSED
    return _not_asked(results, breakdown, marks)


def _not_asked(results: RoundResults, breakdown: Breakdown, marks: Codes) -> Codes:
    clients = results.layers[breakdown].clients
    marks[clients == 0] = MARKS.index(Mark.NOT_ASKED)
    marks[clients.sum(axis=1) == 0] = MARKS.index(Mark.NOT_APPLICABLE)
    return marks


def visible_groups(results: RoundResults, districts: frozenset[int] | None) -> list[int]:
    """Return the groups to list for somebody limited to districts (None: all), small units apart."""
    return [
        index
        for index, group in enumerate(results.grouping.groups)
        if group.kind is not GroupKind.SMALL_UNITS
        and (districts is None or group.district_id is None or group.district_id in districts)
    ]
