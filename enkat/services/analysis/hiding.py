"""Hides figures of few answers, and those that would give them away by subtraction within the same result.

A cell is the answers to one variable in one group of an analysis. Cells of different analyses are linked where one lies
in another: a district and its units, everybody and those who meet a condition. What a whole has beside its shown parts
is a cell that nobody shows. An attacker who knows all shown counts must not find out a hidden one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from enkat.services.analysis.asking import Question
from enkat.services.analysis.columns import IntArray
from enkat.services.analysis.rows import HIDDEN, Label, Result, Row
from enkat.services.analysis.spec import Verb
from enkat.statistics.disclosure.cheapest import UnprotectableError
from enkat.statistics.disclosure.linked_tables import LinkedTable
from enkat.statistics.disclosure.protecting import close
from enkat.statistics.disclosure.suppression import Family

Group = tuple[Label, ...]


def hide(questions: Sequence[Question], results: Sequence[Result], threshold: int) -> list[Result]:
    """Return the results with the figures of hidden cells taken out; all of them where the threshold is 0."""
    if threshold == 0:
        return list(results)
    tables: dict[str, _Cells] = defaultdict(_Cells)
    for question, result in zip(questions, results, strict=True):
        for about in {_about(question, row) for row in result.rows}:
            tables[about].add(question, about)
    closed = {about: cells.hidden(threshold) for about, cells in tables.items()}
    return [
        replace(result, rows=[_shown(question, row, closed[_about(question, row)], threshold) for row in result.rows])
        for question, result in zip(questions, results, strict=True)
    ]


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
    """The cells of one variable, by partition of the answers."""

    codes: dict[str, IntArray] = field(default_factory=dict)
    labels: dict[str, dict[int, Group]] = field(default_factory=dict)

    def add(self, question: Question, about: str) -> None:
        part = _partition(question)
        if part in self.codes:
            return
        cells, answers = question.cells, question.survey.answers
        answered = np.logical_and.reduce([~answers.missing(name) for name in _variables(question, about)])
        codes = np.where(answered, cells.flat, -1)
        self.codes[part] = codes
        self.labels[part] = {int(code): cells.shown_number(int(code)) for code in np.unique(codes[codes >= 0])}

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
            order = np.argsort(codes, kind="stable")[int((codes < 0).sum()) :]
            present, begins = np.unique(codes[order], return_index=True)
            for code, rows in zip(present.tolist(), np.split(order, begins[1:]), strict=True):
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
