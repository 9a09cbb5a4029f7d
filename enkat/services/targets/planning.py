"""A city's targets as a planned round is tried against them, each with what the latest result says of its question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.releases import ReleaseLevel
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.targets import Target, TargetScope, targets_of
from enkat.services.accounts.rights import Actor, Right
from enkat.services.results.exporting import view_results
from enkat.services.results.reading import NotCountedFault
from enkat.services.targets.setting import WHOLE

MOST: Final = 5
"""Targets that are tried at once."""
_ORDER: Final = (TargetScope.UNIT, TargetScope.DISTRICT, TargetScope.CITY)
HUNDRED: Final = 100


@dataclass(frozen=True, slots=True)
class Goal:
    """A target on a question, in percent.

    Attributes
    ----------
    scope : TargetScope
        Whom it is set for; tried against every unit whatever it says.
    truth : Decimal or None
        What the whole city's latest counted result says of the question, in whole percent; None without one.
    """

    question_id: str
    percent: Decimal
    scope: TargetScope
    truth: Decimal | None


@dataclass(frozen=True, slots=True)
class Goals:
    """A year's targets for a round that is planned.

    Attributes
    ----------
    response : Decimal or None
        The target on the response rate, in percent.
    source : str
        Title of the round that the truths come from; empty without one.
    """

    goals: Sequence[Goal] = ()
    response: Decimal | None = None
    source: str = ""


def goals_of(session: Session, actor: Actor, survey_round: SurveyRound) -> Goals:
    """Return the targets of a round's year, one for each question: of every unit, else of districts or the city.

    Results are told only to those who may see them.
    """
    of_year = [one for one in targets_of(session, survey_round.reference_date.year) if one.unit_id is None]
    general = sorted((one for one in of_year if one.district_id is None), key=lambda one: _ORDER.index(one.scope))
    response = next((_percent(one) for one in general if one.question_id is None), None)
    chosen: dict[str, Target] = {}
    for one in general:
        if one.question_id is not None:
            chosen.setdefault(one.question_id, one)
    picked = list(chosen.items())[:MOST]
    source, truths = _latest(session, actor, survey_round) if picked else ("", {})
    goals = [Goal(question, _percent(one), one.scope, truths.get(question)) for question, one in picked]
    return Goals(goals, response, source)


def _percent(target: Target) -> Decimal:
    return Decimal(target.basis_points * HUNDRED) / WHOLE


def _latest(session: Session, actor: Actor, survey_round: SurveyRound) -> tuple[str, Mapping[str, Decimal]]:
    """Return the latest counted real round before a round, and the city's share positive by question."""
    if not actor.holds(Right.SEE_INTERNAL_RESULTS):
        return "", {}
    latest = session.scalars(
        select(SurveyRound)
        .where(
            SurveyRound.state.in_({RoundState.COUNTED, RoundState.DESTROYED}),
            SurveyRound.practice.is_(False),
            SurveyRound.reference_date < survey_round.reference_date,
        )
        .order_by(SurveyRound.reference_date.desc(), SurveyRound.id.desc())
    ).first()
    if latest is None:
        return "", {}
    try:
        view = view_results(session, actor, latest.short_name, ReleaseLevel.INTERNAL)
    except NotCountedFault:
        return "", {}
    figures = [view.figure(0, question) for question in range(len(view.questions))]
    shares = {one.asked.question.id: Decimal(round(one.share * HUNDRED)) for one in figures if one.shown}
    return latest.title, shares
