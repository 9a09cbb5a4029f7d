"""One cell of a result as people and files read it: figures where the level may show them, a mark where not."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from enkat.instruments.comparability import Comparability
from enkat.records.rounds import SurveyRound
from enkat.services.results.computing import Breakdown, RoundResults
from enkat.services.results.earlier import Earlier
from enkat.services.results.groups import Group, GroupKind
from enkat.services.results.levels import MARK_TEXTS, Marks
from enkat.services.results.reading import AskedQuestion
from enkat.statistics.disclosure import Mark
from enkat.statistics.estimates import METHODS, Method, response_rate
from enkat.statistics.reliability import Alpha

METHOD_TEXTS = {
    Method.NONE: "",
    Method.HYPERGEOMETRIC: "exakt, hypergeometrisk",
    Method.WILSON: "Wilson, viktat",
    Method.CALIBRATED: "Wilson, kalibrerade vikter",
}


@dataclass(frozen=True, slots=True)
class OptionFigure:
    """How many chose an option: unweighted count and weighted share."""

    code: int
    label: str
    positive: bool
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One group and question. Shares are 0..1; counts -1 and shares NaN stand for what is not shown.

    Attributes
    ----------
    clients, invited, ineligible : int
        Known from the frame, always shown.
    sent, answered, represented : int
        Respondents, opinions on the question, clients spoken for: one secret with the share.
    """

    group: Group
    asked: AskedQuestion
    breakdown: Breakdown
    mark: Mark
    clients: int
    invited: int
    ineligible: int
    sent: int
    response_rate: float
    answered: int
    represented: int
    share: float
    lo: float
    hi: float
    lo_clients: int
    hi_clients: int
    population: int
    does_not_know: float
    blank: float
    method: Method
    earlier_share: float
    earlier_lo: float
    earlier_hi: float
    comparable: Comparability | None
    options: tuple[OptionFigure, ...]

    @property
    def shown(self) -> bool:
        """Whether the figures may be seen."""
        return self.mark.shows_figures

    @property
    def mark_text(self) -> str:
        """What stands beside or instead of the figures."""
        return MARK_TEXTS[self.mark]


@dataclass(frozen=True)
class View:
    """A round's results as one level and one set of districts may see them.

    Attributes
    ----------
    visible : sequence of int
        Groups to list.
    alphas : mapping of str to Alpha
        How well each instrument's core questions hang together; for files.
    """

    results: RoundResults
    marks: Marks
    earlier: Earlier | None
    visible: Sequence[int]
    alphas: Mapping[str, Alpha] = field(default_factory=dict)

    @property
    def survey_round(self) -> SurveyRound:
        """The round."""
        return self.results.counted.survey_round

    @property
    def questions(self) -> Sequence[AskedQuestion]:
        """The round's choice questions, in order."""
        return self.results.counted.questions

    @cached_property
    def question_index(self) -> dict[str, int]:
        """Where each question stands."""
        return {asked.question.id: index for index, asked in enumerate(self.questions)}

    def groups(self, *kinds: GroupKind) -> Iterator[tuple[int, Group]]:
        """Give the visible groups of some kinds with their indices."""
        for index in self.visible:
            group = self.results.grouping.groups[index]
            if group.kind in kinds:
                yield index, group

    def widest(self, group: int) -> Figure:
        """Return a group's figure for the question that most of its respondents were given: it tells the response."""
        return max((self.figure(group, question) for question in range(len(self.questions))), key=lambda one: one.sent)

    def figure(self, group: int, question: int, breakdown: Breakdown = Breakdown.ALL) -> Figure:
        """Return one cell, with everything emptied that the level may not see."""
        results = self.results
        layer = results.layers[breakdown]
        estimates = layer.estimates
        cell = (group, question)
        mark = self.marks.mark(breakdown, group, question)
        shown = mark.shows_figures
        whole = breakdown is Breakdown.ALL
        invited, ineligible, sent = (int(a[cell]) for a in (results.invited, results.ineligible, results.sent))
        earlier = self.earlier if whole else None
        return Figure(
            group=results.grouping.groups[group],
            asked=self.questions[question],
            breakdown=breakdown,
            mark=mark,
            clients=int(layer.clients[cell]),
            invited=invited if whole else -1,
            ineligible=ineligible if whole else -1,
            sent=sent if shown and whole else -1,
            response_rate=float(response_rate(sent, invited, ineligible)) if shown and whole else math.nan,
            answered=int(estimates.answered[cell]) if shown else -1,
            represented=int(estimates.represented[cell]) if shown else -1,
            share=float(estimates.share[cell]) if shown else math.nan,
            lo=float(estimates.lo[cell]) if shown else math.nan,
            hi=float(estimates.hi[cell]) if shown else math.nan,
            lo_clients=int(estimates.lo_clients[cell]) if shown else -1,
            hi_clients=int(estimates.hi_clients[cell]) if shown else -1,
            population=int(estimates.population[cell]) if shown else -1,
            does_not_know=float(layer.does_not_know[cell]) if shown else math.nan,
            blank=float(layer.blank[cell]) if shown else math.nan,
            method=METHODS[int(estimates.method[cell])] if shown else Method.NONE,
            earlier_share=math.nan if earlier is None else float(earlier.share[cell]),
            earlier_lo=math.nan if earlier is None else float(earlier.lo[cell]),
            earlier_hi=math.nan if earlier is None else float(earlier.hi[cell]),
            comparable=None if earlier is None else earlier.comparable[question],
            options=self._options(group, question, breakdown) if shown else (),
        )

    def _options(self, group: int, question: int, breakdown: Breakdown) -> tuple[OptionFigure, ...]:
        layer = self.results.layers[breakdown]
        scale = self.questions[question].scale
        width = layer.counts.shape[2]
        return tuple(
            OptionFigure(
                code=code,
                label=str(scale.label(code, "sv")),
                positive=code in scale.positive,
                count=int(layer.counts[group, question, code - 1]) if code <= width else 0,
                share=float(layer.distribution[group, question, code - 1]) if code <= width else 0.0,
            )
            for code in scale.base
            if code > 0
        )
