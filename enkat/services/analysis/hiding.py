"""Hides figures of few answers, and those that would give them away by subtraction within the same file of results.

A cell is the answers to one variable in one group of an analysis. Variables that the same people have answered, as one
and what is derived from it, share their cells. Cells of different analyses are linked where one lies in another: a
district and its units, everybody and those who meet a condition. What a whole has beside its shown parts is a cell that
nobody shows. An attacker who knows all shown counts must not find out a hidden one; where groups overlap so that they
give one away all the same, the analysis that completes it is refused.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from enkat.services.analysis.asking import Question
from enkat.services.analysis.columns import BoolArray, IntArray
from enkat.services.analysis.combining import Pieces
from enkat.services.analysis.rows import HIDDEN, Label, Result, Row
from enkat.services.analysis.spec import Verb
from enkat.services.faults import Fault
from enkat.statistics.disclosure.cheapest import UnprotectableError
from enkat.statistics.disclosure.linked_tables import LinkedTable
from enkat.statistics.disclosure.protecting import close
from enkat.statistics.disclosure.suppression import Family
from enkat.statistics.microdata.domains import Groups

Group = tuple[Label, ...]


def hide(questions: Sequence[Question], results: Sequence[Result], threshold: int) -> list[Result]:
    """Return the results with the figures of hidden cells taken out; all of them where the threshold is 0."""
    if threshold == 0:
        return list(results)
    tables: dict[bytes, _Cells] = defaultdict(_Cells)
    keys: dict[tuple[str, ...], bytes] = {}
    for question, result in zip(questions, results, strict=True):
        for about in {_about(question, row) for row in result.rows}:
            variables = tuple(_variables(question, about))
            answered = _answered(question, variables)
            keys[variables] = hashlib.sha256(answered.tobytes()).digest()
            tables[keys[variables]].add(question, answered)
    closed = {key: cells.hidden(threshold) for key, cells in tables.items()}
    for key, cells in tables.items():
        cells.refuse_what_tells(closed[key], threshold)

    def shown(question: Question, row: Row) -> Row:
        return _shown(question, row, closed[keys[tuple(_variables(question, _about(question, row)))]], threshold)

    return [
        replace(result, rows=[shown(question, row) for row in result.rows])
        for question, result in zip(questions, results, strict=True)
    ]


def _answered(question: Question, variables: Sequence[str]) -> BoolArray:
    """Say who has answered all of some variables."""
    answers = question.survey.answers
    return np.asarray(np.logical_and.reduce([~answers.missing(name) for name in variables]), dtype=np.bool_)


def _shown(question: Question, row: Row, hidden: set[tuple[str, Group]], threshold: int) -> Row:
    """Take the figures out of a row that is hidden itself or rests on a hidden group."""
    groups = row.basis.groups or (row.by,)
    part = _partition(question)
    if 0 < row.basis.answers < threshold or any((part, group) in hidden for group in groups):
        return Row(row.by, row.name, method=row.method, reason=HIDDEN)
    return row


def _about(question: Question, row: Row) -> str:
    """Return what a row's answers are about: the variable, without what the verb adds to its name."""
    verb, variables = question.analysis.verb, question.analysis.variables
    if verb in {Verb.RATIO, Verb.TEST, Verb.ALPHA, Verb.INDEX}:
        return "|".join(variables)
    return next((name for name in sorted(variables, key=len, reverse=True) if row.name.startswith(name)), variables[0])


def _partition(question: Question) -> str:
    return repr((question.cells.by, question.cells.condition))


@dataclass
class _Cells:
    """The cells of variables that the same people have answered, by partition of the answers."""

    codes: dict[str, IntArray] = field(default_factory=dict)
    labels: dict[str, dict[int, Group]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    """The first analysis of each partition."""

    def add(self, question: Question, answered: BoolArray) -> None:
        part = _partition(question)
        if part in self.codes:
            return
        cells = question.cells
        codes = np.where(answered, cells.flat, -1)
        self.codes[part] = codes
        self.labels[part] = {int(code): cells.shown_number(int(code)) for code in np.unique(codes[codes >= 0])}
        self.places[part] = question.place

    def refuse_what_tells(self, hidden: set[tuple[str, Group]], threshold: int) -> None:
        """Refuse the first analysis that, with those before it, gives a small group away.

        Raises
        ------
        Fault
        """
        if len(self.codes) == 1:
            return
        pieces = Pieces.of(self.codes)
        gone = {
            (part, code)
            for part, labels in self.labels.items()
            for code, group in labels.items()
            if (part, group) in hidden
        }
        parts = list(self.codes)
        if not pieces.give_away(gone, set(parts), threshold):
            return
        telling = next(at for at in range(len(parts)) if pieces.give_away(gone, set(parts[: at + 1]), threshold))
        raise Fault(
            f"{self.places[parts[telling]]}: tillsammans med analyserna före går en grupp med färre än {threshold} "
            "svar att räkna ut. Ta bort analysen, gör grupperna i by större, eller ge den samma where som de andra."
        )

    def hidden(self, threshold: int) -> set[tuple[str, Group]]:
        """Return the partition and group of every hidden cell."""
        nodes, counts = self._nodes()
        sums: list[Family] = []
        for whole, parts in self._pairs():
            for parent, children in _children(self.codes[whole], self.codes[parts]).items():
                above = nodes[whole, parent]
                members = [node for child in children if (node := nodes[parts, child]) != above]
                if not members:
                    continue
                rest = counts[above] - sum(counts[member] for member in members)
                if rest:
                    members.append(len(counts))
                    counts.append(rest)
                sums.append(Family(above, members))
        beside = np.arange(len(counts)) >= len(set(nodes.values()))
        try:
            pattern = close(LinkedTable.of(counts, sums, threshold), threshold, hidden=beside).hidden
        except UnprotectableError:  # nothing but silence keeps the secret
            pattern = np.ones_like(beside)
        return {(part, self.labels[part][code]) for (part, code), at in nodes.items() if pattern[at]}

    def _nodes(self) -> tuple[dict[tuple[str, int], int], list[int]]:
        """Give cells of the same answers one number, and count their answers."""
        numbers: dict[bytes, int] = {}
        nodes: dict[tuple[str, int], int] = {}
        counts: list[int] = []
        for part, codes in self.codes.items():
            for code, rows in Groups(codes, int(codes.max(initial=-1)) + 1).parts():
                at = numbers.setdefault(rows.tobytes(), len(counts))
                if at == len(counts):
                    counts.append(len(rows))
                nodes[part, code] = at
        return nodes, counts

    def _pairs(self) -> Iterable[tuple[str, str]]:
        return ((whole, parts) for whole in self.codes for parts in self.codes if whole != parts)


def _variables(question: Question, about: str) -> Sequence[str]:
    return [about] if about in question.analysis.variables else question.analysis.variables


def _children(whole: IntArray, parts: IntArray) -> dict[int, list[int]]:
    """Return for every cell of one partition the cells of another that lie wholly in it."""
    inside = parts >= 0
    found: dict[int, list[int]] = defaultdict(list)
    if not inside.any():
        return found
    size = int(parts.max()) + 1
    lowest, highest = np.full(size, np.iinfo(np.int64).max), np.full(size, -1)
    np.minimum.at(lowest, parts[inside], whole[inside])
    np.maximum.at(highest, parts[inside], whole[inside])
    for part in np.flatnonzero((lowest == highest) & (highest >= 0)).tolist():
        found[int(highest[part])].append(part)
    return found
