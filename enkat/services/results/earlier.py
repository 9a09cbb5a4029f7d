"""The earlier round beside a result: only where the question can be compared and the level may see the old figure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.instruments.comparability import Comparability, comparability
from enkat.records.organisations import SuccessionKind, UnitSuccession
from enkat.records.releases import ReleaseLevel
from enkat.records.rounds import HistoricFigure, HistoricRound, RoundState, SurveyRound
from enkat.services.results.computing import Breakdown, RoundResults, compute
from enkat.services.results.releases import released_marks
from enkat.statistics.intervals import FloatArray, hypergeometric, wilson


@dataclass(frozen=True)
class Earlier:
    """Earlier figures laid on the groups and questions of the present round; NaN where there is none.

    Attributes
    ----------
    title : str
        Name of the earlier round.
    comparable : sequence of Comparability or None
        Per question; None where the earlier round did not ask it.
    share, lo, hi : float64 arrays (groups, questions)
        Without a known n there is a level and no interval.
    """

    title: str
    comparable: Sequence[Comparability | None]
    share: FloatArray
    lo: FloatArray
    hi: FloatArray


def earlier_of(session: Session, results: RoundResults, level: ReleaseLevel) -> Earlier | None:
    """Return the figures of the round before, or of the latest survey known by its aggregates; None without either."""
    survey_round = results.counted.survey_round
    if survey_round.previous_round_id is not None:
        previous = session.get(SurveyRound, survey_round.previous_round_id)
        if previous is not None and previous.state in {RoundState.COUNTED, RoundState.DESTROYED}:
            return _from_round(session, results, compute(session, previous.id), level)
    historic = session.scalars(
        select(HistoricRound)
        .where(HistoricRound.year < survey_round.reference_date.year)
        .order_by(HistoricRound.year.desc(), HistoricRound.id.desc())
    ).first()
    return None if historic is None else _from_aggregates(session, results, historic)


def _empty(results: RoundResults) -> tuple[FloatArray, FloatArray, FloatArray]:
    shape = results.layers[Breakdown.ALL].clients.shape
    return np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)


def _from_round(session: Session, results: RoundResults, old: RoundResults, level: ReleaseLevel) -> Earlier:
    marks = released_marks(session, old, level)
    bridges = {bridge.question_id: bridge.comparability for bridge in results.counted.survey_round.bridges}
    old_questions = {asked.question.id: (at, asked.question) for at, asked in enumerate(old.counted.questions)}
    comparable: list[Comparability | None] = []
    columns: list[tuple[int, int]] = []
    for at, asked in enumerate(results.counted.questions):
        before = old_questions.get(asked.question.id)
        kind = None if before is None else comparability(before[1], asked.question, bridges)
        comparable.append(kind)
        if before is not None and kind is not Comparability.BREAK:
            columns.append((at, before[0]))
    share, lo, hi = _empty(results)
    estimates = old.layers[Breakdown.ALL].estimates
    sources = _sources(session, results, old)
    for group, before_groups in enumerate(sources):
        for question, old_question in columns:
            shown = [marks.mark(Breakdown.ALL, g, old_question).shows_figures for g in before_groups]
            if not before_groups or not all(shown):
                continue
            weights = estimates.represented[before_groups, old_question]
            if weights.sum() > 0:
                share[group, question] = np.average(estimates.share[before_groups, old_question], weights=weights)
            if len(before_groups) == 1:
                lo[group, question] = estimates.lo[before_groups[0], old_question]
                hi[group, question] = estimates.hi[before_groups[0], old_question]
    return Earlier(old.counted.survey_round.title, comparable, share, lo, hi)


def _sources(session: Session, results: RoundResults, old: RoundResults) -> list[list[int]]:
    """Which earlier groups stand behind each present one: the same, or the units that became it."""
    at = {group.key: index for index, group in enumerate(old.grouping.groups)}
    predecessors = _predecessors(session, old.counted.survey_round, results.counted.survey_round)
    sources = []
    for group in results.grouping.groups:
        if group.unit is not None and group.unit.id in predecessors:
            keys = [f"unit:{unit_id}" for unit_id in predecessors[group.unit.id]]
            sources.append([at[key] for key in keys] if all(key in at for key in keys) else [])
        else:
            sources.append([at[group.key]] if group.key in at else [])
    return sources


def _predecessors(session: Session, old: SurveyRound, new: SurveyRound) -> Mapping[int, list[int]]:
    """Return the units behind those that replaced or merged others between two rounds; none behind parts of a split."""
    rows = session.scalars(
        select(UnitSuccession)
        .where(UnitSuccession.happened_on > old.reference_date, UnitSuccession.happened_on <= new.reference_date)
        .order_by(UnitSuccession.predecessor_id)
    )
    found: dict[int, list[int]] = {}
    for row in rows:
        before = found.setdefault(row.successor_id, [])
        if row.kind is not SuccessionKind.SPLIT:
            before.append(row.predecessor_id)
    return found


def _from_aggregates(session: Session, results: RoundResults, historic: HistoricRound) -> Earlier:
    """Lay a survey of which only aggregates are known on the present groups."""
    share, lo, hi = _empty(results)
    groups = {group.key: at for at, group in enumerate(results.grouping.groups)}
    questions = {asked.question.id: (at, asked.question.version) for at, asked in enumerate(results.counted.questions)}
    comparable: list[Comparability | None] = [None] * len(questions)
    floor = results.counted.survey_round.threshold_internal
    rows = session.scalars(select(HistoricFigure).where(HistoricFigure.historic_round_id == historic.id))
    for figure in rows:
        key = "city"
        if figure.unit_id is not None:
            key = f"unit:{figure.unit_id}"
        elif figure.district_id is not None:
            key = f"district:{figure.district_id}"
        question, version = questions.get(figure.question_id, (-1, 0))
        if question < 0 or key not in groups or (figure.n is not None and figure.n < floor):
            continue
        if figure.question_version not in {None, version}:
            comparable[question] = Comparability.BREAK
            continue
        comparable[question] = Comparability.PARTLY if figure.question_version is None else Comparability.SAME
        cell = (groups[key], question)
        share[cell] = figure.share
        lo[cell], hi[cell] = _historic_interval(figure)
    return Earlier(f"{historic.title} ({historic.year})", comparable, share, lo, hi)


def _historic_interval(figure: HistoricFigure) -> tuple[float, float]:
    """Return the interval of a figure whose number of answers is known; a level without it has none."""
    if figure.n is None:
        return math.nan, math.nan
    if figure.population is not None and figure.population >= figure.n:
        exact = hypergeometric(round(figure.share * figure.n), figure.n, figure.population)
        return float(exact.lo_share), float(exact.hi_share)
    low, high = wilson(figure.share, figure.n, figure.n - 1)
    return float(low), float(high)
