"""Results for those who give the care: their own units, beside the district and the city."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from enkat.clock import Clock
from enkat.records.accounts import ScopeKind
from enkat.records.releases import ReleaseLevel
from enkat.records.rounds import RoundState, RoundUnit, SurveyRound
from enkat.services.accounts.rights import Actor, Right
from enkat.services.faults import NotFoundFault
from enkat.services.results.exporting import ExportFile, NotAllowedFault, make_view
from enkat.services.results.figures import View
from enkat.services.results.reading import find_round
from enkat.services.results.report_batch import report_from
from enkat.services.rounds.status import status_board

OVER = 0.95
"""A response rate above this is told as such: with the exact one somebody could tell that all have answered."""
LATEST = 6


@dataclass(frozen=True)
class OwnRound:
    """A round that asked about one's units.

    Attributes
    ----------
    units : mapping of int to str
        The units' names by id, as they were on the reference date.
    """

    survey_round: SurveyRound
    units: Mapping[int, str]

    @property
    def counted(self) -> bool:
        """Whether there are results."""
        return self.survey_round.state in {RoundState.COUNTED, RoundState.DESTROYED}


def own_rounds(session: Session, actor: Actor) -> list[OwnRound]:
    """Return the latest rounds that asked about an actor's units, the newest first.

    A unit is its manager's for as long as the role is held; it is the provider's that ran it on the reference date, so
    a unit that changes hands leaves its earlier results with the one who gave the care.
    """
    query = (
        select(SurveyRound, RoundUnit)
        .join(RoundUnit, RoundUnit.round_id == SurveyRound.id)
        .where(
            SurveyRound.state != RoundState.PLANNED,
            SurveyRound.practice.is_(False),
            or_(
                RoundUnit.unit_id.in_(actor.within(Right.SEE_OWN_RESULTS, ScopeKind.UNIT)),
                RoundUnit.provider_id.in_(actor.within(Right.SEE_OWN_RESULTS, ScopeKind.PROVIDER)),
            ),
        )
        .order_by(SurveyRound.opens_on.desc(), RoundUnit.name)
    )
    rounds: dict[int, SurveyRound] = {}
    units: dict[int, dict[int, str]] = {}
    for survey_round, unit in session.execute(query):
        rounds[survey_round.id] = survey_round
        units.setdefault(survey_round.id, {})[unit.unit_id] = unit.name
    return [OwnRound(rounds[key], units[key]) for key in list(rounds)[:LATEST]]


def own_response(session: Session, own: OwnRound) -> dict[int, float | None]:
    """Return each own unit's response rate once the web has closed; None while it is open or too few were asked."""
    survey_round = own.survey_round
    if survey_round.state is RoundState.OPEN:
        return dict.fromkeys(own.units)
    board = {row.unit_id: row for row in status_board(session, survey_round.id).units}
    enough = survey_round.threshold_internal
    return {
        unit_id: board[unit_id].rate if unit_id in board and board[unit_id].sent >= enough else None
        for unit_id in own.units
    }


def view_own(session: Session, actor: Actor, short_name: str, unit_id: int) -> tuple[View, int]:
    """Return a counted round's internal results of one own unit, its district and the city, and the unit's place.

    Raises
    ------
    NotFoundFault, NotCountedFault, NotAllowedFault
    """
    if not actor.holds(Right.SEE_OWN_RESULTS):
        raise NotAllowedFault("Du har inte rätt att se resultat.")
    survey_round = find_round(session, short_name)
    mine = next((one for one in own_rounds(session, actor) if one.survey_round.id == survey_round.id), None)
    if mine is None or unit_id not in mine.units:
        raise NotFoundFault("Enheten finns inte bland dina i den omgången.")
    view = make_view(session, survey_round, ReleaseLevel.INTERNAL, None)
    groups = view.results.grouping.groups
    own = next((index for index, group in enumerate(groups) if group.unit and group.unit.id == unit_id), None)
    if own is None:
        raise NotFoundFault("Enheten är för liten för egna resultat. Se stadsdelens i rapporten till nämnden.")
    district = f"district:{groups[own].district_id}"
    around = [index for index, group in enumerate(groups) if group.key in {"city", district}]
    return replace(view, visible=[own, *reversed(around)]), own


def own_report(session: Session, clock: Clock, actor: Actor, short_name: str, unit_id: int, *, city: str) -> ExportFile:
    """Make the report of one own unit as PDF/UA and keep it as a release.

    Raises
    ------
    NotFoundFault, NotCountedFault, NotAllowedFault
    """
    view, _own = view_own(session, actor, short_name, unit_id)
    return report_from(session, clock, actor, view, unit_id, city=city)
