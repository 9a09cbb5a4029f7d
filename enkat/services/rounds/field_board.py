"""The field-work board: what the answers so far will be able to say, who falls behind, and what it has cost.

Everything comes from invitations and counters. Nothing here knows an answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Final

from sqlalchemy.orm import Session

from enkat.ballots.vocabulary import Mode
from enkat.languages import LANGUAGES, sv_key
from enkat.records.invitations import INELIGIBLE, InvitationStatus
from enkat.records.rounds import SurveyRound
from enkat.records.status_queries import language_counts
from enkat.records.targets import TargetScope, targets_of
from enkat.services.paper.listing import piles_not_accepted
from enkat.services.rounds.expectations import POSITIVE
from enkat.services.rounds.status import StatusBoard, UnitStatus
from enkat.statistics.planning import answers_needed, expected_widths, positive_clients, verdict_chances
from enkat.statistics.targets import Target

STEPS: Final = (0.15, 0.10, 0.08, 0.05, 0.03)
"""Half-widths that a unit is told how many more answers it takes to reach."""
BEHIND: Final = 0.10
"""A unit whose response rate is so far below the city's falls behind."""
WHOLE: Final = 10_000
"""Hundredths of a percent in the whole."""


@dataclass(frozen=True)
class Forecast:
    """What the answers of a unit will be able to say, if they are like those of everybody in it.

    Attributes
    ----------
    half_width
        Half the expected width of the exact interval with the answers so far; None without answers or a known N.
    more, step
        So many more answers narrow it to `step`; None where no step can be reached.
    verdict
        Chance that the answers so far decide the unit's target, if the assumed share is true; None without a target.
    """

    half_width: float | None
    more: int | None = None
    step: float | None = None
    verdict: float | None = None


@dataclass(frozen=True)
class Place:
    """Answers out of those who can answer, in a district, a language or a week."""

    name: str
    sent: int
    eligible: int

    @property
    def rate(self) -> float | None:
        """The response rate; None where nobody can answer."""
        return self.sent / self.eligible if self.eligible else None


@dataclass(frozen=True)
class FieldBoard:
    """What is seen beside the units' own rows.

    Attributes
    ----------
    forecasts
        By unit id.
    behind
        Units that fall behind, the furthest first.
    weeks
        The answers of the whole round up to and including each week.
    paper_waiting, batches_open
        Paper that has come and is not in the box yet, and batches of it that are not accepted.
    target
        The share that the verdicts are about, in the units' own target; None without one.
    """

    forecasts: Mapping[int, Forecast]
    behind: Sequence[UnitStatus]
    districts: Sequence[Place]
    languages: Sequence[Place]
    weeks: Sequence[Place]
    paper_waiting: int
    batches_open: int
    target: Target | None


def field_board(session: Session, survey_round: SurveyRound, board: StatusBoard) -> FieldBoard:
    """Return what the state of a round's units leads to."""
    target = _unit_target(session, survey_round.reference_date.year)
    rate = board.total.rate
    behind = [unit for unit in board.units if rate is not None and unit.rate is not None and unit.rate < rate - BEHIND]
    languages, waiting = _languages(session, survey_round.id)
    return FieldBoard(
        forecasts=_forecasts(board.units, target),
        behind=sorted(behind, key=lambda unit: (unit.rate or 0, sv_key(unit.name))),
        districts=_districts(board.units),
        languages=languages,
        weeks=_weeks(board),
        paper_waiting=waiting,
        batches_open=piles_not_accepted(session, survey_round.id),
        target=target,
    )


def _unit_target(session: Session, year: int) -> Target | None:
    """Return the highest share that the city has set for every unit in a year."""
    set_for_all = [
        target.basis_points
        for target in targets_of(session, year)
        if target.scope is TargetScope.UNIT and target.unit_id is None and target.question_id is not None
    ]
    return Target(Fraction(max(set_for_all), WHOLE)) if set_for_all else None


def _forecasts(units: Sequence[UnitStatus], target: Target | None) -> dict[int, Forecast]:
    sure = [unit for unit in units if unit.known and 0 < unit.sent <= unit.n]
    people = [unit.n for unit in sure]
    good = [positive_clients(unit.n, POSITIVE) for unit in sure]
    widths = expected_widths(people, good, [unit.sent for unit in sure]).tolist()
    found = {unit.unit_id: Forecast(None) for unit in units}
    for unit, positive, width in zip(sure, good, widths, strict=True):
        step, more = _next_step(unit, width / 2)
        verdict = None
        if target is not None:
            met, missed = verdict_chances(unit.n, positive, unit.sent, target)
            verdict = float(met[0] + missed[0])
        found[unit.unit_id] = Forecast(width / 2, more, step, verdict)
    return found


def _next_step(unit: UnitStatus, half_width: float) -> tuple[float | None, int | None]:
    """Return the next narrower step and the answers still needed for it; nothing where too few are left to answer."""
    reachable = unit.sent + unit.waiting
    for step in STEPS:
        needed = answers_needed(unit.n, step, POSITIVE)
        if step < half_width and unit.sent < needed <= reachable:
            return step, needed - unit.sent
    return None, None


def _districts(units: Sequence[UnitStatus]) -> list[Place]:
    ordered = sorted(units, key=lambda unit: sv_key(unit.district_name))
    places = []
    for name, members in groupby(ordered, key=lambda unit: unit.district_name):
        listed = list(members)
        places.append(Place(name, sum(one.sent for one in listed), sum(one.asked - one.ineligible for one in listed)))
    return places


def _languages(session: Session, round_id: int) -> tuple[list[Place], int]:
    """Return the response by the language that the register states, and how many papers wait to be keyed."""
    sent: dict[str, int] = {}
    eligible: dict[str, int] = {}
    waiting = 0
    for (language, status), n in language_counts(session, round_id).items():
        if status in INELIGIBLE:
            continue
        eligible[language] = eligible.get(language, 0) + n
        if status is InvitationStatus.SENT:
            sent[language] = sent.get(language, 0) + n
        elif status is InvitationStatus.PAPER_RECEIVED:
            waiting += n
    places = [
        Place(LANGUAGES[code].swedish_name if code in LANGUAGES else code, sent.get(code, 0), n)
        for code, n in eligible.items()
    ]
    return sorted(places, key=lambda place: (-place.eligible, sv_key(place.name))), waiting


def _weeks(board: StatusBoard) -> list[Place]:
    total, eligible, places = 0, board.total.asked - board.total.ineligible, []
    for week in board.weeks:
        total += board.total.weekly.get(week, 0)
        places.append(Place(week, total, eligible))
    return places


@dataclass(frozen=True)
class Prices:
    """What field work costs, in kronor; the modes by answer."""

    fixed: float
    per_invitation: float
    by_mode: Mapping[Mode, float]


def cost_so_far(board: StatusBoard, modes: Mapping[Mode, int], prices: Prices) -> float:
    """Return what the round has cost so far: the fixed part, everybody asked, and each answer by the way it came."""
    answers = sum(n * prices.by_mode.get(mode, 0.0) for mode, n in modes.items())
    return prices.fixed + board.total.asked * prices.per_invitation + answers
