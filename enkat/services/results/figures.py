"""One cell of a result as people and files read it: figures where the level may show them, a mark where not."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from enkat.documents.charts.response import Response
from enkat.documents.numbers import rounded
from enkat.instruments.comparability import Comparability
from enkat.records.releases import ReleaseLevel
from enkat.records.rounds import HistoricFigure, HistoricRound, SurveyRound
from enkat.services.results.auditing import SUPPRESSED
from enkat.services.results.changes import Change
from enkat.services.results.computing import Breakdown, RoundResults
from enkat.services.results.earlier import Earlier
from enkat.services.results.groups import Group, GroupKind
from enkat.services.results.levels import MARK_TEXTS, Marks, steps_of
from enkat.services.results.lineage import Lineage
from enkat.services.results.reading import AskedQuestion
from enkat.services.results.releases import Edition
from enkat.services.results.share_steps import Steps
from enkat.statistics.disclosure.marks import SMALL_BASIS, Mark
from enkat.statistics.estimates import METHODS, Method, response_rate
from enkat.statistics.reliability import Alpha

UNKNOWN_N = "antal tillfrågade är inte känt"
METHOD_TEXTS = {
    Method.NONE: "",
    Method.HYPERGEOMETRIC: "exakt, hypergeometrisk",
    Method.WILSON_EFFECTIVE: "Wilson, viktat",
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
        Known from the frame, always shown; -1 where nobody knows how many could answer.
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
    change: Change | None = None

    @property
    def shown(self) -> bool:
        """Whether the figures may be seen."""
        return self.mark.shows_figures

    @property
    def known_clients(self) -> int | None:
        """N of the frame; None where nobody knows it."""
        return self.clients if self.clients >= 0 else None

    @property
    def response(self) -> Response:
        """How many of those asked answered, as tables and pictures tell it."""
        if self.invited < 0 and not self.mark_text:
            return Response(self.group.name, -1, -1, UNKNOWN_N)
        return Response(self.group.name, self.sent, self.invited - self.ineligible, self.mark_text)

    @property
    def mark_text(self) -> str:
        """What stands beside or instead of the figures."""
        return MARK_TEXTS[self.mark]


def _in_steps(share: float, step: int) -> float:
    """Round a share to whole percents, or to a coarser step of them."""
    return share if math.isnan(share) else float(rounded(100 * share / step, 0)) * step / 100


def _told_as_spread(made: Figure) -> Figure:
    """Leave of a filter, or of what proxies are asked, how many answered what, without a share and all it carries.

    Where too few are positive to be told, nothing is said of that either.
    """
    return replace(
        made,
        mark=Mark.SUPPRESSED if made.mark is Mark.TOO_FEW_POSITIVE else made.mark,
        share=math.nan,
        lo=math.nan,
        hi=math.nan,
        lo_clients=-1,
        hi_clients=-1,
        population=-1,
        method=Method.NONE,
        earlier_share=math.nan,
        earlier_lo=math.nan,
        earlier_hi=math.nan,
        change=None,
        options=tuple(replace(option, positive=False) for option in made.options),
    )


def _fewer_options(made: Figure) -> tuple[OptionFigure, ...]:
    """Join the options of a figure to positive and not positive; those of a mere distribution under their own names."""
    if made.asked.only_spread:
        good = [option for option in made.options if option.code in made.asked.scale.positive]
        label, share = " eller ".join(option.label for option in good), sum(option.share for option in good)
        return (
            OptionFigure(code=1, label=label, positive=False, count=-1, share=share),
            OptionFigure(code=0, label="Annat svar", positive=False, count=-1, share=1 - share),
        )
    return (
        OptionFigure(code=1, label="Positivt svar", positive=True, count=-1, share=made.share),
        OptionFigure(code=0, label="Annat svar", positive=False, count=-1, share=1 - made.share),
    )


@dataclass(frozen=True)
class View:
    """A round's results as one level and one set of districts may see them.

    Attributes
    ----------
    visible : sequence of int
        Groups to list.
    alphas : mapping of str to Alpha
        How well each instrument's core questions hang together; for files.
    edition : Edition or None
        What a corrected edition tells about its changes; for files.
    declaration : sequence of (heading, text)
        The quality declaration; for files.
    past : sequence of Past
        The counted rounds before, the newest first: the one before alone where no trend is asked for.
    aggregates : sequence of (HistoricRound, HistoricFigure)
        Surveys of which only aggregates are known, the oldest first; empty where no trend is asked for.
    """

    results: RoundResults
    marks: Marks
    earlier: Earlier | None
    visible: Sequence[int]
    alphas: Mapping[str, Alpha] = field(default_factory=dict)
    edition: Edition | None = None
    declaration: Sequence[tuple[str, str]] = ()
    past: Sequence["Past"] = ()
    aggregates: Sequence[tuple[HistoricRound, HistoricFigure]] = ()

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
        results, layer = self.results, self.results.layers[breakdown]
        estimates = layer.estimates
        cell = (group, question)
        mark = self.marks.mark(breakdown, group, question)
        shown = mark.shows_figures
        whole = breakdown is Breakdown.ALL
        sized = bool(results.sized[group])
        invited, ineligible, sent = (int(a[cell]) for a in (results.invited, results.ineligible, results.sent))
        earlier = self.earlier if whole else None
        made = Figure(
            group=results.grouping.groups[group],
            asked=self.questions[question],
            breakdown=breakdown,
            mark=mark,
            clients=int(layer.clients[cell]) if sized else -1,
            invited=invited if whole and sized else -1,
            ineligible=ineligible if whole and sized else -1,
            sent=sent if shown and whole else -1,
            response_rate=float(response_rate(sent, invited, ineligible)) if shown and whole and sized else math.nan,
            answered=int(estimates.answered[cell]) if shown else -1,
            represented=int(estimates.represented[cell]) if shown and sized else -1,
            share=float(estimates.share[cell]) if shown else math.nan,
            lo=float(estimates.lo[cell]) if shown else math.nan,
            hi=float(estimates.hi[cell]) if shown else math.nan,
            lo_clients=int(estimates.lo_clients[cell]) if shown else -1,
            hi_clients=int(estimates.hi_clients[cell]) if shown else -1,
            population=int(estimates.population[cell]) if shown and sized else -1,
            does_not_know=float(layer.does_not_know[cell]) if shown else math.nan,
            blank=float(layer.blank[cell]) if shown else math.nan,
            method=METHODS[int(estimates.method[cell])] if shown else Method.NONE,
            earlier_share=math.nan if earlier is None else float(earlier.share[cell]),
            earlier_lo=math.nan if earlier is None else float(earlier.lo[cell]),
            earlier_hi=math.nan if earlier is None else float(earlier.hi[cell]),
            comparable=None if earlier is None else earlier.comparable[question],
            change=earlier.changes.get(cell) if earlier is not None and shown else None,
            options=self._options(group, question, breakdown) if shown else (),
        )
        made = _told_as_spread(made) if made.asked.only_spread else made
        return self._published(made, (breakdown, group, question)) if shown else made

    def _published(self, made: Figure, cell: tuple[Breakdown, int, int]) -> Figure:
        """Tell no more than the level may know.

        Whole percents for the public, and coarser steps for a whole whose share would give a hidden part away. The
        public sees the options from 30 answers only, and never counts of them.
        """
        public = self.marks.level is ReleaseLevel.PUBLIC
        step = self._step(cell)
        if not public and not step:
            return made
        step = max(step, 1)
        options = tuple(
            replace(option, share=_in_steps(option.share, step), count=-1 if step else option.count)
            for option in made.options
        )
        made = replace(
            made,
            represented=-1,
            response_rate=_in_steps(made.response_rate, 1),
            share=_in_steps(made.share, step),
            lo=_in_steps(made.lo, step),
            hi=_in_steps(made.hi, step),
            does_not_know=_in_steps(made.does_not_know, step),
            blank=_in_steps(made.blank, step),
            earlier_share=_in_steps(made.earlier_share, step),
            earlier_lo=_in_steps(made.earlier_lo, step),
            earlier_hi=_in_steps(made.earlier_hi, step),
            options=options,
        )
        if not public:
            return made
        chosen = options if made.answered >= SMALL_BASIS else _fewer_options(made)
        kept = tuple(replace(option, count=-1) for option in chosen)
        return replace(made, lo_clients=-1, hi_clients=-1, population=-1, options=kept)

    def told(self, share: float, group: int, question: int) -> float:
        """Round a share of a group's answers as coarsely as the level may know the figure itself."""
        step = self._step((Breakdown.ALL, group, question))
        step = max(step, int(self.marks.level is ReleaseLevel.PUBLIC))
        return _in_steps(share, step) if step else share

    @cached_property
    def _steps(self) -> Mapping[Breakdown, Steps]:
        return self.marks.steps if self.marks.steps is not None else steps_of(self.results, self.marks)

    def _step(self, cell: tuple[Breakdown, int, int]) -> int:
        """Return the step a cell's shares are rounded to, in percentage points; 0 where they are not."""
        breakdown, group, question = cell
        if self.marks.threshold == 1 or group >= self.results.grouping.units.start:
            return 0
        strata = self.results.grouping.units.start + self.results.grouping.strata_of(group)
        has_hidden = bool((self.marks.codes[breakdown][strata, question] == SUPPRESSED).any())
        steps = self._steps.get(breakdown, self._steps[Breakdown.ALL])
        return max(int(steps[group, question]), int(has_hidden))

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


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier counted round as the level may see it.

    Attributes
    ----------
    view : View
    lines : sequence of Lineage
        Which of its groups each present group continues.
    """

    view: View
    lines: Sequence[Lineage]
