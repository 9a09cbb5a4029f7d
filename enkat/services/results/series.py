"""A figure over time: surveys known by aggregates, and every counted round that can be compared. A break cuts the line.

Counted rounds are followed backwards from the present one, over declared bridges and through units that were replaced,
merged or split, until one asked the question in a way that cannot be compared.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.instruments.comparability import Comparability, comparability
from enkat.instruments.question import Question
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import HistoricFigure, HistoricRound, SurveyRound
from enkat.services.results.changes import Compared
from enkat.services.results.earlier import historic_interval
from enkat.services.results.figures import UNKNOWN_N, Past, View
from enkat.services.results.lineage import Lineage

LEVEL_ONLY = "bara nivå: antalet svar är inte känt"
NO_FIGURE = "ingen siffra"
NOT_ASKED = "frågan ställdes inte"
BRIDGED = f"{Comparability.PARTLY.label} med omgången före"
CHANGED = "frågan är ändrad och går inte att jämföra med omgången före"
SPLIT = "enheten är delad sedan omgången före"


@dataclass(frozen=True, slots=True)
class Step:
    """One moment of a series; limits are NaN where only the level is known, the share where nothing is.

    Attributes
    ----------
    year : int
        When it was; orders the moments.
    broken : bool
        The question or the unit changed too much since the moment before for the two to be joined.
    """

    year: int
    label: str
    share: float
    lo: float
    hi: float
    broken: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True)
class _Moment:
    """A step before the moments are laid in order.

    Attributes
    ----------
    version : int or None
        Of the question; None where it is not known or not asked.
    cut : str
        Why it cannot be joined to the moment before; empty where it can.
    counted : bool
        Whether a round counted here, which knows how it joins the one before; others are judged by their versions.
    """

    step: Step
    version: int | None
    cut: str = ""
    counted: bool = True


def aggregates_before(
    session: Session, survey_round: SurveyRound, question_ids: Sequence[str]
) -> list[tuple[HistoricRound, HistoricFigure]]:
    """Return what is known by aggregates of some questions before a round, the oldest first; of user surveys only."""
    if survey_round.kind is not RoundKind.USER_SURVEY:
        return []
    rows = session.execute(
        select(HistoricRound, HistoricFigure)
        .join(HistoricFigure, HistoricFigure.historic_round_id == HistoricRound.id)
        .where(
            HistoricFigure.question_id.in_(question_ids),
            HistoricRound.year < survey_round.reference_date.year,
        )
        .order_by(HistoricRound.year, HistoricRound.id)
    )
    return [(row[0], row[1]) for row in rows]


def moment_of(survey_round: SurveyRound) -> tuple[int, str]:
    """Return the year and the title by which a counted round's step is known."""
    return survey_round.reference_date.year, survey_round.title


def steps_of(view: View, group: int, question: int) -> list[Step]:
    """Return a figure's moments in the order of time, from a view that holds the rounds before."""
    moments = [*_historic(view, group, question), *_counted(view, group, question)]
    steps = list(_in_order(sorted(moments, key=lambda moment: moment.step.year)))
    asked = dropwhile(lambda step: step.remark == NOT_ASKED, steps)
    return list(asked) if any(not math.isnan(step.share) for step in steps) else []


def _in_order(moments: Sequence[_Moment]) -> Iterator[Step]:
    """Give the steps, each broken where nothing can be joined over from the moment with a figure before it."""
    last, cut = None, ""
    for moment in moments:
        step, version = moment.step, moment.version
        if last is not None:
            by_version = not (moment.counted and last.counted) and None not in {last.version, version}
            cut = moment.cut or cut or (CHANGED if by_version and last.version != version else "")
            version = last.version if version is None else version
        if not math.isnan(step.share):
            step, cut = replace(step, broken=bool(cut), remark=_words(step.remark, cut)), ""
        yield step
        last = replace(moment, version=version)


def _words(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _counted(view: View, group: int, question: int) -> list[_Moment]:
    """Return the counted rounds from the oldest comparable one to the present."""
    figure, now = view.figure(group, question), view.survey_round
    asked, newer = view.questions[question].question, now
    step = Step(*moment_of(now), figure.share, figure.lo, figure.hi, remark=figure.mark_text)
    found = [_Moment(step, asked.version)]
    covers: Sequence[int] = [group]
    for past in view.past:
        line, was = past.lines[group], past.view.survey_round
        at = past.view.question_index.get(asked.id)
        if at is None:
            found.append(_Moment(_empty(was, NOT_ASKED), None))
            continue
        before = past.view.questions[at].question
        kind = comparability(before, asked, {bridge.question_id: bridge.comparability for bridge in newer.bridges})
        asked_at = next(number for number in reversed(range(len(found))) if found[number].version is not None)
        split = bool(line.before) and list(line.now) != list(covers)
        found[asked_at] = _joined(found[asked_at], kind, split=split)
        if kind is Comparability.BREAK:
            found.append(_Moment(_empty(was, kind.label), before.version))
            break
        found.append(_Moment(_level(past, line, at), before.version))
        asked, newer, covers = before, was, line.now if line.before else covers
    return found[::-1]


def _joined(moment: _Moment, kind: Comparability, *, split: bool) -> _Moment:
    """Say of a round's step how it joins the one before that asked."""
    cut = CHANGED if kind is Comparability.BREAK else SPLIT if split else ""
    remark = _words(moment.step.remark, BRIDGED if kind is Comparability.PARTLY else "")
    return replace(moment, step=replace(moment.step, remark=remark), cut=cut)


def _empty(survey_round: SurveyRound, remark: str) -> Step:
    return Step(*moment_of(survey_round), math.nan, math.nan, math.nan, remark=remark)


def _level(past: Past, line: Lineage, question: int) -> Step:
    """Return what a group was in an earlier round: its own figure, or that of all the units that became it."""
    survey_round = past.view.survey_round
    if not line.before:
        return _empty(survey_round, NO_FIGURE)
    figures = [past.view.figure(group, question) for group in line.before]
    marks = dict.fromkeys(figure.mark_text for figure in figures if figure.mark_text)
    unknown = any(figure.known_clients is None for figure in figures)
    remark = _words(*marks, line.then, UNKNOWN_N if unknown else "")
    if not all(figure.shown for figure in figures):
        return _empty(survey_round, remark)
    figure = figures[0]
    if len(figures) == 1:
        return Step(*moment_of(survey_round), figure.share, figure.lo, figure.hi, remark=remark)
    share = Compared(past.view.results, past.view.marks).share(line.before, question)
    told = past.view.told(share, line.before[0], question)
    return Step(*moment_of(survey_round), told, math.nan, math.nan, remark=remark)


def _historic(view: View, group: int, question: int) -> Iterator[_Moment]:
    """Give the surveys of which only aggregates are known."""
    place = view.results.grouping.groups[group]
    unit = None if place.unit is None else place.unit.id
    district = place.district_id if unit is None else None
    asked: Question = view.questions[question].question
    for historic, figure in view.aggregates:
        hidden = figure.n is not None and figure.n < view.survey_round.threshold_internal
        of_other = (figure.question_id, figure.district_id, figure.unit_id) != (asked.id, district, unit)
        if hidden or of_other:
            continue
        lo, hi = historic_interval(figure)
        remark = LEVEL_ONLY if math.isnan(lo) else ""
        title = f"{historic.title} ({historic.year})"
        step = Step(historic.year, title, figure.share, lo, hi, remark=remark)
        yield _Moment(step, figure.question_version, counted=False)
