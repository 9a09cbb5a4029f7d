"""A whole round's plan: every unit's expected answers, width and chances, and a census against a sample in money."""

from collections.abc import Sequence
from dataclasses import dataclass

from enkat.statistics.planning import (
    WIDEST,
    Assumption,
    Chances,
    Costs,
    detectable_change,
    expected_answers,
    expected_widths,
    planned_chances,
    positive_clients,
    to_invite,
)
from enkat.statistics.targets import Target


@dataclass(frozen=True, slots=True)
class UnitSize:
    """A unit before the round: its clients (N), and how many of them are invited."""

    name: str
    population: int
    invited: int

    def __post_init__(self) -> None:
        if not 0 <= self.invited <= self.population:
            raise ValueError("invited must lie between 0 and the population")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A target, and a share that might be true of every unit."""

    target: Target
    truth: float


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """What a round can be expected to show about a unit.

    Attributes
    ----------
    answers : int
        Expected answers, rounded down.
    half_width : float
        Half the expected width of the exact interval with that many answers, as a share.
    change : float or None
        Smallest change between two such rounds that is found with 80 % power; None: no change is large enough.
    invite : int or None
        How many to invite for the wanted margin; None: it cannot be reached.
    chances : sequence of Chances
        Of each scenario's verdicts.
    """

    unit: UnitSize
    answers: int
    half_width: float
    change: float | None
    invite: int | None
    chances: Sequence[Chances]


def plan_units(units: Sequence[UnitSize], assumed: Assumption, scenarios: Sequence[Scenario] = ()) -> list[UnitPlan]:
    """Plan every unit.

    The margin's number to invite is the careful one: for a share of one half, where an interval is widest.
    """
    answers = [expected_answers(unit.invited, assumed.rate) for unit in units]
    people = [unit.population for unit in units]
    positive = [positive_clients(unit.population, assumed.share) for unit in units]
    widths = expected_widths(people, positive, answers).tolist()
    return [
        UnitPlan(
            unit=unit,
            answers=n,
            half_width=width / 2,
            change=detectable_change(n, assumed.share),
            invite=to_invite(unit.population, assumed.margin, assumed.rate, WIDEST) if unit.population else None,
            chances=[_chances(unit, assumed.rate, scenario) for scenario in scenarios],
        )
        for unit, n, width in zip(units, answers, widths, strict=True)
    ]


def _chances(unit: UnitSize, rate: float, scenario: Scenario) -> Chances:
    positive = positive_clients(unit.population, scenario.truth)
    return planned_chances(unit.population, positive, unit.invited, rate, scenario.target)


@dataclass(frozen=True, slots=True)
class Alternative:
    """A way to ask: everybody, the round as it is planned, or as few as the wanted margin takes.

    Attributes
    ----------
    cost : float
        Everything: what is fixed, the invitations and the answers.
    by_mode : sequence of float
        What the answers in each mode cost.
    reached : int
        Units where the wanted margin is reached.
    """

    invited: int
    answers: int
    cost: float
    by_mode: Sequence[float]
    reached: int


def census(plans: Sequence[UnitPlan], assumed: Assumption, costs: Costs) -> Alternative:
    """Ask every client."""
    return _alternative(plans, [plan.unit.population for plan in plans], assumed, costs)


def sample(plans: Sequence[UnitPlan], assumed: Assumption, costs: Costs) -> Alternative:
    """Ask as few as the margin takes, and everybody where it cannot be reached."""
    invited = [plan.unit.population if plan.invite is None else plan.invite for plan in plans]
    return _alternative(plans, invited, assumed, costs)


def as_planned(plans: Sequence[UnitPlan], assumed: Assumption, costs: Costs) -> Alternative:
    """Ask those whom the plan invites."""
    return _alternative(plans, [plan.unit.invited for plan in plans], assumed, costs)


def _alternative(plans: Sequence[UnitPlan], invited: Sequence[int], assumed: Assumption, costs: Costs) -> Alternative:
    total = sum(invited)
    reached = sum(plan.invite is not None and n >= plan.invite for plan, n in zip(plans, invited, strict=True))
    rate = assumed.rate
    return Alternative(
        total, expected_answers(total, rate), costs.total(total, rate), costs.by_mode(total, rate), reached
    )
