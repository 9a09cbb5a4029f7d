"""What a round can be expected to say about each unit, before anybody is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from enkat.services.rounds.framing import UnitFrame, build_frame
from enkat.statistics.planning import Assumption, Costs
from enkat.statistics.unit_plans import (
    Alternative,
    Scenario,
    UnitPlan,
    UnitSize,
    as_planned,
    census,
    plan_units,
    sample,
)

RATE = 0.6
"""Share who answered in comparable surveys; a planning figure, no promise."""
POSITIVE = 0.85
"""Share positive that the width is computed for: the usual target."""
MARGIN = 0.1
"""Margin that is asked for until somebody writes another one."""
USUAL = Assumption(RATE, POSITIVE, MARGIN)


def expectations(
    units: Sequence[UnitFrame], assumed: Assumption = USUAL, scenarios: Sequence[Scenario] = ()
) -> dict[int, UnitPlan]:
    """Return what each unit can be expected to give, by its id."""
    sizes = [UnitSize(unit.name, unit.n, min(unit.asked, unit.n)) for unit in units]
    return {unit.unit_id: plan for unit, plan in zip(units, plan_units(sizes, assumed, scenarios), strict=True)}


@dataclass(frozen=True)
class WhatIf:
    """A round under assumptions: every unit, and what asking everybody, as planned or a sample costs."""

    units: Sequence[UnitFrame]
    plans: Mapping[int, UnitPlan]
    ways: Mapping[str, Alternative]


def what_if(
    session: Session, round_id: int, assumed: Assumption, scenarios: Sequence[Scenario], costs: Costs
) -> WhatIf:
    """Return what a planned round would give and cost if the assumptions came true."""
    units = build_frame(session, round_id).units
    plans = expectations(units, assumed, scenarios)
    listed = list(plans.values())
    ways = {
        "Alla frågas": census(listed, assumed, costs),
        "Som omgången är planerad": as_planned(listed, assumed, costs),
        "Urval där felmarginalen nås": sample(listed, assumed, costs),
    }
    return WhatIf(units, plans, ways)
