"""A figure over time: surveys known by aggregates, the round before and the present one. A break cuts the line."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.instruments.comparability import Comparability
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import HistoricFigure, HistoricRound
from enkat.services.results.earlier import historic_interval
from enkat.services.results.figures import Figure, View

LEVEL_ONLY = "bara nivå: antalet svar är inte känt"


@dataclass(frozen=True, slots=True)
class Step:
    """One moment of a series; limits are NaN where only the level is known, the share where nothing is.

    Attributes
    ----------
    year : int
        When it was; orders the moments.
    broken : bool
        The question changed too much since the moment before for the two to be joined.
    """

    year: int
    label: str
    share: float
    lo: float
    hi: float
    broken: bool = False
    remark: str = ""


def series_of(session: Session, view: View, group: int, question: int) -> list[Step]:
    """Return a figure's moments in the order of time; only those that the level may see."""
    figure = view.figure(group, question)
    steps, version = _historic(session, view, group, question)
    cut = version not in {None, figure.asked.question.version}
    before = _before(view, figure)
    if before is not None:
        steps.append(replace(before, broken=cut and not math.isnan(before.share)))
        cut = cut and math.isnan(before.share)
    cut = bool(steps) and (cut or figure.comparable is Comparability.BREAK)
    words = Comparability.PARTLY.label if figure.comparable is Comparability.PARTLY else ""
    now = view.survey_round
    said = words if figure.shown else figure.mark_text
    steps.append(Step(now.reference_date.year, now.title, figure.share, figure.lo, figure.hi, broken=cut, remark=said))
    return steps if any(not math.isnan(step.share) for step in steps) else []


def _before(view: View, figure: Figure) -> Step | None:
    """Return the round before; None where there is none, or where it is among the surveys known by aggregates."""
    earlier = view.earlier
    if earlier is None or earlier.year is None:
        return None
    words = "" if not math.isnan(figure.earlier_share) else "ingen siffra"
    if figure.comparable is Comparability.BREAK:
        words = Comparability.BREAK.label
    return Step(earlier.year, earlier.title, figure.earlier_share, figure.earlier_lo, figure.earlier_hi, remark=words)


def _historic(session: Session, view: View, group: int, question: int) -> tuple[list[Step], int | None]:
    """Return the surveys of which only aggregates are known, and the last known version of the question."""
    place = view.results.grouping.groups[group]
    unit = None if place.unit is None else place.unit.id
    district = place.district_id if unit is None else None
    steps: list[Step] = []
    version: int | None = None
    for historic, figure in _figures(session, view, question):
        hidden = figure.n is not None and figure.n < view.survey_round.threshold_internal
        if hidden or (figure.district_id, figure.unit_id) != (district, unit):
            continue
        lo, hi = historic_interval(figure)
        cut = version is not None and figure.question_version not in {None, version}
        version = figure.question_version or version
        remark = LEVEL_ONLY if math.isnan(lo) else ""
        title = f"{historic.title} ({historic.year})"
        steps.append(Step(historic.year, title, figure.share, lo, hi, broken=cut, remark=remark))
    return steps, version


def _figures(session: Session, view: View, question: int) -> Iterator[tuple[HistoricRound, HistoricFigure]]:
    """Give the figures about a question of the city's earlier user surveys; other kinds of rounds have none."""
    if view.survey_round.kind is not RoundKind.USER_SURVEY:
        return
    rows = session.execute(
        select(HistoricRound, HistoricFigure)
        .join(HistoricFigure, HistoricFigure.historic_round_id == HistoricRound.id)
        .where(
            HistoricFigure.question_id == view.questions[question].question.id,
            HistoricRound.year < view.survey_round.reference_date.year,
        )
        .order_by(HistoricRound.year, HistoricRound.id)
    )
    for row in rows:
        yield row[0], row[1]
