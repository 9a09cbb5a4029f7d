"""The earlier round beside a result: only where the question can be compared and the level may see the old figure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.instruments.comparability import Comparability, comparability
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import HistoricFigure, HistoricRound
from enkat.services.results.changes import Change, Compared, changes_between
from enkat.services.results.computing import Breakdown, RoundResults
from enkat.services.results.lineage import Lineage
from enkat.statistics.intervals import FloatArray, hypergeometric, wilson


@dataclass(frozen=True)
class Earlier:
    """Earlier figures laid on the groups and questions of the present round; NaN where there is none.

    Attributes
    ----------
    title : str
        Name of the earlier round.
    year : int or None
        When a round counted here was; None for a survey of which only aggregates are known.
    comparable : sequence of Comparability or None
        Per question; None where the earlier round did not ask it.
    share, lo, hi : float64 arrays (groups, questions)
        Without a known n there is a level and no interval.
    changes : mapping of (group, question) to Change
        Where both rounds show the figure and their numbers of answers are known.
    """

    title: str
    comparable: Sequence[Comparability | None]
    share: FloatArray
    lo: FloatArray
    hi: FloatArray
    year: int | None = None
    changes: Mapping[tuple[int, int], Change] = field(default_factory=dict)


def earlier_of(session: Session, now: Compared, before: Compared | None, lines: Sequence[Lineage]) -> Earlier | None:
    """Return the figures of the round before, or of the latest survey known by its aggregates; None without either.

    Parameters
    ----------
    session : Session
    now, before : Compared
        The round and the one that it continues.
    lines : sequence of Lineage
        Of every group of the round, to the one before; empty without one.
    """
    if before is not None:
        # Where nobody knows how many could answer, a share is that of the ones who did: nothing is compared with it.
        known = now.results.sized.all() and before.results.sized.all()
        return _from_round(now, before, lines) if known else None
    if now.results.counted.survey_round.kind is not RoundKind.USER_SURVEY:
        return None
    historic = session.scalars(
        select(HistoricRound)
        .where(HistoricRound.year < now.results.counted.survey_round.reference_date.year)
        .order_by(HistoricRound.year.desc(), HistoricRound.id.desc())
    ).first()
    return None if historic is None else _from_aggregates(session, now.results, historic)


def _empty(results: RoundResults) -> tuple[FloatArray, FloatArray, FloatArray]:
    shape = results.layers[Breakdown.ALL].clients.shape
    return np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)


def _from_round(now: Compared, before: Compared, lines: Sequence[Lineage]) -> Earlier:
    old = before.results
    comparable, columns = _questions(now.results, old)
    share, lo, hi = _empty(now.results)
    estimates = old.layers[Breakdown.ALL].estimates
    for group, line in enumerate(lines):
        # What came of a split unit has no level of its own to stand beside.
        source = list(line.before) if line.now == [group] else []
        for question, old_question in columns:
            if not source or not before.shows(source, old_question):
                continue
            share[group, question] = before.share(source, old_question)
            if len(source) == 1:
                lo[group, question] = estimates.lo[source[0], old_question]
                hi[group, question] = estimates.hi[source[0], old_question]
    was = old.counted.survey_round
    made = changes_between(now, before, lines, columns)
    return Earlier(was.title, comparable, share, lo, hi, year=was.reference_date.year, changes=made)


def _questions(results: RoundResults, old: RoundResults) -> tuple[list[Comparability | None], list[tuple[int, int]]]:
    """Return how each question compares, None where it was not asked, and where those stand that can be compared."""
    bridges = {bridge.question_id: bridge.comparability for bridge in results.counted.survey_round.bridges}
    old_questions = {asked.question.id: (at, asked.question) for at, asked in enumerate(old.counted.questions)}
    comparable: list[Comparability | None] = []
    columns: list[tuple[int, int]] = []
    for at, asked in enumerate(results.counted.questions):
        was = old_questions.get(asked.question.id)
        kind = None if was is None else comparability(was[1], asked.question, bridges)
        comparable.append(kind)
        if was is not None and kind is not Comparability.BREAK:
            columns.append((at, was[0]))
    return comparable, columns


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
        lo[cell], hi[cell] = historic_interval(figure)
    return Earlier(f"{historic.title} ({historic.year})", comparable, share, lo, hi)


def historic_interval(figure: HistoricFigure) -> tuple[float, float]:
    """Return the interval of a figure whose number of answers is known; a level without it has none."""
    if figure.n is None:
        return math.nan, math.nan
    if figure.population is not None and figure.population >= figure.n:
        exact = hypergeometric(round(figure.share * figure.n), figure.n, figure.population)
        return float(exact.lo_share), float(exact.hi_share)
    low, high = wilson(figure.share, figure.n, figure.n - 1)
    return float(low), float(high)
